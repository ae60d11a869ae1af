"""Whoever was touched when the player crashed gets a strike; two quarantine those bytes."""

import signal
import subprocess
import sys

import pytest

from manifest.model import Item
from player.stage.breadcrumb import READS_AHEAD_S, Breadcrumb, Quarantine
from player.stage.scene import Take
from tests.simulators.moved_clock import NOON
from tests.simulators.stage_programmes import digest, image, notice, video

CHILD = """
import ctypes, os, signal, sys
from pathlib import Path
from player.stage.breadcrumb import READS_AHEAD_S, Breadcrumb
from tests.unit.player.stage.test_breadcrumb import take
crumb = Breadcrumb(Path(sys.argv[1]))
crumb.open()
def standing(name):
    crumb.preparing(take(name), name)
    crumb.rested(take(name), 0.0)
    crumb.pass_to(READS_AHEAD_S)
standing("ready.mp4")
standing("presented.png")
crumb.entering(take("presented.png"))
crumb.presented(take("presented.png"))
crumb.preparing(take("gone.mp4"), "gone.mp4")
crumb.released(take("gone.mp4"))
crumb.preparing(take("poison.mp4"), "i2 (poison.mp4)")
if sys.argv[2] == "segv":
    ctypes.string_at(0)
elif sys.argv[2] == "kill":
    os.kill(os.getpid(), signal.SIGKILL)
elif sys.argv[2] == "clean":
    crumb.close()
"""

POISON = {digest("poison.mp4"): "i2 (poison.mp4)"}


def take(name):
    asset = video(name, 1000) if name.endswith("mp4") else image(name)
    return Take("main", Item(name, name, 1000), asset, NOON, NOON, "Asia/Shanghai")


def die(folder, how):
    child = subprocess.run(
        [sys.executable, "-c", CHILD, str(folder), how], check=False, capture_output=True
    )
    return child.returncode


@pytest.mark.parametrize(("how", "status"), [("segv", -signal.SIGSEGV), ("kill", -signal.SIGKILL)])
def test_a_crash_is_blamed_on_what_was_being_touched(tmp_path, how, status):
    assert die(tmp_path, how) == status
    assert Breadcrumb(tmp_path).blamed() == POISON


def test_a_clean_end_blames_nobody(tmp_path):
    assert die(tmp_path, "clean") == 0
    assert Breadcrumb(tmp_path).blamed() == {}


def test_two_crashes_quarantine_one_does_not(tmp_path):
    for crash in (1, 2):
        die(tmp_path, "kill")
        blamed = Breadcrumb(tmp_path).blamed()
        quarantined = Quarantine(tmp_path).strike(blamed)
        assert quarantined == ([] if crash == 1 else [digest("poison.mp4")])
    assert Quarantine(tmp_path).holds(digest("poison.mp4"))
    assert not Quarantine(tmp_path).holds(digest("ready.mp4"))


def test_after_the_blame_the_page_is_clean(tmp_path):
    die(tmp_path, "kill")
    crumb = Breadcrumb(tmp_path)
    crumb.open()
    assert Breadcrumb(tmp_path).blamed() == {}
    crumb.close()


def test_a_power_cut_is_nobodys_fault(tmp_path):
    die(tmp_path, "kill")
    page = tmp_path / "breadcrumb"
    boot, _line, rest = page.read_bytes().partition(b"\n")
    page.write_bytes(b"0" * len(boot) + b"\n" + rest)
    assert Breadcrumb(tmp_path).blamed() == {}


@pytest.mark.parametrize("rubbish", [b"", b"\0" * 64, b"\xff\xfe torn", b"x\ny z\n"])
def test_a_torn_page_blames_nobody(tmp_path, rubbish):
    (tmp_path / "breadcrumb").write_bytes(rubbish)
    (tmp_path / "quarantine.json").write_bytes(rubbish)
    assert Breadcrumb(tmp_path).blamed() == {}
    assert not Quarantine(tmp_path).holds(digest("poison.mp4"))


@pytest.mark.expects_log("no breadcrumbs")
def test_without_a_disk_the_show_goes_on(tmp_path):
    (tmp_path / "file").write_text("in the way")
    crumb = Breadcrumb(tmp_path / "file" / "below")
    crumb.open()
    crumb.preparing(take("a.png"), "a")
    crumb.close()


def test_more_crumbs_than_the_page_holds_are_cut(tmp_path):
    crumb = Breadcrumb(tmp_path)
    crumb.open()
    for number in range(500):
        shown = Take("main", Item("i", "i", 1000), notice(f"{number}"), NOON, NOON, "UTC")
        crumb.preparing(shown, "i")
    assert 0 < len(Breadcrumb(tmp_path).blamed()) < 500
    crumb.close()


@pytest.fixture
def crumb(tmp_path):
    opened = Breadcrumb(tmp_path)
    opened.open()
    yield opened
    opened.close()


def test_a_video_on_both_sides_is_touched_until_both_let_go(tmp_path, crumb):
    crumb.preparing(take("loop.mp4"), "loop")
    crumb.preparing(take("loop.mp4"), "loop")
    crumb.released(take("loop.mp4"))
    assert Breadcrumb(tmp_path).blamed() == {digest("loop.mp4"): "loop"}
    crumb.released(take("loop.mp4"))
    assert Breadcrumb(tmp_path).blamed() == {}


@pytest.mark.parametrize("name", ["it.mp4", "it.png"])
def test_what_stands_ready_is_not_touched_until_it_enters(tmp_path, crumb, name):
    it, touched = take(name), {digest(name): "it"}
    crumb.preparing(it, "it")
    assert Breadcrumb(tmp_path).blamed() == touched
    crumb.rested(it, 100.0)
    crumb.pass_to(100.0 + READS_AHEAD_S)
    assert Breadcrumb(tmp_path).blamed() == {}
    crumb.entering(it)
    assert Breadcrumb(tmp_path).blamed() == touched


def test_a_decoder_reads_ahead_for_a_moment_after_its_first_frame(tmp_path, crumb):
    crumb.preparing(take("a.mp4"), "a")
    crumb.rested(take("a.mp4"), 100.0)
    crumb.pass_to(100.0 + READS_AHEAD_S - 0.1)
    assert Breadcrumb(tmp_path).blamed() == {digest("a.mp4"): "a"}


def test_a_video_is_touched_as_long_as_it_plays_and_a_picture_until_its_first_frame(
    tmp_path, crumb
):
    for name in ("a.mp4", "b.png"):
        crumb.preparing(take(name), name)
        crumb.rested(take(name), 100.0)
        crumb.entering(take(name))
        crumb.presented(take(name))
        crumb.pass_to(4000.0)
    assert Breadcrumb(tmp_path).blamed() == {digest("a.mp4"): "a.mp4"}
    crumb.released(take("a.mp4"))
    assert Breadcrumb(tmp_path).blamed() == {}


def test_a_video_that_plays_and_stands_ready_besides_is_still_touched(tmp_path, crumb):
    """Its next showing is made ready, and given up again."""
    for _side in range(2):
        crumb.preparing(take("a.mp4"), "a")
        crumb.rested(take("a.mp4"), 100.0)
        crumb.entering(take("a.mp4")) if _side == 0 else crumb.pass_to(200.0)
    crumb.released(take("a.mp4"))
    assert Breadcrumb(tmp_path).blamed() == {digest("a.mp4"): "a"}
    crumb.released(take("a.mp4"))
    assert Breadcrumb(tmp_path).blamed() == {}
