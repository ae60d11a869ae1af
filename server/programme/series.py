"""One occurrence of a series, those from it on, or all: what windows a change leaves.  Pure.

An occurrence is named by the wall time at which it begins (`YYYY-MM-DDTHH:MM:SS`).  What the rule
itself says is asked of `scheduler.agenda`.
"""

from datetime import datetime, timedelta

from msgspec.structs import replace

from manifest.model import Calendar, Window
from scheduler.agenda import Agenda
from server.errors import Invalid
from server.programme.drafts import WindowDraft

__all__ = ["alone", "as_window", "is_series", "moved", "split", "without"]

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def as_window(draft: WindowDraft) -> Window:
    """The window as the scheduler takes it; the draft is sound (`checks.window`)."""
    return Window(
        start=datetime.fromisoformat(draft.start),
        duration_s=draft.duration_s,
        rrule=draft.rrule or None,
        rdates=tuple(sorted(map(datetime.fromisoformat, draft.rdates))),
        exdates=tuple(sorted(map(datetime.fromisoformat, draft.exdates))),
        days=draft.days,  # type: ignore[arg-type]  # checked
    )


def is_series(draft: WindowDraft) -> bool:
    """May it have more than one occurrence?"""
    return bool(draft.rrule or draft.rdates)


def alone(draft: WindowDraft, at: str) -> WindowDraft:
    """The occurrence at `at` as a window of its own."""
    _require_occurrence(draft, at)
    return WindowDraft(start=at, duration_s=draft.duration_s)


def without(draft: WindowDraft, at: str) -> WindowDraft:
    """The series without one occurrence."""
    _require_occurrence(draft, at)
    return replace(
        draft,
        rdates=tuple(each for each in draft.rdates if each != at),
        exdates=tuple(sorted({*draft.exdates, at})),
    )


def split(draft: WindowDraft, at: str) -> tuple[WindowDraft | None, WindowDraft]:
    """The series up to the occurrence at `at` (None: that is the first), and from it on."""
    _require_occurrence(draft, at)
    if at == draft.start:
        return None, draft
    if at in draft.rdates:
        raise Invalid(
            "This date was added to the series by itself: change only this one.",
            code="ADDED_DATE",
        )
    head = replace(
        draft,
        rrule=_ending_before(draft.rrule, datetime.fromisoformat(at)),
        rdates=tuple(each for each in draft.rdates if each < at),
        exdates=tuple(each for each in draft.exdates if each < at),
    )
    tail = replace(
        draft,
        start=at,
        rrule=_left_over(draft, at),
        rdates=tuple(each for each in draft.rdates if each > at),
        exdates=tuple(each for each in draft.exdates if each > at),
    )
    return head, tail


def moved(draft: WindowDraft, at: str, to: str, duration_s: int) -> WindowDraft:
    """The whole series, moved as its occurrence at `at` is moved to begin at `to`.

    Raises `Invalid` where its rule names days that cannot be moved along.
    """
    _require_occurrence(draft, at)
    before, after = datetime.fromisoformat(at), datetime.fromisoformat(to)
    by = after - before
    days = after.date() - before.date()
    rule, keeps_days = _turned(draft, days.days)
    if keeps_days:
        by -= days

    def shifted(wall: str) -> str:
        return f"{datetime.fromisoformat(wall) + by:%Y-%m-%dT%H:%M:%S}"

    return replace(
        draft,
        start=shifted(draft.start),
        duration_s=duration_s,
        rrule=rule,
        rdates=tuple(map(shifted, draft.rdates)),
        exdates=tuple(map(shifted, draft.exdates)),
    )


def _turned(draft: WindowDraft, days: int) -> tuple[str, bool]:
    """The rule of a series that moves by so many days; and does it keep its days all the same?"""
    parts = _parts(draft.rrule)
    if days == 0 or not parts:
        return draft.rrule, False
    if parts["FREQ"] == "DAILY" and parts.keys() <= {"FREQ", "INTERVAL", "UNTIL", "COUNT"}:
        return draft.rrule, True
    weekdays = parts.get("BYDAY", "").split(",") if parts.get("BYDAY") else []
    plain = parts.keys() <= {"FREQ", "INTERVAL", "BYDAY", "UNTIL", "COUNT"}
    if parts["FREQ"] != "WEEKLY" or not plain or not set(weekdays) <= set(_WEEKDAYS):
        raise Invalid(
            "A series with this rule cannot be dragged to other days: move only this one, or "
            "change its rule.",
            code="RULE_DAYS",
        )
    if weekdays:
        turned = {_WEEKDAYS[(_WEEKDAYS.index(each) + days) % 7] for each in weekdays}
        parts["BYDAY"] = ",".join(each for each in _WEEKDAYS if each in turned)
    if "UNTIL" in parts and "Z" not in parts["UNTIL"] and "T" in parts["UNTIL"]:
        until = datetime.fromisoformat(parts["UNTIL"]) + timedelta(days=days)
        parts["UNTIL"] = f"{until:%Y%m%dT%H%M%S}"
    return _written(parts), False


def _ending_before(rule: str, at: datetime) -> str:
    parts = _parts(rule)
    if not parts:
        return ""
    parts.pop("COUNT", None)
    by_the_clock = parts["FREQ"] in {"HOURLY", "MINUTELY"} or "BYHOUR" in parts
    last = at - timedelta(seconds=1)
    if not by_the_clock:  # one a day: the day before, as forms say it
        last = (at - timedelta(days=1)).replace(hour=23, minute=59, second=59)
    parts["UNTIL"] = f"{last:%Y%m%dT%H%M%S}"
    return _written(parts)


def _left_over(draft: WindowDraft, at: str) -> str:
    """The rule from `at` on: of COUNT what is left of it."""
    parts = _parts(draft.rrule)
    if "COUNT" in parts:
        uncut = replace(draft, days="any", rdates=(), exdates=())
        start = datetime.fromisoformat(draft.start)
        agenda = Agenda(as_window(uncut), "UTC", Calendar())
        gone = agenda.number_before(datetime.fromisoformat(at), start)
        parts["COUNT"] = str(max(1, int(parts["COUNT"]) - gone))
    return _written(parts)


def _parts(rule: str) -> dict[str, str]:
    return dict(part.partition("=")[::2] for part in rule.upper().split(";") if part)


def _written(parts: dict[str, str]) -> str:
    return ";".join(f"{name}={value}" for name, value in parts.items())


def _require_occurrence(draft: WindowDraft, at: str) -> None:
    try:
        wall = datetime.fromisoformat(at)
    except ValueError:
        wall = None
    agenda = Agenda(as_window(replace(draft, days="any")), "UTC", Calendar())
    if wall is None or wall.tzinfo is not None or not agenda.has(wall):
        raise Invalid(
            "There is no such date in this series any more: load the page anew.",
            code="NO_OCCURRENCE",
        )
