"""A real browser in which somebody has logged in to the staff pages, in Chinese at 1280 pixels.

For stories of one person.  What a page's scripts throw fails the story.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, sync_playwright

__all__ = ["PASSWORD", "logged_in"]

#: Of everybody in the stories.
PASSWORD = "a lantern over the gate"

_OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]


@contextmanager
def logged_in(address: str, path: str, name: str = "anna") -> Iterator[Page]:
    """The page at `path` of the server at `address`, as `name` sees it."""
    complaints: list[str] = []
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=_OPTIONS)
        page = browser.new_context(
            locale="zh-CN", viewport={"width": 1280, "height": 900}
        ).new_page()
        page.set_default_timeout(60_000)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(f"{address}/login/?next={path}")
        page.fill("[name=username]", name)
        page.fill("[name=password]", PASSWORD)
        page.press("[name=password]", "Enter")
        page.wait_for_url(f"{address}{path}")
        yield page
        page.wait_for_load_state("networkidle")
        browser.close()
    assert complaints == []
