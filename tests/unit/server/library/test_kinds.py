"""What a file is, by its bytes; and what an editor is told of those that are nothing for a wall."""

import zipfile
from pathlib import Path

import pytest

from server.library.ingest.failures import Refused
from server.library.ingest.kinds import family_of, sniff

BOX = b"\0\0\0\x18ftyp"


@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (b"\xff\xd8\xff\xe0", ("image", "jpg", "JPEG")),
        (b"\x89PNG\r\n\x1a\n", ("image", "png", "PNG")),
        (b"GIF89a", ("image", "gif", "GIF")),
        (b"RIFF\0\0\0\0WEBPVP8 ", ("image", "webp", "WEBP")),
        (b"II*\0\x08", ("image", "tif", "TIFF")),
        (b"MM\0*\0\0", ("image", "tif", "TIFF")),
        (b"BM\0\0\0\0", ("image", "bmp", "BMP")),
        (BOX + b"heic\0\0\0\0mif1heic", ("image", "heic", "HEIF")),
        (BOX + b"mif1\0\0\0\0mif1avif", ("image", "avif", "AVIF")),
        (BOX + b"qt  \0\0\0\0qt  ", ("video", "mp4", "mov")),
        (BOX + b"3gp5\0\0\0\0isom", ("video", "mp4", "mov")),
        (b"\x1a\x45\xdf\xa3\x9f", ("video", "mkv", "matroska")),
        (b"RIFF\0\0\0\0AVI LIST", ("video", "avi", "avi")),
        (b"\x30\x26\xb2\x75\x8e\x66\xcf\x11", ("video", "wmv", "asf")),
        (b"FLV\x01\5", ("video", "flv", "flv")),
        (b"\0\0\x01\xba", ("video", "mpg", "mpeg")),
        ((b"\x47" + bytes(187)) * 6, ("video", "ts", "mpegts")),
        ((bytes(4) + b"\x47" + bytes(187)) * 6, ("video", "ts", "mpegts")),
        (b"junk before %PDF-1.7", ("pdf", "pdf", "pdf")),
        (b"ID3\4", ("sound", "mp3", "mp3")),
        (b"\xff\xf3\x44\xc4", ("sound", "mp3", "mp3")),
        (b"\xff\xf1\x50\x80", ("sound", "aac", "aac")),
        (b"fLaC\0\0\0\x22", ("sound", "flac", "flac")),
        (b"OggS\0\2", ("sound", "ogg", "ogg")),
        (b"RIFF\0\0\0\0WAVEfmt ", ("sound", "wav", "wav")),
        (b"\0\0\0\x1cftypM4A \0\0\2\0", ("sound", "m4a", "mov")),
    ],
)
def test_the_first_bytes_decide(
    tmp_path: Path, head: bytes, expected: tuple[str, str, str]
) -> None:
    path = tmp_path / "picture.txt"
    path.write_bytes(head)
    kind = sniff(path)
    assert (kind.family, kind.name, kind.reader) == expected


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "EMPTY"),
        (b"\0\1\2\3unheard of", "UNKNOWN_KIND"),
        (b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        ("\ufeff<SVG/>".encode(), "SVG"),
        (b"<!doctype html><script>alert(1)</script>", "TEXT"),
        ("通知：明天停电".encode("gb18030"), "TEXT"),
        ("通知".encode("utf-16"), "TEXT"),
        (b"#EXTM3U\n#EXT-X-TARGETDURATION:10\n/etc/passwd\n", "PLAYLIST"),
        (b"ffconcat version 1.0\nfile /etc/passwd\n", "PLAYLIST"),
        (b"[playlist]\nFile1=http://10.0.0.1/\n", "PLAYLIST"),
        (b"MZ\x90\0", "PROGRAM"),
        (b"\x7fELF\2", "PROGRAM"),
        (b"#!/bin/sh\nrm -rf /\n", "PROGRAM"),
        (b"Rar!\x1a\x07\1", "ARCHIVE"),
        (b"7z\xbc\xaf\x27\x1c", "ARCHIVE"),
        (b"#!AMR\n\x3c", "SOUND_ONLY"),
    ],
)
@pytest.mark.parametrize("name", ["video.mp4", "photo.jpg", "deck.pptx"])
def test_what_is_nothing_for_a_wall_is_refused_whatever_its_name(
    tmp_path: Path, content: bytes, code: str, name: str
) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        sniff(path)
    assert refused.value.code == code
    assert family_of(content) in {"", "image", "video"}


def office(path: Path, parts: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


TYPES = b"application/vnd.openxmlformats-officedocument.%s+xml"


@pytest.mark.parametrize(
    ("part", "suffix"),
    [
        (b"presentationml.presentation.main", "pptx"),
        (b"wordprocessingml.document.main", "docx"),
        (b"spreadsheetml.sheet.main", "xlsx"),
    ],
)
def test_office_documents_are_told_apart_by_their_types(
    tmp_path: Path, part: bytes, suffix: str
) -> None:
    path = office(tmp_path / "a.zip", {"[Content_Types].xml": TYPES % part})
    assert (sniff(path).name, sniff(path).remarks) == (suffix, ())


def test_macros_and_media_inside_are_remarked(tmp_path: Path) -> None:
    parts = {
        "[Content_Types].xml": b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
        "ppt/vbaProject.bin": b"...",
        "ppt/media/media1.MP4": b"...",
    }
    kind = sniff(office(tmp_path / "a.pptm", parts))
    assert (kind.name, kind.remarks) == ("pptx", ("MACROS_IGNORED", "MEDIA_STANDS_STILL"))


def test_open_documents_are_known_and_encrypted_ones_named(tmp_path: Path) -> None:
    mimetype = b"application/vnd.oasis.opendocument.presentation"
    assert sniff(office(tmp_path / "a.odp", {"mimetype": mimetype})).name == "odp"
    manifest = b"<manifest:encryption-data/>"
    locked = office(tmp_path / "b", {"mimetype": mimetype, "META-INF/manifest.xml": manifest})
    assert refusal(locked) == "DOCUMENT_ENCRYPTED"


def test_an_archive_that_is_no_document_is_refused(tmp_path: Path) -> None:
    assert refusal(office(tmp_path / "a.pptx", {"../../etc/cron.d/x": b"*"})) == "ARCHIVE"


def test_a_zip_bomb_is_refused_by_what_it_announces(tmp_path: Path) -> None:
    bomb = {"[Content_Types].xml": TYPES, "ppt/media/a.png": bytes(60_000_000)}
    assert refusal(office(tmp_path / "a.pptx", bomb)) == "DOCUMENT_TOO_BIG"


def test_a_zip_of_a_million_entries_is_refused_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "a.pptx"
    end = b"PK\x05\x06" + bytes(4) + (65_535).to_bytes(2, "little") * 2
    path.write_bytes(b"PK\x03\x04" + bytes(100) + end + bytes(10))
    assert refusal(path) == "DOCUMENT_TOO_BIG"


def test_a_zip_without_its_end_is_cut_off(tmp_path: Path) -> None:
    whole = office(tmp_path / "a.pptx", {"[Content_Types].xml": TYPES}).read_bytes()
    (tmp_path / "b.pptx").write_bytes(whole[:-40])
    assert refusal(tmp_path / "b.pptx") == "CUT_OFF"


def refusal(path: Path) -> str:
    with pytest.raises(Refused) as refused:
        sniff(path)
    return refused.value.code
