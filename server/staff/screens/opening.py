"""Rows of operating hours as people type them (which days, from, until), and windows of them.

A row is one window of the manifest: `FREQ=DAILY` on all days, on workdays or on days off by the
calendar, or `FREQ=WEEKLY` on one weekday.  Windows of another shape (a script wrote them) are told
apart, so that a page keeps what it cannot show.  Pure.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import Struct

__all__ = ["DAYS", "Opening", "openings_of", "said_of"]

#: A Monday, long ago: where windows begin.
MONDAY = date(2026, 1, 5)

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")

#: On which days a row holds, as the form offers them.
DAYS: tuple[tuple[str, str | Promise], ...] = (
    ("any", gettext_lazy("Every day")),
    ("work", gettext_lazy("Workdays, by the calendar")),
    ("rest", gettext_lazy("Weekends and holidays")),
    ("MO", gettext_lazy("Mondays")),
    ("TU", gettext_lazy("Tuesdays")),
    ("WE", gettext_lazy("Wednesdays")),
    ("TH", gettext_lazy("Thursdays")),
    ("FR", gettext_lazy("Fridays")),
    ("SA", gettext_lazy("Saturdays")),
    ("SU", gettext_lazy("Sundays")),
)


class Opening(Struct, frozen=True):
    """Open on such days `[begins, ends)`; an end that is not after the beginning is next day's."""

    days: str
    begins: time
    ends: time

    @property
    def window(self) -> dict[str, Any]:
        """As the manifest has it."""
        is_weekly = self.days in _WEEKDAYS
        day = MONDAY + timedelta(days=_WEEKDAYS.index(self.days) if is_weekly else 0)
        start, end = datetime.combine(day, self.begins), datetime.combine(day, self.ends)
        window: dict[str, Any] = {
            "start": f"{start:%Y-%m-%dT%H:%M:%S}",
            "duration_s": int((end - start).total_seconds()) % 86_400 or 86_400,
            "rrule": f"FREQ=WEEKLY;BYDAY={self.days}" if is_weekly else "FREQ=DAILY",
        }
        return window if is_weekly or self.days == "any" else window | {"days": self.days}

    def __str__(self) -> str:
        """In words: which days, from, until."""
        return f"{dict(DAYS)[self.days]} {self.begins:%H:%M}–{self.ends:%H:%M}"


def openings_of(
    windows: Sequence[Mapping[str, Any]] | None,
) -> tuple[list[Opening], list[Mapping[str, Any]]]:
    """The rows of windows, and the windows that are no rows."""
    rows, others = list[Opening](), list[Mapping[str, Any]]()
    for window in windows or ():
        row = _opening(window)
        if row is None:
            others.append(window)
        else:
            rows.append(row)
    return rows, others


def _opening(window: Mapping[str, Any]) -> Opening | None:
    begins = datetime.fromisoformat(window["start"])
    rule, days = str(window.get("rrule", "")), str(window.get("days", "any"))
    if rule.startswith("FREQ=WEEKLY;BYDAY=") and days == "any":
        days = rule.removeprefix("FREQ=WEEKLY;BYDAY=")
        rule = "FREQ=DAILY"
    is_row = rule == "FREQ=DAILY" and days in dict(DAYS) and window["duration_s"] <= 86_400
    if not is_row or {"rdates", "exdates"} & set(window):
        return None
    ends = begins + timedelta(seconds=window["duration_s"])
    return Opening(days, begins.time(), ends.time())


def said_of(windows: Sequence[Mapping[str, Any]] | None, *, not_on_holidays: bool) -> str:
    """Operating hours in one line."""
    rows, others = openings_of(windows)
    parts = [str(each) for each in rows] if windows is not None else [_("Around the clock")]
    if windows is not None and not windows:
        parts = [_("Never")]
    if others:
        parts.append(_("%(n)d windows set by a script") % {"n": len(others)})
    if not_on_holidays:
        parts.append(_("closed on public holidays"))
    return _("; ").join(parts)
