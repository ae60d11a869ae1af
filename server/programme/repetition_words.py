"""When something is due, in a sentence: 每个工作日 11:00–13:00，节假日除外，至 2026-12-31.

The one place that says it: forms, calendars and what publishing tells of changes.  In the language
of whoever reads; two repetitions that are not the same are never said alike.
Pure but for gettext.
"""

from collections.abc import Iterator
from datetime import date, datetime, time
from functools import reduce

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from server.programme.drafts import WindowDraft
from server.programme.repetition import WEEKDAY_CODES, Repetition, repetition_of

__all__ = ["WEEKDAYS", "WORKWEEK", "day_words", "hours_words", "words", "words_of"]

WEEKDAYS = {
    "MO": gettext_lazy("Mon"), "TU": gettext_lazy("Tue"), "WE": gettext_lazy("Wed"),
    "TH": gettext_lazy("Thu"), "FR": gettext_lazy("Fri"), "SA": gettext_lazy("Sat"),
    "SU": gettext_lazy("Sun"),
}  # fmt: skip

#: Monday to Friday: said as a span, not day by day.
WORKWEEK = WEEKDAY_CODES[:5]

#: So many single dates are named; of more, how many there are.
DATES_NAMED = 3


def words(said: Repetition, *, with_first: bool = True) -> str:
    """Return the sentence for what a form says."""
    hours = hours_words(said.begins, said.ends, said.days_later)
    clauses = [_("%(days)s %(hours)s") % {"days": _days(said), "hours": hours}]
    clauses += _clauses(said, with_first=with_first)
    return reduce(_and_then, clauses)


def _and_then(said: str, clause: str) -> str:
    return _("%(one)s, %(other)s") % {"one": said, "other": clause}


def words_of(window: WindowDraft, *, with_first: bool = False) -> str:
    """Return the sentence for a stored window."""
    return words(repetition_of(window), with_first=with_first)


def day_words(day: date) -> str:
    """A date with its weekday: 2026-11-25 Wed."""
    return f"{day:%Y-%m-%d} {WEEKDAYS[WEEKDAY_CODES[day.weekday()]]}"


def hours_words(begins: time, ends: time, days_later: int) -> str:
    """From when until when: 22:00–次日 06:00."""
    days_later = max(days_later, int(ends <= begins))
    if (begins, ends, days_later) == (time(), time(), 1):
        return _("all day")
    values = {"begins": _clock(begins), "ends": _clock(ends), "days": days_later}
    if days_later == 0:
        return _("%(begins)s–%(ends)s") % values
    if days_later == 1:
        return _("%(begins)s–%(ends)s of the next day") % values
    return _("%(begins)s–%(ends)s %(days)s days later") % values


def _clock(at: time) -> str:
    return f"{at:%H:%M:%S}" if at.second else f"{at:%H:%M}"


def _days(said: Repetition) -> str:
    every = said.every
    match said.repeats:
        case "once":
            return day_words(said.first)
        case "work":
            return _("Every working day")
        case "rest":
            return _("Every day off")
        case "daily":
            return (_("Every day") if every == 1 else _("Every %(n)s days")) % {"n": every}
        case "weekly":
            values = {"n": every, "days": _weekdays(said.weekdays)}
            return (
                _("Every %(days)s") if every == 1 else _("Every %(n)s weeks on %(days)s")
            ) % values
        case "monthly":
            return _monthly(said)
        case "monthly-weekday":
            values = {"n": every, "day": WEEKDAYS[said.weekdays[0]], "nth": _nth(said.nth)}
            template = (
                _("Every month on the %(nth)s %(day)s")
                if every == 1
                else _("Every %(n)s months on the %(nth)s %(day)s")
            )
            return template % values
        case "yearly":
            values = {"n": every, "month": said.first.month, "day": said.first.day}
            template = (
                _("Every year on %(month)s-%(day)s")
                if every == 1
                else _("Every %(n)s years on %(month)s-%(day)s")
            )
            return template % values
    return _("By the rule %(rule)s") % {"rule": said.rule}


def _monthly(said: Repetition) -> str:
    if said.month_day == -1:
        template = (
            _("Every month on the last day")
            if said.every == 1
            else _("Every %(n)s months on the last day")
        )
    elif said.month_day < 0:
        template = (
            _("Every month on day %(day)s from its end")
            if said.every == 1
            else _("Every %(n)s months on day %(day)s from its end")
        )
    else:
        template = (
            _("Every month on day %(day)s")
            if said.every == 1
            else _("Every %(n)s months on day %(day)s")
        )
    return template % {"n": said.every, "day": abs(said.month_day)}


def _weekdays(codes: tuple[str, ...]) -> str:
    if set(codes) == set(WORKWEEK):
        return _("Monday to Friday")
    return _("/").join(str(WEEKDAYS[code]) for code in WEEKDAY_CODES if code in codes)


def _nth(number: int) -> str:
    return {1: _("first"), 2: _("second"), 3: _("third"), 4: _("fourth"), -1: _("last")}[number]


def _clauses(said: Repetition, *, with_first: bool) -> Iterator[str]:
    if said.repeats == "work":
        yield _("not on holidays")
    elif said.repeats != "rest" and said.on == "work":
        yield _("only on working days")
    elif said.repeats != "rest" and said.on == "rest":
        yield _("only on days off")
    if with_first and said.repeats != "once":
        yield _("from %(day)s on") % {"day": f"{said.first:%Y-%m-%d}"}
    if said.ending == "until" and said.until is not None:
        yield _("until %(day)s") % {"day": f"{said.until:%Y-%m-%d}"}
    elif said.ending == "count" and said.count is not None:
        yield (_("once only") if said.count == 1 else _("%(n)s times")) % {"n": said.count}
    if said.skipped:
        yield _("but not on %(days)s") % {"days": _dates(said.skipped)}
    if said.added:
        yield _("also on %(days)s") % {"days": _dates(said.added)}


def _dates(walls: tuple[str, ...]) -> str:
    days = [f"{datetime.fromisoformat(each):%Y-%m-%d}" for each in sorted(walls)]
    named = _(", ").join(days[:DATES_NAMED])
    if len(days) <= DATES_NAMED:
        return named
    return _("%(named)s and %(more)s more") % {"named": named, "more": len(days) - DATES_NAMED}
