"""500 changes between picture, video and card, and around broken items: no look is dark.

Every frame that is presented is looked at.  The negative control shows items before they are
ready, and must be caught.
"""

from collections import Counter

import pytest
from PySide6.QtCore import QTimer

from manifest.model import Transition
from player.clock import SystemClock
from player.stage.media.port import SlotSignals
from tests.conftest import DEEP
from tests.integration.stage.conftest import CYAN, RED, YELLOW
from tests.simulators.stage_programmes import image, item, manifest, notice, video
from tests.simulators.theatre import alike, colour_at

PAPER = (250, 249, 245)
NAMED = {"red": RED, "yellow": YELLOW, "cyan": CYAN, "paper": PAPER}
SPOTS = ((0.01, 0.4), (0.01, 0.97), (0.99, 0.4), (0.99, 0.97))

CHANGES = 500 if DEEP else 120
PACE_S = 0.16

#: The darkest mixture of two items has 130 in its brightest channel, the background 64.
DARK = 110


class Looks:
    """What every presented frame looked like."""

    def __init__(self):
        self.kinds = Counter()

    def __call__(self, look):
        colours = [colour_at(look, *spot) for spot in SPOTS]
        self.kinds[self._kind(colours)] += 1

    def _kind(self, colours):
        if min(max(colour) for colour in colours) < DARK:
            return "dark"
        for name, rgb in NAMED.items():
            if all(alike(colour, rgb, 40) for colour in colours):
                return name
        return "mixed"


def _programme(solid, clip, tmp_path, transition):
    red, yellow = solid("red.png", RED), solid("yellow.png", YELLOW)
    cyan = clip("cyan4.mp4", CYAN, 4.0)
    torn, cut, empty = tmp_path / "torn.png", tmp_path / "cut.mp4", tmp_path / "empty.mp4"
    torn.write_bytes(red.read_bytes()[:120])
    cut.write_bytes(cyan.read_bytes()[:200])
    empty.write_bytes(b"")
    assets = {
        "red": image(red),
        "cyan": video(cyan, 4000),
        "torn": image(torn),
        "paper": notice("停水通知"),
        "gone": image(tmp_path / "gone.png"),
        "yellow": image(yellow),
        "cut": video(cut, 4000),
        "cyan again": video(cyan, 4000),
        "empty": video(empty, 4000),
    }
    items = [item(name, PACE_S, transition) for name in assets]
    return manifest(assets, items, SystemClock().now()), [red, yellow, cyan, torn, cut, empty]


def _watch(house, made, paths, changes):
    looks = Looks()
    house.play(made, paths)
    house.wait_for(lambda: bool(house.book.shown_items))
    house.inspect(looks)
    house.wait_for(lambda: len(house.book.shown_items) >= changes, 10_000 + changes * 1000)
    return looks.kinds


@pytest.mark.expects_log("is left out")
def test_no_look_is_dark_or_half_drawn_in_hundreds_of_cuts(theatre, solid, clip, tmp_path):
    made, paths = _programme(solid, clip, tmp_path, Transition())
    kinds = _watch(theatre(), made, paths, CHANGES)
    print(f"{CHANGES} changes, looks: {dict(kinds)}")
    assert kinds["dark"] == kinds["mixed"] == 0
    assert {"red", "yellow", "cyan", "paper"} <= kinds.keys()


@pytest.mark.expects_log("is left out")
@pytest.mark.parametrize("kind", ["fade", "slide"])
def test_no_look_is_dark_within_transitions(theatre, solid, clip, tmp_path, kind):
    made, paths = _programme(solid, clip, tmp_path, Transition(kind, 70))
    kinds = _watch(theatre(), made, paths, CHANGES // 4)
    print(f"{CHANGES // 4} changes, looks: {dict(kinds)}")
    assert kinds["dark"] == 0
    assert kinds["mixed"] > 0, "no look fell into a transition"


class _Hasty:
    """A slot that says it is ready before anything is drawn."""

    def __init__(self, slot):
        self._slot = slot
        self.signals = SlotSignals()

    def prepare(self, ticket, request):
        self._slot.prepare(ticket, request)
        QTimer.singleShot(0, lambda: self.signals.ready.emit(ticket))

    def start(self, ticket):
        self._slot.start(ticket)

    def release(self):
        self._slot.release()


class _HastyMakers:
    def __init__(self, makers):
        self._makers = makers

    def frames(self, kind, item):
        return _Hasty(self._makers.frames(kind, item))

    def cards(self, item):
        return self._makers.cards(item)


def test_negative_control_a_swap_onto_what_is_not_ready_is_seen(theatre, solid, clip, tmp_path):
    """Without this, the tests above might be blind."""
    red, yellow = solid("red.png", RED), solid("yellow.png", YELLOW)
    cyan = clip("cyan4.mp4", CYAN, 4.0)
    assets = {"red": image(red), "cyan": video(cyan, 4000), "yellow": image(yellow)}
    made = manifest(assets, [item(name, PACE_S) for name in assets], SystemClock().now())
    house = theatre(wrap=_HastyMakers)
    # Shown the moment it is asked for: nothing is made ready ahead.
    house.stage.prepare = lambda cue: None
    kinds = _watch(house, made, [red, yellow, cyan], 30)
    assert kinds["dark"] > 0
