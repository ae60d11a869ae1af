"""The template `agenda` 会议安排: what takes place in the rooms today (docs/cards.md).  Pure.

Meetings go in as a calendar tells them; out come those that are on, then those to come, today's as
long as there are any and then tomorrow's.  Of one room, the card is the sign at its door.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Annotated, Any

from msgspec import Meta

from cards.dates import dateline, day_ends, weekday
from cards.lines import line
from cards.meetings import Booking, Meeting, booked, is_in
from cards.rows import Column, Row, table
from cards.sheet import SheetData, sheet
from cards.template import Face, Template

__all__ = ["AGENDA", "JUST_MIN", "SOON_MIN", "Agenda"]

#: Limits: meetings, and characters.
MAX_MEETINGS = 1_000
MAX_ROOM = 40
#: How long a meeting has just begun, and how long before it is about to, in minutes.
JUST_MIN, SOON_MIN = 10, 15

_JUST, _SOON = timedelta(minutes=JUST_MIN), timedelta(minutes=SOON_MIN)


class Agenda(SheetData, frozen=True, kw_only=True):
    """`agenda`: the meetings, in any order; `room`: only its own, as the sign at its door."""

    meetings: Annotated[tuple[Meeting, ...], Meta(max_length=MAX_MEETINGS)] = ()
    room: Annotated[str, Meta(max_length=MAX_ROOM)] = ""


def _face(told: Agenda, now: datetime) -> Face:
    room = line(told.room)
    all_booked = [booked(each, n, now) for n, each in enumerate(told.meetings)]
    ours = sorted(each for each in all_booked if not room or is_in(each.room, room))
    said = _said(told, ours, now)
    return Face(said, _until(said, lambda at: _said(told, ours, at), ours, now))


def _until(
    was: dict[str, Any],
    said: Callable[[datetime], dict[str, Any]],
    ours: Iterable[Booking],
    now: datetime,
) -> datetime:
    """When the words change next: at an edge of a meeting, at midnight at the latest."""
    ends = day_ends(now)
    edges = {
        edge
        for each in ours
        for edge in (each.starts - _SOON, each.starts, each.starts + _JUST, each.ends)
        if now.astimezone(UTC) < edge < ends.astimezone(UTC)
    }
    here = (edge.astimezone(now.tzinfo) for edge in sorted(edges))
    return next((edge for edge in here if said(edge) != was), ends)


def _said(told: Agenda, ours: Sequence[Booking], now: datetime) -> dict[str, Any]:
    zh, at = told.language == "zh", now.astimezone(UTC)
    midnight = day_ends(now).astimezone(UTC)
    coming = [each for each in ours if each.ends > at]
    today = [each for each in coming if each.starts < midnight]
    tomorrow = [] if today else _of_tomorrow(coming, now)
    later = [] if today or tomorrow else coming
    room = line(told.room)
    day = ("明天", "Tomorrow") if tomorrow else ("今日", "Today")
    data = sheet(told, (room or "会议安排", room or "Meetings"), day)
    data |= {
        "aside": _day(day_ends(now) if tomorrow else now, zh),
        "dateline": _over(ours, now, zh) if tomorrow else "",
        "empty": "" if today or tomorrow else _over(ours, now, zh),
        "to": "至 " if zh else "to ",
        "next": _next(later, now, zh),
        "door": _door(coming, now, zh) if room else None,
        **table(*_rows(today or tomorrow, told, now, is_tomorrow=bool(tomorrow))),
    }
    return data


def _of_tomorrow(coming: Sequence[Booking], now: datetime) -> list[Booking]:
    ends = day_ends(day_ends(now)).astimezone(UTC)
    return [each for each in coming if each.starts < ends]


def _day(at: datetime, zh: bool) -> str:
    day = at.date()
    if zh:
        return line(f"{day.month}月{day.day}日  {weekday(day, 'zh')}")
    return f"{weekday(day, 'en')}, {dateline(day, 'en')}"


def _over(ours: Sequence[Booking], now: datetime, zh: bool) -> str:
    """Was there none today, or are they over?"""
    begins = datetime.combine(now.date(), datetime.min.time(), now.tzinfo).astimezone(UTC)
    if any(each.ends > begins and each.starts <= now.astimezone(UTC) for each in ours):
        return _unbroken("今日会议", "已结束") if zh else "Today's meetings are over"
    return _unbroken("今日", "无会议") if zh else "No meetings today"


def _unbroken(*parts: str) -> str:
    """A line may end between the parts, not inside of one."""
    return "".join("\u2060".join(part) for part in parts)


def _next(later: Sequence[Booking], now: datetime, zh: bool) -> dict[str, str] | None:
    if not later:
        return None
    first = later[0]
    starts = first.starts.astimezone(now.tzinfo)
    parts = [_title(first, zh), line(first.room)]
    return {
        "label": ("下一场  " if zh else "Next  ")
        + f"{_day(starts, zh)}  {_begins(first, now, zh)}",
        "text": ("　" if zh else ", ").join(filter(None, parts)),
    }


def _title(booking: Booking, zh: bool) -> str:
    """A meeting that says nothing of itself takes the room all the same."""
    return line(booking.title) or ("已占用" if zh else "Occupied")


def _begins(booking: Booking, now: datetime, zh: bool) -> str:
    if booking.is_whole_day:
        return "全天" if zh else "All day"
    return f"{booking.starts.astimezone(now.tzinfo):%H:%M}"


def _rows(
    shown: Sequence[Booking], told: Agenda, now: datetime, *, is_tomorrow: bool
) -> tuple[list[Column], list[Row]]:
    zh, has_rooms = told.language == "zh", not told.room and any(each.room for each in shown)
    # At a door the sign says all of it.
    states = ["" if told.room else _state(each, now, zh) for each in shown]
    columns = [Column("time", is_main=True), Column("grow")]
    columns += [Column("text")] if has_rooms else []
    columns += [Column("text", spare=True)] if any(states) else []
    rows = [
        Row(
            [
                _hours(each, now, zh),
                _title(each, zh),
                *([line(each.room)] if has_rooms else []),
                *([state] if any(states) else []),
            ],
            line(each.organizer),
            is_strong=_is_on(each, now) and not each.is_whole_day,
            is_lit=not told.room and _has_just_begun(each, now),
        )
        for each, state in zip(shown, states, strict=True)
    ]
    if is_tomorrow:
        heading = ("明天 " if zh else "Tomorrow, ") + _day(day_ends(now), zh)
        rows.insert(0, Row([heading] + [""] * (len(columns) - 1), is_heading=True))
    return columns, rows


def _is_on(booking: Booking, now: datetime) -> bool:
    return booking.starts <= now.astimezone(UTC) < booking.ends


def _has_just_begun(booking: Booking, now: datetime) -> bool:
    return not booking.is_whole_day and booking.starts <= now.astimezone(UTC) < min(
        booking.starts + _JUST, booking.ends
    )


def _state(booking: Booking, now: datetime, zh: bool) -> str:
    if booking.is_whole_day:
        return ""
    if _has_just_begun(booking, now):
        return "刚刚开始" if zh else "Just begun"
    if _is_on(booking, now):
        return "进行中" if zh else "On now"
    if booking.starts - _SOON <= now.astimezone(UTC) < booking.starts:
        return "即将开始" if zh else "Soon"
    return ""


def _hours(booking: Booking, now: datetime, zh: bool) -> str:
    if booking.is_whole_day:
        return "全天" if zh else "All day"
    starts, ends = (each.astimezone(now.tzinfo) for each in (booking.starts, booking.ends))
    first = f"{starts:%H:%M}"
    if starts.date() < now.date():
        first = f"{starts:%m-%d} {first}"
    return f"{first}—{_clock(ends, starts, zh)}"


def _clock(ends: datetime, of: datetime, zh: bool) -> str:
    """When something ends, on the day `of` or later."""
    last = ends - timedelta(microseconds=1)
    days = (last.date() - of.date()).days
    if days > 1:
        return _short(last.date(), zh)
    if last.date() != ends.date():
        return "24:00" if days == 0 else _short(last.date(), zh)
    if days == 1:
        return f"次日 {ends:%H:%M}" if zh else f"{ends:%H:%M} +1"
    return f"{ends:%H:%M}"


def _short(day: date, zh: bool) -> str:
    return line(f"{day.month}月{day.day}日") if zh else dateline(day, "en").rpartition(" ")[0]


def _door(coming: Sequence[Booking], now: datetime, zh: bool) -> dict[str, Any]:
    """Is the room free, and until when?"""
    at, spoken = now.astimezone(UTC), 0 if zh else 1
    first = next((each for each in coming if each.starts < day_ends(now).astimezone(UTC)), None)
    if first is None:
        until = ("今日无预定", "for the rest of the day")[spoken]
        return {"state": "free", "word": ("空闲", "Free")[spoken], "until": until, "meeting": None}
    begins = f"{first.starts.astimezone(now.tzinfo):%H:%M}"
    if first.starts <= at:
        ends = _clock(_free_at(coming, first).astimezone(now.tzinfo), now, zh)
        said = ("busy", ("使用中", "In use"), (f"至 {ends}", f"until {ends}"))
    elif first.starts - _SOON <= at:
        said = ("soon", ("即将使用", "Reserved"), (f"{begins} 开始", f"from {begins}"))
    else:
        said = ("free", ("空闲", "Free"), (f"至 {begins}", f"until {begins}"))
    state, word, until_words = said
    meeting = None if state == "free" else _about(first, now, zh)
    return {"state": state, "word": word[spoken], "until": until_words[spoken], "meeting": meeting}


def _free_at(coming: Sequence[Booking], first: Booking) -> datetime:
    """When the last of the meetings ends that follow `first` without a break."""
    ends = first.ends
    for each in coming:
        if each.starts <= ends:
            ends = max(ends, each.ends)
    return ends


def _about(booking: Booking, now: datetime, zh: bool) -> dict[str, str]:
    return {
        "title": _title(booking, zh),
        "organizer": line(booking.organizer),
        "hours": _hours(booking, now, zh),
    }


AGENDA = Template("agenda", "Agenda.qml", Agenda, _face, may_be_empty=True)
