"""What a file is, by its bytes alone: neither its name nor the browser's word counts.

Runs in the sandboxed child (the folder of a ZIP is read here).  Nothing is decoded.  What is not
on the list of `FileKind`s is refused by a name that an editor understands.
"""

from pathlib import Path
from typing import Literal

from msgspec import Struct

from server.library.ingest import compound_file, zip_document
from server.library.ingest.failures import Refused

__all__ = ["FileKind", "family_of", "sniff"]

Family = Literal["image", "video", "sound", "pdf", "office"]

#: How much of the beginning is looked at; a PDF may have this much in front of its header.
HEAD_BYTES = 4096


class FileKind(Struct, frozen=True):
    """`name`: the usual suffix; `reader`: Pillow's format or ffmpeg's demuxer, else the name."""

    family: Family
    name: str
    reader: str
    remarks: tuple[str, ...] = ()


_SIGNATURES: tuple[tuple[bytes, FileKind], ...] = (
    (b"\xff\xd8\xff", FileKind("image", "jpg", "JPEG")),
    (b"\x89PNG\r\n\x1a\n", FileKind("image", "png", "PNG")),
    (b"GIF87a", FileKind("image", "gif", "GIF")),
    (b"GIF89a", FileKind("image", "gif", "GIF")),
    (b"II*\0", FileKind("image", "tif", "TIFF")),
    (b"MM\0*", FileKind("image", "tif", "TIFF")),
    (b"BM", FileKind("image", "bmp", "BMP")),
    (b"\x1a\x45\xdf\xa3", FileKind("video", "mkv", "matroska")),
    (b"FLV\x01", FileKind("video", "flv", "flv")),
    (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", FileKind("video", "wmv", "asf")),
    (b"\0\0\x01\xba", FileKind("video", "mpg", "mpeg")),
    (b"\0\0\x01\xb3", FileKind("video", "mpg", "mpegvideo")),
    (b"ID3", FileKind("sound", "mp3", "mp3")),
    *((mark, FileKind("sound", "mp3", "mp3")) for mark in (b"\xff\xfb", b"\xff\xfa", b"\xff\xf3")),
    (b"\xff\xf2", FileKind("sound", "mp3", "mp3")),
    (b"\xff\xf1", FileKind("sound", "aac", "aac")),
    (b"fLaC", FileKind("sound", "flac", "flac")),
    (b"OggS", FileKind("sound", "ogg", "ogg")),
)

#: Brands of ISO base media files that hold sound alone.
_SOUND = frozenset({b"M4A ", b"M4B "})

#: Brands of ISO base media files (ISO/IEC 14496-12, 4.3) that are pictures.
_HEIF = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"mif1", b"msf1"})
_AVIF = frozenset({b"avif", b"avis"})
_BOXES = frozenset({b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"})

#: First bytes -> why such a file is refused.
_REFUSED: tuple[tuple[bytes, str], ...] = (
    (b"Rar!\x1a\x07", "ARCHIVE"),
    (b"7z\xbc\xaf\x27\x1c", "ARCHIVE"),
    (b"\x1f\x8b", "ARCHIVE"),
    (b"BZh", "ARCHIVE"),
    (b"\xfd7zXZ\0", "ARCHIVE"),
    (b"MZ", "PROGRAM"),
    (b"\x7fELF", "PROGRAM"),
    (b"#!AMR", "SOUND_ONLY"),
    (b"#!", "PROGRAM"),
    (b"#EXTM3U", "PLAYLIST"),
    (b"ffconcat", "PLAYLIST"),
    (b"[playlist]", "PLAYLIST"),
)


def sniff(path: Path) -> FileKind:
    """Return what the file at `path` is; raise `Refused` for what is not shown on walls."""
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if not head:
        raise Refused("EMPTY")
    kind = _by_signature(head) or _riff(head) or _iso_media(head) or _transport_stream(head)
    if kind is not None:
        return kind
    if b"%PDF-" in head[:1024]:
        return FileKind("pdf", "pdf", "pdf")
    if head.startswith(zip_document.SIGNATURE):
        return _office(*zip_document.inspect(path))
    if head.startswith(compound_file.SIGNATURE):
        return _office(*compound_file.inspect(path))
    raise Refused(_refusal(head))


def _office(suffix: str, remarks: tuple[str, ...]) -> FileKind:
    return FileKind("office", suffix, suffix, remarks)


def _by_signature(head: bytes) -> FileKind | None:
    return next((kind for magic, kind in _SIGNATURES if head.startswith(magic)), None)


def _riff(head: bytes) -> FileKind | None:
    if head[:4] != b"RIFF":
        return None
    found = {
        b"WEBP": FileKind("image", "webp", "WEBP"),
        b"AVI ": FileKind("video", "avi", "avi"),
        b"WAVE": FileKind("sound", "wav", "wav"),
    }
    return found.get(head[8:12])


def _iso_media(head: bytes) -> FileKind | None:
    """MP4, MOV, 3GP, HEIC and AVIF share one container; its brands tell them apart."""
    if head[4:8] not in _BOXES:
        return None
    if head[4:8] == b"ftyp":
        size = min(int.from_bytes(head[:4], "big"), len(head))
        brands = {head[8:12], *(head[at : at + 4] for at in range(16, size - 3, 4))}
        if brands & _AVIF:
            return FileKind("image", "avif", "AVIF")
        if head[8:12] in _SOUND:
            return FileKind("sound", "m4a", "mov")
        if head[8:12] in _HEIF:
            return FileKind("image", "heic", "HEIF")
    return FileKind("video", "mp4", "mov")


def _transport_stream(head: bytes) -> FileKind | None:
    """Packets of 188 bytes that begin with 0x47 (ISO/IEC 13818-1), or of 192 on Blu-ray."""
    for first, step in ((0, 188), (4, 192)):
        if len(head) > first + 4 * step and all(head[first + n * step] == 0x47 for n in range(5)):
            return FileKind("video", "ts", "mpegts")
    return None


def _refusal(head: bytes) -> str:
    for magic, code in _REFUSED:
        if head.startswith(magic):
            return code
    text = _as_text(head)
    if text is None:
        return "UNKNOWN_KIND"
    return "SVG" if "<svg" in text.lower() else "TEXT"


def _as_text(head: bytes) -> str | None:
    """The beginning as text; None when it holds bytes that no text has."""
    for encoding in ("utf-8-sig", "gb18030", "utf-16"):
        if encoding == "utf-16" and head[:2] not in {b"\xff\xfe", b"\xfe\xff"}:
            continue
        text = head.decode(encoding, "ignore")
        odd = sum(not (mark.isprintable() or mark in "\t\r\n\f") for mark in text)
        if odd == 0 and len(text.encode(encoding, "ignore")) >= len(head) - 4:
            return text
    return None


def family_of(head: bytes) -> str:
    """A first guess by the first bytes, before the file was looked into; "" for no idea."""
    try:
        kind = _by_signature(head) or _riff(head) or _iso_media(head) or _transport_stream(head)
    except Refused:
        return ""
    return kind.family if kind is not None else ""
