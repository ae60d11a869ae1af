"""A video that is not where the timeline wants it is brought back once, with one more decoder."""

from datetime import timedelta

import pytest

from player.stage.media.libvlc import LibVlc
from tests.integration.stage.conftest import CYAN
from tests.simulators.moved_clock import FastClock
from tests.simulators.stage_programmes import item, manifest, video


@pytest.fixture
def opened(monkeypatch):
    """Every decoder that was asked for, in order."""
    made = []
    real = LibVlc.decoder

    def decoder(library, sink):
        made.append(real(library, sink))
        return made[-1]

    monkeypatch.setattr(LibVlc, "decoder", decoder)
    return made


@pytest.fixture
def soon(monkeypatch):
    """Rejoin after half a second instead of ten: a loop shows at once."""
    monkeypatch.setattr("player.stage.place_in_time.REJOIN_EVERY_S", 0.5)
    monkeypatch.setattr("player.stage.place_in_time.SUSTAINED_S", 0.1)


def playing(theatre, clip, began_s):
    long = clip("long.mp4", CYAN, 90.0)
    clock = FastClock(1.0)
    house = theatre(clock)
    began = clock.now() - timedelta(seconds=began_s)
    house.play(manifest({"v": video(long, 90_000)}, [item("v", 90)], began), [long])
    house.wait_for_colour(CYAN)
    return house, clock


def test_a_step_of_the_clock_costs_one_decoder_and_the_video_arrives(theatre, clip, opened, soon):
    house, clock = playing(theatre, clip, began_s=5)
    assert len(opened) == 1
    clock.step(30.0)
    house.wait_for(lambda: len(opened) > 1)
    house.qtbot.wait(4_000)  # eight times as long as it takes to try again
    assert len(opened) == 2
    assert house.book.faults == [("CLOCK_STEP", "clock", "stepped by +30.0 s")]
    assert len(house.book.touched) == 1, "the one that was left is let go of"


def test_a_video_in_its_place_is_opened_once(theatre, clip, opened, soon):
    house, _clock = playing(theatre, clip, began_s=5)
    house.qtbot.wait(4_000)
    assert len(opened) == 1
