"""A drill in a browser: two clicks and a word, receipts of boxes as they come, one click to end.

The boxes are simulated at the wire: they fetch what a box fetches, and say what a box says.
"""

import io
import os
import re
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests
from PIL import Image
from playwright.sync_api import Page, expect, sync_playwright

from manifest import times
from manifest.codec import decode
from manifest.envelope import DocumentType, open_envelope
from manifest.model import CardAsset, Manifest
from server.clock import SystemClock
from server.programme.instants import whole_ms
from tests.simulators.paired_screens import paired_screens
from tests.simulators.patience import until
from tests.simulators.server_process import ServerProcess

PASSWORD = "a lantern over the gate"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


class Box:
    """A box at the wire: fetches its manifest, says what it activated and shows."""

    def __init__(self, server: ServerProcess, token: str) -> None:
        self._url, self._boot = f"{server.address}/player/v1/", str(uuid.uuid4())
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._sent = 0

    def _ask(self, method: str, path: str, **more: Any) -> requests.Response:
        answer = self._session.request(method, self._url + path, timeout=30, **more)
        assert answer.ok, answer.text
        return answer

    def manifest(self) -> Manifest:
        envelope = open_envelope(self._ask("GET", "manifest").content, DocumentType.MANIFEST)
        return decode(envelope.payload)

    def says(self) -> list[str]:
        """Activate what is newest, report it, and be heard of; what the server wants of it."""
        newest = self.manifest()
        at = times.write(whole_ms(SystemClock().now()))
        self._sent += 1
        receipt = {"kind": "receipt", "version": newest.version, "activated_at": at}
        segment = f"{self._sent:012d}-agent"
        self._ask("POST", "reports", json={"segment": segment, "reports": [receipt]})
        over = newest.takeovers[0] if newest.takeovers else None
        because = {"kind": "takeover", "id": over.id} if over else {"kind": "default"}
        body = {
            "boot": self._boot, "sequence": self._sent, "at": at,
            "generation": {"version": newest.version}, "picture": {"because": because},
        }  # fmt: skip
        wanted: list[str] = self._ask("POST", "heartbeat", json=body).json()["wanted"]
        return wanted

    def takes_picture(self) -> None:
        kept = io.BytesIO()
        Image.new("RGB", (640, 360), "#101820").save(kept, "WEBP")
        webp = {"Content-Type": "image/webp"}
        self._ask("PUT", "screenshots", data=kept.getvalue(), headers=webp)

    def close(self) -> None:
        self._session.close()


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=OPTIONS)
        found = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en")
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
    box, silent, _away = (Box(server, token) for token in paired.tokens.values())
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
        expect(page.locator(".receipt .badge", has_text="Sent")).to_have_count(2)
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
