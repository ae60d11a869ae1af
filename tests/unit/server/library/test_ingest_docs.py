"""docs/ingest.md says of every failure and remark what the editor is told, in both languages."""

import string
from pathlib import Path

import pytest

from server.library.ingest.failures import FAILURES
from server.library.ingest.remarks import REMARKS

PAGE = (Path(__file__).parents[4] / "docs" / "ingest.md").read_text("utf-8")


@pytest.mark.parametrize("code", FAILURES)
def test_every_failure_stands_in_the_docs_with_its_words(code: str) -> None:
    failure = FAILURES[code]
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{code}` "))
    for words in (failure.en, failure.zh, failure.cure_en, failure.cure_zh):
        assert words in row


@pytest.mark.parametrize("code", REMARKS)
def test_every_remark_stands_in_the_docs_with_its_words(code: str) -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{code}` "))
    assert REMARKS[code].en in row
    assert REMARKS[code].zh in row


def test_the_docs_tell_of_no_code_that_is_gone() -> None:
    told = {line.split("`")[1] for line in PAGE.splitlines() if line.startswith("| `")}
    codes = {word for word in told if word.isupper()}
    assert codes - FAILURES.keys() - REMARKS.keys() == set()


@pytest.mark.parametrize("code", FAILURES)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_a_sentence_needs_no_detail_to_be_said(code: str, language: str) -> None:
    failure = FAILURES[code]
    bare = failure.sentence("zh" if language == "zh" else "en", {})
    assert "{" not in bare
    names = {name for _text, name, *_rest in string.Formatter().parse(failure.en) if name}
    chinese = {name for _text, name, *_rest in string.Formatter().parse(failure.zh) if name}
    assert names == chinese, "the languages do not say the same"
