"""What a process holds open, for tests that something leaves nothing behind."""

import threading
from contextlib import suppress
from pathlib import Path

__all__ = ["descriptors", "threads"]


def descriptors() -> dict[str, str]:
    """What every open descriptor of this process stands for.

    Event descriptors are left out: Qt threads of earlier tests in the same process close theirs
    whenever they are collected, and nothing that is tested with this opens any.
    """
    found = {}
    for path in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the one that lists the folder
            found[path.name] = str(path.readlink())
    return {number: what for number, what in found.items() if what != "anon_inode:[eventfd]"}


def threads() -> set[str]:
    """The names of the threads that run."""
    return {thread.name for thread in threading.enumerate()}
