"""How long an exchange may take, on a clock of its own."""

import threading

import pytest

from content_cache.fetch_errors import Cancelled, TooSlow
from content_cache.leash import TICK_S, Leash, NetworkLimits

LIMITS = NetworkLimits(connect_s=10.0, silence_s=30.0, least_rate_bytes_s=512.0, rate_window_s=60.0)


class Line:
    """A network on which time passes only in waits."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.stop = threading.Event()
        self.leash = Leash("server", LIMITS, self.stop, lambda: self.now)

    def wait(self, seconds: float, got: int = 0) -> None:
        """Wait in ticks, as a socket does; `got` bytes come at the end."""
        left = seconds
        while left > 1e-9:
            tick = min(self.leash.wait_s(), left)
            self.now += tick
            left -= tick
            self.leash.waited(tick, got if left <= 1e-9 else 0)

    def receive(self, times: int, size: int) -> None:
        """So many bytes a second, for so many seconds."""
        for _ in range(times):
            self.wait(1.0, got=size)


@pytest.fixture
def line() -> Line:
    return Line()


def test_connecting_has_a_deadline(line: Line) -> None:
    line.wait(9.9)
    assert 0 < line.leash.wait_s() <= TICK_S
    with pytest.raises(TooSlow, match="connecting took longer than its limit"):
        line.wait(0.2)


def test_a_phase_with_a_deadline_ends_however_many_bytes_come(line: Line) -> None:
    line.leash.begin("waiting for the answer", 20.0)
    with pytest.raises(TooSlow, match="waiting for the answer took longer"):
        line.receive(21, 100_000)


def test_silence_ends_a_body_that_has_no_deadline(line: Line) -> None:
    line.leash.begin("reading", None)
    line.wait(29.0, got=100_000)
    with pytest.raises(TooSlow, match="nothing came for 30 s"):
        line.wait(31.0)


def test_a_drip_ends_by_its_rate(line: Line) -> None:
    line.leash.begin("reading", None)
    with pytest.raises(TooSlow, match="1 bytes/s over 60 s, where 512 are the least"):
        line.receive(100, 1)


def test_a_thin_link_is_not_given_up(line: Line) -> None:
    line.leash.begin("reading", None)
    for _ in range(24 * 60 * 60):  # a day at a kilobyte per second
        line.leash.waited(1.0, 1024)
        line.leash.wait_s()


def test_a_pause_of_the_reader_is_nobodys_fault(line: Line) -> None:
    line.leash.begin("reading", None)
    for _ in range(100):
        line.wait(1.0, got=1000)
        line.now += 3600.0  # the bandwidth limit, or a busy disk


def test_a_call_to_stop_is_heard_first(line: Line) -> None:
    line.now += 1000.0
    line.stop.set()
    with pytest.raises(Cancelled):
        line.leash.wait_s()
