"""Takes the pictures of all pages for the documentation, in a real browser on a server of its own.

    python -m tests.pictures_of_pages docs/img

One WebP for each page of the staff side, in Chinese at 1280 px; the first few on a phone and in the
dark, too.  All of them together stay below `MOST_BYTES`: the quality goes down until they do.
"""

import io
import os
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from command import CommandParser, Failed, run
from tests.integration.server.staff.test_every_page import CHROMIUM, OPTIONS, Looks
from tests.simulators.server_process import Home, ServerProcess
from tests.simulators.shown_pages import ShownPage, shown_pages

PROGRAM = "pictures-of-pages"

#: What all pictures may take in the repository.
MOST_BYTES = 1_500_000
#: Tried from the best down.
QUALITIES = (80, 65, 50, 35, 20)
#: How wide pictures are kept, and how much of a long page is shown, in pixels.
WIDTH, TALLEST = 960, 1400
PHONE = ("overview", "library", "playlist", "reviews", "screens", "reports")
DARK = ("overview", "schedule")


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the pictures in the folder that is named."""
    return run(PROGRAM, _pictures, arguments, {OSError: os.EX_IOERR})


def _pictures(arguments: Sequence[str]) -> int:
    parser = CommandParser(
        PROGRAM, "Take pictures of all staff pages.", "python -m tests.pictures_of_pages docs/img"
    )
    parser.add_argument("folder", type=Path, help="where the pictures go; others are taken away")
    folder: Path = parser.parse_args(arguments).folder
    with tempfile.TemporaryDirectory() as temporary:
        taken = dict(_taken(Path(temporary)))
    made = _smallest(taken)
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.webp"):
        old.unlink()
    for name, content in made.items():
        (folder / f"{name}.webp").write_bytes(content)
    print(f"{len(made)} pictures, {sum(map(len, made.values())):,} bytes, in {folder}")
    return os.EX_OK


def _taken(folder: Path) -> Iterator[tuple[str, Image.Image]]:
    home = Home(folder / "data", None, "")
    home.command("init")
    pages = shown_pages(home)
    with closing(ServerProcess(home, ("run", "--port", "0"), {})) as server:
        with sync_playwright() as driver:
            browser = driver.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
            wide = [each.name for each in pages]
            wanted = [((1280, "light"), wide), ((390, "light"), PHONE), ((1280, "dark"), DARK)]
            for (width, scheme), names in wanted:
                some = [each for each in pages if each.name in names]
                yield from _of(browser, server.address, some, width, scheme)
            browser.close()
        server.end()


def _of(
    browser: Browser, address: str, pages: Sequence[ShownPage], width: int, scheme: str
) -> Iterator[tuple[str, Image.Image]]:
    looks = Looks(browser, address, ("zh-hans", width, scheme))
    more = ("" if width == 1280 else "-phone") + ("" if scheme == "light" else "-dark")
    for shown in pages:
        page = looks.at(shown)
        if page is not None:
            yield shown.name + more, _picture(page)
    looks.close()


def _picture(page: Page) -> Image.Image:
    page.wait_for_load_state("networkidle")
    taken = Image.open(io.BytesIO(page.screenshot(full_page=True))).convert("RGB")
    scale = min(1.0, WIDTH / taken.width)
    small = taken.resize((round(taken.width * scale), round(taken.height * scale)))
    return small.crop((0, 0, small.width, min(small.height, TALLEST)))


def _smallest(taken: dict[str, Image.Image]) -> dict[str, bytes]:
    for quality in QUALITIES:
        made = {name: _encoded(image, quality) for name, image in taken.items()}
        if sum(map(len, made.values())) <= MOST_BYTES:
            return made
    raise Failed(f"the pictures do not fit into {MOST_BYTES:,} bytes", os.EX_DATAERR)


def _encoded(image: Image.Image, quality: int) -> bytes:
    kept = io.BytesIO()
    image.save(kept, "WEBP", quality=quality, method=6)
    return kept.getvalue()


if __name__ == "__main__":
    sys.exit(main())
