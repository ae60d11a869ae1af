"""What is on a screen at an instant, and why: the scheduler's verdicts, in the reader's words.

For pages and for scripts, which say the same.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from types import MappingProxyType
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import Struct

from manifest.model import Manifest
from scheduler.explain import explain
from scheduler.timeline import next_change_after, on_screen_at
from scheduler.verdicts import Verdict
from server.programme.models import CalendarDay
from server.publishing.why_not import cause_of

__all__ = ["InZone", "Reasoned", "Seen", "reasons_at", "seen_at"]

#: A window is open for a week at the most: no older day of the calendar says why one is closed.
_LONGEST = timedelta(days=8)

#: Our words for each code of a verdict; `name` is the thing's, `by` that of what has the screen.
WORDS = {
    "TAKEOVER_WON": gettext_lazy("It has the screen until %(until)s, or until a stronger one."),
    "TAKEOVER_NEVER": gettext_lazy("It ends before it begins, so it never has the screen."),
    "TAKEOVER_TO_COME": gettext_lazy("It begins at %(since)s."),
    "TAKEOVER_OVER": gettext_lazy("It ended at %(until)s."),
    "TAKEOVER_EMPTY": gettext_lazy("Nothing in its layout can be shown then."),
    "TAKEOVER_WEAKER": gettext_lazy(
        "“%(by)s” goes before it: its priority is %(above)s, above %(priority)s."
    ),
    "TAKEOVER_EARLIER": gettext_lazy(
        "“%(by)s” has the same priority and begins later, so it goes before it."
    ),
    "TAKEOVER_LARGER_ID": gettext_lazy(
        "“%(by)s” has the same priority and beginning, and was made earlier."
    ),
    "ENTRY_ALONE": gettext_lazy(
        "Of what is due then it has the highest priority, %(priority)s, since %(since)s."
    ),
    "ENTRY_TURN": gettext_lazy(
        "%(turns)s entries of priority %(priority)s take turns; it is its turn until %(until)s."
    ),
    "ENTRY_CLOSED": gettext_lazy("It was due until %(closed)s, and is due again at %(opens)s."),
    "ENTRY_TO_COME": gettext_lazy("It is due for the first time at %(opens)s."),
    "ENTRY_OVER": gettext_lazy(
        "It was due until %(closed)s, and is not in the %(days)s days after."
    ),
    "ENTRY_FAR": gettext_lazy("It is not due in the %(days)s days after."),
    "ENTRY_EMPTY": gettext_lazy("It is due, but nothing in its layout can be shown then."),
    "ENTRY_TAKEN_OVER": gettext_lazy("The takeover “%(by)s” goes before every entry."),
    "ENTRY_WEAKER": gettext_lazy(
        "“%(by)s” goes before it: its priority is %(above)s, above %(priority)s."
    ),
    "ENTRY_WAITS": gettext_lazy("It is the turn of “%(by)s” until %(until)s; then comes the next."),
    "DEFAULT_WON": gettext_lazy("Nothing else is due, so it has the screen."),
    "DEFAULT_COVERED": gettext_lazy("“%(by)s” has the screen."),
    "DEFAULT_EMPTY": gettext_lazy("Nothing in it can be shown then: the slate stands there."),
}


class Reasoned(Struct, frozen=True):
    """A takeover, entry or the fallback: does it have the screen, why, and what is behind that.

    `id` is that of the manifest (None: the fallback), `code` and `values` are the scheduler's.
    """

    kind: str
    name: str
    won: bool
    words: str
    cause: str = ""
    id: str | None = None
    code: str = ""
    values: Mapping[str, object] = MappingProxyType({})


class InZone(Struct, frozen=True):
    """What a zone shows (None: its background), from when until when on the screen's clock."""

    zone: str
    title: str | None
    since: datetime | None = None
    until: datetime | None = None


class Seen(Struct, frozen=True):
    """The picture of an instant.  `layout` is None for the slate."""

    layout: str | None
    until: datetime
    zones: tuple[InZone, ...]
    reasons: tuple[Reasoned, ...]


def seen_at(manifest: Manifest, at: datetime, names: Mapping[str, str]) -> Seen:
    """What is on the screen at `at`, and why; `names` are people's words for ids."""
    clock, picture = ZoneInfo(manifest.timezone), on_screen_at(manifest, at)
    layout = picture.layout
    return Seen(
        layout=None if layout is None else _name(names, layout),
        until=next_change_after(manifest, at).astimezone(clock),
        zones=tuple(
            InZone(zone, None)
            if showing is None
            else InZone(
                zone,
                manifest.assets[showing.asset].title,
                showing.since.astimezone(clock),
                showing.until.astimezone(clock),
            )
            for zone, showing in picture.zones.items()
        ),
        reasons=tuple(reasons_at(manifest, at, names)),
    )


def reasons_at(manifest: Manifest, at: datetime, names: Mapping[str, str]) -> Iterator[Reasoned]:
    """What the scheduler says of each takeover and entry at `at`, strongest first, and the last."""
    clock = ZoneInfo(manifest.timezone)
    days = _days(at.astimezone(clock).date())
    for each in explain(manifest, at):
        id_ = manifest.default_layout if each.id is None else each.id
        said = _in_words(each, names, clock)
        cause = cause_of(manifest, each, at, days)
        name = _name(names, id_)
        yield Reasoned(each.kind, name, each.won, said, cause, each.id, each.code, each.values)


def _days(day: date) -> dict[date, str]:
    """What people call the days of the calendar that matter then."""
    rows = CalendarDay.objects.filter(date__range=(day - _LONGEST, day))
    return dict(rows.values_list("date", "name"))


def _in_words(verdict: Verdict, names: Mapping[str, str], clock: ZoneInfo) -> str:
    values = {
        name: f"{value.astimezone(clock):%Y-%m-%d %H:%M:%S}"
        if isinstance(value, datetime)
        else str(value)
        for name, value in verdict.values.items()
    }
    holder = verdict.values.get("holder")
    values["by"] = _("the fallback") if holder is None else _name(names, str(holder))
    return str(WORDS[verdict.code]) % values


def _name(names: Mapping[str, str], id_: str) -> str:
    """People's word for an id; what a takeover shows is named alike (`t7.l5`)."""
    return names.get(id_.rpartition(".")[2], id_)
