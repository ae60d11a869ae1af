"""Looks into the directory of a compound file (old PPT, DOC and XLS, and encrypted new ones).

Runs in the sandboxed child.  Reads the directory and nothing else, by [MS-CFB] 2.2 to 2.6; a chain
that loops or leaves the file is damage.
"""

import struct
from pathlib import Path
from typing import BinaryIO

from msgspec import Struct

from server.library.ingest.failures import Refused

__all__ = ["SIGNATURE", "inspect"]

SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"

_NONE = 0xFFFFFFFF
#: Sectors of the directory that are read: 4 MB of it, 32,000 entries.
_SECTORS_LIMIT = 8192
_MACROS = frozenset({"_VBA_PROJECT", "_VBA_PROJECT_CUR", "VBA", "Macros"})
_KINDS = {"PowerPoint Document": "ppt", "WordDocument": "doc", "Workbook": "xls", "Book": "xls"}


class _Entry(Struct, frozen=True):
    name: str
    left: int
    right: int
    child: int


def inspect(path: Path) -> tuple[str, tuple[str, ...]]:
    """Return the usual suffix of the document at `path`, and remarks; or raise `Refused`."""
    with path.open("rb") as file:
        try:
            entries = _directory(file)
        except (struct.error, IndexError, ValueError) as error:
            raise Refused("DAMAGED") from error
    top = _names_below_root(entries)
    if top & {"EncryptedPackage", "EncryptionInfo", "EncryptedSummary"}:
        raise Refused("DOCUMENT_ENCRYPTED")
    macros = ("MACROS_IGNORED",) if _MACROS & {entry.name for entry in entries} else ()
    for name, suffix in _KINDS.items():
        if name in top:
            return suffix, macros
    raise Refused("UNKNOWN_KIND")


def _directory(file: BinaryIO) -> list[_Entry]:
    header = file.read(512)
    (shift,) = struct.unpack_from("<H", header, 30)
    if shift not in {9, 12}:
        raise ValueError(shift)
    size = 1 << shift
    (sector,) = struct.unpack_from("<I", header, 48)
    tables = struct.unpack_from("<109I", header, 76)
    entries: list[_Entry] = []
    for _count in range(_SECTORS_LIMIT):
        if sector >= _NONE - 5:
            break
        entries += _entries(_sector(file, sector, size))
        sector = _next(file, sector, size, tables)
    return entries


def _next(file: BinaryIO, sector: int, size: int, tables: tuple[int, ...]) -> int:
    """The sector that follows in its chain; only the table sectors of the header are known."""
    table, place = divmod(sector, size // 4)
    content = _sector(file, tables[table], size)
    (following,) = struct.unpack_from("<I", content, 4 * place)
    return int(following)


def _sector(file: BinaryIO, number: int, size: int) -> bytes:
    file.seek((number + 1) * size)
    content = file.read(size)
    if len(content) < size:
        raise ValueError(number)
    return content


def _entries(content: bytes) -> list[_Entry]:
    found = []
    for at in range(0, len(content), 128):
        (length,) = struct.unpack_from("<H", content, at + 64)
        name = content[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
        found.append(_Entry(name, *struct.unpack_from("<3I", content, at + 68)))
    return found


def _names_below_root(entries: list[_Entry]) -> set[str]:
    """The names in the root storage: its children are a binary tree of siblings."""
    names: set[str] = set()
    seen: set[int] = set()
    waiting = [entries[0].child] if entries else []
    while waiting:
        number = waiting.pop()
        if number >= len(entries) or number in seen:
            continue
        seen.add(number)
        names.add(entries[number].name)
        waiting += [entries[number].left, entries[number].right]
    return names
