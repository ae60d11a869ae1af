"""Looks into the ZIP of an office document: which one it is, and whether it may be opened at all.

Runs in the sandboxed child, before LibreOffice sees the file.  Nothing is unpacked to disk; only
two small parts are read.  Sizes are those that the folder of the archive announces, and the
child's limits hold for whoever lies about them.
"""

import zipfile
import zlib
from pathlib import Path

from server.library.ingest.failures import Refused

__all__ = ["ENTRIES_LIMIT", "SIGNATURE", "UNPACKED_LIMIT_BYTES", "inspect"]

SIGNATURE = b"PK\x03\x04"

#: What all parts together may announce.
UNPACKED_LIMIT_BYTES = 2_000_000_000
#: How many parts; large decks have some thousand.
ENTRIES_LIMIT = 20_000
#: Parts of this size and more may not shrink by more than `RATIO_LIMIT` (zip bombs do).
RATIO_FROM_BYTES = 50_000_000
RATIO_LIMIT = 200
#: How much of a part that names the kind is read.
_PART_BYTES = 4_000_000
#: The central directory of `ENTRIES_LIMIT` parts is far smaller.
_DIRECTORY_LIMIT_BYTES = 16_000_000

_OOXML = (
    ("presentationml.presentation.main", "pptx"),
    ("presentationml.slideshow.main", "pptx"),
    ("presentationml.template.main", "pptx"),
    ("presentation.macroEnabled.main", "pptx"),
    ("slideshow.macroEnabled.main", "pptx"),
    ("template.macroEnabled.main", "pptx"),
    ("wordprocessingml.document.main", "docx"),
    ("wordprocessingml.template.main", "docx"),
    ("word.document.macroEnabled.main", "docx"),
    ("word.template.macroEnabledTemplate.main", "docx"),
    ("spreadsheetml.sheet.main", "xlsx"),
    ("spreadsheetml.template.main", "xlsx"),
    ("excel.sheet.macroEnabled.main", "xlsx"),
    ("excel.template.macroEnabled.main", "xlsx"),
)
_MACROS: dict[bool, tuple[str, ...]] = {True: ("MACROS_IGNORED",), False: ()}
_MOVING: dict[bool, tuple[str, ...]] = {True: ("MEDIA_STANDS_STILL",), False: ()}
_MEDIA_SUFFIXES = (".mp4", ".mov", ".avi", ".wmv", ".m4v", ".mp3", ".m4a", ".wav", ".wma", ".mpg")
_OPEN_DOCUMENT = {
    b"application/vnd.oasis.opendocument.presentation": "odp",
    b"application/vnd.oasis.opendocument.text": "odt",
    b"application/vnd.oasis.opendocument.spreadsheet": "ods",
}


def inspect(path: Path) -> tuple[str, tuple[str, ...]]:
    """Return the usual suffix of the office document at `path`, and remarks; or raise `Refused`."""
    _refuse_large_directory(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _refuse_bomb(archive.infolist())
            return _kind(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise Refused("DAMAGED") from error


def _refuse_large_directory(path: Path) -> None:
    """Python reads the whole directory into memory: look at its announced size first."""
    size = path.stat().st_size
    with path.open("rb") as file:
        file.seek(max(0, size - 66_000))
        tail = file.read()
    at = tail.rfind(b"PK\x05\x06")
    if at < 0:
        raise Refused("CUT_OFF")
    entries = int.from_bytes(tail[at + 10 : at + 12], "little")
    length = int.from_bytes(tail[at + 12 : at + 16], "little")
    if entries > ENTRIES_LIMIT or length > _DIRECTORY_LIMIT_BYTES:
        raise _too_big()


def _refuse_bomb(parts: list[zipfile.ZipInfo]) -> None:
    if len(parts) > ENTRIES_LIMIT or sum(part.file_size for part in parts) > UNPACKED_LIMIT_BYTES:
        raise _too_big()
    for part in parts:
        shrunk = part.file_size > RATIO_LIMIT * max(1, part.compress_size)
        if shrunk and part.file_size >= RATIO_FROM_BYTES:
            raise _too_big()


def _too_big() -> Refused:
    limit = UNPACKED_LIMIT_BYTES // 1_000_000
    return Refused("DOCUMENT_TOO_BIG", limit=limit, entries=ENTRIES_LIMIT)


def _kind(archive: zipfile.ZipFile) -> tuple[str, tuple[str, ...]]:
    names = set(archive.namelist())
    if "[Content_Types].xml" in names:
        return _office_open_xml(archive, names)
    if "mimetype" in names:
        return _open_document(archive, names)
    raise Refused("ARCHIVE")


def _office_open_xml(archive: zipfile.ZipFile, names: set[str]) -> tuple[str, tuple[str, ...]]:
    types = _read(archive, "[Content_Types].xml").decode("utf-8", "replace")
    has_macros = any(name.endswith("vbaProject.bin") for name in names)
    for part, suffix in _OOXML:
        if part in types:
            return suffix, (*_MACROS[has_macros], *_MOVING[_moves(names)])
    raise Refused("UNKNOWN_KIND")


def _open_document(archive: zipfile.ZipFile, names: set[str]) -> tuple[str, tuple[str, ...]]:
    kind = _OPEN_DOCUMENT.get(_read(archive, "mimetype").strip())
    if kind is None:
        raise Refused("ARCHIVE")
    manifest = "META-INF/manifest.xml"
    if manifest in names and b"encryption-data" in _read(archive, manifest):
        raise Refused("DOCUMENT_ENCRYPTED")
    scripts = (name for name in names if name.startswith(("Basic/", "Scripts/")))
    return kind, _MACROS[any(not name.endswith("/") for name in scripts)]


def _moves(names: set[str]) -> bool:
    """Does it carry a video or a sound?  Pages show a still picture of it at best."""
    return any(name.lower().endswith(_MEDIA_SUFFIXES) for name in names)


def _read(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as part:
        return part.read(_PART_BYTES)
