"""Files to settings, for processes that must start whatever the file looks like.

The only module here that touches a disk, and it only reads: whoever starts a process keeps
`LoadedSettings.good_copy`, durably, for the next time.
"""

import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

from msgspec import Struct, structs

from config.encoding import MAX_FILE_BYTES
from config.errors import ConfigError, ConfigProblem
from config.model import KEYS, PLAYER, PlayerSettings
from config.reading import Origin, Reading, read

__all__ = ["DEFAULT_PATH", "LoadedSettings", "example", "load", "load_for_player", "read_file"]

#: Where the package puts the file.
DEFAULT_PATH = Path("/etc/yingbi/player.toml")

ReadBytes = Callable[[Path], bytes]


class LoadedSettings(Struct, frozen=True):
    """Settings that a process can start with, and what is to be said about them.

    `source` says where most of them come from.  `good_copy` holds the bytes of a file that is
    free of errors and differs from the last good copy: keep it; None means there is nothing to do.
    """

    settings: PlayerSettings
    problems: tuple[ConfigProblem, ...]
    source: Origin
    origins: Mapping[str, Origin]
    lines: Mapping[str, int]
    good_copy: bytes | None = None


def read_file(path: Path, example_name: str = PLAYER.example) -> bytes:
    """Return the bytes of `path`; raise `ConfigError` with one problem where there are none.

    Of a file that is too large only so much is read that `config.encoding` sees it.
    """
    try:
        return _read_regular(path)
    except FileNotFoundError:
        what, cure = "is not there", f"start from {example_name}"
    except PermissionError:
        what = "may not be read by this user"
        cure = f"let it be read: sudo chmod a+r '{path}' (and its folders a+x)"
    except IsADirectoryError:
        what, cure = "is no file", "name a settings file"
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        what, cure = f"cannot be read ({error})", "check the disk"
    raise ConfigError([ConfigProblem(str(path), what, cure)])


def _read_regular(path: Path) -> bytes:
    # O_NONBLOCK: opening a FIFO would otherwise wait for ever for someone to write to it.
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC), "rb") as file:
        if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise IsADirectoryError
        return file.read(MAX_FILE_BYTES + 1)


def load(path: Path, read_bytes: ReadBytes = read_file) -> Reading[PlayerSettings]:
    """Read one file strictly: raise `ConfigError` with every problem if any is an error."""
    reading = read(read_bytes(path), str(path))
    if not reading.is_good:
        raise ConfigError(reading.problems)
    return reading


def load_for_player(
    path: Path, last_good_path: Path | None, read_bytes: ReadBytes = read_file
) -> LoadedSettings:
    """Return settings whatever the files look like; never raises.

    The file counts; the last good copy stands in for what cannot be used of it; the defaults
    stand in for both.
    """
    last_bytes, last = _last_good(last_good_path, read_bytes)
    fallback = last.settings if last else None
    try:
        content = read_bytes(path)
    except ConfigError as error:
        return _without_file(error.problems, last)
    reading = read(content, str(path), fallback)
    if not reading.usable:
        return _without_file(reading.problems, last)
    keep = reading.is_good and content != last_bytes
    return LoadedSettings(
        reading.settings,
        reading.problems,
        "file",
        reading.origins,
        reading.lines,
        content if keep else None,
    )


def _last_good(
    path: Path | None, read_bytes: ReadBytes
) -> tuple[bytes | None, Reading[PlayerSettings] | None]:
    """Return the last good copy, if it still is good: nothing else may stand in for a file."""
    if path is None:
        return None, None
    try:
        content = read_bytes(path)
    except ConfigError:
        return None, None
    reading = read(content, str(path))
    return content, reading if reading.is_good else None


def _without_file(
    problems: tuple[ConfigProblem, ...], last: Reading[PlayerSettings] | None
) -> LoadedSettings:
    used = "the defaults are used" if last is None else "the last good copy is used"
    told = tuple(structs.replace(problem, what=f"{problem.what}; {used}") for problem in problems)
    if last is None:
        origins: dict[str, Origin] = dict.fromkeys(KEYS, "default")
        return LoadedSettings(PlayerSettings(), told, "default", origins, {})
    kept: dict[str, Origin] = {
        path: "last good copy" if origin == "file" else origin
        for path, origin in last.origins.items()
    }
    return LoadedSettings(last.settings, told, "last good copy", kept, {})


def example() -> str:
    """Return the text of `player.example.toml`: every key, with its default and its meaning."""
    return Path(__file__).with_name("player.example.toml").read_text("utf-8")
