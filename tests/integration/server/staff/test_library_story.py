"""The library in a browser: files and a folder, a network that goes away, pages, initials.

Everything is real but the speed of the line, which the browser is told, so that there is a middle
of an upload to lose the network in; and the full disk is a limit that the kernel keeps.
"""

import re
import resource
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import (
    BrowserContext,
    LocatorAssertions,
    Page,
    expect,
    sync_playwright,
)

from tests.simulators.dropped_files import drop_files
from tests.simulators.paired_screens import paired_screens
from tests.simulators.server_process import ServerProcess

pytestmark = pytest.mark.timeout(400)

PASSWORD = "a lantern over the gate"
OPTIONS = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]

#: What the browser says when there is no network; nobody else may complain.
AWAY = re.compile(
    r"ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|ERR_CONNECTION_|ERR_EMPTY_RESPONSE"
    r"|Send Error|htmx:(?:sendError|afterRequest)|status of 507"
)

#: Bytes a second that the line carries while it is slow.
SLOW = 3_000_000


@pytest.fixture
def window() -> Iterator[BrowserContext]:
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path="/usr/bin/chromium", args=OPTIONS)
        made = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
        made.set_default_timeout(90_000)
        expect.set_options(timeout=90_000)
        complaints: list[str] = []
        made.on("weberror", lambda said: complaints.append(str(said.error)))
        made.on(
            "console",
            lambda said: (
                complaints.append(said.text)
                if said.type in {"error", "warning"} and not AWAY.search(said.text)
                else None
            ),
        )
        yield made
        browser.close()
        assert not complaints, complaints


@pytest.fixture
def files(tmp_path: Path) -> Path:
    """Two pictures in a folder within a folder, a document of four pages, a large picture."""
    inner = tmp_path / "安全生产月" / "海报"
    inner.mkdir(parents=True)
    for name, colour in (("逃生路线", "#c8102e"), ("灭火器", "#00666c")):
        Image.new("RGB", (640, 360), colour).save(inner / f"{name}.png")
    pages = [Image.new("RGB", (480, 270), colour) for colour in ("red", "green", "blue", "black")]
    pages[0].save(tmp_path / "季度汇报.pdf", save_all=True, append_images=pages[1:])
    for name, colour in (("长图", "#8a5300"), ("大图", "#00666c")):
        Image.new("RGB", (2600, 2000), colour).save(tmp_path / f"{name}.bmp")  # 15.6 MB
    return tmp_path


def enter(page: Page, server: ServerProcess) -> None:
    said = server.command("user", "password", "administrator").stdout
    code = re.search(r"\b[A-Z2-9]{5}-[A-Z2-9]{5}\b", said)
    assert code is not None
    page.goto(f"{server.address}/code/")
    page.fill("[name=code]", code.group())
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{server.address}/")


def choose(page: Page, *paths: Path) -> None:
    page.set_input_files("input[name=files]", list(paths))


def row(page: Page, name: str) -> LocatorAssertions:
    return expect(page.locator("[data-upload-list] > li", has_text=name))


class Line:
    """The network of a page: slow, or away."""

    def __init__(self, window: BrowserContext, page: Page) -> None:
        self._session = window.new_cdp_session(page)
        self._session.send("Network.enable")
        self.set(offline=False)

    def set(self, *, offline: bool, bytes_s: int = SLOW) -> None:
        """Let it be slow, or cut it; -1 bytes a second: as fast as it can."""
        speed = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": bytes_s}
        self._session.send("Network.emulateNetworkConditions", {**speed, "offline": offline})


def in_the_middle(page: Page, name: str, least: float) -> None:
    """Wait until `least` bytes of the file have gone out, and not all."""
    page.wait_for_function(
        """([name, least]) => [...document.querySelectorAll('[data-upload-list] > li')].some(each =>
             each.textContent.includes(name) && each.querySelector('progress').value > least)""",
        arg=[name, least],
    )


def test_files_come_through_whatever_goes_away(server_home, server_process, window, files):
    home = server_home()
    paired_screens(home, 1)
    server = server_process(home=home)
    page = window.new_page()
    enter(page, server)
    page.goto(f"{server.address}/library/")

    # A folder and a file are dropped together: names of folders become tags, and each is followed
    # until it is ready.
    drop_files(page, "[data-drop]", [files / "安全生产月", files / "季度汇报.pdf"])
    expect(page.locator("[data-upload-list] > li[data-is=done]")).to_have_count(3)
    expect(page.locator(".asset-tile img")).to_have_count(3)
    expect(page.locator(".asset-tile", has_text="灭火器").locator(".chip")).to_have_text(
        ["安全生产月", "海报"]
    )
    deck = row(page, "季度汇报.pdf")  # what it has become stands in its row, with what comes next
    deck.to_contain_text("可用")
    deck.to_contain_text("选择页面")
    what_came_is_added_beside_its_button(page)
    line = Line(window, page)
    server = through_a_lost_line(page, line, server, server_process, files)
    through_a_closed_page(page, line, server, files)


