"""When a video that is not in its place is brought back: rarely, and never twice in a row."""

import pytest

from player.stage.place_in_time import DRIFT_S, HEALS_S, REJOIN_EVERY_S, SUSTAINED_S, PlaceInTime

LONG_S = 7200.0
LOOKS_PER_S = 4


def attempts(off_s, *, seconds, left_s=LONG_S, place=None):
    """At which seconds a video that stands `off_s(second)` behind is brought back."""
    place = place or PlaceInTime()
    place.begin(0.0, 0.0)
    looks = [look / LOOKS_PER_S for look in range(round(seconds * LOOKS_PER_S))]
    return [s for s in looks if place.should_rejoin(s, s + off_s(s), left_s)]


def test_a_video_in_its_place_is_left_alone():
    assert attempts(lambda _s: DRIFT_S, seconds=3600) == []


def test_one_that_began_late_is_brought_back_once_it_has_stood_long_enough():
    assert attempts(lambda _s: 0.7, seconds=15) == [REJOIN_EVERY_S]


def test_attempts_that_come_to_nothing_are_far_apart():
    tried = attempts(lambda _s: 30.0, seconds=60)
    assert tried == [10.0, 20.0, 30.0, 40.0, 50.0]


def test_arriving_makes_the_next_attempt_wait_as_long():
    place = PlaceInTime()
    place.begin(0.0, 0.0)
    assert place.should_rejoin(20.0, 90.0, LONG_S) is False  # seen for the first time
    assert place.should_rejoin(20.0 + SUSTAINED_S, 92.0, LONG_S)
    place.begin(22.5, 92.5)
    assert not any(place.should_rejoin(s, s + 30, LONG_S) for s in (23.0, 26.0, 32.4))
    assert place.should_rejoin(32.5, 62.5, LONG_S)


def test_a_clock_that_is_set_forth_and_back_moves_nothing():
    assert attempts(lambda s: 30.0 if s % 4 < SUSTAINED_S else 0.0, seconds=60) == []


@pytest.mark.parametrize("left_s", [0.0, HEALS_S - 1])
def test_a_little_is_left_to_the_next_showing_when_that_is_near(left_s):
    assert attempts(lambda _s: 0.7, seconds=30, left_s=left_s) == []


def test_much_is_brought_back_even_near_the_end():
    assert attempts(lambda _s: -9.0, seconds=15, left_s=20.0) == [REJOIN_EVERY_S]
