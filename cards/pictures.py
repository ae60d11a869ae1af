"""Pictures of a card's rows: the names of the files that it may bring, and the cell that names one.

A row names one of its card's files, `picture3`; several rows may show the same.  Pure.
"""

from collections.abc import Iterable, Sequence

from cards.template import CardRefusedError

__all__ = ["MOST", "NAME_LIMIT", "cells_of", "file_names", "require_file"]

#: How many pictures a card brings at most, and the longest name of one, in characters.
MOST = 12
NAME_LIMIT = 10


def file_names(word: str) -> tuple[str, ...]:
    """The names under which pictures come: `picture1` to `picture12` of `picture`."""
    return tuple(f"{word}{n}" for n in range(1, MOST + 1))


def cells_of(files: Iterable[str]) -> frozenset[str]:
    """The cells of rows that name one of a template's files: `picture` of `picture1` and so on."""
    bare = {name: name.rstrip("0123456789") for name in files}
    return frozenset(cell for name, cell in bare.items() if cell != name)


def require_file(name: str, names: Sequence[str], field: str) -> None:
    """Raise `CardRefusedError` unless `field` is empty or names one of these files."""
    if name and name not in names:
        raise CardRefusedError(f"data.{field}: there are {names[0]} to {names[-1]}")
