"""Pictures of a feed in a real browser: read from a file, fetched by a worker, drawn on a card."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.integration.server.staff.test_data_story import shoot
from tests.simulators.newsroom import Newsroom, picture
from tests.simulators.paired_screens import said
from tests.simulators.server_process import Home, ServerProcess
from tests.simulators.staff_browser import logged_in

FETCH = '[fetch]\nhosts = ["127.0.0.1"]\nnetworks = ["127.0.0.0/8"]\n'


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    made = Newsroom("127.0.0.1")
    yield made
    made.close()


def reloaded_until(page: Page, selector: str, text: str) -> None:
    """Look again until the worker is done."""
    for _look in range(60):
        if text in page.locator(selector).inner_text():
            return
        page.wait_for_timeout(500)
        page.reload()
    expect(page.locator(selector)).to_contain_text(text)


def test_the_pictures_of_a_feed_come_to_the_card(
    server_home: Callable[[], Home], server_process: Callable[..., ServerProcess],
    newsroom: Newsroom, tmp_path: Path,
) -> None:  # fmt: skip
    newsroom.pictures = {"/red.jpg": picture("red"), "/blue.jpg": picture("blue")}
    newsroom.shown = ["/red.jpg", "/gone.jpg", "/blue.jpg", "http://img.example/a.jpg"]
    file = tmp_path / "server.toml"
    file.write_text(FETCH)
    home = server_home()
    said(home, "tests.integration.server.staff.test_data_story")
    server = server_process(home=home, YINGBI_SERVER_CONFIG=str(file))
    with logged_in(server.address, "/data/") as page:
        page.fill("[name=name]", "集团要闻")
        feed = {"name": "feed.xml", "mimeType": "application/rss+xml", "buffer": newsroom.feed()}
        page.set_input_files("[name=file]", files=[feed])  # type: ignore[list-item]
        page.click("form:has([name=file]) button")
        page.locator("summary", has_text="从其他系统获取").click()
        page.fill("[name=url]", newsroom.url("/feed"))
        page.click("form:has([name=url]) button")
        page.locator("summary", has_text="从其他系统获取").click()
        page.locator("button", has_text="立即获取").click()
        reloaded_until(page, "main", "4 张图片中缺 2 张")
        shoot(page, "feed-missing")
        page.click("text=新建卡片：新闻")
        page.fill("[name=title]", "集团要闻")
        expect(page.locator('[name="column:rows.picture"] option:checked')).to_have_text("picture")
        shoot(page, "feed-card")
        assert page.locator('[name="column:title"]').input_value() == "", "it is no headline"
        page.click("form:has([name=title]) button")
        drawn = page.locator("img.asset-picture")
        expect(drawn).to_have_js_property("complete", True, timeout=60_000)
        assert drawn.evaluate("(image) => image.naturalWidth") > 0, "the stage drew no picture"
        shoot(page, "feed-asset")
    assert newsroom.asked.count("/red.jpg") == 1, "it was fetched once"
