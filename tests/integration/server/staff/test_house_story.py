"""What every page has, in a real browser: drafts, a lost network, two people, the wall."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.simulators.shown_pages import ShownPage, shown_pages

Pages = dict[str, ShownPage]

pytestmark = pytest.mark.timeout(600)

CHROMIUM = "/usr/bin/chromium"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
PATIENCE_MS = 60_000
SAVED, WAITING = '[data-state="saved"]', '[data-state="waiting"]'


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield found
        found.close()


@pytest.fixture
def site(server_home, server_process):
    """Where the server is, and its pages by name."""
    home = server_home()
    pages = {each.name: each for each in shown_pages(home)}
    return server_process(home=home).address, pages


def window(browser: Browser, address: str, session: str, width: int = 1280) -> BrowserContext:
    context = browser.new_context(viewport={"width": width, "height": 900})
    context.set_default_timeout(PATIENCE_MS)
    context.add_cookies(
        [{"name": n, "value": v, "url": address}
         for n, v in {"session": session, "django_language": "en"}.items()]
    )  # fmt: skip
    return context


def opened(context: BrowserContext, address: str) -> Page:
    page = context.new_page()
    page.goto(address)
    return page


def what_is_typed_survives_a_reload_and_a_lost_network(
    browser: Browser, address: str, pages: Pages
) -> None:
    context = window(browser, address, pages["entry_create"].session)
    page = opened(context, f"{address}/schedule/new/")
    page.fill("[name=name]", "Spring fair")
    page.wait_for_selector(SAVED)
    page.reload()
    page.click("[data-restore]")
    expect(page.locator("[name=name]")).to_have_value("Spring fair")
    page.wait_for_selector(SAVED)
    context.set_offline(True)
    page.fill("[name=name]", "Spring fair 2027")
    page.wait_for_selector(WAITING)
    context.set_offline(False)
    page.wait_for_selector(SAVED)
    page.reload()
    page.click("[data-restore]")
    expect(page.locator("[name=name]")).to_have_value("Spring fair 2027")
    context.close()


def two_people_on_one_page_see_each_other(browser: Browser, address: str, pages: Pages) -> None:
    sessions = sorted({each.session for each in pages.values()} - {""})
    windows = [window(browser, address, each) for each in sessions[:2]]
    first, second = (opened(each, address + pages["layout"].path) for each in windows)
    for page in (first, second):
        page.wait_for_selector(".together-people", timeout=PATIENCE_MS)
    for each in windows:
        each.close()


def the_wall_stays_where_nothing_changed_and_a_look_opens(
    browser: Browser, address: str, pages: Pages
) -> None:
    context = window(browser, address, pages["overview"].session)
    page = opened(context, f"{address}/")
    page.wait_for_selector(".wall-tile")
    page.evaluate("document.querySelector('.wall-tile').isTheSame = true")
    with page.expect_response(lambda answer: "/overview/wall/" in answer.url):
        page.evaluate(
            """() => { const wall = document.querySelector('.wall');
               htmx.ajax('GET', wall.getAttribute('hx-get'), {source: wall, swap: 'none'}); }"""
        )
    page.wait_for_function("document.querySelector('.wall-tile').isTheSame === true")
    page.click(".wall-picture >> nth=0")
    page.wait_for_selector("dialog[open] .peek-pictures")
    page.keyboard.press("Escape")
    expect(page.locator("dialog[open]")).to_have_count(0)
    context.close()


def on_a_phone_all_pages_are_in_a_drawer(browser: Browser, address: str, pages: Pages) -> None:
    context = window(browser, address, pages["overview"].session, width=390)
    page = opened(context, f"{address}/")
    expect(page.locator(".side")).to_be_hidden()
    page.click(".handy button")
    expect(page.locator(".side a[href='/layouts/']")).to_be_visible()
    expect(page.locator(".emergency")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator(".side")).to_be_hidden()
    context.close()


def test_a_page_keeps_what_is_typed_and_shows_who_is_there(browser, site):
    what_is_typed_survives_a_reload_and_a_lost_network(browser, *site)
    two_people_on_one_page_see_each_other(browser, *site)
    the_wall_stays_where_nothing_changed_and_a_look_opens(browser, *site)
    on_a_phone_all_pages_are_in_a_drawer(browser, *site)
