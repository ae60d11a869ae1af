"""The wall clock of the player is never far behind what a signature proved to be past."""

from datetime import UTC, datetime, timedelta

from player.clock import BEHIND, FlooredClock
from tests.simulators.moved_clock import NOON, MovedClock


def test_a_clock_that_knows_nothing_is_believed() -> None:
    assert FlooredClock(MovedClock(NOON)).now() == NOON


def test_after_a_dead_battery_it_is_the_floor_and_what_passed_since() -> None:
    machine = MovedClock(datetime(1970, 1, 1, tzinfo=UTC))
    clock = FlooredClock(machine)
    clock.learn(NOON)
    machine.advance(90)
    assert clock.now() == NOON + timedelta(seconds=90)
    assert clock.wall() == datetime(1970, 1, 1, 0, 1, 30, tzinfo=UTC)


def test_when_the_machine_learns_the_time_it_is_believed_again() -> None:
    machine = MovedClock(datetime(1970, 1, 1, tzinfo=UTC))
    clock = FlooredClock(machine)
    clock.learn(NOON)
    machine.wall = NOON + timedelta(minutes=5)
    assert clock.now() == machine.wall


def test_a_clock_that_is_a_little_behind_goes_on_smoothly() -> None:
    machine = MovedClock(NOON - BEHIND / 2)
    clock = FlooredClock(machine)
    clock.learn(NOON)
    before = clock.now()
    machine.advance(1)
    assert clock.now() - before == timedelta(seconds=1)


def test_what_is_proved_is_told_only_of_a_clock_that_is_far_behind() -> None:
    moved = MovedClock(datetime(1970, 1, 1, tzinfo=UTC))
    clock = FlooredClock(moved, NOON)
    moved.mono += 60
    assert clock.proved_past() == NOON + timedelta(seconds=60)
    moved.wall = NOON - timedelta(minutes=30)
    assert clock.proved_past() is None
    assert FlooredClock(moved).proved_past() is None


def test_the_floor_only_rises() -> None:
    machine = MovedClock(datetime(1970, 1, 1, tzinfo=UTC))
    clock = FlooredClock(machine)
    clock.learn(NOON)
    clock.learn(NOON - timedelta(days=1))
    clock.learn(None)
    assert clock.now() == NOON
