"""What can wait, waits while boxes fetch what was published; but not for ever."""

import asyncio

from server.players.rush import LOOK_S, PATIENCE_S, PAUSE_S, Rush
from tests.simulators.moved_clock import MovedClock


def looks_until_over(monkeypatch, fetches):
    """How often it was looked; `fetches` says at each look whether a box fetches meanwhile."""
    clock, looks = MovedClock(), []
    rush = Rush(clock)

    async def sleep(seconds):
        clock.advance(seconds)
        if fetches(len(looks)):
            rush.note()
        looks.append(seconds)

    monkeypatch.setattr(asyncio, "sleep", sleep)
    rush.note()
    asyncio.run(rush.over())
    return len(looks)


def test_without_a_rush_nobody_waits():
    rush = Rush(MovedClock())
    assert not rush.is_on()
    asyncio.run(asyncio.wait_for(rush.over(), LOOK_S / 2))


def test_it_is_over_a_moment_after_the_last_box_has_fetched(monkeypatch):
    looks = looks_until_over(monkeypatch, lambda look: look < 5)
    assert 0 <= looks - 5 - round(PAUSE_S / LOOK_S) <= 1, "the clock is no whole number of looks"


def test_boxes_that_fetch_without_end_keep_nothing_back_for_ever(monkeypatch):
    assert looks_until_over(monkeypatch, lambda _look: True) == round(PATIENCE_S / LOOK_S)
