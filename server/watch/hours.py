"""When a screen is expected to be heard: its operating hours, while its panel is to be lit.

Windows are those of manifests (docs/manifest.md, section 3), so that 调休 days count here as they
count on the wall.  Pure.
"""

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any

from manifest.codec import windows
from manifest.model import Calendar
from manifest.times import unix_ms
from scheduler.wallclock import WallClock
from scheduler.windows import WindowIndex
from scheduler.working_days import WorkingDays

__all__ = ["Hours", "closed_on"]

#: How far back a run of open hours is looked for; one that is older is open for long enough.
_BACK = timedelta(days=8)


class Hours:
    """When something is open: the union of windows, on the clock of `zone`; None is always."""

    def __init__(self, written: Sequence[Any] | None, zone: str, calendar: Calendar) -> None:
        """`written` are windows as JSON has them.  Raises `ManifestFormatError`."""
        self._windows: list[WindowIndex] | None = None
        if written is not None:
            clock, days = WallClock(zone), WorkingDays(calendar)
            self._windows = [WindowIndex(each, clock, days) for each in windows(list(written))]

    def open_since(self, now: datetime) -> datetime | None:
        """When it opened, if it is open at `now`; None if it is closed.

        What opened more than eight days ago is said to have opened then.
        """
        longest = now - _BACK
        if self._windows is None:
            return longest
        at, start = unix_ms(now), unix_ms(now)
        runs = sorted(
            run for window in self._windows for run in window.runs(unix_ms(longest), at + 1)
        )
        if not any(begin <= at < end for begin, end in runs):
            return None
        for begin, end in reversed(runs):
            if begin < start <= end or (begin <= at < end and begin < start):
                start = begin
        return max(datetime.fromtimestamp(start / 1000, UTC), longest)


def closed_on(written: Sequence[Any] | None, days: Iterable[date]) -> list[Any]:
    """The same windows, with none that begins on one of these days (None: always but then)."""
    always: dict[str, Any] = {
        "start": "2026-01-01T00:00:00",
        "duration_s": 86_400,
        "rrule": "FREQ=DAILY",
    }
    dates = sorted(days)
    found = []
    for window in [always] if written is None else written:
        _day, _t, clock = str(window["start"]).partition("T")
        closed = [f"{day.isoformat()}T{clock}" for day in dates]
        found.append({**window, "exdates": [*window.get("exdates", ()), *closed]})
    return found
