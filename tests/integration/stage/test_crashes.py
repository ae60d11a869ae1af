"""Who is to blame when the player dies: what brings it down is quarantined, nobody else ever is.

Every death is real: the decoder runs wild in the player's process, or somebody kills it.
"""

import ctypes
import json
import os
import signal
import subprocess
import time
from hashlib import sha256
from pathlib import Path

import pytest

from manifest.codec import encode
from manifest.model import ImageAsset, VideoAsset
from tests.integration.stage.conftest import RED
from tests.simulators.clips import make_clip
from tests.simulators.stage_programmes import item, manifest

#: A video is made ready three seconds ahead, and has come to rest two seconds later.
ITEM_S = 4.5

#: While the stacks are written down another thread may fall over what is left.
FATAL = {-signal.SIGSEGV, -signal.SIGABRT}


@pytest.fixture(scope="session")
def wild_reads(tmp_path_factory):
    built = tmp_path_factory.mktemp("wild") / "wild_reads.so"
    source = Path(__file__).with_name("wild_reads.c")
    flags = ["-shared", "-fPIC", "-Wall", "-Werror", "-Wno-null-dereference"]
    subprocess.run(["gcc", *flags, "-o", str(built), str(source), "-ldl"], check=True)
    return built


@pytest.fixture(scope="session")
def video(tmp_path_factory):
    """It is read bit by bit as long as it plays: noise does not compress."""
    path = tmp_path_factory.mktemp("video") / "video.mp4"
    words = ["-vf", "noise=alls=60:allf=t", "-c:v", "libx264", "-preset", "ultrafast"]
    return make_clip(path, *words, "-pix_fmt", "yuv420p", size="320x180", seconds=ITEM_S)


class Programme:
    """A manifest file and its blobs; `crumbs` and `strikes` are what the player keeps of it."""

    def __init__(self, folder, state, paths):
        self.blobs, self.file, self._state = folder / "blobs", folder / "manifest.json", state
        self.blobs.mkdir()
        self.digests, assets = {}, {}
        for path in paths:
            content = path.read_bytes()
            digest = self.digests[path] = sha256(content).hexdigest()
            (self.blobs / digest).write_bytes(content)
            named = (path.name, digest, len(content))
            assets[path.stem] = (
                ImageAsset(*named, "image/png", 320, 180)
                if path.suffix == ".png"
                else VideoAsset(*named, "video/mp4", 320, 180, round(ITEM_S * 1000), False)
            )
        items = [item(name, ITEM_S) for name in assets]
        self.file.write_bytes(encode(manifest(assets, items)))
        self.arguments = ["--manifest", self.file, "--blobs", self.blobs, "--mute"]

    def is_touched(self, path):
        pages = [page.read_bytes() for page in self._state.rglob("breadcrumb")]
        return any(self.digests[path].encode() in page for page in pages)

    @property
    def strikes(self):
        found = list(self._state.rglob("quarantine.json"))
        return json.loads(found[0].read_bytes())["strikes"] if found else {}


@pytest.fixture
def programme(tmp_path):
    return lambda *paths: Programme(tmp_path, tmp_path / "state", paths)


def until(true, timeout_s=120):
    end = time.monotonic() + timeout_s
    while not true():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.01)


def begun_and_ended(running, show):
    """A player that comes up in peace after what was before."""
    one = running(*show.arguments)
    one.wait_until_ready()
    assert one.end(signal.SIGTERM) == 0
    return one.said


