"""From a PowerPoint to the wall in three minutes: one story in a real browser, its steps timed.

An editor uploads a presentation, picks pages, makes a playlist, puts it into the schedule and
submits; three people review; the third publishes.  A real box, paired by its code, fetches what was
published, and the real player draws it.  The times are printed and judge nothing.
"""

import io
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat
from playwright.sync_api import Browser, Page, sync_playwright

from content_cache.blobs import BlobStore
from content_cache.disk import RealDisk
from content_cache.generations import Generations
from manifest.codec import encode
from manifest.times import write
from scheduler.timeline import on_screen_at
from tests.integration.agent.running import running
from tests.integration.server.staff.test_every_page import CHROMIUM, OPTIONS, PATIENCE_MS
from tests.integration.server.test_agent import Box, paired
from tests.simulators.paired_screens import paired_screens
from tests.simulators.patience import until
from tests.simulators.server_acts import Office
from tests.simulators.story_people import story_people

pytestmark = pytest.mark.timeout(900)

PRESENTATION = "alterman_security.pptx"
REVIEWERS = ("reviewer-1", "reviewer-2", "reviewer-3")


class Steps:
    """How long each step took."""

    def __init__(self) -> None:
        self.taken: list[tuple[str, float]] = []

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        begun = time.monotonic()
        yield
        self.taken.append((what, time.monotonic() - begun))

    def __str__(self) -> str:
        lines = [f"{seconds:7.1f} s  {what}" for what, seconds in self.taken]
        whole = sum(seconds for _what, seconds in self.taken)
        return "\n".join([*lines, f"{whole:7.1f} s  in all"])


@pytest.fixture
def browser() -> Iterator[Browser]:
    with sync_playwright() as driver:
        found = driver.chromium.launch(executable_path=CHROMIUM, args=OPTIONS)
        yield found
        found.close()


@pytest.fixture
def server(server_home, server_process):
    """A server, its screens, and the sessions of the people."""
    home = server_home()
    known = paired_screens(home)
    sessions = story_people(home)
    return server_process(home=home), known, sessions


class Desk:
    """Somebody's window; whatever the page complains of fails the story."""

    def __init__(self, browser: Browser, address: str, session: str) -> None:
        context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="zh-CN")
        cookies = {"session": session, "django_language": "zh-hans"}
        context.add_cookies(
            [{"name": name, "value": value, "url": address} for name, value in cookies.items()]
        )
        self.address, self.page = address, context.new_page()
        self.page.set_default_timeout(PATIENCE_MS)
        self.complaints: list[str] = []
        self.page.on(
            "console",
            lambda said: self.complaints.append(said.text) if said.type == "error" else None,
        )
        self.page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def goes(self, path: str) -> Page:
        self.page.goto(f"{self.address}{path}")
        return self.page


def makes_a_playlist(desk: Desk) -> str:
    page = desk.goes("/playlists/")
    page.fill("form.card [name=name]", "安全月")
    page.click("form.card .button-main")
    page.wait_for_url(re.compile(r"/playlists/\d+/"))
    return re.search(r"/playlists/(\d+)/", page.url)[1]


def uploads(desk: Desk, file: Path) -> str:
    page = desk.goes("/library/")
    page.set_input_files("input[type=file] >> nth=0", file)
    page.click("[data-upload-list] a")
    page.wait_for_url(re.compile(r"/library/\d+/"))
    return re.search(r"/library/(\d+)/", page.url)[1]


def is_ready(desk: Desk) -> None:
    desk.page.wait_for_selector("#state .badge-good")  # the page refreshes itself


def picks_pages(desk: Desk, asset: str, playlist: str) -> None:
    page = desk.goes(f"/library/{asset}/pages/")
    page.click("[data-pick=none]")
    for number in (1, 2):
        page.locator(f"[name=page][value='{number}']").check(force=True)
    page.select_option("[name=playlist]", playlist)
    page.fill("[name=seconds]", "6")
    page.click(".pick-add button")
    page.wait_for_load_state("load")


def schedules(desk: Desk) -> None:
    page = desk.goes("/schedule/new/")
    page.fill("#entry-form [name=name]", "安全月全天")
    option = page.locator("#entry-form [name=layout] option", has_text="安全月").first
    page.select_option("#entry-form [name=layout]", option.get_attribute("value"))
    page.fill("#entry-form [name=begins]", "00:00")
    page.fill("#entry-form [name=ends]", "00:00")
    page.check("#entry-form [name=screens] >> nth=0")
    page.click("#entry-form .button-main")
    page.wait_for_url(lambda address: "/new/" not in address)


