"""How the last run of the player ended: of itself, or by somebody else's hand.

A process that dies of a fatal signal (a decoder that runs wild, an assertion, systemd's watchdog)
leaves its stacks in a file here; one that is killed from outside, or whose power is cut, leaves
nothing.  Only the former is anybody's fault (`breadcrumb`).  For the composition root, before the
first thread; without a disk there are no words, and the show goes on.
"""

import faulthandler
import logging
import os
from pathlib import Path

__all__ = ["LAST_WORDS", "LastWords", "boot_id"]

log = logging.getLogger("stage")

LAST_WORDS = "last_words"

#: So much is read of what was left; a stack of every thread has some 10 KiB.
WORDS_BYTES = 65536

_BOOT_ID = Path("/proc/sys/kernel/random/boot_id")
_EVENTS = Path("/proc/vmstat")


class LastWords:
    """The words of the last run, once; and, from `listen` on, the place for those of this one."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / LAST_WORDS
        self._now = f"{boot_id()} {_kills_for_memory()}"
        self._descriptor: int | None = None
        self.text = self._read()
        """why the last run died of itself, and its stacks; "" if it did not"""

    def listen(self) -> None:
        """Begin the page of this run; what the last one left is gone from the disk."""
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            opened = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC)
            self._descriptor = opened
            os.write(opened, f"{self._now}\n".encode())
        except OSError as error:
            log.warning("a crash would leave no trace: %s: %s", self._path, error.strerror)
            faulthandler.enable()
        else:
            faulthandler.enable(opened)

    def close(self) -> None:
        """A clean end."""
        faulthandler.disable()
        if self._descriptor is not None:
            os.close(self._descriptor)
            self._descriptor = None
            self._path.unlink(missing_ok=True)

    def _read(self) -> str:
        try:
            with self._path.open("rb") as file:
                head, _line, words = file.read(WORDS_BYTES).partition(b"\n")
        except OSError:
            return ""
        boot, _space, kills = head.decode("ascii", "replace").partition(" ")
        boot_now, _space, kills_now = self._now.partition(" ")
        if boot != boot_now:
            return ""
        if not words and kills != kills_now:
            return "the kernel killed a process for its memory, and most likely this one"
        return words.decode("utf-8", "replace")


def boot_id() -> str:
    """The name of this start of the machine."""
    try:
        return _BOOT_ID.read_text().strip()
    except OSError:
        return "unknown"


def _kills_for_memory() -> str:
    """How many processes the kernel has killed since the start of the machine for want of memory.

    It kills as somebody from outside would, but for a reason that may lie in an item.
    """
    try:
        events = _EVENTS.read_text()
    except OSError:
        return "?"
    counts = dict(line.split(maxsplit=1) for line in events.splitlines())
    return counts.get("oom_kill", "?")
