"""How people say when something is due, and the window of an entry: one and the other.  Pure.

For the form of an entry, and for whatever says a window in words (`repetition_words`).  Everything
that the form can say becomes a rule (RFC 5545) and is read back as it was said; any other rule is
kept as text, never changed by looking at it.
"""

from datetime import date, datetime, time, timedelta
from typing import Any, Literal

from msgspec import Struct
from msgspec.structs import replace

from scheduler.agenda import first_fitting
from server.programme.drafts import WindowDraft

__all__ = ["ALL_DAYS", "WEEKDAY_CODES", "Ends", "Repeats", "Repetition", "repetition_of", "window"]

Repeats = Literal[
    "once", "daily", "work", "rest", "weekly", "monthly", "monthly-weekday", "yearly", "rule"
]
Ends = Literal["never", "until", "count"]

WEEKDAY_CODES = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
ALL_DAYS: dict[str, str] = {"work": "work", "rest": "rest"}

#: Which weekday of a month: the first to the fourth, or the last.
NTH = (1, 2, 3, 4, -1)

_DAY = timedelta(days=1)
_FREQUENCIES = {
    "daily": "DAILY", "work": "DAILY", "rest": "DAILY", "weekly": "WEEKLY",
    "monthly": "MONTHLY", "monthly-weekday": "MONTHLY", "yearly": "YEARLY",
}  # fmt: skip


class Repetition(Struct, frozen=True, kw_only=True):
    """When something is due, as a form says it.

    It begins on `first` (or the first day after it that the rule names) and lasts from `begins` to
    `ends`, which is `days_later` days after (at least one if `ends` is not later than `begins`).
    `every` counts days, weeks, months or years.  `month_day` is 1 to 31, or -1 for the last;
    `nth` 1 to 4, or -1, of `weekdays`' only one.  `on` lets only working days or only days off
    through.  `skipped` and `added` are wall times (`YYYY-MM-DDTHH:MM:SS`).
    """

    first: date
    begins: time
    ends: time
    days_later: int = 0
    repeats: Repeats = "daily"
    every: int = 1
    weekdays: tuple[str, ...] = ()
    month_day: int = 1
    nth: int = 1
    on: str = "any"
    ending: Ends = "never"
    until: date | None = None
    count: int | None = None
    rule: str = ""
    skipped: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def window(said: Repetition) -> WindowDraft:
    """Return the window of an entry."""
    rule = _rule(said)
    start = datetime.combine(said.first, said.begins)
    if rule and said.repeats != "rule":
        start = _first(rule, start)
    days_later = max(said.days_later, int(said.ends <= said.begins))
    end = datetime.combine(start.date(), said.ends) + days_later * _DAY
    return WindowDraft(
        start=written(start),
        duration_s=int((end - start).total_seconds()),
        rrule=rule,
        rdates=tuple(sorted(said.added)),
        exdates=tuple(sorted(said.skipped)),
        days=ALL_DAYS.get(said.repeats, said.on),
    )


def repetition_of(draft: WindowDraft) -> Repetition:
    """Return what a form shows of a window: in its own terms, or else as a rule."""
    start = datetime.fromisoformat(draft.start)
    end = start + timedelta(seconds=draft.duration_s)
    plain = Repetition(
        first=start.date(), begins=start.time(), ends=end.time(), repeats="rule",
        days_later=(end.date() - start.date()).days, on=draft.days, rule=draft.rrule,
        skipped=draft.exdates, added=draft.rdates,
    )  # fmt: skip
    if not draft.rrule:
        return replace(plain, repeats="once")
    read = _read(draft.rrule, start, plain)
    same = read is not None and window(read) == replace(draft, rrule=_rule(read))
    return read if read is not None and same else plain


def written(wall: datetime) -> str:
    """A wall time as entries hold it."""
    return f"{wall:%Y-%m-%dT%H:%M:%S}"


def _first(rule: str, start: datetime) -> datetime:
    """The first day that the rule names; the interval counts from there."""
    parts = [part for part in rule.split(";") if not part.startswith(("INTERVAL", "UNTIL"))]
    return first_fitting(";".join(parts), start) or start


