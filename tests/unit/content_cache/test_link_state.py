"""A link that goes down and comes back is told once each way."""

from datetime import UTC, datetime, timedelta

import pytest

from content_cache.link_state import LinkState

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)


@pytest.mark.expects_log("cannot reach the server (OFFLINE)")
def test_a_month_without_a_network_is_two_lines(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    link = LinkState()
    for minute in range(30 * 24 * 60):
        link.failed(NOON + timedelta(minutes=minute), "OFFLINE", "cannot reach the server")
    assert link.down_since == NOON
    link.worked(NOON + timedelta(days=30, hours=2, minutes=3))
    link.worked(NOON + timedelta(days=31))
    assert link.down_since is None
    assert caplog.messages == [
        "cannot reach the server (OFFLINE)",
        "the server is back after 30 d 2 h",
    ]


@pytest.mark.expects_log("no name (DNS)")
@pytest.mark.expects_log("cannot reach the server (OFFLINE)")
def test_another_cause_is_told_and_does_not_reset_the_clock(
    caplog: pytest.LogCaptureFixture,
) -> None:
    link = LinkState()
    link.failed(NOON, "OFFLINE", "cannot reach the server")
    link.failed(NOON + timedelta(seconds=5), "DNS", "no name")
    link.failed(NOON + timedelta(seconds=9), "DNS", "no name")
    assert link.down_since == NOON
    assert len(caplog.messages) == 2


def test_a_clock_that_was_set_back_gives_no_negative_time(
    caplog: pytest.LogCaptureFixture,
) -> None:
    link = LinkState()
    caplog.set_level("INFO")
    link.worked(NOON)
    assert caplog.messages == []


@pytest.mark.expects_log("gone (OFFLINE)")
def test_a_recovery_in_no_time_says_zero_seconds(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO")
    link = LinkState()
    link.failed(NOON, "OFFLINE", "gone")
    link.worked(NOON - timedelta(hours=1))
    assert caplog.messages[-1] == "the server is back after 0 s"
