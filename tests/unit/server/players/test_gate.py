"""Limits: honest boxes never meet one, hostile ones are told when to come again."""

import pytest

from server.errors import TooManyRequests
from server.players.gate import LIMITS, Gate
from tests.simulators.moved_clock import MovedClock


def a_gate():
    clock = MovedClock()
    return Gate(None, clock, lambda _token: None), clock


@pytest.mark.parametrize("kind", LIMITS)
def test_a_bucket_gives_its_burst_and_then_one_at_a_time(kind):
    gate, clock = a_gate()
    limit = LIMITS[kind]
    for _request in range(limit.burst):
        gate.spend(kind, 1)
    with pytest.raises(TooManyRequests) as refused:
        gate.spend(kind, 1)
    clock.advance(refused.value.retry_after_s)
    gate.spend(kind, 1)
    gate.spend(kind, 2)


def test_a_bucket_that_rests_is_full_and_not_fuller():
    gate, clock = a_gate()
    limit = LIMITS["logs"]
    for _round in range(2):
        clock.advance(1e6)
        for _request in range(limit.burst):
            gate.spend("logs", 1)
        with pytest.raises(TooManyRequests):
            gate.spend("logs", 1)


def test_no_number_of_askers_makes_memory_grow(monkeypatch):
    monkeypatch.setattr("server.players.gate._BUCKETS", 100)
    gate, _clock = a_gate()
    for asker in range(1000):
        gate.spend("refusals", asker)
    assert len(gate._buckets) == 100
