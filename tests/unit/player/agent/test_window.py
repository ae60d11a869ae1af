"""The download window is a daily span on the box's clock; it may pass midnight."""

from datetime import UTC, datetime, time

import pytest

from config.times import DailySpan
from player.agent.window import daily_window

NIGHT = DailySpan(time(22, 0), time(6, 0))
LUNCH = DailySpan(time(12, 0), time(13, 0))


@pytest.mark.parametrize(
    ("span", "utc_hour", "is_open"),
    [
        (NIGHT, 14, True),  # 22:00 in Shanghai
        (NIGHT, 13, False),
        (NIGHT, 21, True),
        (NIGHT, 22, False),  # 6:00
        (LUNCH, 4, True),
        (LUNCH, 5, False),
    ],
)
def test_it_opens_and_closes_on_the_wall_clock(
    span: DailySpan, utc_hour: int, is_open: bool
) -> None:
    at = datetime(2026, 11, 22, utc_hour, tzinfo=UTC)
    assert daily_window(span, "Asia/Shanghai")(at) is is_open


def test_no_span_is_always_open() -> None:
    assert daily_window(None)(datetime(2026, 1, 1, tzinfo=UTC))
