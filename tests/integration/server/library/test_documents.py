"""Documents become pages; those that cannot be opened are named."""

import subprocess
from pathlib import Path

import pytest
from PIL import Image
from pptx import Presentation
from pptx.util import Inches

from tests.simulators.conversions import HD, UHD, made_of, refusal_of, wall_of


def test_a_deck_becomes_pages_of_its_own_shape_and_hidden_slides_stay_hidden(
    tmp_path: Path,
) -> None:
    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(12), Inches(4)
    for number in range(3):
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = f"第 {number + 1} 页"
    deck.slides[1]._element.set("show", "0")
    deck.save(str(tmp_path / "deck"))
    made = made_of(tmp_path / "deck", tmp_path / "made", HD, UHD)
    pages = {(each.purpose, each.page): (each.width, each.height) for each in made.products}
    assert pages == {
        ("wall", 1): (1920, 640),
        ("wall", 2): (1920, 640),
        ("wall-4k", 1): (3840, 1280),
        ("wall-4k", 2): (3840, 1280),
        ("thumbnail", 1): (480, 160),
        ("thumbnail", 2): (480, 160),
    }
    page = Image.open(tmp_path / "made" / "wall-1.png").convert("L")
    assert page.getextrema()[0] < 80, "the title was not drawn"


def test_a_deck_with_a_video_inside_is_shown_and_says_so(tmp_path: Path, samples: Path) -> None:
    made = made_of(samples / "pptx" / "EmbeddedVideo.pptx", tmp_path / "made")
    assert made.remarks == ("MEDIA_STANDS_STILL",)


@pytest.mark.deep
def test_a_deck_with_macros_is_shown_and_says_so(tmp_path: Path, samples: Path) -> None:
    made = made_of(samples / "pptx" / "keyframes.pptx", tmp_path / "made")
    assert "MACROS_IGNORED" in made.remarks


