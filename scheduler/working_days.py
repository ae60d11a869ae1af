"""Which days are worked (docs/manifest.md, 3.2).  For the modules of `scheduler` only."""

from functools import lru_cache

from manifest.model import Calendar
from scheduler.year_days import january_1, kind_of, weekdays

__all__ = ["WorkingDays"]

#: A walk back over more years works some out anew.
_REMEMBERED_YEARS = 256
_MONDAY_TO_FRIDAY = frozenset(range(5))


class WorkingDays:
    """Which days are worked: Monday to Friday, corrected by the calendar (3.2, 调休)."""

    def __init__(self, calendar: Calendar) -> None:
        self._rest = frozenset(day.toordinal() for day in calendar.rest)
        self._work = frozenset(day.toordinal() for day in calendar.work)
        #: The working days of a year, as a set (`scheduler.year_days`).
        self.of_year = lru_cache(maxsize=_REMEMBERED_YEARS)(self._of_year)

    def is_working(self, day: int) -> bool:
        """Is this ordinal a working day?  `calendar.work` has the last word."""
        return day in self._work or ((day - 1) % 7 < 5 and day not in self._rest)

    def _of_year(self, year: int) -> int:
        january, kind = january_1(year), kind_of(year)
        days = weekdays(_MONDAY_TO_FRIDAY, kind.first_weekday, kind.length)
        for listed, is_work in ((self._rest, False), (self._work, True)):
            for at in (day - january for day in listed):
                if 0 <= at < kind.length:
                    days = days | 1 << at if is_work else days & ~(1 << at)
        return days
