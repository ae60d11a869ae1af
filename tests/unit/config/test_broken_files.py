"""No settings file stops a screen: whatever it holds, settings come back and the fault is named."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.loader import example
from config.model import KEYS, PlayerSettings
from config.reading import Reading, read
from tests.unit.config.broken_files import BrokenFile, broken_files

CORPUS = broken_files()


def test_the_corpus_holds_more_than_a_hundred_files() -> None:
    assert len(CORPUS) >= 100
    assert len({name for name, *_ in CORPUS}) == len(CORPUS)


@pytest.mark.parametrize("broken", CORPUS, ids=[name for name, *_ in CORPUS])
def test_a_broken_file_gives_settings_and_names_line_and_cure(broken: BrokenFile) -> None:
    name, content, line, cure = broken
    reading = read(content, "player.toml")
    assert_settings_hold(reading)
    assert reading.problems, f"nothing is said about a file that is broken: {name}"
    first = reading.problems[0]
    assert first.line == line, str(first)
    assert cure in str(first)
    for problem in reading.problems:
        assert_one_sentence(str(problem))


def assert_settings_hold(reading: Reading) -> None:
    """Every value is one that its rule allows: nothing unchecked gets through."""
    assert isinstance(reading.settings, PlayerSettings)
    for path, key in KEYS.items():
        value = reading.settings.value_of(path)
        assert type(value) in {type(key.default), int, type(None)} or key.default is None
        if isinstance(value, int | float | bool):
            assert key.rule.convert(value) == value


def assert_one_sentence(text: str) -> None:
    assert text.startswith("player.toml")
    assert text.count("; ") >= 1, "what is wrong, then what to do"
    assert "\n" not in text
    assert text.isprintable(), repr(text)
    assert len(text) < 600
    assert "canary" not in text, "a secret was repeated"


def test_the_other_keys_of_a_broken_file_still_count() -> None:
    for name, content, line, _cure in CORPUS:
        if line is None or not content.startswith(example()[:40].encode()):
            continue
        reading = read(content, "player.toml")
        assert len(reading.problems) <= 2, f"{name}: {reading.problems}"
        set_keys = [path for path, origin in reading.origins.items() if origin == "file"]
        assert len(set_keys) == len(KEYS) - 1, name


@given(st.binary(max_size=400))
def test_any_bytes_give_settings(content: bytes) -> None:
    assert_settings_hold(read(content, "player.toml"))


@given(st.text(max_size=300), st.integers(0, 2000), st.integers(0, 60))
def test_any_damage_to_the_example_gives_settings(text: str, at: int, gone: int) -> None:
    good = example()
    content = (good[:at] + text + good[at + gone :]).encode("utf-8", "surrogatepass")
    reading = read(content, "player.toml")
    assert_settings_hold(reading)
    for problem in reading.problems:
        assert "\n" not in str(problem)


@given(st.binary(min_size=1, max_size=6), st.integers(0, 3000))
def test_any_bytes_in_the_example_give_settings(junk: bytes, at: int) -> None:
    good = example().encode()
    assert_settings_hold(read(good[:at] + junk + good[at:], "player.toml"))
