"""Pictures that rows bring to a card: which of them become its files, and under which names.

A cell holds the number of a picture in the library, or the address of one that was fetched.

The distinct pictures of the rows take the template's names in order, the newest rows first; rows
whose picture finds no name any more stand without one.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from cards.template import Template
from server.datasets.cells import Value
from server.datasets.feeding import FILES
from server.datasets.shapes import Group, fields_of
from server.datasets.tables import Row
from server.errors import Invalid
from server.library.models import Blob, Purpose, Rendition

__all__ = ["foremost", "pictured"]

#: The key of the column by which the newest rows are known (those of a feed have it).
NEWEST_BY = "published"


def foremost(rows: Iterable[Row]) -> list[Row]:
    """The rows, the newest first where they say when they were published (ISO 8601), those that
    do not last; else in their order."""
    return sorted(rows, key=lambda row: str(row.get(NEWEST_BY) or ""), reverse=True)


def pictured(
    template: Template[Any],
    shape: Group,
    mapping: Mapping[str, str],
    rows: Sequence[Row],
    fetched: Mapping[str, Blob],
) -> tuple[Sequence[Row], dict[str, Blob]]:
    """The rows with names of files in the place of pictures, and the card's files by their names.

    `fetched` are the pictures that are there, by their addresses; a row of another stands without.
    Raises `Invalid` if a picture of the library is not ready.
    """
    blobs = _of_first_row(mapping, rows, fetched)
    for field in fields_of(shape):
        key = mapping.get(field.path)
        if field.kind != "picture" or key is None:
            continue
        names = _names(template, field.path.rpartition(".")[2])
        named, found = _named((row.get(key) for row in foremost(rows)), names, fetched)
        rows = [row | {key: named.get(row.get(key))} for row in rows]
        blobs |= found
    return rows, blobs


def _names(template: Template[Any], cell: str) -> list[str]:
    own = [name for name in template.files if name.rstrip("0123456789") == cell]
    return sorted(own, key=lambda name: (len(name), name))


def _named(
    values: Iterable[Value], names: Sequence[str], fetched: Mapping[str, Blob]
) -> tuple[dict[Value, str], dict[str, Blob]]:
    """Names for the first of these pictures, and their files."""
    named: dict[Value, str] = {}
    blobs: dict[str, Blob] = {}
    for value in values:
        if len(blobs) == len(names):
            break
        blob = None if value in named else _blob(value, fetched)
        if blob is not None:
            name = names[len(blobs)]
            named[value], blobs[name] = name, blob
    return named, blobs


def _of_first_row(
    mapping: Mapping[str, str], rows: Sequence[Row], fetched: Mapping[str, Blob]
) -> dict[str, Blob]:
    """Files that belong to the card as a whole."""
    found = {
        path.removeprefix(FILES): _blob(rows[0].get(key), fetched) if rows else None
        for path, key in mapping.items()
        if path.startswith(FILES)
    }
    return {name: blob for name, blob in found.items() if blob is not None}


def _blob(value: Value, fetched: Mapping[str, Blob]) -> Blob | None:
    if isinstance(value, str):
        return fetched.get(value)
    return None if value is None else _of_library(int(value))


def _of_library(asset: int) -> Blob:
    made = (
        Rendition.objects.filter(asset=asset, purpose=Purpose.WALL).select_related("blob").first()
    )
    if made is None:
        raise Invalid("Picture %(key)d is not ready yet.", values={"key": asset})
    return made.blob
