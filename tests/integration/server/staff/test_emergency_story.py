"""A drill in a browser: two clicks and a word, receipts of boxes as they come, one click to end.

The boxes are simulated at the wire: they fetch what a box fetches, and say what a box says.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect, sync_playwright

from manifest.model import CardAsset
from tests.simulators.paired_screens import paired_screens
from tests.simulators.patience import until
from tests.simulators.server_process import ServerProcess
from tests.simulators.wire_box import Box

PASSWORD = "a lantern over the gate"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=OPTIONS)
        found = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en")
        found.set_default_timeout(60_000)
        complaints: list[str] = []
        found.on(
            "console",
            lambda said: (
                complaints.append(f"{said.text} {said.location}") if said.type == "error" else None
            ),
        )
        found.on("pageerror", lambda error: complaints.append(str(error)))
        yield found
        browser.close()
        assert not complaints, complaints


def keep(page: Page, name: str) -> None:
    folder = os.environ.get("YINGBI_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def enter(page: Page, server: ServerProcess) -> None:
    said = server.command("user", "password", "administrator").stdout
    found = re.search(r"\b[A-Z2-9]{5}-[A-Z2-9]{5}\b", said)
    assert found is not None
    page.goto(f"{server.address}/code/")
    page.fill("[name=code]", found.group())
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{server.address}/")


def test_a_drill_from_two_clicks_to_the_last_receipt(
    server_home: Any, server_process: Any, page: Page
) -> None:
    home = server_home()
    paired = paired_screens(home, 3)
    server = server_process(home=home)
    box, silent, _away = (Box(server.address, token) for token in paired.tokens.values())
    box.says()
    silent.says()
    expect.set_options(timeout=60_000)
    try:
        enter(page, server)
        page.click("a[href='/emergency/'] >> visible=true")
        page.click(".kind-drill")
        keep(page, "choose")
        page.click("a[href*='kind=text']")
        page.check("[name=everywhere]")
        page.fill("[name=title]", "三号楼停电，请从楼梯下楼")
        page.fill("[name=body]", "不要使用电梯。\n到东门广场集合。")
        page.fill("[name=issuer]", "总值班室")
        page.select_option("[name=hazard]", "power")
        page.wait_for_function(
            "() => { const p = document.querySelector('[data-preview] img');"
            " return p.complete && p.naturalWidth > 400 && p.src.includes('hazard=power') }"
        )
        assert page.is_disabled(".button-go"), "the word is not typed yet"
        page.fill("[name=typed]", "插播")
        assert page.is_disabled(".button-go"), "the word for the real thing begins no drill"
        page.fill("[name=typed]", "演练")
        keep(page, "go")
        page.click(".button-go")
        page.wait_for_url("**/emergency/*/")
        expect(page.locator(".receipt .badge", has_text="Waiting for its receipt")).to_have_count(2)
        expect(page.locator(".receipt .badge", has_text="Offline")).to_have_count(1)
        keep(page, "board-sent")

        told = box.manifest()
        (card,) = [each for each in told.assets.values() if isinstance(each, CardAsset)]
        assert card.data["drill"] is True, "the mark is in what is signed"
        box.says()
        expect(page.locator(".receipt .badge", has_text="On the wall")).to_have_count(1)
        until(lambda: box.says() == ["screenshot"], "the proof is asked for by itself")
        box.takes_picture()
        picture = page.locator(".receipt-picture img")
        expect(picture).to_have_count(1)
        keep(page, "board-shown")

        page.click(".button-end")
        expect(page.locator(".button-end")).to_have_count(0)
        box.says()
        expect(page.locator(".receipt .badge", has_text="Ended")).to_have_count(1)
        expect(page.locator(".receipt .badge", has_text="Did not have it")).to_have_count(2)
        keep(page, "board-over")
        page.click("main a[href$='/report/']")
        expect(page.locator(".record h1")).to_have_text("Report of a drill")
        keep(page, "report")
    finally:
        for each in (box, silent, _away):
            each.close()
