"""Headlines break between words: of the dictionary, of the house, and what clings to them."""

from pathlib import Path

import pytest

from cards.lines import Headline, headline
from player.stage import words
from player.stage.words import LONGEST, whole_words, with_whole_words

JOINER = "\u2060"


def shown(text: str) -> str:
    """The text with a stroke wherever a line may break between two Chinese letters."""
    marked = ""
    for n, letter in enumerate(text):
        if n and letter > "\u2e80" and text[n - 1] > "\u2e80":
            marked += "|"
        marked += letter
    return marked.replace(JOINER, "")


@pytest.mark.parametrize(
    "words",
    [
        "冬季|消防|安全|检查|安排",
        "发展|共产党员|公示",
        "省应急|管理厅|检查组",
        "联合|实验室|揭牌",
        "关于|开展|工作的|通知",
        "第三|季度|检查",
    ],
)
def test_a_line_breaks_between_words_only(words: str) -> None:
    assert shown(whole_words(words.replace("|", ""))) == words


def test_figures_and_latin_letters_stand_as_they_stood() -> None:
    assert whole_words("PPT 2026") == "PPT 2026"
    assert whole_words("还有 219 天").replace(JOINER, "") == "还有 219 天"
    assert shown(whole_words("还有 219 天")) == "还有 219 天"


def test_what_is_as_long_as_running_text_stays_running_text() -> None:
    assert whole_words("安" * (LONGEST + 1)) == "安" * (LONGEST + 1)


def test_of_a_face_only_headlines_are_set_so() -> None:
    text = "消防安全"
    told = with_whole_words(
        {"title": Headline(text), "body": text, "rows": [{"cells": [Headline(text), text]}], "n": 3}
    )
    joined = whole_words(text)
    assert joined != text
    assert told == {"title": joined, "body": text, "rows": [{"cells": [joined, text]}], "n": 3}
    assert isinstance(headline(text), Headline)


def test_without_a_dictionary_lines_break_as_unicode_has_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    class Nowhere:
        submodule_search_locations = (str(tmp_path),)

    monkeypatch.setattr(words, "find_spec", lambda _name: Nowhere)
    words._cutter.cache_clear()
    whole_words.cache_clear()
    try:
        assert whole_words("消防安全检查") == "消防安全检查"
    finally:
        words._cutter.cache_clear()
        whole_words.cache_clear()
