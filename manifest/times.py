"""Instants, wall times and dates as documents write them (docs/manifest.md, 1.4).

An instant is an aware datetime in UTC with whole milliseconds; a wall time is a naive datetime with
whole seconds, on a clock that somebody else names.  Neither is ever turned into the other here.
"""

import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from manifest.parsing import refusal

__all__ = ["EPOCH", "calendar_date", "instant", "timezone", "unix_ms", "wall_time", "write"]

T = TypeVar("T")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)

_DATE = r"\d{4}-\d\d-\d\d"
_CLOCK = r"([01]\d|2[0-3]):[0-5]\d:[0-5]\d"
_INSTANT = re.compile(rf"{_DATE}T{_CLOCK}(\.\d{{1,3}})?Z", re.ASCII)
_WALL_TIME = re.compile(rf"{_DATE}T{_CLOCK}", re.ASCII)
_CALENDAR_DATE = re.compile(_DATE, re.ASCII)

#: Names that every copy of the tz database understands alike.  `localtime` and `posixrules` are
#: whatever a machine was set up with, `right/` counts leap seconds, and `Factory` means "unset".
_ZONE_NAME = re.compile(
    r"(?!(?:localtime|posixrules|Factory)\Z|(?:posix|right)/)"
    r"[A-Za-z][A-Za-z0-9_+-]*(?:/[A-Za-z][A-Za-z0-9_+-]*){0,2}",
    re.ASCII,
)


def _reader(
    pattern: re.Pattern[str], parse: Callable[[str], T], expected: str
) -> Callable[[object], T]:
    def read(value: object) -> T:
        if isinstance(value, str) and pattern.fullmatch(value):
            try:
                return parse(value)
            except ValueError:  # 30 February, year 0
                pass
        raise refusal(expected, value)

    return read


instant = _reader(
    _INSTANT, datetime.fromisoformat, "an instant like 2026-11-22T03:00:00Z or …00.123Z"
)
wall_time = _reader(
    _WALL_TIME, datetime.fromisoformat, "a wall time like 2026-11-22T11:00:00, without an offset"
)
calendar_date = _reader(_CALENDAR_DATE, date.fromisoformat, "a date like 2026-11-22")


def timezone(value: object) -> str:
    """The name of a zone of the tz database."""
    if isinstance(value, str) and _ZONE_NAME.fullmatch(value) and _is_zone(value):
        return value
    raise refusal("a name of the tz database like Asia/Shanghai", value)


@lru_cache(maxsize=64)
def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):  # none, no zone file, a folder
        return False
    return True


def write(value: datetime) -> str:
    """An instant with `Z`, a wall time without; three digits of fraction, or none if all are 0."""
    wall = value.replace(tzinfo=None)
    written = wall.isoformat(timespec="milliseconds" if wall.microsecond else "seconds")
    return written if value.tzinfo is None else written + "Z"


def unix_ms(value: datetime) -> int:
    """Whole milliseconds from 1970-01-01T00:00:00Z to an instant; exact, unlike `timestamp()`."""
    return (value - EPOCH) // timedelta(milliseconds=1)
