"""Text from outside, made fit for the glass."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.plain_text import clean, joined, phrases, spaced

JOINER = "\u2060"


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("a\r\nb\rc\u2028d\x0be", "a\nb\nc\nd\ne"),
        ("nul\x00, bell\x07, tab\there", "nul, bell, tab here"),
        ("turned \u202egnp.exe\u202c round", "turned gnp.exe round"),
        ("isolated \u2066x\u2069", "isolated x"),
        ("half a pair \ud83d here", "half a pair  here"),
        ("no letter \ufdd0\uffff", "no letter "),
        ("שלום and 中文 and 😀 stay", "שלום and 中文 and 😀 stay"),
    ],
)
def test_invisible_characters_go_and_letters_stay(written: str, shown: str) -> None:
    assert clean(written) == shown


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("用Excel表", "用 Excel 表"),
        ("共7天", "共 7\u00a0天"),
        ("增长5.2%以上", "增长 5.2%\u00a0以上"),
        ("已有 空格", "已有 空格"),
        ("中文，标点（无空格）", "中文，标点（无空格）"),
        ("（24小时）", "（24\u00a0小时）"),
    ],
)
def test_chinese_and_latin_letters_stand_a_quarter_space_apart(written: str, shown: str) -> None:
    assert spaced(written) == shown


def test_spacing_twice_changes_nothing() -> None:
    once = spaced("自12月1日起，9:00—17:00在Hall 2开放")
    assert spaced(once) == once


def test_a_range_stays_on_one_line() -> None:
    assert spaced("9:00—17:00") == f"9:00{JOINER}—{JOINER}17:00"


def test_the_last_two_letters_of_a_paragraph_stay_together() -> None:
    assert joined("请提前到达。") == f"请提前到{JOINER}达。"
    assert joined("Hello.") == "Hello."


def test_phrases_end_at_pauses() -> None:
    text, longest = phrases("自起，晚餐延长。")
    assert text.replace(JOINER, "") == "自起，晚餐延长。"
    assert [part.replace(JOINER, "") for part in text.split("，")] == ["自起", "晚餐延长。"]
    assert f"，{JOINER}" not in text
    assert longest == 5


def test_words_between_spaces_need_no_phrases() -> None:
    assert phrases("Leave by the stairs, please.") == ("", 0)


def test_a_short_figure_does_not_stand_alone_on_the_last_line() -> None:
    assert joined("效率提高 30%") == "效率提高\u00a030%"
    assert joined("电话 010-0000 1234") == "电话 010-0000 1234"


def test_a_unit_stays_in_one_piece() -> None:
    assert spaced("up to 62 km/h") == f"up to 62 km/{JOINER}h"
    assert spaced("and/or") == "and/or"
