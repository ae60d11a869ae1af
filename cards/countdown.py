"""The template `countdown`: how many days there are to go (docs/cards.md).  Pure."""

from datetime import date, datetime, time
from typing import Annotated

from msgspec import Meta

from cards.dates import dateline, day_ends, minute_ends, weekday
from cards.lines import Headline, headline, line, required
from cards.sheet import SheetData, sheet
from cards.template import CardRefusedError, Face, Template

__all__ = ["COUNTDOWN", "Countdown"]

#: Limits, in characters.
MAX_EVENT, MAX_AFTER = 40, 40


class Countdown(SheetData, frozen=True, kw_only=True):
    """`countdown`: to what, on which day, at what time (the day itself, if none is told)."""

    event: Annotated[str, Meta(max_length=MAX_EVENT)]
    on: date
    at: Annotated[str, Meta(max_length=5)] = ""
    after: Annotated[str, Meta(max_length=MAX_AFTER)] = ""


def _face(told: Countdown, now: datetime) -> Face:
    event, zh = headline(required(told.event, "event")), told.language == "zh"
    at, left = _time_of(told), (told.on - now.date()).days
    begins = datetime.combine(told.on, at or time(), now.tzinfo)
    when = f"{dateline(told.on, told.language)}  {weekday(told.on, told.language)}"
    data = sheet(told, ("", ""), ("", ""))
    data |= {
        "lead": Headline(f"距{event}还有" if zh else f"To {event}"),
        "parts": [Headline(f"距{event}"), "还有"] if zh else [],
        "when": when + (f"  {told.at}" if at else ""),
        "figure": f"{left}",
        "unit": "天" if zh else "day" if left == 1 else "days",
    }
    if left > 0:
        return Face(data, day_ends(now))
    if at and now < begins:
        data |= {"figure": _hours_left(begins, now), "unit": ""}
        return Face(data, minute_ends(now))
    after = line(told.after) or (event if left == 0 else "")
    data |= {"lead": "", "parts": [], "figure": after or event, "unit": "", "words": True}
    return Face(data, day_ends(now) if left == 0 else None)


def _hours_left(begins: datetime, now: datetime) -> str:
    """Hours and minutes, rounded up: the last minute is one, not none."""
    minutes = -int((now - begins).total_seconds() // 60)
    return f"{minutes // 60}:{minutes % 60:02}"


def _time_of(told: Countdown) -> time | None:
    if not told.at:
        return None
    try:
        return datetime.strptime(told.at, "%H:%M").time()  # noqa: DTZ007 - a time of day has no zone
    except ValueError as error:
        raise CardRefusedError(
            f'data.at: "{told.at}" is no time of day; write it like 14:00'
        ) from error


COUNTDOWN = Template("countdown", "Countdown.qml", Countdown, _face)
