"""The steps of the demonstration: a site is built, a picture is uploaded.

Each step acts through the front doors that people have: the commands of the server, its interface
for scripts, the pairing code on the screen.
"""

import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bench.demo.api import Api
from bench.demo.arrange import arrange, show_alone
from bench.demo.content import Media
from bench.demo.programme import TIME_ZONE, programme
from bench.demo.site import Site, free_port
from command import Failed
from manifest.model import Manifest
from player.clock import SystemClock

__all__ = ["PATIENCE_S", "api_of", "begin", "show_picture", "wait_until"]

#: How long anything of the story may take, in seconds.
PATIENCE_S = 120.0

Say = Callable[[str], None]


def api_of(site: Site) -> Api:
    """The interface for scripts of a site that has been begun."""
    return Api(site.login.port, site.login.token)


def begin(site: Site, media: Media, blobs: Path, say: Say) -> Manifest:
    """Build the site up to a box that holds the programme; return the programme."""
    site.prepare(free_port())
    site.start_server()
    say(f"The content server answers at {site.address}")
    say(f"  log in as {site.login.name} with the password {site.login.password}")
    site.start_agent()
    code = str(wait_until(lambda: site.box().get("pairing_code"), "a pairing code"))
    say(f"The box shows the pairing code {code[:3]} {code[3:]}; an administrator claims it.")
    api = api_of(site)
    screen = _claim(api, code)
    say("Uploading the programme by HTTP; the server prepares it (transcoding takes a moment).")
    now = SystemClock().now().replace(microsecond=0)
    manifest = programme(media, now)
    arrange(api, manifest, blobs, screen)
    _publish(api, "首次发布")
    wait_until(lambda: box_version(site), "the programme on the box")
    say("The box has fetched and verified it.")
    return manifest


def _claim(api: Api, code: str) -> int:
    site = api.call("POST", "sites/", {"slug": "hq", "name": "总部"})["id"]
    made = {"slug": "lobby", "name": "大堂", "site": site, "timezone": TIME_ZONE}
    screen = int(api.call("POST", "screens/", made)["id"])
    api.call("POST", f"screens/{screen}/claim/", {"code": code})
    return screen


def _publish(api: Api, reason: str) -> None:
    made = api.call("POST", "publish/", {"reason": reason, "confirmed": True})["release"]
    if made is None:
        raise Failed("there was nothing to publish", os.EX_DATAERR)


def show_picture(site: Site, picture: Path, title: str, say: Say, duration_s: int = 60) -> None:
    """Upload a picture by HTTP, let it fill the screen for a while, and publish."""
    api = api_of(site)
    before = box_version(site)
    asset = api.prepared(api.upload(picture, title))
    screen = int(api.call("GET", "screens/")["screens"][0]["id"])
    start = SystemClock().now().astimezone(ZoneInfo(TIME_ZONE)).replace(microsecond=0, tzinfo=None)
    name = f"{title} {start:%H:%M:%S}"
    show_alone(api, asset, name, screen=screen, start=start, duration_s=duration_s)
    published = time.monotonic()
    _publish(api, f"上屏：{title}")
    wait_until(lambda: box_version(site) > before, "the picture on the box")
    say(f"Published; {time.monotonic() - published:.1f} s later the box has it.")


def box_version(site: Site) -> int:
    """The version of the manifest that the box holds; 0 before the first."""
    current: Any = site.box().get("cache", {})
    return int((current.get("current") or {}).get("version", 0))


def wait_until(asked: Callable[[], Any], what: str) -> Any:
    """Ask until the answer is true, and return it; `Failed` if it takes too long."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        if answer := asked():
            return answer
        time.sleep(0.3)
    raise Failed(f"waited {PATIENCE_S:.0f} s for {what}", os.EX_UNAVAILABLE)
