"""Which days are worked (docs/manifest.md, 3.2).  For the modules of `scheduler` only."""

from manifest.model import Calendar

__all__ = ["WorkingDays"]


class WorkingDays:
    """Which days are worked: Monday to Friday, corrected by the calendar (3.2, 调休)."""

    def __init__(self, calendar: Calendar) -> None:
        self._rest = frozenset(day.toordinal() for day in calendar.rest)
        self._work = frozenset(day.toordinal() for day in calendar.work)

    def is_working(self, day: int) -> bool:
        """Is this ordinal a working day?  `calendar.work` has the last word."""
        return day in self._work or ((day - 1) % 7 < 5 and day not in self._rest)
