"""Days and hours on a screen's own clock.  Pure.

An hour that comes twice when clocks go back is one hour; one that is skipped was never due.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

__all__ = ["HOURS", "day_span", "hours_touched", "parts_by_day"]

HOURS = 24
_HOUR = timedelta(hours=1)


def day_span(day: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The instants `[start, end)` of a day, in UTC."""
    start = datetime.combine(day, time(), zone).astimezone(UTC)
    return start, datetime.combine(day + timedelta(days=1), time(), zone).astimezone(UTC)


def parts_by_day(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[tuple[date, int]]:
    """The days that `[start, end)` lies in, each with its milliseconds."""
    while start < end:
        day = start.astimezone(zone).date()
        until = min(end, day_span(day, zone)[1])
        yield day, round((until - start) / timedelta(milliseconds=1))
        start = until


def hours_touched(start: datetime, end: datetime, zone: ZoneInfo) -> Iterator[tuple[date, int]]:
    """The (day, hour) that `[start, end)` lies in; that of `start` in any case."""
    at = start.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    while True:
        local = max(at, start).astimezone(zone)
        yield local.date(), local.hour
        at += _HOUR
        if at >= end:
            return
