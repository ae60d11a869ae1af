"""Public holidays of China as the State Council has announced them, for years that are known.

Facts from the notices of its General Office (国务院办公厅关于部分节假日安排的通知), which come out
once a year, mostly in November.  A year that is not here was not announced when this was written:
take it from a file, or write it in by hand.  Nothing is guessed: 调休 follows no rule.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

from server.programme.calendar_file import Day

__all__ = ["Notice", "notice_of"]


class Notice(NamedTuple):
    """A year's notice: when it came out, the holidays `(name, first, last)`, and days worked."""

    year: int
    announced: date
    holidays: tuple[tuple[str, str, str], ...]
    worked: tuple[tuple[str, str], ...]

    @property
    def days(self) -> tuple[Day, ...]:
        """Every day that is not what its weekday says or belongs to a holiday, by date."""
        return tuple(sorted((*self._off(), *self._worked()), key=lambda each: each.date))

    def _off(self) -> Iterator[Day]:
        for name, first, last in self.holidays:
            at, end = self._day(first), self._day(last)
            while at <= end:
                yield Day(at, "rest", name)
                at += timedelta(days=1)

    def _worked(self) -> Iterator[Day]:
        return (Day(self._day(at), "work", f"{name}调休") for name, at in self.worked)

    def _day(self, month_day: str) -> date:
        return date.fromisoformat(f"{self.year}-{month_day}")


_NOTICES = (
    Notice(
        2025, date(2024, 11, 12),
        holidays=(
            ("元旦", "01-01", "01-01"), ("春节", "01-28", "02-04"), ("清明节", "04-04", "04-06"),
            ("劳动节", "05-01", "05-05"), ("端午节", "05-31", "06-02"),
            ("国庆节、中秋节", "10-01", "10-08"),
        ),
        worked=(
            ("春节", "01-26"), ("春节", "02-08"), ("劳动节", "04-27"),
            ("国庆节", "09-28"), ("国庆节", "10-11"),
        ),
    ),
    Notice(
        2026, date(2025, 11, 4),
        holidays=(
            ("元旦", "01-01", "01-03"), ("春节", "02-15", "02-23"), ("清明节", "04-04", "04-06"),
            ("劳动节", "05-01", "05-05"), ("端午节", "06-19", "06-21"),
            ("中秋节", "09-25", "09-27"), ("国庆节", "10-01", "10-07"),
        ),
        worked=(
            ("元旦", "01-04"), ("春节", "02-14"), ("春节", "02-28"), ("劳动节", "05-09"),
            ("国庆节", "09-20"), ("国庆节", "10-10"),
        ),
    ),
)  # fmt: skip


def notice_of(year: int) -> Notice | None:
    """The notice for a year; None if it was not out when this was written."""
    return next((each for each in _NOTICES if each.year == year), None)
