"""Days and hours as cards write them, in two languages, and when a face of today ends.  Pure."""

from datetime import date, datetime, time, timedelta
from typing import Literal

from cards.plain_text import spaced

__all__ = [
    "Language", "dateline", "day_ends", "minute_ends", "near_day", "short_date", "weekday",
]  # fmt: skip

Language = Literal["zh", "en"]

_MONTHS = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def dateline(day: date, language: str, *, of_data: bool = False) -> str:
    """A day, written out; `of_data`: as the day that the figures beside it are of."""
    if language == "zh":
        written = spaced(f"{day.year}年{day.month}月{day.day}日")
        return f"数据截至 {written}" if of_data else written
    written = f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"As of {written}" if of_data else written


def short_date(day: date, language: str) -> str:
    """The day of the data where there is little room."""
    return f"截至 {day:%Y-%m-%d}" if language == "zh" else f"{day:%Y-%m-%d}"


def near_day(day: date, today: date, language: str) -> str:
    """A day without its year, if that is this one."""
    if day.year != today.year:
        return f"{day:%Y-%m-%d}"
    return spaced(f"{day.month}月{day.day}日") if language == "zh" else (
        f"{day.day} {_MONTHS[day.month - 1]}"
    )  # fmt: skip


def weekday(day: date, language: str) -> str:
    """The day of the week."""
    if language == "zh":
        return "星期" + "一二三四五六日"[day.weekday()]
    return _WEEKDAYS[day.weekday()]


def day_ends(now: datetime) -> datetime:
    """The midnight after `now`, on the clock of its time zone."""
    return datetime.combine(now.date() + timedelta(days=1), time(), now.tzinfo)


def minute_ends(now: datetime) -> datetime:
    """The full minute after `now`."""
    return now.replace(second=0, microsecond=0) + timedelta(minutes=1)
