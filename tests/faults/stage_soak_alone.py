"""Days of rotation at a fast clock: memory, handles and threads stay, no `None` is lost.

Run by `test_stage_soak.py`, each test in a process of its own whose heap is tuned as the player's
is: what other tests left in the heap would hide a leak, or look like one.
"""

import ctypes
import gc
import logging
import os
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest
from PIL import Image

from manifest.model import Transition
from player.stage.media.heap import tune_heap
from tests.integration.stage.conftest import CYAN, RED, clip, solid, theatre
from tests.simulators.moved_clock import FastClock
from tests.simulators.stage_programmes import image, item, manifest, notice, video
from tests.simulators.theatre import NoteBook

__all__ = ["clip", "solid", "theatre"]

tune_heap()

ITEM_S = 10
#: So many times as fast as the machine's clock: 15 changes a second, which a third of a core can.
RATE = 150
DEEP_CHANGES = 72 * 3600 // ITEM_S
SHORT_CHANGES = 180
WARM_UP = 100
DEEP_WARM_UP = 1000
#: How often a run is looked at.
SAMPLES = 12

GROWTH_MIB = 20
#: What a short run may grow by: a leak of 0.2 MiB an item would show.
SHORT_GROWTH_MIB = 12
#: What may be allocated and never given back in 72 hours: 3 KiB a card, which Qt once lost, shows.
DEEP_HEAP_GROWTH_MIB = 8
NONE_SLACK = 200


class State(NamedTuple):
    """What the process holds: MiB resident and allocated, handles, native threads, Nones."""

    rss_mib: float
    heap_mib: float
    handles: int
    threads: int
    nones: int


class CountingBook(NoteBook):
    """A journal that counts, and so does not grow itself."""

    def __init__(self):
        super().__init__()
        self.shows = Counter()
        self.last = ""

    def shown(self, take, at):
        self.last = take.item.id
        self.shows[self.last] += 1

    def ended(self, take, at):
        """Nobody asks."""

    def fault(self, code, subject, reason):
        self.shows[code] += 1


@pytest.fixture(autouse=True)
def no_line_is_kept(caplog):
    """The lines that a test keeps hold `None` three times each.

    At this rate a hiccup of milliseconds is a step of the wall clock, which is told.
    """
    caplog.set_level(logging.WARNING, logger="stage")


def _state():
    gc.collect()
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    handles, threads = (sum(1 for _ in Path("/proc/self", of).iterdir()) for of in ("fd", "task"))
    rss_mib = pages * os.sysconf("SC_PAGE_SIZE") / 2**20
    return State(rss_mib, _allocated_mib(), handles, threads, sys.getrefcount(None))


_SIZES = ("arena", "ordblks", "smblks", "hblks", "hblkhd")
_SIZES += ("usmblks", "fsmblks", "uordblks", "fordblks", "keepcost")


class _MallInfo(ctypes.Structure):
    """See mallinfo2(3)."""

    _fields_ = tuple((name, ctypes.c_size_t) for name in _SIZES)


def _allocated_mib():
    """What the C library has given out: tells a leak from holes in the heap."""
    mallinfo = ctypes.CDLL(None).mallinfo2
    mallinfo.restype = _MallInfo
    found = mallinfo()
    return (found.uordblks + found.hblkhd) / 2**20


def _photograph(folder):
    """A JPEG that costs what photographs cost: texture everywhere, larger than the window."""
    noise = Image.effect_noise((160, 90), 80).convert("RGB")
    path = folder / "photograph.jpg"
    noise.resize((1280, 720), Image.Resampling.BICUBIC).save(path, quality=88)
    return path


def _animation(folder):
    path = folder / "moving.gif"
    frames = [Image.new("RGB", (320, 180), (40 * step, 90, 160)) for step in range(5)]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=40, loop=0)
    return path


def _programme(solid, clip):
    """Six kinds of item, one of them broken; and the files."""
    red, cyan = solid("red.png", RED), clip("c.mp4", CYAN, 4.0)
    folder = red.parent
    photograph, moving = _photograph(folder), _animation(folder)
    assets = {
        "photograph": image(photograph),
        "picture": image(red),
        "notice": notice("停水通知"),
        "gone": image(folder / "gone.png"),
        "video": video(cyan, 4000),
        "animation": image(moving),
    }
    items = [item(name, ITEM_S, Transition("fade", 40)) for name in assets]
    return manifest(assets, items), [red, photograph, cyan, moving]


def _play(open_theatre, solid, clip, changes, warm_up=WARM_UP, **more):
    """Play `changes` changes after a warm-up; return the states before, on the way, and after."""
    clock, book = FastClock(RATE), CountingBook()
    house = open_theatre(clock, make_alarm=clock.alarm, book=book, **more)
    house.play(*_programme(solid, clip))

    def state_after(count):
        # Always in the same place: no video is being started or stopped beside a plain picture.
        house.wait_for(
            lambda: book.shows.total() >= count and book.last == "picture", 60_000 + changes * 2_000
        )
        state = _state()
        hours = clock.monotonic() / 3600
        print(f"{hours:6.1f} h, {book.shows.total():6d} changes: {state}", flush=True)
        return state

    step = changes // SAMPLES
    states = [state_after(warm_up + number * step) for number in range(SAMPLES + 1)]
    print(dict(book.shows))
    assert book.shows["gone"] == 0
    assert book.shows["MEDIA_BAD"] >= 1
    for kind in ("photograph", "picture", "notice", "video", "animation"):
        # A busy machine passes over some of what takes long to begin.
        assert book.shows[kind] >= changes / 10, f"{kind} had no share of the rotation"
    return states, house


def _check(states, growth_mib):
    before, after = states[0], states[-1]
    assert after.rss_mib - before.rss_mib < growth_mib, "memory grows"
    assert abs(after.handles - before.handles) <= 2, "file handles"
    assert abs(after.threads - before.threads) <= 2, "threads"
    assert abs(after.nones - before.nones) < NONE_SLACK, "references to None are lost or kept"


@pytest.mark.expects_log("is left out")
def test_half_an_hour_of_rotation_leaves_no_trace(theatre, solid, clip):
    states, _house = _play(theatre, solid, clip, SHORT_CHANGES)
    _check(states, SHORT_GROWTH_MIB)


@pytest.mark.timeout(5400)
@pytest.mark.expects_log("is left out")
def test_72_hours_of_rotation_leave_no_trace(theatre, solid, clip):
    states, house = _play(theatre, solid, clip, DEEP_CHANGES, DEEP_WARM_UP)
    _check(states, GROWTH_MIB)
    assert states[-1].heap_mib - states[0].heap_mib < DEEP_HEAP_GROWTH_MIB, "the heap grows"
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
    states, _house = _play(theatre, solid, clip, SHORT_CHANGES, wrap=_Leaky)
    with pytest.raises(AssertionError, match="memory grows"):
        _check(states, SHORT_GROWTH_MIB)
