"""Every page of the staff side in a real browser: for everybody's eyes, hands and readers.

The pages are those of the list of addresses, with things for each to show.  Each is looked at in
zh and en, 1280 px and a phone, light and dark: the rules of axe find nothing serious, nothing
sticks out, everything that takes input has a name, everything that works is reached by keyboard and
shows where the focus is, and nothing breaks the content security policy.  With YINGBI_SCREENSHOTS
set to a folder all eight looks are taken, and their pictures kept there.
"""

import os
from collections.abc import Iterator
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from tests.simulators.shown_pages import ShownPage, shown_pages

pytestmark = pytest.mark.timeout(1200)

FOLDER = os.environ.get("YINGBI_SCREENSHOTS")
CHROMIUM = "/usr/bin/chromium"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]

#: Language, width in pixels, scheme: as most people see a page, and as different from that as can
#: be where time is no object; all of them for pictures.
USUAL, OTHER = ("zh-hans", 1280, "light"), pytest.param(("en", 390, "dark"), marks=pytest.mark.deep)
EVERY = list(product(("zh-hans", "en"), (1280, 390), ("light", "dark")))
LOOKS = EVERY if FOLDER else [USUAL, OTHER]

#: How long a page may take on a busy machine, in milliseconds.
PATIENCE_MS = 180_000

SERIOUS = {"serious", "critical"}
UNLABELLED = """() => [...document.querySelectorAll('input:not([type=hidden]),select,textarea')]
  .filter(e => !e.labels?.length && !e.ariaLabel && !e.getAttribute('aria-labelledby'))
  .map(e => e.outerHTML.slice(0, 200))"""
STICKS_OUT = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
#: What can be reached by keyboard and does not show that it has the focus.
UNSEEN_FOCUS = """() => {
  const all = [...document.querySelectorAll(
    'a[href],button:not([disabled]),input:not([type=hidden]):not([disabled]),select,textarea,'
    + 'summary,[tabindex]:not([tabindex="-1"])')].filter(e => e.checkVisibility());
  const look = e => { const s = getComputedStyle(e);
    const outline = s.outlineStyle === 'none' ? [] : [s.outlineWidth, s.outlineColor];
    return [...outline, s.boxShadow, s.borderColor, s.backgroundColor].join() };
  const looks = e => [e, e.parentElement, ...(e.labels ?? [])].map(look).join();
  return all.slice(0, 150).filter(e => {
    e.blur(); const before = looks(e); e.focus();
    return document.activeElement === e && looks(e) === before;
  }).map(e => e.outerHTML.slice(0, 160)) }"""
#: What works by a click, and neither is nor holds anything that a key reaches.
UNREACHED = """() => [...document.querySelectorAll('[role=button],[role=tab],[role=menuitem],[role=link]')]
  .filter(e => e.checkVisibility() && e.tabIndex < 0 && !e.closest('[role=tablist],[role=menu]'))
  .map(e => e.outerHTML.slice(0, 160))"""  # noqa: E501  (one line of another language)


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield found
        found.close()


class Looks:
    """One language, width and scheme: a window for each session."""

    def __init__(self, browser: Browser, address: str, look: tuple[str, int, str]) -> None:
        self._browser, self._address = browser, address
        self.language, self.width, self.scheme = look
        self._windows: dict[str, Page] = {}
        self._contexts: list[BrowserContext] = []
        self.complaints: list[str] = []

    def at(self, shown: ShownPage) -> Page | None:
        """Go there; None if what comes is no page."""
        page = self._windows.get(shown.session) or self._opened(shown.session)
        answer = page.context.request.get(
            self._address + shown.path, max_redirects=0, timeout=PATIENCE_MS
        )
        if answer.status != 200 or "<!doctype html" not in answer.text()[:200].lower():
            return None  # a file, a picture, a part of a page
        page.goto(self._address + shown.path)
        page.wait_for_load_state("load")
        return page

    def _opened(self, session: str) -> Page:
        context = self._browser.new_context(
            viewport={"width": self.width, "height": 900},
            color_scheme="dark" if self.scheme == "dark" else "light",
            reduced_motion="reduce",
        )
        cookies = {"session": session, "django_language": self.language}
        context.add_cookies(
            [{"name": n, "value": v, "url": self._address} for n, v in cookies.items() if v]
        )
        page = context.new_page()
        page.set_default_timeout(PATIENCE_MS)
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        self._contexts.append(context)
        self._windows[session] = page
        return page

    def _heard(self, said: Any) -> None:
        if said.type in {"error", "warning"}:
            self.complaints.append(f"{said.text} {said.location.get('url', '')}")

    def close(self) -> None:
        for each in self._contexts:
            each.close()


def serious(page: Page) -> list[str]:
    """What axe finds that keeps somebody out."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {each['help']}: {node['html'][:200]} {node['target']}"
        for each in found
        if each["impact"] in SERIOUS
        for node in each["nodes"][:3]
    ]


def faults_of(page: Page) -> list[str]:
    """All that is wrong with the page as it is now."""
    wrong = serious(page)
    wrong += [f"takes input and has no name: {each}" for each in page.evaluate(UNLABELLED)]
    wrong += [f"no key reaches it: {each}" for each in page.evaluate(UNREACHED)]
    if (over := page.evaluate(STICKS_OUT)) > 0:
        wrong.append(f"sticks out by {over} px")
    page.keyboard.press("Tab")  # from here on the focus is that of a keyboard
    wrong += [f"does not show the focus: {each}" for each in page.evaluate(UNSEEN_FOCUS)]
    return wrong


def keep(page: Page, name: str) -> None:
    if FOLDER:
        Path(FOLDER).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(FOLDER) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("look", LOOKS, ids=lambda look: "-".join(map(str, look)))
def test_every_page_is_for_everybody(server_home, server_process, browser, look):
    home = server_home()
    pages = shown_pages(home)
    server = server_process(home=home)
    looks = Looks(browser, server.address, look)
    wrong, seen = [], 0
    for shown in pages:
        page = looks.at(shown)
        if page is None:
            continue
        seen += 1
        keep(page, f"{shown.name}-{'-'.join(map(str, look))}")
        wrong += [f"{shown.name} {shown.path}: {each}" for each in faults_of(page)]
        wrong += [f"{shown.name} {shown.path} says: {each}" for each in looks.complaints]
        looks.complaints.clear()
    looks.close()
    assert seen > 30, "the pages are not there to be looked at"
    assert not wrong, f"{len(wrong)} faults:\n" + "\n".join(wrong)


def test_the_tests_see_a_page_that_keeps_people_out(browser):
    page = browser.new_page()
    page.set_content(
        "<html lang=zh><title>x</title><main><h1>x</h1><style>*:focus{outline:0}</style>"
        '<input><a href="#x">link</a><b role=button>press</b><p style="width:3000px">.</p>'
        '<p style="color:#aaa;background:#fff">pale</p></main>'
    )
    found = " ".join(faults_of(page))
    for word in ("color-contrast", "no name", "no key", "sticks out", "does not show the focus"):
        assert word in found
    page.close()