def submits(desk: Desk) -> str:
    page = desk.goes("/publish/")
    page.fill("#title", "安全月海报")
    page.click("form[action$='/reviews/submit/'] .button-main")
    page.wait_for_url(re.compile(r"/reviews/\d+/"))
    return re.search(r"/reviews/(\d+)/", page.url)[1]


def reviews(desk: Desk, submission: str) -> None:
    page = desk.goes("/reviews/")
    assert page.locator(f"a[href='/reviews/{submission}/']").count(), "it is not on their list"
    there = f"/reviews/{submission}/"
    page = desk.goes(there)
    assert page.is_disabled("form[action$='/approve/'] .button-main")  # nothing was opened yet
    items = page.locator(".gallery a.tile-title").evaluate_all("all => all.map(a => a.pathname)")
    for item in items:
        desk.goes(item)
    page = desk.goes(there)
    page.click("form[action$='/approve/'] .button-main")
    page.wait_for_load_state("load")


def publishes(desk: Desk) -> None:
    page = desk.goes("/publish/")
    page.fill("#reason", "安全月")
    with page.expect_navigation():
        page.locator("form.card", has=page.locator("#reason")).locator(".button-main").click()
    page.wait_for_selector("section[aria-labelledby=releases] >> text=安全月")


def drawn(box: Box, folder: Path) -> tuple[Image.Image, Image.Image]:
    """What the real player draws of what the box has now, and the page that is due."""
    generation = Generations(box.cache, RealDisk()).current()
    assert generation is not None
    manifest, store = generation.manifest, BlobStore(box.cache, RealDisk())
    blobs = folder / "blobs"
    blobs.mkdir()
    for file in manifest.files().values():
        (blobs / file.sha256).symlink_to(store.path(file.sha256))
    (folder / "m.json").write_bytes(encode(manifest))
    at = datetime.now(UTC).replace(microsecond=0)  # noqa: TID251  (what the wall's clock says)
    command = ["grab", "--manifest", folder / "m.json", "--blobs", blobs, "--at", write(at),
               "--out", folder / "wall.png"]  # fmt: skip
    done = subprocess.run(
        [sys.executable, "-m", "player.stage", *map(str, command)],
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    picture = on_screen_at(manifest, at)
    (showing,) = [each for each in picture.zones.values() if each is not None]
    page = Image.open(io.BytesIO((blobs / manifest.assets[showing.asset].sha256).read_bytes()))
    return Image.open(folder / "wall.png").convert("RGB"), page.convert("RGB")


def is_on(wall: Image.Image, page: Image.Image) -> bool:
    """Does the page stand on the wall, as large as it fits?"""
    fitted = ImageOps.contain(page, wall.size)
    left, top = (wall.width - fitted.width) // 2, (wall.height - fitted.height) // 2
    part = wall.crop((left, top, left + fitted.width, top + fitted.height))
    small = [each.resize((96, 54)) for each in (part, fitted)]
    return max(ImageStat.Stat(ImageChops.difference(*small)).mean) < 8


@pytest.fixture
def box(server, tmp_path):
    with Office(server[0].home) as office:
        yield Box(tmp_path / "box", server[0], server[1], office)


def test_from_a_powerpoint_to_the_wall(server, browser, samples, box, capsys):
    server, _known, sessions = server
    editor = Desk(browser, server.address, sessions["editor"])
    others = {role: Desk(browser, server.address, sessions[role]) for role in REVIEWERS}
    steps = Steps()
    with running(box.settings, box.log):
        paired(box)
        first = box.shows()
        with steps.step("the editor makes a playlist"):
            playlist = makes_a_playlist(editor)
        with steps.step("uploads a presentation"):
            asset = uploads(editor, samples / "pptx" / PRESENTATION)
        with steps.step("waits until its pages are pictures"):
            is_ready(editor)
        with steps.step("picks two pages for the playlist"):
            picks_pages(editor, asset, playlist)
        with steps.step("puts it into the schedule"):
            schedules(editor)
        with steps.step("submits it"):
            submission = submits(editor)
        for role in REVIEWERS:
            with steps.step(f"{role} opens everything and approves"):
                reviews(others[role], submission)
        with steps.step("publishes"):
            publishes(others["reviewer-3"])
        with steps.step("the box has fetched it"):
            until(lambda: box.shows() not in (None, first), "the box has nothing new")
    with steps.step("the player has drawn it"):
        wall, page = drawn(box, box.cache.parent)
    assert is_on(wall, page), "something else stands on the wall"
    assert not is_on(Image.new("RGB", wall.size, "black"), page)  # the look can tell
    complaints = [each for desk in (editor, *others.values()) for each in desk.complaints]
    assert not complaints
    with capsys.disabled():
        print(f"\nFrom a PowerPoint to the wall:\n{steps}")
