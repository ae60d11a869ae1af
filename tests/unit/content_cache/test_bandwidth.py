"""The bandwidth limit, on a clock of its own."""

import threading

import pytest

from content_cache.bandwidth import Bandwidth


class Clock:
    """Time that passes only while somebody sleeps."""

    def __init__(self) -> None:
        self.now = 100.0

    def read(self) -> float:
        return self.now

    def sleep(self, seconds: float) -> None:
        assert seconds > 0
        self.now += seconds


def test_the_average_keeps_to_the_limit_after_one_second_of_burst() -> None:
    clock, stop = Clock(), threading.Event()
    limit = Bandwidth(100_000, clock.read, clock.sleep)
    began = clock.now
    for _ in range(100):
        limit.take(50_000, stop)
    assert 5_000_000 / (clock.now - began + 1.0) == pytest.approx(100_000)


def test_a_pause_earns_no_more_than_the_burst() -> None:
    clock, stop = Clock(), threading.Event()
    limit = Bandwidth(1000, clock.read, clock.sleep)
    clock.now += 3600.0
    assert limit.take(1000, stop) == 0.0
    assert limit.take(1000, stop) == pytest.approx(1.0)


def test_a_call_to_stop_ends_the_wait() -> None:
    clock, stop = Clock(), threading.Event()
    stop.set()
    assert Bandwidth(1, clock.read, clock.sleep).take(1_000_000, stop) == 0.0


def test_without_a_limit_nothing_waits() -> None:
    assert Bandwidth(None).take(10**12, threading.Event()) == 0.0


@pytest.mark.parametrize("rate", [0, -1])
def test_a_limit_that_lets_nothing_through_is_refused(rate: int) -> None:
    with pytest.raises(ValueError, match="lets nothing through"):
        Bandwidth(rate)
