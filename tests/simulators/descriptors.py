"""What a process holds open, for tests that something leaves nothing behind."""

import threading
from contextlib import suppress
from pathlib import Path

__all__ = ["descriptors", "threads"]


def descriptors() -> dict[str, str]:
    """What every open descriptor of this process stands for."""
    found = {}
    for path in Path("/proc/self/fd").iterdir():
        with suppress(FileNotFoundError):  # the one that lists the folder
            found[path.name] = str(path.readlink())
    return found


def threads() -> set[str]:
    """The names of the threads that run."""
    return {thread.name for thread in threading.enumerate()}
