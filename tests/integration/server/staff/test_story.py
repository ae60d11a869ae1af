"""From a one-time code to the wall, in a real browser: log in, upload, playlist, layout, publish.

Every page is looked at in both languages, wide and narrow, light and dark: nothing sticks out,
everything that takes input has a name, nothing breaks the content security policy.  With
YINGBI_SCREENSHOTS set to a folder the pictures are kept there.
"""

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, sync_playwright

from tests.simulators.paired_screens import paired_screens

PASSWORD = "a lantern over the gate"
CHROMIUM = "/usr/bin/chromium"

#: What takes input and has no name; and by how much a page is wider than its window.
UNLABELLED = """() => [...document.querySelectorAll('input:not([type=hidden]),select,textarea')]
  .filter(e => !e.labels?.length && !e.ariaLabel).map(e => e.outerHTML.slice(0, 200))"""
STICKS_OUT = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@pytest.fixture
def picture(tmp_path):
    from PIL import Image

    path = tmp_path / "通知.png"
    Image.linear_gradient("L").resize((960, 540)).convert("RGB").save(path)
    return path


@pytest.fixture
def page():
    with sync_playwright() as driver:
        options = ["--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage"]
        browser = driver.chromium.launch(executable_path=CHROMIUM, args=options)
        found = browser.new_page(viewport={"width": 1280, "height": 900}, locale="en")
        found.set_default_timeout(60_000)
        complaints: list[str] = []
        found.on(
            "console",
            lambda said: (
                complaints.append(said.text) if said.type in {"error", "warning"} else None
            ),
        )
        found.on("pageerror", lambda error: complaints.append(str(error)))
        yield found
        browser.close()
        assert not complaints, complaints


def code_for(server, name):
    said = server.command("user", "password", name).stdout
    return re.search(r"\b[A-Z2-9]{5}-[A-Z2-9]{5}\b", said).group()


def enter(page: Page, address: str, code: str) -> None:
    page.goto(f"{address}/code/")
    page.fill("[name=code]", code)
    page.fill("[name=password]", PASSWORD)
    page.click("main button")
    page.wait_for_url(f"{address}/")


def upload(page: Page, address: str, picture: Path) -> None:
    page.goto(f"{address}/library/")
    page.set_input_files("input[type=file]", picture)
    page.click("[data-upload-list] a")
    page.wait_for_selector("#state .badge-good")  # refreshed by itself


def arrange(page: Page, address: str, layout: int) -> None:
    page.goto(f"{address}/playlists/")
    page.fill("[name=name]", "大堂")
    page.click("form.card button")
    page.click("[data-add] >> nth=0")
    page.fill("[name=item_seconds]", "8")
    page.wait_for_selector("#saved-state[data-state=saved]")
    page.goto(f"{address}/layouts/{layout}/")
    page.select_option("[name=zone_playlist] >> nth=0", label="大堂")
    page.click("button.button-main")
    page.wait_for_selector(".note-success")


def publish(page: Page, address: str) -> None:
    page.goto(f"{address}/publish/")
    page.wait_for_selector(".badge-warn")
    page.fill("[name=reason]", "第一次发布")
    page.click("form.card .button-main")
    page.wait_for_selector(".note-success")
    page.wait_for_selector("text=第一次发布")


def keep_a_holiday(page: Page, address: str) -> None:
    page.goto(f"{address}/schedule/calendar/")
    page.fill("[name=first]", f"{page.inner_text('h1').split()[-1]}-10-01")
    page.fill("form.card [name=name]", "国庆节")
    page.click("form.card .button-main")
    page.wait_for_selector("td.day-rest")


def keep(page: Page, name: str) -> None:
    folder = os.environ.get("YINGBI_SCREENSHOTS")
    if folder:
        Path(folder).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


#: Every language, width and scheme at least once.
SHORT = [("zh-hans", 1280, "light"), ("en", 390, "dark")]
LOOKS = [
    ("zh-hans", 1280, "light"),
    ("en", 1280, "dark"),
    ("zh-hans", 390, "dark"),
    ("en", 390, "light"),
]


def test_a_picture_goes_from_a_file_to_the_wall(server_home, server_process, page, picture):
    home = server_home()
    screen = next(iter(paired_screens(home, 1).screens.values()))
    server = server_process(home=home)
    address = server.address
    enter(page, address, code_for(server, "administrator"))
    upload(page, address, picture)
    asset = re.search(r"/library/(\d+)/", page.url).group(1)
    page.goto(f"{address}/screens/{screen}/")
    layout = int(page.input_value("[name=default_layout]"))
    arrange(page, address, layout)
    playlist = page.input_value("[name=zone_playlist] >> nth=0")
    publish(page, address)
    keep_a_holiday(page, address)
    shown = [
        "", "library/", f"library/{asset}/", "playlists/", f"playlists/{playlist}/", "layouts/",
        "layouts/new/", f"layouts/{layout}/", "schedule/", "schedule/new/",
        "schedule/takeovers/new/", "publish/", "screens/", f"screens/{screen}/", "screens/new/",
        "people/", "people/1/", "people/new/", "account/",
        "account/tokens/", "screens/keys/", "pair?code=123456", "schedule/calendar/",
    ]  # fmt: skip
    wrong = []
    for language, width, scheme in LOOKS if os.environ.get("YINGBI_SCREENSHOTS") else SHORT:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        page.goto(f"{address}/")
        page.click(f".language [value={language}]")
        for path in shown:
            page.goto(f"{address}/{path}")
            named = path.strip("/").replace("/", "-") or "overview"
            keep(page, f"{named}-{language}-{width}-{scheme}")
            wrong += [(path, language, width, each) for each in page.evaluate(UNLABELLED)]
            if (over := page.evaluate(STICKS_OUT)) > 0:
                wrong.append((path, language, width, f"sticks out by {over} px"))
    assert not wrong
