"""When a window is over for good."""

from datetime import date, datetime, timedelta

import pytest

from manifest.model import Window
from scheduler.agenda import is_over

DAY = date(2026, 11, 22)
START = datetime.fromisoformat("2026-11-20T22:00:00")


@pytest.mark.parametrize(
    ("window", "over"),
    [
        (Window(START, 3_600), True),
        (Window(START, 2 * 86_400), False),
        (Window(START, 26 * 3_600 - 1), True),
        (Window(START, 26 * 3_600), False),  # to the midnight itself
        (Window(START, 3_600, rrule="FREQ=DAILY"), False),
        (Window(START, 3_600, rrule="FREQ=DAILY;COUNT=2"), False),
        (Window(START, 3_600, rrule="FREQ=DAILY;UNTIL=20261120T235959"), True),
        (Window(START, 3_600, rrule="FREQ=DAILY;UNTIL=20261122T000000"), False),
        (Window(START, 3_600, rdates=(START + timedelta(days=11),)), False),
    ],
)
def test_a_window_is_over_once_nothing_of_it_can_come(window, over):
    assert is_over(window, DAY) is over
