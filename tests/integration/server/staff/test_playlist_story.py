"""Two editors of one list in real browsers: dragged, moved by key and finger, merged, played, gone.

The pictures of the live preview are drawn by the real stage.
"""

import json
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.simulators.dropped_files import drop_files
from tests.simulators.paired_screens import said
from tests.simulators.server_process import Home, ServerProcess

PASSWORD = "a lantern over the gate"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
Opened = Callable[..., Page]
COLOURS = {"Flag": "#b01020", "Gate": "#107030", "Tea": "#103080", "Bus": "#907010"}


def make() -> dict[str, int]:
    """A list of three pictures on a screen, and one more in the library; two editors."""
    from io import BytesIO

    from django.conf import settings

    from server.accounts.models import Role
    from server.clock import SystemClock
    from server.library.models import Asset, Purpose
    from tests.simulators.enterprise import Enterprise

    enterprise = Enterprise(Path(settings.DATA), SystemClock().now())
    for name in ("anna", "bo"):
        person = enterprise.staff(name, Role.EDITOR)
        person.set_password(PASSWORD)
        person.save()

    def picture(title: str, colour: str) -> Asset:
        kept = {}
        for kind, size in (("JPEG", (320, 180)), ("WEBP", (160, 90))):
            file = BytesIO()
            Image.new("RGB", size, colour).save(file, kind)
            kept[kind] = file.getvalue()
        asset = enterprise.media(title, kept["JPEG"], "image/jpeg", width=320, height=180)
        small = {"purpose": Purpose.THUMBNAIL, "width": 160, "height": 90}
        enterprise.rendition(asset, kept["WEBP"], "image/webp", **small)
        return asset

    assets = [picture(title, colour) for title, colour in COLOURS.items()]
    playlist = enterprise.playlist(*assets[:3])
    playlist.items.update(duration_ms=2000)
    return {"playlist": playlist.pk}


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path="/usr/bin/chromium", args=OPTIONS)
        yield found
        found.close()


@pytest.fixture
def opened(browser: Browser, server_home: Callable[[], Home], request: pytest.FixtureRequest,
           server_process: Callable[..., ServerProcess]) -> Iterator[Opened]:  # fmt: skip
    """A function that opens the list as somebody; what the pages complain of fails the test."""
    home = server_home()
    made = said(home, "tests.integration.server.staff.test_playlist_story")
    path = f"/playlists/{made['playlist']}/"
    server = server_process(home=home)
    complaints: list[str] = []
    pages: list[Page] = []

    def open_as(name: str, **options: object) -> Page:
        page = browser.new_context(
            viewport={"width": 1280, "height": 1400},
            locale="en",
            **options,  # type: ignore[arg-type]
        ).new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{server.address}/login/?next={path}")
        page.fill("[name=username]", name)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"{server.address}{path}")
        expect(page.locator("#selection")).to_be_visible()
        pages.append(page)
        return page

    yield open_as
    for page in pages:
        page.wait_for_load_state("networkidle")  # a request that is cut off is none of ours
        page.context.close()
    assert not complaints, complaints


def titles(page: Page) -> list[str]:
    return page.locator(".clip a[data-title]").all_inner_texts()


def shows(page: Page, *wanted: str) -> None:
    """The list becomes this, and is saved so."""
    expect(page.locator(".clip a[data-title]")).to_have_text(list(wanted), timeout=60_000)
    expect(page.locator("#saved-state")).to_have_attribute("data-state", "saved", timeout=60_000)


def drag(page: Page, what: str, onto: str) -> None:
    """Drag with the mouse, and let go just above the middle of a row."""
    expect(page.locator("[data-next] li").first).to_be_visible()  # the column has its height
    start, end = (page.locator(each).bounding_box() for each in (what, onto))
    assert start is not None
    assert end is not None
    page.mouse.move(start["x"] + 12, start["y"] + 12)
    page.mouse.down()
    page.mouse.move(start["x"] + 4, start["y"] + 40, steps=4)
    page.mouse.move(end["x"] + 60, end["y"] + 8, steps=8)
    expect(page.locator(".clip-gap")).to_have_count(1)
    page.mouse.up()


