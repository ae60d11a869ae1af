"""A player starts whatever its files look like, and says what is wrong with them."""

import os
from pathlib import Path

import pytest

from config.changes import changes
from config.errors import ConfigError
from config.loader import example, load, load_for_player, read_file
from config.model import KEYS, PlayerSettings
from config.reading import Moved, Removed, read

GOOD = '[screen]\nname = "东大厅"\n[stage]\nvolume = 30\n'.encode()


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    return tmp_path / "player.toml", tmp_path / "last-good.toml"


def test_a_good_file_counts_and_is_offered_as_the_next_last_good_copy(
    files: tuple[Path, Path],
) -> None:
    files[0].write_bytes(GOOD)
    loaded = load_for_player(*files)
    assert (loaded.settings.screen.name, loaded.settings.stage.volume) == ("东大厅", 30)
    assert (loaded.source, loaded.problems, loaded.good_copy) == ("file", (), GOOD)
    assert loaded.origins["stage.volume"] == "file"
    assert loaded.origins["stage.render"] == "default"


def test_a_copy_that_is_already_kept_is_not_offered_again(files: tuple[Path, Path]) -> None:
    for file in files:
        file.write_bytes(GOOD)
    assert load_for_player(*files).good_copy is None


@pytest.mark.parametrize("content", [None, b"", bytes(200), b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"])
def test_without_a_file_the_last_good_copy_is_used(
    files: tuple[Path, Path], content: bytes | None
) -> None:
    if content is not None:
        files[0].write_bytes(content)
    files[1].write_bytes(GOOD)
    loaded = load_for_player(*files)
    assert loaded.settings.screen.name == "东大厅"
    assert loaded.source == loaded.origins["screen.name"] == "last good copy"
    assert "the last good copy is used" in str(loaded.problems[0])
    assert loaded.good_copy is None


@pytest.mark.parametrize("kept", [None, b"", b"[stage]\nvolume = 999\n"])
def test_without_any_good_file_the_defaults_are_used(
    files: tuple[Path, Path], kept: bytes | None
) -> None:
    if kept is not None:
        files[1].write_bytes(kept)
    loaded = load_for_player(*files)
    assert loaded.settings == PlayerSettings()
    assert loaded.source == "default"
    assert "is not there; the defaults are used" in str(loaded.problems[0])


def test_a_bad_value_keeps_its_last_good_one_and_the_others_change(
    files: tuple[Path, Path],
) -> None:
    files[0].write_bytes(b'[screen]\nname = "West"\n[stage]\nvolume = 300\n')
    files[1].write_bytes(GOOD)
    loaded = load_for_player(*files)
    assert (loaded.settings.screen.name, loaded.settings.stage.volume) == ("West", 30)
    assert loaded.origins["stage.volume"] == "last good copy"
    assert loaded.good_copy is None, "a file with an error is not worth keeping"


def test_a_key_taken_out_of_a_good_file_goes_back_to_its_default(
    files: tuple[Path, Path],
) -> None:
    files[0].write_bytes(b'[screen]\nname = "West"\n')
    files[1].write_bytes(GOOD)
    assert load_for_player(*files).settings.stage.volume == 80


def test_a_key_missing_from_a_damaged_file_keeps_its_last_good_value(
    files: tuple[Path, Path],
) -> None:
    files[0].write_bytes(b'[screen]\nname = "West"\n[sta')
    files[1].write_bytes(GOOD)
    loaded = load_for_player(*files)
    assert (loaded.settings.screen.name, loaded.settings.stage.volume) == ("West", 30)


def test_an_unknown_key_is_worth_a_warning_and_the_file_is_kept(files: tuple[Path, Path]) -> None:
    files[0].write_bytes(b"[stage]\nvolum = 30\n")
    loaded = load_for_player(*files)
    assert [problem.is_error for problem in loaded.problems] == [False]
    assert loaded.settings.stage.volume == 80
    assert loaded.good_copy is not None


@pytest.mark.root
def test_a_file_that_may_not_be_read_names_the_command_that_mends_it(
    files: tuple[Path, Path],
) -> None:
    files[0].write_bytes(GOOD)
    files[0].chmod(0)
    for folder in files[0].parents[:3]:
        folder.chmod(0o755)
    os.seteuid(65534)  # root may read everything
    try:
        loaded = load_for_player(*files)
    finally:
        os.seteuid(0)
    assert f"sudo chmod a+r '{files[0]}'" in str(loaded.problems[0])
    assert loaded.settings == PlayerSettings()


def test_what_is_no_file_is_named_and_never_waited_for(tmp_path: Path) -> None:
    fifo = tmp_path / "fifo"
    os.mkfifo(fifo)
    for path in (tmp_path, fifo, Path("/dev/zero")):
        assert "is no file" in str(load_for_player(path, None).problems[0])


def test_a_file_of_many_gigabytes_is_not_read_whole(tmp_path: Path) -> None:
    path = tmp_path / "player.toml"
    with path.open("wb") as file:
        file.truncate(64 * 1024**3)
    assert "has more than 262144 bytes" in str(load_for_player(path, None).problems[0])


def test_a_failing_disk_is_named(files: tuple[Path, Path]) -> None:
    def dying(path: Path) -> bytes:
        return read_file(path / "\0")

    assert "check the disk" in str(load_for_player(*files, read_bytes=dying).problems[0])


def test_a_strict_load_raises_with_every_problem(files: tuple[Path, Path]) -> None:
    files[0].write_bytes(b"[stage]\nvolume = 300\nrender = 'no'\n")
    with pytest.raises(ConfigError) as error:
        load(files[0])
    assert [problem.line for problem in error.value.problems] == [2, 3]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
@pytest.mark.parametrize("ends", ["\n", "\r\n", "\r"])
def test_what_editors_do_to_a_file_changes_no_setting(encoding: str, ends: str) -> None:
    text = '[screen]\nname = "东大厅，二层"\n[stage]\nvolume = 30\n'.replace("\n", ends)
    reading = read(text.encode(encoding), "player.toml")
    assert (reading.settings.screen.name, reading.settings.stage.volume) == ("东大厅，二层", 30)
    assert reading.is_good
    assert bool(reading.problems) == (encoding in {"gb18030", "utf-16"})


def test_a_renamed_key_still_counts_and_says_its_new_name() -> None:
    trail = {"stage.loudness": Moved("stage.volume", "0.2")}
    reading = read(b"[stage]\nloudness = 30\n", "player.toml", trail=trail)
    assert reading.settings.stage.volume == 30
    assert str(reading.problems[0]) == (
        "player.toml:2: stage.loudness: is called stage.volume since version 0.2 (its value is"
        " used); rename it to stage.volume"
    )
    assert reading.is_good


def test_a_bad_value_under_an_old_name_is_still_refused() -> None:
    trail = {"stage.loudness": Moved("stage.volume", "0.2")}
    reading = read(b"[stage]\nloudness = 300\n", "player.toml", trail=trail)
    assert reading.settings.stage.volume == 80
    assert [problem.key for problem in reading.problems] == ["stage.loudness", "stage.volume"]


def test_a_removed_key_says_what_to_do_instead() -> None:
    trail = {"stage.gamma": Removed("set it on the panel", "0.3")}
    reading = read(b"[stage]\ngamma = 2\n", "player.toml", trail=trail)
    assert "means nothing any more since version 0.3; set it on the panel" in str(
        reading.problems[0]
    )


def test_changes_say_which_keys_need_a_restart() -> None:
    after = read(b"[log]\nlevel = 'debug'\n[stage]\nrender = 'gpu'\n", "player.toml").settings
    found = {change.key: change.live for change in changes(PlayerSettings(), after)}
    assert found == {"stage.render": False, "log.level": True}


def test_the_example_holds_every_key_with_its_default_and_nothing_else() -> None:
    reading = read(example().encode(), "player.example.toml")
    assert reading.problems == ()
    assert reading.settings == PlayerSettings()
    assert list(reading.lines) == list(KEYS), "every key, in the order of the model"
