"""What lies behind a verdict of the scheduler: the holiday, the date left out, the empty playlist.

`why` says with a verdict's code that an entry was not due, or had nothing to show; here is what in
the programme makes it so, in the reader's words.  Asks `scheduler`, decides nothing.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from msgspec.structs import replace

from manifest.model import Item, Manifest, Window
from scheduler.agenda import Agenda, Occurrence
from scheduler.verdicts import Verdict

__all__ = ["cause_of"]

_NOT_DUE = {"ENTRY_CLOSED", "ENTRY_TO_COME", "ENTRY_OVER", "ENTRY_FAR"}
_EMPTY = {"ENTRY_EMPTY", "TAKEOVER_EMPTY", "DEFAULT_EMPTY"}
_INSTANT = timedelta(milliseconds=1)


def cause_of(
    manifest: Manifest, verdict: Verdict, at: datetime, days: Mapping[date, str] | None = None
) -> str:
    """The cause of a verdict at `at` in a sentence; "": there is none but the verdict itself.

    `days` are what people call the days of the calendar.
    """
    if verdict.code in _NOT_DUE:
        entry = next(each for each in manifest.entries if each.id == verdict.id)
        return _of_window(manifest, entry.window, at, days or {})
    if verdict.code in _EMPTY:
        layout = verdict.values.get("layout", manifest.default_layout)
        return _of_items(list(_items(manifest, str(layout))), at, ZoneInfo(manifest.timezone))
    return ""


def _of_window(manifest: Manifest, window: Window, at: datetime, days: Mapping[date, str]) -> str:
    """Why an occurrence that the rule names is not there: by the calendar, or by hand."""
    unfiltered = _due(manifest, replace(window, days="any"), at)
    if window.days != "any" and unfiltered is not None:
        day = unfiltered.start.date()
        name = days.get(day, "")
        values = {"day": f"{day:%Y-%m-%d}" + (f" ({name})" if name else "")}
        if window.days == "work":
            return _("It is for working days only, and %(day)s is a day off.") % values
        return _("It is for days off only, and %(day)s is a working day.") % values
    taken_out = _due(manifest, replace(window, exdates=()), at)
    if window.exdates and taken_out is not None:
        return _("This date was left out of it: %(day)s.") % {"day": f"{taken_out.start:%Y-%m-%d}"}
    return ""


def _due(manifest: Manifest, window: Window, at: datetime) -> Occurrence | None:
    agenda = Agenda(window, manifest.timezone, manifest.calendar)
    return next(agenda.between(at, at + _INSTANT), None)


def _items(manifest: Manifest, layout: str) -> Iterator[Item]:
    for zone in manifest.layouts[layout].zones:
        yield from manifest.playlists[zone.playlist].items


def _of_items(items: list[Item], at: datetime, clock: ZoneInfo) -> str:
    """Why none of these can be shown."""
    if not items:
        return _("Its playlists are empty, or nothing in them is ready.")
    ended = [each.valid_until for each in items if each.valid_until is not None]
    begin = [each.valid_from for each in items if each.valid_from is not None]
    if len(ended) == len(items) and max(ended) <= at:
        last = f"{max(ended).astimezone(clock):%Y-%m-%d %H:%M}"
        return _("All of it has expired, the last at %(until)s.") % {"until": last}
    if len(begin) == len(items) and min(begin) > at:
        first = f"{min(begin).astimezone(clock):%Y-%m-%d %H:%M}"
        return _("It may be shown from %(since)s on.") % {"since": first}
    return _("Each of its items has expired, or may not be shown yet.")
