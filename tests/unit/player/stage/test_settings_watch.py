"""The settings while the player runs: the last good copy is kept, an edit is told."""

import logging
from collections.abc import Callable
from pathlib import Path

import pytest

from config.changes import Change
from config.loader import load_for_player
from content_cache.disk import RealDisk
from player.stage.settings_watch import SettingsWatch, last_good_path

Edit = Callable[[str], None]


class Box:
    """A settings file, the watch over it, and the changes that were taken up."""

    def __init__(self, folder: Path) -> None:
        self.file = folder / "player.toml"
        self.copy = last_good_path(self.file)
        self.applied: list[Change] = []
        self.edit("[stage]\nvolume = 30\n")
        self.watch = self.start()

    def start(self) -> SettingsWatch:
        loaded = load_for_player(self.file, self.copy)
        return SettingsWatch(self.file, loaded, RealDisk(), self.applied.append)

    def edit(self, text: str) -> None:
        """Save as careful editors do: a new file in place of the old one."""
        draft = self.file.with_suffix(".new")
        draft.write_text(text)
        draft.replace(self.file)


@pytest.fixture
def box(tmp_path: Path) -> Box:
    return Box(tmp_path)


def test_a_good_file_is_kept_at_the_first_look(box: Box) -> None:
    box.watch.look()
    assert box.copy.read_bytes() == box.file.read_bytes()


def test_the_last_good_copy_brings_a_box_with_a_lost_file_back(box: Box) -> None:
    box.watch.look()
    box.file.unlink()
    assert load_for_player(box.file, box.copy).settings.stage.volume == 30


def test_an_edit_that_needs_no_restart_is_taken_up(
    box: Box, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    box.watch.look()
    box.edit('[stage]\nvolume = 30\n[log]\nlevel = "debug"\n')
    box.watch.look()
    assert [(change.key, change.after) for change in box.applied] == [("log.level", "debug")]
    assert "log.level is debug now" in caplog.text
    assert box.copy.read_bytes() == box.file.read_bytes()


def test_an_edit_that_needs_a_restart_says_so(box: Box, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    box.edit("[stage]\nvolume = 40\n")
    box.watch.look()
    assert box.applied == []
    assert "stage.volume is 40 after a restart of the player" in caplog.text


def test_a_file_saved_in_place_is_noticed_too(box: Box, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    box.file.write_text("[stage]\nvolume = 100\n")
    box.watch.look()
    assert "stage.volume is 100" in caplog.text


@pytest.mark.expects_log("volume: 400 is out of range")
def test_a_bad_edit_is_told_once_and_changes_nothing(
    box: Box, caplog: pytest.LogCaptureFixture
) -> None:
    box.watch.look()
    good = box.copy.read_bytes()
    box.edit("[stage]\nvolume = 400\n")
    box.watch.look()
    box.watch.look()
    assert len([each for each in caplog.records if "out of range" in each.message]) == 1
    assert box.copy.read_bytes() == good


@pytest.mark.expects_log("is not there; the last good copy is used")
def test_a_file_that_disappears_changes_nothing(box: Box, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    box.watch.look()
    box.file.unlink()
    box.watch.look()
    assert "after a restart" not in caplog.text


def test_nothing_is_read_while_nothing_changes(box: Box, monkeypatch: pytest.MonkeyPatch) -> None:
    box.watch.look()
    monkeypatch.setattr("player.stage.settings_watch.load_for_player", None)
    box.watch.look()


@pytest.mark.expects_log("cannot be kept")
def test_a_copy_that_cannot_be_kept_is_told_and_costs_nothing(box: Box) -> None:
    box.copy.mkdir()
    box.watch.look()
    box.watch.look()
