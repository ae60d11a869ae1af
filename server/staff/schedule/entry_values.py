"""What the form of an entry shows before anybody types: of a new one, of one, of a part of one."""

from datetime import date, datetime, time, timedelta
from typing import Any, cast

from django.http import HttpRequest
from django.utils.timezone import localdate

from server.programme.drafts import WindowDraft
from server.programme.entries import window_of
from server.programme.models import Entry, Playlist
from server.programme.occurrences import Scope
from server.programme.repetition import repetition_of
from server.programme.repetition_words import WEEKDAYS, WORKWEEK
from server.programme.series import alone, is_series, split
from server.staff.rows import visible
from server.staff.schedule.entry_form import LEVELS, MONDAY_TO_FRIDAY, PLAYLIST

__all__ = ["first_values", "scope_of", "values_of"]

#: Until nobody says otherwise, a window is this long.
USUAL_LENGTH = timedelta(hours=1)


def scope_of(entry: Entry, at: str, asked: str) -> Scope:
    """What a change of this occurrence is about; without an occurrence, all of it."""
    if not at or not is_series(window_of(entry)):
        return "all"
    return cast(Scope, asked) if asked in {"one", "onward", "all"} else "all"


def values_of(entry: Entry, at: str = "", scope: Scope = "all") -> dict[str, Any]:
    """What the form shows of an entry, or of a part of its series."""
    draft = window_of(entry)
    if scope == "one":
        draft = alone(draft, at)
    elif scope == "onward":
        draft = split(draft, at)[1]
    level = str(entry.priority)
    return _times(draft) | {
        "name": entry.name, "layout": str(entry.layout_id),
        "priority": entry.priority, "enabled": entry.enabled, "version": entry.version,
        "level": level if level in dict(LEVELS) else "other",
        "screens": [str(pk) for pk in entry.screens.values_list("pk", flat=True)],
        "groups": [str(pk) for pk in entry.groups.values_list("pk", flat=True)],
        "at": at, "scope": scope,
    }  # fmt: skip


def _times(draft: WindowDraft) -> dict[str, Any]:
    said = repetition_of(draft)
    later = said.days_later
    if later == 1 and said.ends <= said.begins:
        later = 0
    is_workweek = (said.repeats, said.weekdays, said.every, said.on) == (
        "weekly", WORKWEEK, 1, "any",
    )  # fmt: skip
    return {
        "first": said.first, "begins": said.begins, "ends": said.ends, "days_later": str(later),
        "repeats": MONDAY_TO_FRIDAY if is_workweek else said.repeats, "every": said.every,
        "weekdays": list(said.weekdays),
        "month_day": str(said.month_day), "nth": str(said.nth),
        "nth_weekday": said.weekdays[0] if said.repeats == "monthly-weekday" else "MO",
        "on": said.on, "ending": said.ending, "until": said.until, "count": said.count,
        "rule": said.rule, "skipped": said.skipped, "added": said.added,
    }  # fmt: skip


def first_values(request: HttpRequest) -> dict[str, Any]:
    """What the form of a new entry shows: the span and the place that were dragged, if any."""
    begins = _wall(request.GET.get("from", ""))
    ends = _wall(request.GET.get("to", ""))
    if begins is None:
        begins = datetime.combine(localdate(), time(8))
        ends = ends or datetime.combine(localdate(), time(18))
    if ends is None or ends <= begins or ends - begins > timedelta(days=7):
        ends = begins + USUAL_LENGTH
    later = (ends.date() - begins.date()).days
    wanted = request.GET.get("playlist", "")
    rows = visible(request, Playlist).filter(pk=int(wanted) if _is_key(wanted) else 0)
    name = rows.values_list("name", flat=True).first()
    shows = {"layout": f"{PLAYLIST}{wanted}", "name": name} if name else {}
    place = {
        f"{kind}s": [text]
        for kind in ("screen", "group")
        if (text := request.GET.get(kind, "")).isdigit()
    }
    return {
        "first": begins.date(), "begins": begins.time(), "ends": ends.time(),
        "days_later": str(0 if later == 1 and ends.time() <= begins.time() else later),
        "repeats": "once" if request.GET.get("from") else "daily",
        "weekdays": [list(WEEKDAYS)[begins.weekday()]], "month_day": str(begins.day),
        "nth": str(min(4, (begins.day + 6) // 7)),
        "nth_weekday": list(WEEKDAYS)[begins.weekday()], "every": 1, "on": "any",
        "ending": "never", "priority": 10, "level": "10", "enabled": True,
    } | place | shows  # fmt: skip


def _is_key(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 19


def _wall(text: str) -> datetime | None:
    try:
        wall = datetime.fromisoformat(text)
    except ValueError:
        return None
    within = wall.tzinfo is None and date(2000, 1, 1) <= wall.date() <= date(2200, 1, 1)
    return wall.replace(second=0, microsecond=0) if within else None
