"""Wall times become instants here, and nowhere else (docs/manifest.md, 1.4 and 3.3).

Inside the scheduler an instant is an integer: milliseconds since 1970-01-01T00:00:00Z, below
zero before.  A wall day is a proleptic ordinal (`date.toordinal`), a wall time a day and the
seconds since its midnight.  For the modules of `scheduler` only; it must never ask for the time.
"""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

__all__ = [
    "DAY_MS",
    "DAY_S",
    "FIRST_DAY",
    "LAST_DAY",
    "OFFSET_DAYS",
    "WallClock",
    "from_ms",
    "midnight_utc",
    "to_ms",
    "utc_day",
]

DAY_S = 86_400
DAY_MS = DAY_S * 1000
FIRST_DAY = date.min.toordinal()
LAST_DAY = date.max.toordinal()

#: `datetime` bounds offsets from UTC: a wall day lies within this many days of the UTC day that
#: has the same date.  (A skipped day, as in Samoa in 2011, is read with the offset before it.)
OFFSET_DAYS = 1

_EPOCH = datetime(1970, 1, 1)  # noqa: DTZ001  (naive on purpose: aware arithmetic overflows at the edges)
_EPOCH_DAY = _EPOCH.toordinal()
_MILLISECOND = timedelta(milliseconds=1)
_FIRST_MS = (datetime.min - _EPOCH) // _MILLISECOND  # noqa: DTZ901  (as above)
_LAST_MS = (datetime.max - _EPOCH) // _MILLISECOND  # noqa: DTZ901  (as above)

#: How many days' offsets a clock remembers before it starts over: a hundred years, so that a
#: walk back to where an old window opened fits in, and the next window's walk finds it done.
_REMEMBERED_DAYS = 36_600
#: No zone of the tz database switches twice within an hour: an hourly look misses no switch.
_LOOKS = (*(time(hour) for hour in range(24)), time(23, 59, 59))


def to_ms(instant: datetime) -> int:
    """Milliseconds of UTC, rounded down; good for every aware datetime, year 1 to 9999."""
    offset = instant.utcoffset()
    if offset is None:
        raise ValueError(f"{instant} has no offset from UTC: it is a wall time, not an instant")
    return (instant.replace(tzinfo=None) - _EPOCH - offset) // _MILLISECOND


def from_ms(ms: int) -> datetime:
    """The instant in UTC; what lies outside the years 1 to 9999 becomes their first or last."""
    if ms > _LAST_MS:
        return datetime.max.replace(tzinfo=UTC)
    return (_EPOCH + max(ms, _FIRST_MS) * _MILLISECOND).replace(tzinfo=UTC)


def written(instant: datetime) -> str:
    """An instant in UTC with milliseconds and `Z`."""
    text = instant.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds")
    return text + "Z"


def utc_day(ms: int) -> int:
    """The ordinal of the day in UTC; it may lie outside `FIRST_DAY` ... `LAST_DAY`."""
    return ms // DAY_MS + _EPOCH_DAY


def midnight_utc(day: int) -> int:
    """The instant at which an ordinal day begins in UTC."""
    return (day - _EPOCH_DAY) * DAY_MS


class WallClock:
    """The clock of one time zone (tz database), read as PEP 495 does with `fold=0`.

    A wall time that a switch skips is read with the offset from before it: it moves forward by
    the gap.  A wall time that comes twice is its first pass.
    """

    def __init__(self, zone: str) -> None:
        self._zone = ZoneInfo(zone)
        self._offsets: dict[int, int | None] = {}
        #: Two days between which one offset holds.
        self._steady: tuple[int, int] | None = None

    def shown(self, instant: datetime) -> datetime:
        """The instant as this clock shows it; in UTC where year 1 or 9999 leaves no room."""
        try:
            return instant.astimezone(self._zone)
        except OverflowError:
            return instant

    def instants(self, day: int, seconds: tuple[int, ...]) -> tuple[int, ...]:
        """The instants, ascending, of some wall times of one day (`FIRST_DAY` ... `LAST_DAY`)."""
        midnight = midnight_utc(day)
        return tuple(
            sorted(midnight + (second - self._offset_at(day, second)) * 1000 for second in seconds)
        )

    def offset_on(self, day: int) -> int | None:
        """The offset from UTC in seconds that holds all that day; None on the day of a switch."""
        if day not in self._offsets:
            if len(self._offsets) >= _REMEMBERED_DAYS:
                self._offsets.clear()
            self._offsets[day] = self._constant_offset(day)
        return self._offsets[day]

    def may_mix(self, day: int, later: int) -> bool:
        """May a wall time of one day come after one of a later day, because of a switch?"""
        offset, its_offset = self.offset_on(day), self.offset_on(later)
        return offset is None or its_offset is None or offset < its_offset

    def steady_from(self, day: int, first: int) -> int | None:
        """Since which day, not before `first`, one offset has held up to and on `day`."""
        offset = self.offset_on(day)
        if offset is None:
            return None
        known = self._steady
        begin = day
        while begin > first and self.offset_on(begin - 1) == offset:
            begin -= 1
            if known is not None and known[0] < begin <= known[1]:
                begin = known[0]
        self._steady = begin, day
        return max(begin, first)

    def _constant_offset(self, day: int) -> int | None:
        on = date.fromordinal(day)
        offsets = {datetime.combine(on, look, self._zone).utcoffset() for look in _LOOKS}
        offset = offsets.pop()
        assert offset is not None  # a ZoneInfo always knows
        return None if offsets else int(offset.total_seconds())

    def _offset_at(self, day: int, second: int) -> int:
        minute, second = divmod(second, 60)
        hour, minute = divmod(minute, 60)
        wall = datetime.combine(date.fromordinal(day), time(hour, minute, second), self._zone)
        offset = wall.utcoffset()
        assert offset is not None  # a ZoneInfo always knows
        return int(offset.total_seconds())
