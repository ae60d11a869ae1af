"""What a search finds: words, 拼音, its initials; whatever width and case they are typed in."""

import pytest

from server.library.search import search_text, terms_of

TEXT = search_text("2026年安全生产月 海报", "Report_Q3.PPTX", ["食堂", "重庆"])


def is_found(query: str) -> bool:
    return all(term in TEXT for term in terms_of(query))


@pytest.mark.parametrize(
    "query",
    [
        "安全", "生产月", "anquan", "ANQUAN", "aqsc", "AqScY", "an quan", "hb", "haibao",
        "report", "q3", "pptx", "食堂", "st", "shitang", "cq", "chongqing",
        "安全 shitang", "aqsc 食堂", "ａｑｓｃ", "2026", " ",
    ],
)  # fmt: skip
def test_an_asset_is_found_by(query: str) -> None:
    assert is_found(query)


@pytest.mark.parametrize("query", ["党建", "dangjian", "dj", "zhongqing", "aqsc 党建", "安生"])
def test_an_asset_is_not_found_by(query: str) -> None:
    assert not is_found(query)


def test_words_of_different_names_do_not_run_into_each_other() -> None:
    assert "海报report" not in TEXT.replace(" ", "")
    assert not any(term in search_text("甲", "乙") for term in ["jiayi", "jy"])


def test_a_text_without_chinese_is_stored_once() -> None:
    assert search_text("Report", "report") == "report"


def test_a_query_of_any_length_is_bounded() -> None:
    assert len(terms_of("a " * 1000)) == 8
