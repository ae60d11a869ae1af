"""Meetings as calendars and tables tell them, and when they take which room.  Pure.

For the card `agenda`; knows nothing of how it looks.
"""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated

from msgspec import Meta, Struct

from cards.template import CardRefusedError

__all__ = ["Booking", "Meeting", "booked", "is_in"]

#: Limits, in characters (those of a calendar that is read as a table).
MAX_TITLE, MAX_PLACE, MAX_MOMENT = 200, 80, 40

#: Outside of these nobody meets, and calendars come to their ends.
_YEARS = range(1970, 3000)

#: The field `date` would hide it.
_Day = date

_BETWEEN = re.compile(r"\s*[;；,，、/]\s*")
_CLOCK = re.compile(r"([01]?\d|2[0-4])[:：]([0-5]\d)")


class Meeting(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row.  `starts` and `ends` are ISO 8601 (without a zone: on the clock of the wall); with a
    `date` they may be times of that day (09:30); a day alone is the whole of it, the last day being
    the one after.  Without a title the room is taken, and that is all.
    """

    title: Annotated[str, Meta(max_length=MAX_TITLE)] = ""
    room: Annotated[str, Meta(max_length=MAX_PLACE)] = ""
    organizer: Annotated[str, Meta(max_length=MAX_PLACE)] = ""
    date: _Day | None = None
    starts: Annotated[str, Meta(max_length=MAX_MOMENT)] = ""
    ends: Annotated[str, Meta(max_length=MAX_MOMENT)] = ""


class Booking(Struct, frozen=True, order=True):
    """From when till when (UTC) which room is taken, and for what."""

    starts: datetime
    ends: datetime
    room: str
    title: str
    organizer: str
    is_whole_day: bool = False


def booked(meeting: Meeting, n: int, now: datetime) -> Booking:
    """The `n`-th meeting as instants; what has no zone is in that of `now`.

    Raises `CardRefusedError` for what is no instant, and for an end before its start.
    """
    starts, is_day = _moment(meeting, n, "starts", now)
    ends = starts + timedelta(days=1) if is_day else starts
    if meeting.ends:
        ends, _ = _moment(meeting, n, "ends", now)
        if meeting.date is not None and ends < starts and _CLOCK.fullmatch(meeting.ends.strip()):
            ends += timedelta(days=1)  # past midnight
    if ends < starts:
        raise CardRefusedError(f"data.meetings[{n}].ends: before its start")
    return Booking(starts, ends, meeting.room, meeting.title, meeting.organizer, is_day)


def _moment(meeting: Meeting, n: int, field: str, now: datetime) -> tuple[datetime, bool]:
    """The instant in UTC, and whether it is a whole day."""
    told: str = getattr(meeting, field).strip()
    try:
        if found := _CLOCK.fullmatch(told):
            if meeting.date is None:
                raise CardRefusedError(f"data.meetings[{n}].date: missing; {told} is of no day")
            midnight = datetime.combine(meeting.date, time(), now.tzinfo)
            here = midnight.replace(hour=int(found[1]) % 24, minute=int(found[2]))
            return (here + timedelta(days=int(found[1]) // 24)).astimezone(UTC), False
        at = datetime.fromisoformat(told or str(meeting.date or ""))
        _YEARS.index(at.year)
        is_day = len(told or "2026-11-23") <= len("2026-11-23")
        return (at if at.tzinfo else at.replace(tzinfo=now.tzinfo)).astimezone(UTC), is_day
    except (ValueError, OverflowError) as error:
        if isinstance(error, CardRefusedError):
            raise
        raise CardRefusedError(
            f"data.meetings[{n}].{field}: no instant; write it like 2026-11-23T09:30"
        ) from error


def is_in(told: str, room: str) -> bool:
    """Is `room` the place that was told, or one of several?"""
    wanted = _plain(room)
    return wanted in {_plain(told), *(_plain(each) for each in _BETWEEN.split(told))}


def _plain(name: str) -> str:
    return re.sub(r"\s+", "", name).casefold()
