"""What counts for each screen: its operating hours, those of its panel, how long it may be silent.

For the watch; made anew for each look.
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, NamedTuple

from manifest.model import Calendar
from server.programme.models import CalendarDay
from server.screens.models import Screen
from server.watch.hours import Hours, closed_on
from server.watch.models import OperatingHours

__all__ = ["Rule", "Rules"]

#: How long a screen may be silent where nobody says anything else.
GRACE = timedelta(minutes=10)

#: Holidays further away close nothing that a round looks at.
HOLIDAYS_AROUND = timedelta(days=12)


class Rule(NamedTuple):
    """What counts for one screen."""

    hours: Hours
    panel: Hours
    grace: timedelta
    is_muted: bool

    def open_since(self, now: datetime) -> datetime | None:
        """Since when it is expected to be heard; None: it is not."""
        opened, lit = self.hours.open_since(now), self.panel.open_since(now)
        return None if opened is None or lit is None else max(opened, lit)


class Rules:
    """The rules of one round; hours that are the same are read once."""

    def __init__(self, now: datetime) -> None:
        rows = list(OperatingHours.objects.all())
        self._of_site = {row.site_id: row for row in rows if row.site_id}
        self._of_group = {row.group_id: row for row in rows if row.group_id}
        days = list(CalendarDay.objects.values_list("date", "kind"))
        self._calendar = Calendar(
            rest=frozenset(at for at, kind in days if kind == "rest"),
            work=frozenset(at for at, kind in days if kind == "work"),
        )
        today = now.date()
        near = (today - HOLIDAYS_AROUND, today + HOLIDAYS_AROUND)
        self._holidays = [day for day in self._calendar.rest if near[0] <= day <= near[1]]
        self._hours = lru_cache(maxsize=None)(self._read)
        self.least_grace = min((_grace(row) for row in rows), default=GRACE)

    def of(self, screen: Screen) -> Rule:
        """What counts for this screen: its groups' hours, else its site's, else always."""
        groups = [self._of_group.get(each.pk) for each in screen.groups.all()]
        rows = [row for row in groups if row is not None]
        if not rows and (row := self._of_site.get(screen.site_id)) is not None:
            rows = [row]
        written = None
        opened = [self._windows(row) for row in rows]
        if rows and all(windows is not None for windows in opened):
            written = [window for windows in opened for window in windows or ()]
        return Rule(
            self._hours(json.dumps(written), screen.timezone),
            self._hours(json.dumps(screen.panel_on), screen.timezone),
            max(map(_grace, rows), default=GRACE),
            any(row.is_muted for row in rows),
        )

    def _windows(self, row: OperatingHours) -> Sequence[Any] | None:
        if not row.not_on_holidays:
            windows: Sequence[Any] | None = row.windows
            return windows
        return closed_on(row.windows, self._holidays)

    def _read(self, written: str, zone: str) -> Hours:
        return Hours(json.loads(written), zone, self._calendar)


def _grace(row: OperatingHours) -> timedelta:
    return timedelta(minutes=row.grace_minutes)
