"""The screen of the demonstration: a window that people watch, or a virtual one."""

import os
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from PIL import Image, ImageChops, ImageStat

from bench.demo.programme import layouts_of
from bench.demo.site import Site
from bench.demo.story import show_picture, wait_until
from bench.framebuffer import Screen, VirtualDisplay
from command import Failed
from manifest.model import ImageAsset, Manifest
from player.clock import SystemClock
from scheduler.timeline import on_screen_at

__all__ = ["good_moment", "in_a_window", "virtually"]

#: How far ahead a good moment for the first picture is looked for.
HORIZON = timedelta(minutes=5)
#: The least that the player gets to start up before it.
START_UP = timedelta(seconds=15)
#: How long a main picture must have stood for its picture: the clip has its sun by then, and no
#: page turns.
SETTLED_MS = 7_000
#: How long an uploaded picture has the screen to itself, and how long the wall is watched without
#: its server, in seconds: until the programme has come back by itself.
ALONE_S, OFFLINE_S = 30, 28.0
#: The side of the pictures that are compared, and how far apart two of the same may be (0 to 255).
SMALL, ALIKE = (64, 36), 10.0
#: A picture with fewer colours than this is no programme: a sheet of words has 200 to 500 in
#: every 97th pixel, a slate fewer than 150, a dark wall one.
FEWEST_COLOURS = 160

Say = Callable[[str], None]


def in_a_window(site: Site, say: Say) -> int:
    """Play in a window until it is closed."""
    site.start_player({}, "--windowed")
    say("Playing in a window; close it, or press Ctrl+C here, to end. In another terminal:")
    say("  .venv/bin/python -m bench.demo upload PICTURE   # on the wall within seconds")
    say("  .venv/bin/python -m bench.demo offline          # the network is pulled: it plays on")
    say("  .venv/bin/python -m bench.demo back             # and back")
    return site.wait_for("player")


def virtually(site: Site, manifest: Manifest, folder: Path, out: Path, say: Say) -> int:
    """Play on a virtual display, go through all steps, and keep a picture of each."""
    say("There is no display here: playing on a virtual one, 1920 x 1080.")
    with VirtualDisplay() as display:
        site.start_player({"DISPLAY": display.name, "QT_QPA_PLATFORM": "xcb"})
        for number, (sample, layout) in enumerate(layouts_of(manifest).items()):
            _wait_until_instant(good_moment(manifest, SystemClock().now(), layout), site)
            _keep(display.screen, _beside(out, sample) if number else out, say)
        _upload(site, display.screen, _image(manifest, "honour"), folder, say)
        _keep(display.screen, _beside(out, "upload"), say)
        site.end("server")
        say("The network is pulled: the server is gone. The wall plays on.")
        _watch(site, display.screen, OFFLINE_S)
        _keep(display.screen, _beside(out, "offline"), say)
        site.start_server()
        say("The server is back.")
        _upload(site, display.screen, _image(manifest, "homeward"), folder, say)
        _keep(display.screen, _beside(out, "back"), say)
    return os.EX_OK


def _beside(out: Path, word: str) -> Path:
    return out.with_stem(f"{out.stem}-{word}")


def _image(manifest: Manifest, name: str) -> ImageAsset:
    asset = manifest.assets[name]
    assert isinstance(asset, ImageAsset)
    return asset


def _upload(site: Site, screen: Screen, image: ImageAsset, folder: Path, say: Say) -> None:
    picture = folder / "blobs" / image.sha256
    wanted = _small(Image.open(picture))
    began = time.monotonic()
    show_picture(site, picture, image.title, say, ALONE_S)
    wait_until(lambda: _is_on(screen, wanted), "the uploaded picture on the wall")
    say(f"  on the wall {time.monotonic() - began:.1f} s after the upload began")


def _is_on(screen: Screen, wanted: Image.Image) -> bool:
    difference = ImageStat.Stat(ImageChops.difference(_small(screen.picture()), wanted))
    return max(difference.mean) < ALIKE


def _small(picture: Image.Image) -> Image.Image:
    return picture.convert("RGB").resize(SMALL, Image.Resampling.BOX)


def _watch(site: Site, screen: Screen, seconds: float) -> None:
    """Look on for a while; `Failed` if the wall goes dark or the player ends."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        site.check("player")
        if _colours(screen) < FEWEST_COLOURS:
            raise Failed("the wall went dark without its server", os.EX_SOFTWARE)
        time.sleep(0.5)


def _keep(screen: Screen, out: Path, say: Say) -> None:
    if _colours(screen) < FEWEST_COLOURS:
        raise Failed(f"{out} would show next to nothing; see player.log", os.EX_SOFTWARE)
    screen.save(out)
    say(f"  this is what the player showed: {out.resolve()}")


def good_moment(manifest: Manifest, now: datetime, layout: str) -> datetime:
    """The first instant, leaving time to start up, at which `layout` stands and has settled."""
    step = timedelta(milliseconds=500)
    moment = now + START_UP
    while moment < now + HORIZON:
        picture = on_screen_at(manifest, moment)
        main = picture.zones.get("main")
        if picture.layout == layout and main and main.offset_ms > SETTLED_MS:
            return moment
        moment += step
    return now + START_UP


def _wait_until_instant(moment: datetime, site: Site) -> None:
    while (left := (moment - SystemClock().now()).total_seconds()) > 0:
        site.check("player")
        time.sleep(min(left, 0.5))


def _colours(screen: Screen) -> int:
    return len(set(screen.pixels[::97]))