def what_came_is_added_beside_its_button(page):
    """The choice of a playlist stands where the hand is; closed, it is the bar's again."""
    button = page.locator("[data-queue-add]")
    button.click()
    panel = page.locator("[data-to-playlist] .bulk-panel")
    expect(panel).to_be_visible()
    at, there = button.bounding_box(), panel.bounding_box()
    gap = max(there["y"] - at["y"] - at["height"], at["y"] - there["y"] - there["height"])
    assert gap < 40, (at, there)
    page.locator("[data-to-playlist] summary").click()
    expect(panel).to_be_hidden()
    expect(panel).not_to_have_class(re.compile("bulk-panel-near"))


def through_a_lost_line(page, line, server, server_process, files):
    """One upload: the network goes away, the disk is full, the server dies; and one is given up."""
    drop_files(page, "[data-drop]", [files / "长图.bmp"])
    in_the_middle(page, "长图.bmp", 2e6)
    line.set(offline=True)
    row(page, "长图.bmp").to_have_attribute("data-is", "waiting")
    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (8_000_000, resource.RLIM_INFINITY))
    line.set(offline=False)
    row(page, "长图.bmp").to_contain_text("服务器磁盘已满")
    assert 2_000_000 < sum(part_bytes(server)) <= 8_000_000, "what has arrived is not kept"

    resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    page.click("[data-again]:visible")
    in_the_middle(page, "长图.bmp", 9e6)
    server.kill()
    row(page, "长图.bmp").to_have_attribute("data-is", "waiting")
    port = server.address.rsplit(":", 1)[1]
    after = server_process("run", "--port", port, home=server.home)
    server.expects_log("The server's disk is full; what has arrived is kept.")
    line.set(offline=False, bytes_s=-1)
    row(page, "长图.bmp").to_have_attribute("data-is", "done")

    line.set(offline=False)
    drop_files(page, "[data-drop]", [files / "大图.bmp"])
    in_the_middle(page, "大图.bmp", 1e6)
    page.click("[data-cancel]:visible")
    row(page, "大图.bmp").to_have_attribute("data-is", "cancelled")
    expect(page.locator("[data-queue-cancel]")).to_be_hidden()
    assert part_bytes(after) == [], "what was given up is still there"
    return after


def part_bytes(server: ServerProcess) -> list[int]:
    """How much of each unfinished upload the server has."""
    return [each.stat().st_size for each in (server.data / "uploads").glob("*.part")]


def through_a_closed_page(page, line, server, files):
    """The network goes away, somebody closes the page; the same file goes on in another."""
    page.goto(f"{server.address}/library/")
    window = page.context
    choose(page, files / "大图.bmp")
    in_the_middle(page, "大图.bmp", 5e6)
    expect(page.locator("[data-queue-speed]")).to_contain_text("MB/秒 · 约剩")
    line.set(offline=True)
    row(page, "大图.bmp").to_have_attribute("data-is", "waiting")
    page.close(run_before_unload=False)
    page = window.new_page()
    page.goto(f"{server.address}/library/")
    expect(page.locator(".unfinished")).to_contain_text("大图.bmp")
    line = Line(window, page)
    choose(page, files / "大图.bmp")
    page.wait_for_selector("[data-upload-list] > li[data-is=resumed]")
    line.set(offline=False, bytes_s=-1)
    row(page, "大图.bmp").to_have_attribute("data-is", "done")
    expect(page.locator(".unfinished li")).to_have_count(0)

    # The same file once more: it is here already, and that one is used.
    choose(page, files / "大图.bmp")
    row(page, "素材库里已有这个文件").to_have_attribute("data-is", "already")
    page.click("[data-use]:visible")
    row(page, "已改用库里的文件").to_have_attribute("data-is", "used")

    find_and_pick(page, server)


def find_and_pick(page: Page, server: ServerProcess) -> None:
    """By the initials of its 拼音, and by another tag; then three pages of the document."""
    page.fill("#q", "mhq")
    expect(page.locator(".asset-tile")).to_have_count(1)
    expect(page.locator(".asset-tile")).to_contain_text("灭火器")
    page.fill("#q", "aqscy 路线")
    expect(page.locator(".asset-tile")).to_contain_text("逃生路线")
    page.fill("#q", "jdhb")
    page.locator(".asset-tile", has_text="季度汇报").locator(".tile-title").click()
    page.click("a[href$='/pages/']")
    page.click("[data-pick=none]")
    page.click(".page-pick >> nth=1")
    page.locator(".page-pick").nth(3).click(modifiers=["Shift"])
    expect(page.locator("[data-picked]")).to_have_text("已选 3 页，共 4 页")
    page.locator("input[name=page]").nth(2).press("Space")  # by keyboard: page 3 again not
    page.locator("input[name=page]").nth(2).press("ArrowRight")
    expect(page.locator("input[name=page]").nth(3)).to_be_focused()
    page.click(".bulk .button-main")
    page.wait_for_selector(".toast.note-success")
    checked = page.locator("input[name=page]:checked")
    assert [each.get_attribute("value") for each in checked.all()] == ["2", "4"]