def test_a_list_is_arranged_by_mouse_key_and_another_and_plays(
    opened: Opened, tmp_path: Path
) -> None:
    anna, bo = opened("anna"), opened("bo")
    assert titles(anna) == ["Flag", "Gate", "Tea"]

    drag(anna, ".offer:has-text('Bus') .offer-picture", ".clip >> nth=1")
    shows(anna, "Flag", "Bus", "Gate", "Tea")
    anna.locator(".clip:has-text('Tea') [data-grip]").focus()
    anna.keyboard.press("Alt+ArrowUp")
    shows(anna, "Flag", "Bus", "Tea", "Gate")
    expect(anna.locator("#announcer")).to_have_text("“Tea” is now item 3 of 4.")
    drag(anna, ".clip:has-text('Gate') [data-grip]", ".clip >> nth=0")
    shows(anna, "Gate", "Flag", "Bus", "Tea")
    anna.keyboard.press("Control+z")
    shows(anna, "Flag", "Bus", "Tea", "Gate")

    # The other sees it without loading anew; what both change is in the list of both.
    expect(bo.locator(".clip a[data-title]")).to_have_text(["Flag", "Bus", "Tea", "Gate"])
    anna.fill(".clip:has-text('Flag') [name=item_seconds]", "1")
    bo.fill(".clip:has-text('Gate') [name=item_seconds]", "3")
    bo.click(".clip:has-text('Bus') [data-act=remove]")
    for page in (anna, bo):
        shows(page, "Flag", "Tea", "Gate")
        for title, seconds in (("Flag", "1"), ("Gate", "3")):
            field = page.locator(f".clip:has-text('{title}') [name=item_seconds]")
            expect(field).to_have_value(seconds, timeout=60_000)
        expect(page.locator(".together-people")).to_contain_text("Also has this page open:")
        expect(page.locator("[data-share]:visible")).to_have_text([
            "0:01 · about 17% of the time", "0:02 · about 33% of the time",
            "0:03 · about 50% of the time",
        ])  # fmt: skip

    # It plays: the stage's own picture, and the row of what is shown; then the next one.
    anna.click("[data-do=play]")
    expect(anna.locator(".glass-base")).to_be_visible()
    first = anna.locator(".clip.is-on-air a[data-title]")
    expect(first).to_have_count(1)
    before = first.inner_text()
    following = {"Flag": "Tea", "Tea": "Gate", "Gate": "Flag"}[before]
    expect(first).to_have_text(following, timeout=60_000)
    anna.click("[data-do=play]")

    files_are_dropped(anna, tmp_path)
    bo.once("dialog", lambda asked: asked.accept())
    deleted_meanwhile(anna, bo)


def files_are_dropped(page: Page, folder: Path) -> None:
    """Straight onto the list: they stand in it in their order, and are uploaded with it."""
    files = [folder / f"{title}.png" for title in ("Boat", "Dam")]
    for file, colour in zip(files, ("#301060", "#603010"), strict=True):
        Image.new("RGB", (320, 180), colour).save(file)
    drop_files(page, "#clips", files)
    shows(page, "Flag", "Tea", "Gate", "Boat", "Dam")
    expect(page.locator(".coming-file")).to_have_count(0)


def deleted_meanwhile(anna: Page, bo: Page) -> None:
    """One deletes the list while the other writes: what was written becomes a new list."""
    expect(bo.locator(".clip")).to_have_count(5, timeout=60_000)
    bo.click(".list-end button")
    bo.wait_for_url("**/playlists/")
    anna.fill("#name", "Kept all the same")
    anna.click("#clashes button")
    anna.click("[name=act][value=anew]")
    expect(anna.locator("h1")).to_have_text("Kept all the same")
    assert titles(anna) == ["Flag", "Tea", "Gate", "Boat", "Dam"]


def test_a_finger_moves_a_row_and_scrolling_stays_scrolling(opened: Opened) -> None:
    page = opened("anna", has_touch=True, is_mobile=True)
    grip = page.locator(".clip:has-text('Flag') [data-grip]").bounding_box()
    end = page.locator(".clip:has-text('Tea')").bounding_box()
    assert grip is not None
    assert end is not None
    finger = page.context.new_cdp_session(page)
    x, y = grip["x"] + 15, grip["y"] + 15
    to = end["y"] + end["height"] - 4

    def touch(kind: str, *points: tuple[float, float]) -> None:
        told = [{"x": px, "y": py} for px, py in points]
        finger.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": told})

    touch("touchStart", (x, y))
    for step in range(1, 9):
        touch("touchMove", (x, y + (to - y) * step / 8))
    expect(page.locator(".clip-gap")).to_have_count(1)
    end = page.locator(".clip:has-text('Tea')").bounding_box()  # the gap has moved it
    assert end is not None
    touch("touchMove", (x, end["y"] + end["height"] - 4))
    touch("touchMove", (x, end["y"] + end["height"] - 2))
    touch("touchEnd")
    shows(page, "Gate", "Tea", "Flag")
    page.locator(".clip:has-text('Gate') [data-act=down]").tap()
    shows(page, "Tea", "Gate", "Flag")


if __name__ == "__main__":
    from server.project import set_up

    set_up()
    json.dump(make(), sys.stdout)
