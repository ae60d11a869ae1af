"""When a step should be done: so many hours later, by the clock or in working time.  Pure.

Working time is `DAY_BEGINS` to `DAY_ENDS` on the organisation's clock, Monday to Friday, with the
calendar's days off and days worked in exchange (调休).
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from msgspec import Struct

__all__ = ["DAY_BEGINS", "DAY_ENDS", "WorkingDays", "due_after"]

DAY_BEGINS, DAY_ENDS = time(8, 30), time(17, 30)

#: So many days ahead is looked: the longest deadline, with the longest holidays in it.
MOST_DAYS = 400

_SATURDAY = 5


class WorkingDays(Struct, frozen=True):
    """Which days are worked: `rest` and `work` are the exceptions of the calendar."""

    zone: ZoneInfo
    rest: Collection[date] = frozenset()
    work: Collection[date] = frozenset()

    def is_worked(self, day: date) -> bool:
        """Monday to Friday, unless the calendar says otherwise."""
        return day in self.work or (day.weekday() < _SATURDAY and day not in self.rest)

    def spans(self, since: datetime) -> Iterator[tuple[datetime, datetime]]:
        """The working hours from `since` on, day by day, as instants."""
        first = since.astimezone(self.zone).date()
        for n in range(MOST_DAYS):
            day = first + timedelta(days=n)
            if self.is_worked(day):
                begins = datetime.combine(day, DAY_BEGINS, self.zone).astimezone(since.tzinfo)
                ends = datetime.combine(day, DAY_ENDS, self.zone).astimezone(since.tzinfo)
                if ends > since:
                    yield max(begins, since), ends


def due_after(now: datetime, hours: int, working: WorkingDays | None = None) -> datetime:
    """`hours` after `now` (aware UTC); in working time if `working` is given."""
    left = timedelta(hours=hours)
    if working is None:
        return now + left
    for begins, ends in working.spans(now):
        if ends - begins >= left:
            return begins + left
        left -= ends - begins
    return now + timedelta(days=MOST_DAYS)
