"""Every fault that a box can send is told in plain words, in both languages."""

import re
from pathlib import Path

import pytest

from content_cache.errors import CacheError
from content_cache.fetch_errors import FetchError
from server.telemetry.fault_words import FAULT_WORDS, sentence_of

ROOT = Path(__file__).parents[4]
_CODE = re.compile(r"^\| `([A-Z][A-Z_]+)` \|", re.MULTILINE)
_FAULT = re.compile(r"fault `([A-Z][A-Z_]+)`")


def documented_codes():
    """Those of the tables in the documents of box and cache, and of the player's story."""
    codes = set()
    for name in ("agent", "cache"):
        codes |= set(_CODE.findall((ROOT / "docs" / f"{name}.md").read_text()))
    before, _heading, _after = (ROOT / "docs" / "sync.md").read_text().partition("`PARALLEL`")
    codes |= set(_CODE.findall(before))
    return codes | set(_FAULT.findall((ROOT / "docs" / "player.md").read_text()))


def sent_codes():
    """Those that stand in the source: classes of errors, and faults that are made on the spot."""
    made = re.compile(r'''\b(?:Fault|FaultNote|fault|say)\([^"()]*"([A-Z][A-Z_]+)"''')
    found = set()
    for folder in ("content_cache", "player", "server/players"):
        for path in (ROOT / folder).rglob("*.py"):
            found |= set(made.findall(path.read_text()))
    waiting = [CacheError, FetchError]
    while waiting:
        kind = waiting.pop()
        found.add(kind.code)
        waiting += kind.__subclasses__()
    return found


def test_every_code_has_words():
    assert len(documented_codes()) > 50
    assert documented_codes() - set(FAULT_WORDS) == set()
    assert {"DUP_IDENTITY", "CRASHED", "MEDIA_BAD", "CLOCK_OFF", "BLOB_BAD"} <= sent_codes()
    assert sent_codes() - set(FAULT_WORDS) == set()


def test_there_are_no_words_for_codes_that_nobody_sends():
    assert set(FAULT_WORDS) - documented_codes() - sent_codes() == set()


@pytest.mark.parametrize("code", [*sorted(FAULT_WORDS), "SOMETHING_NEW"])
def test_the_words_are_two_sentences_in_the_right_language(code):
    zh, en = sentence_of(code, "zh"), sentence_of(code, "en")
    assert re.search("[\u4e00-\u9fff]", zh)
    assert not re.search("[\u4e00-\u9fff]", en)
    assert (zh[-1], en[-1]) == ("。", ".")
    assert (code in en) == (code == "SOMETHING_NEW"), "no codes where there are words"


@pytest.mark.parametrize("code", sorted(FAULT_WORDS))
def test_the_words_say_what_to_do_or_that_nothing_is_to_be_done(code):
    assert re.search("请|无需", sentence_of(code, "zh"))


def test_the_faults_of_the_sample_enterprise_are_those_of_real_boxes():
    source = (ROOT / "tests" / "simulators" / "shown_enterprise.py").read_text()
    shown = set(re.findall(r'ScreenFault[^"]*code="([A-Z_]+)"', source))
    assert shown
    assert shown - sent_codes() - documented_codes() == set()
