"""The token and the root are kept together or not at all, and shown to nobody."""

import contextlib
import errno
import logging
from pathlib import Path

import pytest

from content_cache.disk import RealDisk
from content_cache.errors import StorageError
from player.agent.keyring import Claim, Credential, Kept, Keyring
from tests.simulators.faulty_disk import FaultyDisk

CANARY = "canary-token-0123456789abcdef"
SECRET = "canary-secret-0123456789abcdef"
PAIRED = Kept(Credential(CANARY, "group", "hq", "lobby-1", "Lobby", b"{}", "0" * 64))
WAITING = Kept(claim=Claim("p1", SECRET, "123456", 5.0))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "agent" / "tokens.json"


def private() -> RealDisk:
    return RealDisk(0o600)


def test_what_is_kept_is_there_after_a_restart(path: Path) -> None:
    Keyring(path, private()).keep(PAIRED)
    assert Keyring(path, private()).kept == PAIRED
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_file_that_others_could_read_is_replaced_by_one_that_they_cannot(path: Path) -> None:
    path.parent.mkdir()
    path.write_text("{}")
    path.chmod(0o644)
    Keyring(path, private()).keep(PAIRED)
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO, errno.EROFS])
@pytest.mark.parametrize("for_good", [False, True])
def test_wherever_the_disk_fails_the_old_or_the_new_state_counts(
    tmp_path: Path, fault: int, for_good: bool
) -> None:
    """The n-th operation fails, for n from 1 until a run passes untouched."""
    number, done = 0, False
    while not done:
        number += 1
        path = tmp_path / f"{number}" / "tokens.json"
        Keyring(path, private()).keep(WAITING)
        disk = FaultyDisk(private(), number, fault, persistent=for_good)
        keyring = Keyring(path, private())
        keyring._disk = disk
        with contextlib.suppress(StorageError):
            keyring.keep(PAIRED)
        done = not disk.failed
        assert Keyring(path, private()).kept in (WAITING, PAIRED)
        assert CANARY not in "".join(name.name for name in path.parent.iterdir())
    assert number > 4, "the loop has looked at several operations"


def test_the_loop_sees_a_state_that_is_written_in_place(tmp_path: Path) -> None:
    """The negative control."""
    path = tmp_path / "tokens.json"
    Keyring(path, private()).keep(WAITING)
    path.write_bytes(path.read_bytes()[:40])  # what a cut-off write in place leaves
    logging.disable(logging.CRITICAL)
    try:
        assert Keyring(path, private()).kept not in (WAITING, PAIRED)
    finally:
        logging.disable(logging.NOTSET)


@pytest.mark.expects_log("is damaged")
@pytest.mark.parametrize("content", [b"", b"{", f'{{"credential": "{CANARY}"}}'.encode()])
def test_a_damaged_file_is_said_without_what_stands_in_it(
    path: Path, content: bytes, caplog: pytest.LogCaptureFixture
) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    assert Keyring(path, private()).kept == Kept()
    assert CANARY not in caplog.text


def test_no_repr_shows_a_secret() -> None:
    shown = f"{PAIRED!r} {PAIRED} {WAITING!r}"
    assert CANARY not in shown
    assert SECRET not in shown
