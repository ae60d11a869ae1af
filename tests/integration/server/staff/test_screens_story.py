"""A box in a browser: claimed by its digits, put on a plan, commanded, its results as they come.

The box is simulated at the wire: it asks, is let in, is heard of, and does what it is told.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect, sync_playwright

from tests.integration.server.staff.test_emergency_story import OPTIONS, enter, keep
from tests.simulators.paired_screens import paired_screens
from tests.simulators.wire_box import Box

#: What a box may say in its log: colours of a terminal, markup, a line that ends no line.
HOSTILE = "\x1b[31mred\x1b[0m <script>document.title='owned'</script> \u202eback\r\x00 end"


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=OPTIONS)
        found = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en")
        found.set_default_timeout(60_000)
        yield found
        browser.close()


def floor(folder: Path) -> Path:
    """A picture of a floor."""
    picture = Image.new("RGB", (1200, 700), "#f4f1ea")
    ImageDraw.Draw(picture).rectangle((60, 60, 1140, 640), outline="#333333", width=8)
    kept = io.BytesIO()
    picture.save(kept, "PNG")
    file = folder / "floor.png"
    file.write_bytes(kept.getvalue())
    return file


def claim(page: Page, box: Box, screen: str) -> None:
    page.goto(screen)
    page.fill("[name=code]", box.asks_to_be_paired())
    page.click("form[action$='/claim/'] button")
    page.wait_for_url("**/wall/")
    assert box.is_let_in(), "the digits were right"
    box.is_heard()
    expect(page.locator(".steps .badge-good")).to_have_count(3)
    box.takes_picture()
    expect(page.locator(".wall-shot")).to_be_visible()
    keep(page, "screen-claimed")


def put_on_plan(page: Page, address: str, file: Path) -> None:
    page.goto(f"{address}/screens/plans/new/")
    page.fill("[name=name]", "1st floor")
    page.set_input_files("[name=picture]", file)
    page.click("main form .button-main")
    page.wait_for_url(re.compile(r"/plans/\d+/$"))
    page.click("form:has([name=x]) button >> nth=0")
    pin = page.locator("[data-pin]")
    expect(pin).to_have_count(1)
    where = pin.locator("circle").bounding_box()
    assert where is not None
    x, y = where["x"] + where["width"] / 2, where["y"] + where["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x - 200, y - 60, steps=4)
    with page.expect_response(lambda answer: answer.url.endswith("/pin/")) as kept:
        page.mouse.up()
    assert kept.value.status == 204
    moved = pin.get_attribute("data-x")
    page.reload()
    expect(pin).to_have_attribute("data-x", str(moved))
    assert moved != "500", "it stays where it was dropped"
    keep(page, "screen-on-plan")
    pin.focus()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/screens/\d+/$"))


def test_a_box_from_its_six_digits_to_its_log(
    server_home: Any, server_process: Any, page: Page, tmp_path: Path
) -> None:
    home = server_home()
    (number,) = paired_screens(home, 1).screens.values()
    server = server_process(home=home)
    box = Box(server.address)
    expect.set_options(timeout=60_000)
    try:
        enter(page, server)
        claim(page, box, f"{server.address}/screens/{number}/")
        put_on_plan(page, server.address, floor(tmp_path))
        page.evaluate("window.isTheSamePage = true")

        page.click("button[value=screenshot]")
        expect(page.locator("#live .badge", has_text="Waits for the box")).to_have_count(1)
        told = box.fetches_commands()
        expect(page.locator("#live .badge", has_text="The box has it")).to_have_count(1)
        box.takes_picture()
        box.ends(told["screenshot"], "done", "The picture was sent.")
        expect(page.locator("#live .badge", has_text="Done")).to_have_count(1)
        expect(page.locator(".shots img")).to_have_count(2)

        page.click("button[value=log]")
        expect(page.locator("#live .badge", has_text="Waits for the box")).to_have_count(1)
        told = box.fetches_commands()
        box.sends_log("\n".join([HOSTILE] * 2_000))
        box.ends(told["log"], "refused", HOSTILE)
        expect(page.locator("#live .badge", has_text="Refused")).to_have_count(1)
        log = page.locator("pre.log")
        expect(log).to_contain_text("<script>document.title='owned'</script>")
        assert "\x1b" not in str(log.text_content()), "a terminal's orders are taken out"
        assert page.title() != "owned", "what a box says is text"
        assert page.evaluate("window.isTheSamePage"), "all of it came without a reload"
        keep(page, "screen-commanded")
    finally:
        box.close()