class OfficeFiles:
    """A small text, a table and slides in any format, made by LibreOffice itself when asked for."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "text.txt").write_text("午餐：牛肉面\n" * 80, encoding="utf-8")
        (folder / "table.csv").write_text("a;b\n1;2\n", encoding="utf-8")
        (folder / "ledger.csv").write_text("a;b\n1;2\n" * 400, encoding="utf-8")
        deck = Presentation()
        deck.slides.add_slide(deck.slide_layouts[5]).shapes.title.text = "通知"
        deck.save(str(folder / "slides.pptx"))

    def __truediv__(self, name: str) -> Path:
        path = self.folder / name
        if not path.exists():
            source = next(self.folder.glob(f"{path.stem}.[tcp]*"))
            profile = f"-env:UserInstallation={(self.folder / 'profile').as_uri()}"
            words = ["soffice", "--headless", profile, "--convert-to", path.suffix[1:]]
            words += ["--outdir", str(self.folder), str(source)]
            subprocess.run(words, check=True, capture_output=True)
        return path


@pytest.fixture(scope="module")
def office_files(tmp_path_factory: pytest.TempPathFactory) -> OfficeFiles:
    return OfficeFiles(tmp_path_factory.mktemp("office"))


deep = pytest.mark.deep


@pytest.mark.parametrize(
    "name",
    [
        "text.docx",
        "table.xlsx",
        "slides.ppt",
        pytest.param("text.doc", marks=deep),
        pytest.param("text.odt", marks=deep),
        pytest.param("slides.odp", marks=deep),
    ],
)
def test_every_office_format_becomes_pages_whatever_its_name(
    tmp_path: Path, office_files: OfficeFiles, name: str
) -> None:
    path = tmp_path / "upload.bin"
    path.write_bytes((office_files / name).read_bytes())
    made = made_of(path, tmp_path / "made")
    pages = [each.page for each in made.products if each.purpose == "wall"]
    assert pages == list(range(1, len(pages) + 1))
    wall = wall_of(made)
    assert (wall.width, wall.height) == ((1440, 1080) if "slides" in name else (1080, 1528)) or (
        wall.height > wall.width
    )


def test_an_encrypted_deck_is_named(tmp_path: Path, office_files: OfficeFiles) -> None:
    # What Office writes for a password: a compound file that holds the encrypted package.
    path = tmp_path / "locked.pptx"
    ole = (office_files / "slides.ppt").read_bytes()
    old, new = "PowerPoint Document".encode("utf-16-le"), "EncryptedPackage".encode("utf-16-le")
    at = ole.index(old)
    entry = bytearray(ole)
    entry[at : at + len(old)] = new.ljust(len(old), b"\0")
    entry[at + 64 : at + 66] = (len(new) + 2).to_bytes(2, "little")
    path.write_bytes(bytes(entry))
    assert refusal_of(path, tmp_path / "made") == "DOCUMENT_ENCRYPTED"


def stream_at(ole: bytes, name: str) -> int:
    """Where a stream of a compound file begins ([MS-CFB] 2.6.1; its sectors have 512 bytes)."""
    entry = ole.index(name.encode("utf-16-le") + bytes(2))
    return (int.from_bytes(ole[entry + 116 : entry + 120], "little") + 1) * 512


@pytest.mark.parametrize("name", ["text.doc", "ledger.xls"])
def test_an_old_document_with_a_password_is_named(
    tmp_path: Path, office_files: OfficeFiles, name: str
) -> None:
    ole = bytearray((office_files / name).read_bytes())
    if name == "text.doc":  # fEncrypted of the file's first words
        ole[stream_at(bytes(ole), "WordDocument") + 11] |= 0x01
    else:  # the record behind the first becomes FilePass
        start = stream_at(bytes(ole), "Workbook")
        second = start + 4 + int.from_bytes(ole[start + 2 : start + 4], "little")
        ole[second : second + 2] = b"\x2f\0"
    (tmp_path / name).write_bytes(bytes(ole))
    assert refusal_of(tmp_path / name, tmp_path / "made") == "DOCUMENT_ENCRYPTED"


@pytest.mark.parametrize(
    ("name", "wps"), [("slides.ppt", "a.dps"), ("text.doc", "a.wps"), ("table.xls", "a.et")]
)
def test_what_wps_saves_under_its_own_names_becomes_pages(
    tmp_path: Path, office_files: OfficeFiles, name: str, wps: str
) -> None:
    path = tmp_path / wps
    path.write_bytes((office_files / name).read_bytes())
    assert wall_of(made_of(path, tmp_path / "made")).page == 1


@pytest.mark.parametrize("name", ["slides.pptx", "slides.ppt"])
def test_a_damaged_deck_is_refused(tmp_path: Path, office_files: OfficeFiles, name: str) -> None:
    whole = bytearray((office_files / name).read_bytes())
    middle = slice(len(whole) // 10, len(whole) * 9 // 10)
    whole[middle] = bytes(len(whole[middle]))
    (tmp_path / name).write_bytes(bytes(whole))
    assert refusal_of(tmp_path / name, tmp_path / "made") in {"DAMAGED", "UNKNOWN_KIND"}


PDF = b"""%%PDF-1.4
1 0 obj <</Type/Catalog/Pages 2 0 R>> endobj
2 0 obj <</Type/Pages/Count %d/Kids[%s]>> endobj
3 0 obj <</Type/Page/Parent 2 0 R/MediaBox[0 0 160 90]>> endobj
trailer <</Root 1 0 R%s>>
"""


def test_a_pdf_becomes_pages_at_the_size_of_the_wall(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF % (2, b"3 0 R 3 0 R", b""))
    made = made_of(tmp_path / "a.pdf", tmp_path / "made")
    walls = [each for each in made.products if each.purpose == "wall"]
    assert [(each.page, each.width, each.height) for each in walls] == [
        (1, 1920, 1080),
        (2, 1920, 1080),
    ]


def test_a_pdf_of_too_many_pages_is_refused_with_the_number(tmp_path: Path) -> None:
    (tmp_path / "a.pdf").write_bytes(PDF % (301, b"3 0 R " * 301, b""))
    assert refusal_of(tmp_path / "a.pdf", tmp_path / "made") == "DOCUMENT_TOO_MANY_PAGES"


def test_a_pdf_with_a_password_is_named(tmp_path: Path) -> None:
    locked = b"/Encrypt 9 0 R/ID[<00><00>]"
    encrypt = (
        b"9 0 obj <</Filter/Standard/V 2/R 3/Length 128/P -4/O<" + b"11" * 32 + b">/U<" + b"22" * 32
    )
    content = (PDF % (1, b"3 0 R", locked)).replace(b"trailer", encrypt + b">>> endobj\ntrailer")
    (tmp_path / "a.pdf").write_bytes(content.replace(b">>>", b">>>"))
    assert refusal_of(tmp_path / "a.pdf", tmp_path / "made") == "DOCUMENT_ENCRYPTED"


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\ngarbage", b"%PDF-1.4\n1 0 obj <</Type/Catalog>> endobj\ntrailer"]
)
def test_a_damaged_pdf_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "a.pdf").write_bytes(content)
    assert refusal_of(tmp_path / "a.pdf", tmp_path / "made") in {"DAMAGED", "DOCUMENT_EMPTY"}


@pytest.mark.deep
def test_every_real_document_becomes_pages(tmp_path: Path, samples: Path) -> None:
    for path in sorted([*(samples / "pdf").iterdir(), *(samples / "pptx").iterdir()]):
        assert wall_of(made_of(path, tmp_path / path.name)).page == 1