def _rule(said: Repetition) -> str:
    if said.repeats == "once":
        return ""
    if said.repeats == "rule":
        return said.rule.strip()
    parts = [f"FREQ={_FREQUENCIES[said.repeats]}"]
    if said.every > 1:
        parts.append(f"INTERVAL={said.every}")
    if said.repeats == "weekly":
        parts.append(f"BYDAY={','.join(_in_order(said.weekdays))}")
    elif said.repeats == "monthly":
        parts.append(f"BYMONTHDAY={said.month_day}")
    elif said.repeats == "monthly-weekday":
        parts.append(f"BYDAY={said.nth}{said.weekdays[0]}")
    if said.ending == "until" and said.until is not None:
        parts.append(f"UNTIL={said.until:%Y%m%d}T235959")
    elif said.ending == "count" and said.count is not None:
        parts.append(f"COUNT={said.count}")
    return ";".join(parts)


def _in_order(weekdays: tuple[str, ...]) -> list[str]:
    return [code for code in WEEKDAY_CODES if code in weekdays]


def _read(rule: str, start: datetime, plain: Repetition) -> Repetition | None:
    """What the form would say for this rule, if it has words for each of its parts."""
    parts = dict(part.partition("=")[::2] for part in rule.upper().split(";") if part)
    if parts.get("WKST") == "MO":
        del parts["WKST"]
    every, end = _number(parts.pop("INTERVAL", "1")), _end(parts, start)
    days = _days(parts, start)
    if every is None or end is None or days is None:
        return None
    if end.get("ending") == "count" and plain.on != "any":  # COUNT counts the others too
        return None
    if days["repeats"] == "daily" and every == 1:
        days["repeats"] = plain.on if plain.on in ALL_DAYS else "daily"
    return replace(plain, rule="", every=every, **end, **days)


def _days(parts: dict[str, str], start: datetime) -> dict[str, Any] | None:
    """On which days, as the form says it; None if it has no words for them."""
    match parts.pop("FREQ", ""), *sorted(parts):
        case ["DAILY"]:
            return {"repeats": "daily"}
        case ["YEARLY"]:
            return {"repeats": "yearly"}
        case ["WEEKLY"]:
            return {"repeats": "weekly", "weekdays": (WEEKDAY_CODES[start.weekday()],)}
        case ["WEEKLY", "BYDAY"]:
            weekdays = tuple(parts["BYDAY"].split(","))
            said = {"repeats": "weekly", "weekdays": tuple(_in_order(weekdays))}
            return said if set(weekdays) <= set(WEEKDAY_CODES) else None
        case ["MONTHLY"]:
            return {"repeats": "monthly", "month_day": start.day}
        case ["MONTHLY", "BYMONTHDAY"]:
            day = _number(parts["BYMONTHDAY"])
            return None if day is None else {"repeats": "monthly", "month_day": day}
        case ["MONTHLY", "BYDAY"]:
            nth, weekday = _number(parts["BYDAY"][:-2]), parts["BYDAY"][-2:]
            if nth not in NTH or weekday not in WEEKDAY_CODES:
                return None
            return {"repeats": "monthly-weekday", "nth": nth, "weekdays": (weekday,)}
    return None


def _number(text: str) -> int | None:
    try:
        return int(text)
    except ValueError:
        return None


def _end(parts: dict[str, str], start: datetime) -> dict[str, Any] | None:
    if "COUNT" in parts:
        count = _number(parts.pop("COUNT"))
        return None if count is None else {"ending": "count", "count": count}
    if "UNTIL" not in parts:
        return {}
    text = parts.pop("UNTIL")
    try:
        until = datetime.strptime(text, "%Y%m%dT%H%M%S")  # noqa: DTZ007  (a wall time)
    except ValueError:  # an instant, or a day alone: kept as it is
        return None
    last = until.date() if until.time() >= start.time() else until.date() - _DAY
    return {"ending": "until", "until": last}
