"""The poll loop goes on: through our own bugs, and whatever the wall clock does."""

import threading
from datetime import UTC, datetime

import pytest

from player.agent import poll as poll_module
from player.agent.poll import Poll
from player.clock import SystemClock
from tests.simulators.moved_clock import MovedClock

EVER = 1e9


def ended(poll: Poll) -> None:
    poll.end()
    poll.join(10)
    assert not poll.is_alive()


def test_a_push_ends_the_wait() -> None:
    rounds = threading.Semaphore(0)

    def round_(_stop):
        rounds.release()
        return EVER, None

    poll = Poll(round_, SystemClock())
    poll.start()
    assert rounds.acquire(timeout=10)
    poll.look()
    assert rounds.acquire(timeout=10)
    ended(poll)


def test_a_push_breaks_off_what_is_under_way() -> None:
    under_way, broken_off = threading.Event(), threading.Event()

    def round_(stop):
        under_way.set()
        while not stop.is_set():
            pass
        broken_off.set()
        return EVER, None

    poll = Poll(round_, SystemClock())
    poll.start()
    assert under_way.wait(10)
    poll.look()
    assert broken_off.wait(10)
    ended(poll)


@pytest.mark.parametrize("year", [1970, 2036])
def test_a_jump_of_the_wall_clock_stalls_nothing(year: int) -> None:
    clock, rounds = MovedClock(), threading.Semaphore(0)

    def round_(_stop):
        rounds.release()
        clock.mono += 30  # the wait is over as soon as it is looked at
        return 30.0, None

    poll = Poll(round_, clock)
    poll.start()
    assert rounds.acquire(timeout=10)
    clock.wall = datetime(year, 1, 1, tzinfo=UTC)
    clock.mono += 31
    poll._wake.set()
    assert rounds.acquire(timeout=10)
    ended(poll)


@pytest.mark.expects_log("a round stumbled")
def test_a_bug_of_ours_is_logged_once_and_the_loop_goes_on(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(poll_module, "STUMBLE_S", 0.0)
    calls, fifth = [], threading.Event()

    def round_(_stop):
        calls.append(1)
        if len(calls) >= 5:
            fifth.set()
            return EVER, None
        raise RuntimeError("our bug")

    poll = Poll(round_, SystemClock())
    poll.start()
    assert fifth.wait(10)
    ended(poll)
    assert len([each for each in caplog.records if each.levelname == "ERROR"]) == 1


def test_it_gives_signs_of_life_while_something_takes_long() -> None:
    clock, asked = MovedClock(), threading.Event()
    go_on = threading.Event()

    def round_(stop):
        clock.mono += 1000
        stop.is_set()
        asked.set()
        go_on.wait(10)
        return EVER, None

    poll = Poll(round_, clock)
    before = poll.pulse_s
    poll.start()
    assert asked.wait(10)
    assert poll.pulse_s == before + 1000
    go_on.set()
    ended(poll)
