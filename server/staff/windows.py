"""Windows in words and back: what a form says of days and hours, and what an entry holds.  Pure.

A window of the form is a first day, an hour to begin and one to end (past midnight if it is not
later), and on which days; whatever else an entry may hold is kept as a rule in text (RFC 5545).
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import Struct

from server.programme.drafts import WindowDraft

__all__ = ["REPETITIONS", "WEEKDAYS", "Hours", "draft_of", "hours_of", "words_of"]

WEEKDAYS = (
    ("MO", gettext_lazy("Mon")), ("TU", gettext_lazy("Tue")), ("WE", gettext_lazy("Wed")),
    ("TH", gettext_lazy("Thu")), ("FR", gettext_lazy("Fri")), ("SA", gettext_lazy("Sat")),
    ("SU", gettext_lazy("Sun")),
)  # fmt: skip

REPETITIONS = (
    ("daily", gettext_lazy("Every day")),
    ("work", gettext_lazy("Every workday (holidays and exchanged days counted)")),
    ("rest", gettext_lazy("Every rest day")),
    ("weekly", gettext_lazy("On certain weekdays")),
    ("once", gettext_lazy("Once")),
    ("rule", gettext_lazy("By a rule (RRULE)")),
)

_DAY = timedelta(days=1)


class Hours(Struct, frozen=True, kw_only=True):
    """When something is due, as a form says it."""

    first: date
    begins: time
    ends: time
    repeats: str = "daily"
    weekdays: tuple[str, ...] = ()
    until: date | None = None
    rule: str = ""


def draft_of(hours: Hours) -> WindowDraft:
    """Return the window of an entry."""
    start = datetime.combine(hours.first, hours.begins)
    end = datetime.combine(hours.first, hours.ends)
    end += _DAY if end <= start else timedelta()
    return WindowDraft(
        start=f"{start:%Y-%m-%dT%H:%M:%S}",
        duration_s=int((end - start).total_seconds()),
        rrule=_rule(hours),
        days=hours.repeats if hours.repeats in {"work", "rest"} else "any",
    )


def _rule(hours: Hours) -> str:
    if hours.repeats == "once":
        return ""
    if hours.repeats == "rule":
        return hours.rule.strip()
    parts = ["FREQ=WEEKLY" if hours.repeats == "weekly" else "FREQ=DAILY"]
    if hours.repeats == "weekly":
        parts.append(f"BYDAY={','.join(hours.weekdays)}")
    if hours.until is not None:
        parts.append(f"UNTIL={hours.until:%Y%m%d}T235959")
    return ";".join(parts)


def hours_of(window: WindowDraft) -> Hours:
    """Return what a form shows of a window."""
    start = datetime.fromisoformat(window.start)
    end = start + timedelta(seconds=window.duration_s)
    repeats, weekdays, until = _read(window)
    return Hours(
        first=start.date(), begins=start.time(), ends=end.time(), repeats=repeats,
        weekdays=weekdays, until=until, rule=window.rrule if repeats == "rule" else "",
    )  # fmt: skip


def _read(window: WindowDraft) -> tuple[str, tuple[str, ...], date | None]:
    parts: dict[str, Any] = dict(
        part.partition("=")[::2] for part in window.rrule.split(";") if part
    )
    frequency, until = parts.pop("FREQ", ""), _until(parts.pop("UNTIL", ""))
    weekdays = tuple(parts.pop("BYDAY", "").split(",")) if "BYDAY" in parts else ()
    if not window.rrule:
        return "once", (), None
    if not parts and frequency == "DAILY" and not weekdays:
        return (window.days if window.days in {"work", "rest"} else "daily"), (), until
    known = {code for code, _word in WEEKDAYS}
    if not parts and frequency == "WEEKLY" and weekdays and set(weekdays) <= known:
        return "weekly", weekdays, until
    return "rule", (), None


def _until(text: str) -> date | None:
    try:
        return datetime.strptime(text[:8], "%Y%m%d").date()  # noqa: DTZ007  (a wall time)
    except ValueError:
        return None


def words_of(window: WindowDraft) -> str:
    """Return a window in words: on which days, from when until when."""
    hours = hours_of(window)
    days = dict(REPETITIONS).get(hours.repeats, "")
    if hours.repeats == "weekly":
        days = _("Every %(days)s") % {
            "days": _(", ").join(str(word) for code, word in WEEKDAYS if code in hours.weekdays)
        }
    elif hours.repeats == "once":
        days = f"{hours.first:%Y-%m-%d}"
    elif hours.repeats == "rule":
        days = window.rrule
    said = _("%(days)s, %(begins)s to %(ends)s") % {
        "days": days, "begins": f"{hours.begins:%H:%M}", "ends": f"{hours.ends:%H:%M}",
    }  # fmt: skip
    if hours.until is not None:
        said = _("%(said)s, until %(until)s") % {"said": said, "until": f"{hours.until:%Y-%m-%d}"}
    return said
