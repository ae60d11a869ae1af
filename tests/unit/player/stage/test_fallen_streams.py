"""A stream that failed is covered for a while, then tried again."""

from player.stage.fallen_streams import RETRY_S, FallenStreams


def test_a_stream_is_covered_until_its_time_is_over():
    fallen = FallenStreams()
    fallen.add("lobby", 100.0)
    fallen.raise_due(100.0 + RETRY_S - 1)
    assert fallen.names == {"lobby"}
    fallen.raise_due(100.0 + RETRY_S)
    assert fallen.names == frozenset()


def test_a_second_failure_covers_it_longer():
    fallen = FallenStreams()
    fallen.add("lobby", 100.0)
    fallen.add("lobby", 130.0)
    fallen.raise_due(100.0 + RETRY_S)
    assert fallen.names == {"lobby"}


def test_streams_are_raised_one_by_one():
    fallen = FallenStreams()
    fallen.add("lobby", 100.0)
    fallen.add("canteen", 110.0)
    fallen.raise_due(100.0 + RETRY_S)
    assert fallen.names == {"canteen"}
    fallen.add("lobby", 100.0 + RETRY_S)
    assert fallen.names == {"canteen", "lobby"}