@pytest.mark.parametrize("after_ms", [0, 100, 1500], ids=["open", "first frames", "middle"])
def test_a_video_that_brings_the_player_down_is_left_out_after_two_crashes(
    running, programme, video, wild_reads, after_ms
):
    show = programme(video)
    wild = {"WILD_FILE": show.digests[video], "WILD_AFTER_MS": str(after_ms)}
    for strikes in (1, 2):
        one = running(*show.arguments, LD_PRELOAD=str(wild_reads), **wild)
        assert one.wait(60) in FATAL
        assert show.strikes.get(show.digests[video], 0) == strikes - 1
    one = running(*show.arguments, LD_PRELOAD=str(wild_reads), **wild)
    one.wait_until_ready()
    until(lambda: show.strikes == {show.digests[video]: 2})
    assert one.end(signal.SIGTERM) == 0
    assert "video (video.mp4) brought the player down twice and is quarantined" in one.said
    assert "Segmentation fault" in one.said, "where it crashed"


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL])
def test_only_a_crash_is_blamed_on_what_is_being_made_ready(running, programme, video, number):
    show = programme(video)
    one = running(*show.arguments)
    until(lambda: show.is_touched(video))
    one.end(number)
    begun_and_ended(running, show)
    assert show.strikes == ({show.digests[video]: 1} if number == signal.SIGSEGV else {})


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGABRT, signal.SIGKILL, signal.SIGHUP])
def test_only_a_crash_is_blamed_on_what_plays(running, programme, video, number):
    """The same as the last one for a player whose video has played for a while."""
    show = programme(video)
    one = running(*show.arguments)
    one.wait_until_ready()
    until(lambda: one.systemd.recv(200) == b"WATCHDOG=1")
    one.end(number)
    begun_and_ended(running, show)
    is_crash = number in {signal.SIGSEGV, signal.SIGABRT}
    assert show.strikes == ({show.digests[video]: 1} if is_crash else {})


@pytest.mark.parametrize("number", [signal.SIGSEGV, signal.SIGKILL])
def test_nothing_is_blamed_on_what_stands_ready_behind_a_picture(
    running, programme, video, solid, number
):
    show = programme(solid("red.png", RED), video)
    one = running(*show.arguments)
    one.wait_until_ready()
    until(lambda: not show.is_touched(video))
    until(lambda: show.is_touched(video))
    until(lambda: _stopped_untouched(one.process, show, video))
    _signal_its_first_thread(one.process, number)  # ends the player before it does anything more
    one.end(signal.SIGCONT)
    begun_and_ended(running, show)
    assert show.strikes == {}


def _signal_its_first_thread(process, number):
    """Leave a signal for the thread that touches items: one for the whole process may go to any of
    its threads, and the first would go on for as long as that one writes down its stack."""
    libc = ctypes.CDLL(None, use_errno=True)
    assert libc.tgkill(process.pid, process.pid, int(number)) == 0, os.strerror(ctypes.get_errno())


def _stopped_untouched(process, show, path):
    """Hold the player; let it go on if it works on `path` at this moment (on a busy machine it may
    have begun since we looked)."""
    process.send_signal(signal.SIGSTOP)
    stat = Path(f"/proc/{process.pid}/stat")
    until(lambda: stat.read_text().rpartition(")")[2].split()[0] in "Tt")
    if show.is_touched(path):
        process.send_signal(signal.SIGCONT)
        return False
    return True


def test_a_player_that_is_killed_again_and_again_keeps_all_its_items(
    running, programme, video, solid
):
    """At odd moments: while it starts, while it makes things ready, while they play."""
    show = programme(solid("red.png", RED), video)
    for kill in range(8):
        one = running(*show.arguments)
        if kill % 2:
            one.wait_until_ready()
        time.sleep(kill * 0.15)  # the moment does not matter: none is anybody's fault
        one.end(signal.SIGKILL)
    said = begun_and_ended(running, show)
    assert "quarantined" not in said
    assert "crashed" not in said
    assert show.strikes == {}


def test_a_display_that_is_not_there_is_nobodys_fault(running, programme, video):
    """Qt aborts where there is none: that is a crash, of a player that had nothing in hand."""
    show = programme(video)
    one = running(*show.arguments)
    one.wait_until_ready()
    one.end(signal.SIGKILL)
    nowhere = running(*show.arguments, QT_QPA_PLATFORM="xcb", DISPLAY=":4711")
    assert nowhere.wait(60) == -signal.SIGABRT
    assert "crashed" in begun_and_ended(running, show)
    assert show.strikes == {}


def test_the_power_may_go_after_a_crash(running, programme, video):
    """The page and the last words are those of another start of the machine."""
    show = programme(video)
    one = running(*show.arguments)
    until(lambda: show.is_touched(video))
    one.end(signal.SIGSEGV)
    boot = Path("/proc/sys/kernel/random/boot_id").read_bytes().strip()
    for page in (*show.file.parent.rglob("breadcrumb"), *show.file.parent.rglob("last_words")):
        assert boot in page.read_bytes()
        page.write_bytes(page.read_bytes().replace(boot, os.urandom(18).hex().encode()))
    begun_and_ended(running, show)
    assert show.strikes == {}
