"""Looks into the directory of a compound file (old PPT, DOC and XLS, and encrypted new ones).

Runs in the sandboxed child.  Reads the directory, by [MS-CFB] 2.2 to 2.6, and the first sector of
the document, which says whether it has a password; a chain that loops or leaves the file is damage.
"""

import struct
from collections.abc import Iterator
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
_ENCRYPTED = frozenset({"EncryptedPackage", "EncryptionInfo", "EncryptedSummary"})
#: Streams below this size lie in a stream of their own ([MS-CFB] 2.2, mini stream cutoff).
_SHORT_STREAM_BYTES = 4096
_KINDS = {"PowerPoint Document": "ppt", "WordDocument": "doc", "Workbook": "xls", "Book": "xls"}


class _Entry(Struct, frozen=True):
    name: str
    left: int
    right: int
    child: int
    start: int
    size: int


def inspect(path: Path) -> tuple[str, tuple[str, ...]]:
    """Return the usual suffix of the document at `path`, and remarks; or raise `Refused`."""
    with path.open("rb") as file:
        try:
            entries = _directory(file)
            top = _below_root(entries)
            found = next(((top[name], _KINDS[name]) for name in _KINDS if name in top), None)
            locked = found is not None and _is_locked(found[1], _beginning(file, found[0]))
        except (struct.error, IndexError, ValueError) as error:
            raise Refused("DAMAGED") from error
    if locked or not _ENCRYPTED.isdisjoint(top):
        raise Refused("DOCUMENT_ENCRYPTED")
    if found is None:
        raise Refused("UNKNOWN_KIND")
    return found[1], ("MACROS_IGNORED",) if _MACROS & {entry.name for entry in entries} else ()


def _beginning(file: BinaryIO, entry: _Entry) -> bytes:
    """The first bytes of a stream; b"" for a short one, which lies elsewhere and is no document."""
    if entry.size < _SHORT_STREAM_BYTES:
        return b""
    file.seek(30)
    (shift,) = struct.unpack("<H", file.read(2))
    return _sector(file, entry.start, 1 << shift)


def _is_locked(kind: str, beginning: bytes) -> bool:
    """Has it a password?  By [MS-DOC] 2.5.2 (fEncrypted), and [MS-XLS] 2.4.117 (FilePass)."""
    if kind == "doc" and len(beginning) >= 12:
        return bool(struct.unpack_from("<H", beginning, 10)[0] & 0x0100)
    if kind == "xls":
        return 0x002F in _record_types(beginning)
    return False


def _record_types(content: bytes) -> Iterator[int]:
    at = 0
    while at + 4 <= len(content):
        record, length = struct.unpack_from("<HH", content, at)
        yield record
        at += 4 + length


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
        found.append(
            _Entry(
                name,
                *struct.unpack_from("<3I", content, at + 68),
                *struct.unpack_from("<2I", content, at + 116),
            )
        )
    return found


def _below_root(entries: list[_Entry]) -> dict[str, _Entry]:
    """What is in the root storage, by name: its children are a binary tree of siblings."""
    found: dict[str, _Entry] = {}
    seen: set[int] = set()
    waiting = [entries[0].child] if entries else []
    while waiting:
        number = waiting.pop()
        if number >= len(entries) or number in seen:
            continue
        seen.add(number)
        found[entries[number].name] = entries[number]
        waiting += [entries[number].left, entries[number].right]
    return found
