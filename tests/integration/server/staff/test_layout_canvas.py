"""The canvas of a layout in a real browser: by mouse, keys and touch; undone, drafted, saved."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.simulators.paired_screens import paired_screens

CHROMIUM = "/usr/bin/chromium"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
NUMBERS = ("x", "y", "width", "height")


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield found
        found.close()


class Editor:
    """The page of a layout: what its form says, and its canvas, in pixels of the canvas."""

    def __init__(self, page: Page, complaints: list[str]) -> None:
        self.page, self.complaints = page, complaints
        page.wait_for_selector(".handle")

    @property
    def chosen(self) -> list[int]:
        """The numbers of the zone that is chosen."""
        card = self.page.locator(".zone-card.is-chosen")
        return [int(card.locator(f"[name=zone_{name}]").input_value()) for name in NUMBERS]

    def box(self, selector: str) -> dict[str, float]:
        found = self.page.locator(selector).bounding_box()
        assert found is not None
        return dict(found)

    def place(self, selector: str) -> tuple[float, float]:
        box = self.box(selector)
        return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    @property
    def unit(self) -> float:
        """Pixels of the window in one of the canvas."""
        return self.box(".layout-canvas-live")["width"] / 1920

    def drag(self, selector: str, dx: float, dy: float) -> int:
        """Drag something; how many guides were shown before it was let go."""
        x, y = self.place(selector)
        mouse, unit = self.page.mouse, self.unit
        mouse.move(x, y)
        mouse.down()
        mouse.move(x + dx * unit / 2, y + dy * unit / 2)
        mouse.move(x + dx * unit, y + dy * unit)
        guides = self.page.locator(".guide").count()
        mouse.up()
        return guides

    def touch(self, selector: str, dx: float, dy: float) -> None:
        """Drag with a finger."""
        x, y = self.place(selector)
        wire, unit = self.page.context.new_cdp_session(self.page), self.unit
        for kind, points in (
            ("touchStart", [(x, y)]),
            ("touchMove", [(x + dx * unit / 2, y + dy * unit / 2)]),
            ("touchMove", [(x + dx * unit, y + dy * unit)]),
            ("touchEnd", []),
        ):
            at = [{"x": px, "y": py} for px, py in points]
            wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": at})


@contextmanager
def opened(browser: Browser, address: str, path: str, **options: Any) -> Iterator[Editor]:
    """The editor of a layout; `options` are those of a window."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, **options)
    page = context.new_page()
    page.set_default_timeout(60_000)
    complaints: list[str] = []
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda s: complaints.append(s.text) if s.type == "error" else None)
    page.goto(address + path)
    yield Editor(page, complaints)
    context.close()
    assert not complaints, complaints


def logged_in(browser: Browser, server: Any) -> Any:
    """What the browser of an administrator keeps."""
    said = server.command("user", "password", "administrator").stdout
    code = re.search(r"\b[A-Z2-9]{5}-[A-Z2-9]{5}\b", said)
    assert code is not None
    context = browser.new_context(locale="en")
    page = context.new_page()
    page.set_default_timeout(60_000)
    page.goto(f"{server.address}/code/")
    page.click(".language [value=en]")
    page.fill("[name=code]", code.group())
    page.fill("[name=password]", "a lantern over the gate")
    page.click("main .button-main")
    page.wait_for_url(f"{server.address}/")
    state = context.storage_state()
    context.close()
    return state


def by_mouse(editor: Editor) -> None:
    editor.drag(".handle-se", -480, -270)
    x, y, width, height = editor.chosen
    assert (x, y) == (0, 0)
    assert abs(width - 1440) <= 16
    assert width % 8 == 0
    assert abs(height - 810) <= 16
    assert height % 8 == 0
    guides = editor.drag(".zone.is-chosen .layout-edge", 1920 - width - 9, 0)
    assert guides, "no guide shows to what it snaps"
    assert editor.chosen == [1920 - width, 0, width, height]


