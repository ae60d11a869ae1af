"""A second factor in a real browser: set up by its QR code, asked for, lost and recovered."""

from collections.abc import Iterator

import pyotp
import pytest
from playwright.sync_api import Page, expect, sync_playwright

from server.clock import SystemClock

CHROMIUM = "/usr/bin/chromium"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
PASSWORD = "a lantern over the gate"


@pytest.fixture
def page() -> Iterator[Page]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        found = browser.new_page(viewport={"width": 390, "height": 844}, locale="en")
        found.set_default_timeout(60_000)
        complaints: list[str] = []
        found.on("pageerror", lambda error: complaints.append(str(error)))
        yield found
        browser.close()
        assert not complaints, complaints


def log_in(page: Page, address: str) -> None:
    page.goto(f"{address}/login/")
    page.fill("[name=username]", "wang")
    page.fill("[name=password]", PASSWORD)
    page.click("main .button-main")


def test_a_telephone_is_set_up_asked_for_and_lost(server_home, server_process, page):
    home = server_home()
    server = server_process(home=home)
    home.command("user", "first", "boss", "--password-stdin", stdin=PASSWORD)
    home.command("user", "add", "wang", "--role", "editor", "--everywhere", "--password-stdin",
                 stdin=PASSWORD)  # fmt: skip
    address = server.address
    log_in(page, address)
    page.wait_for_url(f"{address}/")
    page.click(".language [value=en]")
    page.goto(f"{address}/account/second-factor/")
    drawn = page.locator("img.qr")
    assert drawn.evaluate("img => img.complete && img.naturalWidth > 100")
    telephone = pyotp.TOTP(page.inner_text("code.secret").replace(" ", ""))
    page.fill("[name=password]", PASSWORD)
    page.fill("[name=code]", telephone.at(SystemClock().now()))
    page.click("text=Turn it on")
    codes = page.locator(".recovery-codes code").all_inner_texts()
    assert len(codes) == 10

    page.context.clear_cookies()
    log_in(page, address)
    page.wait_for_url(f"{address}/login/second/")
    page.fill("[name=code]", "000000")
    page.click("main .button-main")
    expect(page.locator(".note-error")).to_be_visible()
    page.fill("[name=code]", telephone.at(SystemClock().now(), counter_offset=1))  # not used yet
    page.click("main .button-main")
    page.wait_for_url(f"{address}/")

    page.context.clear_cookies()
    log_in(page, address)
    page.fill("[name=code]", codes[0].lower())
    page.click("main .button-main")
    page.wait_for_url(f"{address}/")
    page.goto(f"{address}/account/")
    expect(page.locator(".sessions > li")).to_have_count(3)
    page.click("section[aria-labelledby=sessions] .button-risk")
    expect(page.locator(".sessions > li")).to_have_count(1)

    home.command("user", "second-factor", "wang")
    page.reload()
    page.wait_for_url(f"{address}/login/**")
    log_in(page, address)
    page.wait_for_url(f"{address}/")
