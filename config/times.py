"""Rules for times of day and time zones, as those of `config.rules`.

They touch no disk, except that the names of time zones come from the tz database.
"""

import re
from datetime import time

from msgspec import Struct

from config.errors import NotAllowed
from config.rules import text_of

__all__ = ["DailySpan", "Span", "TimeOfDay", "TimeZone"]


class DailySpan(Struct, frozen=True):
    """From `start` until just before `end`, every day, on the box's clock; may pass midnight."""

    start: time
    end: time

    def __str__(self) -> str:
        return f"{self.start:%H:%M}-{self.end:%H:%M}"


class Span(Struct, frozen=True):
    """A daily span "HH:MM-HH:MM", or "" for the whole day."""

    allowed: str = '"HH:MM-HH:MM" (may pass midnight) or "" for the whole day'
    words: tuple[str, ...] = ()
    confidential: bool = False

    def convert(self, value: object) -> DailySpan | None:
        """Return the span, or None for ""."""
        text = text_of(value)
        if not text:
            return None
        match = re.fullmatch(r"(\d\d):(\d\d)\s*[-–]\s*(\d\d):(\d\d)", text)
        if not match:
            raise NotAllowed("is not a span of time")
        hours = [int(part) for part in match.groups()]
        try:
            span = DailySpan(time(hours[0], hours[1]), time(hours[2], hours[3]))
        except ValueError:
            raise NotAllowed("names a time that is on no clock") from None
        if span.start == span.end:
            raise NotAllowed("is empty: it ends when it begins")
        return span


class TimeOfDay(Struct, frozen=True):
    """A time "HH:MM" on the box's clock, or "" for never."""

    allowed: str = '"HH:MM" or "" for never'
    words: tuple[str, ...] = ()
    confidential: bool = False

    def convert(self, value: object) -> time | None:
        """Return the time, or None for ""."""
        text = text_of(value)
        if not text:
            return None
        match = re.fullmatch(r"([01]\d|2[0-3]):([0-5]\d)", text)
        if not match:
            raise NotAllowed("is not a time of day")
        return time(int(match[1]), int(match[2]))


class TimeZone(Struct, frozen=True):
    """The name of a time zone, or "" for none of our own."""

    allowed: str = 'a name of the tz database such as "Asia/Shanghai", or ""'
    words: tuple[str, ...] = ("Asia/Shanghai", "Asia/Urumqi", "Asia/Hong_Kong", "UTC")
    confidential: bool = False

    def convert(self, value: object) -> str:
        """Return the name."""
        from zoneinfo import ZoneInfo  # 5 ms of a cold start, needed by few

        text = text_of(value)
        try:
            if text:
                ZoneInfo(text)
        except (OSError, ValueError):  # ZoneInfoNotFoundError is a KeyError
            raise NotAllowed("is not the name of a time zone") from None
        except KeyError:
            raise NotAllowed("is not in the tz database") from None
        return text
