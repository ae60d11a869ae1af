"""What people call their files, as text: never a path, never longer than its column."""

from pathlib import PurePosixPath

__all__ = ["original_name", "title_of"]

NAME_LIMIT = 255
TITLE_LIMIT = 200


def original_name(sent: str) -> str:
    """The last part of what a browser sent, without what could mislead whoever reads it.

    Control characters, and the marks that turn the direction of writing, are dropped.
    """
    last = sent.replace("\\", "/").rpartition("/")[2]
    shown = "".join(mark for mark in last if mark.isprintable()).strip()
    if shown in {"", ".", ".."}:
        return "unnamed"
    return shown[:NAME_LIMIT]


def title_of(name: str) -> str:
    """A title for a file of this name: the name without its suffix."""
    stem = PurePosixPath(name).stem
    return (stem or name)[:TITLE_LIMIT]
