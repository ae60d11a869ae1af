"""A week in a browser: drag a window, see what it hides, change one date of many, scrub a day."""

import os
import re
import signal
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, expect, sync_playwright

from server.clock import SystemClock
from tests.simulators.paired_screens import paired_screens

PASSWORD = "a lantern over the gate"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=OPTIONS)
        found = browser.new_page(viewport={"width": 1280, "height": 1000}, locale="en")
        found.set_default_timeout(60_000)
        complaints: list[str] = []
        found.on(
            "console",
            lambda said: complaints.append(said.text) if said.type == "error" else None,
        )
        found.on("pageerror", lambda error: complaints.append(str(error)))
        yield found
        browser.close()
        assert not complaints, complaints


@pytest.fixture
def content(tmp_path):
    path = tmp_path / "picture.png"
    Image.linear_gradient("L").resize((480, 270)).convert("RGB").save(path)
    return path.read_bytes()


class Week:
    """The page, as somebody with a mouse and a keyboard has it."""

    def __init__(self, page: Page, address: str, screen: int, monday: str) -> None:
        self.page = page
        page.goto(f"{address}/schedule/?screen={screen}&on={monday}")
        page.wait_for_selector("[data-ready]")

    def drag(self, day: int, begin: float, end: float) -> None:
        """Drag over a column from an hour to another."""
        body = self.page.locator("[data-day-body]").nth(day)
        body.scroll_into_view_if_needed()
        box = body.bounding_box()
        assert box
        x, hour = box["x"] + box["width"] / 2, box["height"] / 16
        self.page.mouse.move(x, box["y"] + (begin - 6) * hour)
        self.page.mouse.down()
        self.page.mouse.move(x, box["y"] + (begin + 0.3 - 6) * hour)
        self.page.mouse.move(x, box["y"] + (end - 6) * hour - 2)
        self.page.mouse.up()

    def fill(self, name: str, **choices: str) -> None:
        """Fill in the panel."""
        panel = self.page.locator("[data-panel]")
        panel.locator("[name=name]").fill(name)
        panel.locator("[name=layout]").select_option(index=1)
        for field, value in choices.items():
            panel.locator(f"[name={field}]").select_option(value)

    def save(self) -> None:
        """Save the panel; once more if it asks whether this was seen."""
        self.page.click("[data-panel] .panel-foot .button-main")
        expect(self.page.locator("[data-panel]")).to_be_hidden()

    def block(self, name: str) -> Locator:
        """The blocks of this name."""
        return self.page.locator(f"[data-block]:has(.block-name:text-is('{name}'))")

    def shows(self, name: str, *hours: str) -> None:
        """These hours stand on the blocks of a name, day by day, or will in a moment."""
        blocks = self.block(name)
        expect(blocks.locator(".block-hours")).to_have_text(list(hours))


def test_a_week_is_arranged_by_hand(server_home, server_process, page, content):
    home = server_home()
    screen = next(iter(paired_screens(home, 1, content).screens.values()))
    server = server_process(home=home)
    said = server.command("user", "password", "administrator").stdout
    page.goto(f"{server.address}/code/")
    page.fill("[name=code]", re.search(r"\b[A-Z2-9]{5}-[A-Z2-9]{5}\b", said).group())
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{server.address}/")
    expect.set_options(timeout=60_000)
    today = SystemClock().now().date()
    monday = today + timedelta(days=7 - today.weekday())
    week = Week(page, server.address, screen, f"{monday}")

    week.drag(1, 9, 10.5)
    week.fill("Morning", repeats="daily")
    expect(page.locator(".sentence")).to_contain_text("Every day 09:00–10:30")
    expect(page.locator(".foreseen")).to_contain_text("Nothing else is touched")
    week.save()
    week.shows("Morning", *["09:00–10:30"] * 6)

    week.drag(3, 13, 14)  # not on the block that is there: side by side it is dragged elsewhere
    week.fill("Visitors")
    page.fill("[data-panel] [name=begins]", "10:00")
    expect(page.locator(".clash")).to_contain_text("It will take turns with “Morning”")
    page.click("[data-way=priority] >> nth=0")
    expect(page.locator(".clash")).to_contain_text("It will hide “Morning”")
    week.save()
    week.shows("Visitors", "10:00–14:00")

    week.block("Morning").nth(4).click()
    expect(page.locator("[data-scope=one]")).to_have_attribute("aria-current", "true")
    page.fill("[data-panel] [name=ends]", "12:00")
    week.save()
    week.shows("Morning", *["09:00–10:30"] * 4, "09:00–12:00", "09:00–10:30")

    week.block("Visitors").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Shift+ArrowDown")
    week.shows("Visitors", "10:15–14:30")
    with page.expect_navigation():
        page.locator(".toast-undo").last.click()
    page.wait_for_selector("[data-ready]")
    week.shows("Visitors", "10:00–14:00")

    page.goto(f"{server.address}/screens/{screen}/day/?on={monday + timedelta(days=3)}&at=09:30")
    assert page.locator(".change").count() >= 4
    slider = page.locator("[data-slider]")
    slider.focus()
    for _press in range(3):
        page.keyboard.press("PageUp")
    slider.evaluate("each => { each.value = 660; each.dispatchEvent(new Event('input')); }")
    expect(page.locator("[data-time]")).to_have_text("11:00")
    expect(page.locator("[data-moment]")).to_contain_text("Visitors")
    expect(page.locator("[data-day-page]")).to_have_attribute("data-shown", re.compile("T1[01]:"))
    assert page.locator("[data-picture]").evaluate("each => each.naturalWidth") > 0

    stage = next(each for each in _below(server.pid) if "grab" in _words_of(each))
    os.kill(stage, signal.SIGSTOP)  # it hangs in mid-picture, and the hand goes on
    for minute in (1_200, 900, 1_320, 630):
        slider.evaluate("(each, to) => { each.value = to;"
                        " each.dispatchEvent(new Event('input')); }", minute)  # fmt: skip
    expect(page.locator("[data-time]")).to_have_text("10:30")
    assert page.context.request.get(f"{server.address}/schedule/").ok, "all else answers"
    os.kill(stage, signal.SIGKILL)
    expect(page.locator("[data-day-page]")).to_have_attribute("data-shown", re.compile("T10:"))
    expect(page.locator("[data-drawn-trouble]")).to_be_hidden()


def _below(pid: int) -> Iterator[int]:
    """The processes below one."""
    for task in Path(f"/proc/{pid}/task").iterdir():
        for each in map(int, (task / "children").read_text().split()):
            yield from _below(each)
            yield each


def _words_of(pid: int) -> str:
    return Path(f"/proc/{pid}/cmdline").read_text()
