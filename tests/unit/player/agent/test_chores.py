"""Chores fail, hang and see the clock jump, and nothing else minds."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from player.agent.chores import HANGS_S, Chore, Chores
from player.clock import SystemClock
from tests.simulators.moved_clock import MovedClock

UTC = ZoneInfo("UTC")


@contextmanager
def running(*chores: Chore, clock=None) -> Iterator[Chores]:
    made = Chores(chores, clock or SystemClock(), UTC)
    made.start()
    try:
        yield made
    finally:
        made.end()
        made.join(5)


def test_a_chore_is_done_at_once_and_again() -> None:
    twice = threading.Semaphore(0)
    with running(Chore("often", twice.release, every_s=1, at_once=True)):
        assert twice.acquire(timeout=20)
        assert twice.acquire(timeout=20)


@pytest.mark.expects_log("the chore bad failed: no such thing")
def test_one_that_raises_is_logged_once_and_done_again(caplog: pytest.LogCaptureFixture) -> None:
    calls, third = [], threading.Event()

    def fail() -> None:
        calls.append(1)
        if len(calls) == 3:
            third.set()
        raise RuntimeError("no such thing")

    with running(Chore("bad", fail, every_s=1, at_once=True)):
        assert third.wait(30)
    loud = [each for each in caplog.records if each.levelno >= logging.WARNING]
    assert len(loud) == 1


def test_one_that_hangs_keeps_no_other_waiting_and_is_reported() -> None:
    clock, release, hanging, others = MovedClock(), threading.Event(), threading.Event(), []
    twice = threading.Semaphore(0)

    def hang() -> None:
        hanging.set()
        release.wait(60)

    chores = [
        Chore("hang", hang, every_s=1, at_once=True),
        Chore("other", twice.release, every_s=1, at_once=True),
    ]
    with running(*chores, clock=clock) as made:
        try:
            assert hanging.wait(20)
            assert twice.acquire(timeout=20)
            assert twice.acquire(timeout=20)
            assert made.look() == []
            clock.advance(HANGS_S + 1)
            assert [fault.code for fault in made.look()] == ["CHORE_HANGS"]
            assert made.is_alive()
        finally:
            release.set()
    assert others == []


def test_when_the_clock_is_set_the_chores_are_reckoned_anew() -> None:
    """APScheduler counts on the wall clock: a chore that is due in ten years comes in a second."""
    clock, done = MovedClock(), threading.Semaphore(0)
    with running(Chore("often", done.release, every_s=1, at_once=True), clock=clock) as made:
        assert done.acquire(timeout=20)
        job = made._scheduler.get_job("often")
        job.modify(next_run_time=SystemClock().now() + timedelta(days=3650))
        while done.acquire(blocking=False):
            pass
        clock.step(-10 * 365 * 86_400)
        made.look()
        assert done.acquire(timeout=20)


def test_without_a_step_nothing_is_reckoned_anew() -> None:
    clock = MovedClock()
    with running(Chore("seldom", lambda: None, every_s=3600), clock=clock) as made:
        due = made._scheduler.get_job("seldom").next_run_time
        clock.advance(60)
        made.look()
        assert made._scheduler.get_job("seldom").next_run_time == due
