"""The settings file becomes the options of a show."""

import logging
from argparse import Namespace
from collections.abc import Iterator
from pathlib import Path

import pytest

from player.stage.__main__ import _folder_transition
from player.stage.from_settings import FromSettings, from_settings


@pytest.fixture(autouse=True)
def root_level() -> Iterator[None]:
    """The log level is the process's: put it back."""
    level = logging.getLogger().level
    yield
    logging.getLogger().setLevel(level)


def started(folder: Path, text: str) -> FromSettings:
    file = folder / "player.toml"
    file.write_text(f'[cache]\ndirectory = "{folder}/cache"\n{text}')
    return from_settings(file)


@pytest.mark.parametrize(
    ("text", "volume"),
    [("", 80), ("[stage]\nvolume = 30\n", 30), ("[stage]\nsound = false\n", 0)],
)
def test_sound_and_volume_come_to_one_number(tmp_path: Path, text: str, volume: int) -> None:
    assert started(tmp_path, text).options.volume == volume


def test_the_log_level_is_that_of_the_settings(tmp_path: Path) -> None:
    started(tmp_path, '[log]\nlevel = "error"\n')
    assert logging.getLogger().level == logging.ERROR


@pytest.mark.expects_log("stage.volume: 300 is out of range")
def test_a_mistake_is_an_error_in_the_log_and_the_rest_counts(tmp_path: Path) -> None:
    wanted = started(tmp_path, '[stage]\nvolume = 300\nrender = "software"\n')
    assert (wanted.options.volume, wanted.render) == (80, "software")


def test_the_last_good_copy_is_kept_by_the_housekeeping(tmp_path: Path) -> None:
    wanted = started(tmp_path, "")
    assert wanted.options.housekeeping is not None
    wanted.options.housekeeping()
    assert (tmp_path / ".player.toml.last-good").exists()


@pytest.mark.parametrize(
    ("typed", "text", "expected"),
    [
        ("slide", '[stage]\ntransition = "cut"\n', ("slide", 600)),
        (None, '[stage]\ntransition = "cut"\ntransition_ms = 100\n', ("cut", 100)),
        (None, None, ("fade", 600)),
    ],
)
def test_a_folder_changes_as_typed_else_as_the_settings_say(
    tmp_path: Path, typed: str | None, text: str | None, expected: tuple[str, int]
) -> None:
    file = tmp_path / "player.toml"
    if text is not None:
        file.write_text(text)
    assert _folder_transition(Namespace(transition=typed, config=file)) == expected