def by_keys(editor: Editor) -> None:
    page, (x, y, width, height) = editor.page, editor.chosen
    page.focus(".zone.is-chosen")
    for keys in ("ArrowLeft", "Shift+ArrowLeft", "Shift+ArrowDown", "Alt+ArrowRight"):
        page.keyboard.press(keys)
    assert editor.chosen == [x - 9, y + 8, width + 1, height]
    for _step in range(4):
        page.keyboard.press("Control+z")
    assert editor.chosen == [x, y, width, height]
    page.keyboard.press("Control+y")
    assert editor.chosen == [x - 1, y, width, height]


def by_numbers(editor: Editor) -> None:
    page = editor.page
    card = page.locator(".zone-card.is-chosen")
    card.locator("[name=zone_x]").fill("64")
    drawn = page.locator(".zone.is-chosen > svg")
    expect(drawn).to_have_attribute("x", "64")
    card.locator("[name=zone_name]").fill("主画面")
    expect(page.locator(".zone.is-chosen .zone-label strong")).to_have_text("主画面")
    card.locator("[name=zone_name]").press("Tab")


def added_and_taken_out(editor: Editor) -> None:
    page = editor.page
    page.click("[data-act=add]")
    expect(page.locator(".zone")).to_have_count(2)
    expect(page.locator(".cautions")).to_contain_text("covers")
    expect(page.locator(".zone.is-wrong")).to_have_count(2)
    page.click("[data-act=remove]")
    expect(page.locator(".zone")).to_have_count(1)
    page.click(".toast-undo")
    expect(page.locator(".zone")).to_have_count(2)


def kept_as_a_draft(editor: Editor) -> None:
    page = editor.page
    page.wait_for_selector("[data-save-state=saved], [data-save-state].is-saved, "
                           ".save-state:has-text('kept')")  # fmt: skip
    page.reload()
    page.click("[data-restore]")
    expect(page.locator(".zone")).to_have_count(2)
    expect(page.locator("[name=zone_name] >> nth=0")).to_have_value("主画面")


def saved(editor: Editor) -> None:
    page = editor.page
    page.click("[data-save]")
    page.wait_for_selector(".toast.note-success, .note-success:has-text('Saved')")
    page.reload()
    page.wait_for_selector(".handle")
    expect(page.locator(".zone")).to_have_count(2)
    expect(page.locator("[name=zone_name] >> nth=0")).to_have_value("主画面")


def two_draw_at_once(browser: Browser, address: str, path: str, state: Any) -> None:
    """The second hears of the first's change, loses nothing of it unasked, and decides."""
    with (
        opened(browser, address, path, storage_state=state) as first,
        opened(browser, address, path, storage_state=state) as second,
    ):
        first.page.locator("[name=zone_x] >> nth=0").fill("128")
        first.page.click("[data-save]")
        first.page.wait_for_selector(".toast.note-success")
        second.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        expect(second.page.locator(".together")).to_contain_text("saved a change at")
        second.page.locator("[name=zone_y] >> nth=0").fill("32")
        second.page.click("[data-save]")
        expect(second.page.locator("h2#conflict")).to_be_visible()
        expect(second.page.locator("[name=zone_y] >> nth=0")).to_have_value("32")
        expect(second.page.locator("main table")).to_contain_text("128, 0")
        second.complaints.clear()  # the browser says that the answer was a 422
        second.page.locator("section:has(#conflict) a.button").click()
        expect(second.page.locator("[name=zone_x] >> nth=0")).to_have_value("128")


def test_a_layout_is_drawn_by_mouse_keys_numbers_and_touch(server_home, server_process, browser):
    home = server_home()
    paired_screens(home, 1)
    server = server_process(home=home)
    state, address, path = logged_in(browser, server), server.address, "/layouts/1/"
    with opened(browser, address, path, storage_state=state) as editor:
        by_mouse(editor)
        by_keys(editor)
        by_numbers(editor)
        added_and_taken_out(editor)
        kept_as_a_draft(editor)
        saved(editor)
    two_draw_at_once(browser, address, path, state)
    with opened(browser, address, path, storage_state=state, has_touch=True) as editor:
        editor.page.locator("[data-id] >> nth=0").tap(position={"x": 12, "y": 80})
        x, _y, width, height = editor.chosen
        editor.touch(".zone.is-chosen .layout-edge", 160, 80)
        assert editor.chosen[2:] == [width, height]
        assert editor.chosen[0] > x
