"""Days of rotation at a fast clock: memory, handles and threads stay, no `None` is lost.

Run by `test_stage_soak.py`, each test in a process of its own whose heap is tuned as the player's
is: what other tests left in the heap would hide a leak, or look like one.
"""

import gc
import os
import sys
import threading
from pathlib import Path

import pytest

from manifest.model import Transition
from player.stage.media.heap import tune_heap
from tests.integration.stage.conftest import CYAN, RED, YELLOW, clip, solid, theatre
from tests.simulators.moved_clock import FastClock
from tests.simulators.stage_programmes import image, item, manifest, notice, video

__all__ = ["clip", "solid", "theatre"]

tune_heap()

ITEM_S = 10
RATE = 60
DEEP_CHANGES = 72 * 3600 // ITEM_S
SHORT_CHANGES = 150
WARM_UP = 100

GROWTH_MIB = 20
#: What a short run may grow by: a leak of 0.2 MiB an item would show.
SHORT_GROWTH_MIB = 12
NONE_SLACK = 200


def _rss_mib():
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 2**20


def _handles():
    return sum(1 for _handle in Path("/proc/self/fd").iterdir())


def _state():
    gc.collect()
    return _rss_mib(), _handles(), threading.active_count(), sys.getrefcount(None)


def _play(open_theatre, solid, clip, changes, **more):
    clock = FastClock(RATE)
    house = open_theatre(clock, make_alarm=clock.alarm, **more)
    red, yellow, cyan = solid("red.png", RED), solid("y.png", YELLOW), clip("c.mp4", CYAN, 4.0)
    assets = {
        "a": image(red),
        "b": image(yellow),
        "n": notice("停水通知"),
        "c": image(red.parent / "gone.png"),
        "v": video(cyan, 4000),
        "d": image(red),
    }
    items = [item(name, ITEM_S, Transition("fade", 40)) for name in assets]
    house.play(manifest(assets, items), [red, yellow, cyan])
    book = house.book
    house.wait_for(lambda: len(book.shown_items) >= WARM_UP, 120_000)
    before = _state()
    house.wait_for(lambda: len(book.shown_items) >= WARM_UP + changes, changes * 2_000)
    after = _state()
    print(f"{changes} changes: RSS {before[0]:.1f} -> {after[0]:.1f} MiB, {before[1:]} {after[1:]}")
    return before, after, house


def _check(before, after, growth_mib):
    assert after[0] - before[0] < growth_mib, "memory grows"
    assert abs(after[1] - before[1]) <= 6, "file handles"
    assert abs(after[2] - before[2]) <= 3, "threads"
    assert abs(after[3] - before[3]) < NONE_SLACK, "references to None are lost or kept"


@pytest.mark.expects_log("is left out")
def test_half_an_hour_of_rotation_leaves_no_trace(theatre, solid, clip):
    before, after, _house = _play(theatre, solid, clip, SHORT_CHANGES)
    _check(before, after, SHORT_GROWTH_MIB)


@pytest.mark.timeout(5400)
@pytest.mark.expects_log("is left out")
def test_72_hours_of_rotation_leave_no_trace(theatre, solid, clip):
    before, after, house = _play(theatre, solid, clip, DEEP_CHANGES)
    _check(before, after, GROWTH_MIB)
    assert house.pool.made <= 2


class _Leaky:
    """Makes slots that keep a little of every item."""

    def __init__(self, makers):
        self._makers = makers
        self.kept = []

    def frames(self, kind, item):
        slot = self._makers.frames(kind, item)
        prepare = slot.prepare

        def leak(ticket, request):
            self.kept.append(os.urandom(256 << 10))
            prepare(ticket, request)

        slot.prepare = leak
        return slot

    def cards(self, item):
        return self._makers.cards(item)


@pytest.mark.expects_log("is left out")
def test_negative_control_a_quarter_of_a_mib_an_item_is_seen(theatre, solid, clip):
    before, after, _house = _play(theatre, solid, clip, SHORT_CHANGES, wrap=_Leaky)
    with pytest.raises(AssertionError, match="memory grows"):
        _check(before, after, SHORT_GROWTH_MIB)
