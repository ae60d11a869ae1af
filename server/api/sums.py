"""Reports over days, for scripts: proof of play, uptime, coverage of a campaign.

The same sums as on the pages; days are those of the screens' own calendars.
"""

from typing import Any, get_args

from django.db.models import QuerySet
from msgspec import Struct

from server.api.interface import Call, Operation
from server.api.reading import LARGEST_KEY, day, found, visible
from server.errors import Invalid
from server.library.models import Asset
from server.programme.models import Playlist
from server.reports.coverage import coverage, of_campaign
from server.reports.models import PlayDay
from server.reports.selectors import (
    LONGEST_DAYS,
    By,
    Hours,
    Period,
    hours_by_day,
    hours_by_screen,
    play_rows,
)
from server.screens.models import Screen

__all__ = ["OPERATIONS"]


class PlaySum(Struct):
    """Plays of an item, on a screen or of a day, as `by` says.

    `key` is the asset's id in manifests, the screen's id, or the day; `whole` plays stood as long
    as they were due, `cut` ones did not, of `other` ones the due length is not known.
    """

    key: str
    name: str
    whole: int
    cut: int
    other: int
    seconds: float
    screens: int


class PlaySums(Struct):
    """Proof of play; `is_fresh`: what came in within the last minutes is counted."""

    plays: list[PlaySum]
    is_fresh: bool


class HourSum(Struct):
    """Hours in which a screen, or all on a day, were due, heard of, and known to have been there.

    `share` is known of due; None where nothing was due.
    """

    key: str
    due: int
    heard: int
    known: int
    share: float | None


class HourSums(Struct):
    """Uptime."""

    hours: list[HourSum]


class CoverageValue(Struct):
    """A campaign on one screen: for how long it was due, and proved to have been shown."""

    screen: int
    name: str
    due_s: float
    shown_s: float
    times: int
    share: float | None
    unknown_hours: int


class CoverageList(Struct):
    """Coverage of a campaign, the least covered screen first."""

    screens: list[CoverageValue]


def _period(call: Call) -> Period:
    first, last = day(call, "first"), day(call, "last")
    if not first <= last or (last - first).days >= LONGEST_DAYS:
        raise Invalid(
            "first must not be after last, and at most %(days)d days before.",
            values={"days": LONGEST_DAYS - 1},
        )
    return Period(first, last)


def _by(call: Call, *known: str) -> Any:
    wanted = call.query("by") or known[0]
    if wanted not in known:
        raise Invalid("by must be one of %(known)s.", values={"known": ", ".join(known)})
    return wanted


def _screens(call: Call) -> QuerySet[Screen]:
    """All in reach, retired ones too: their records stay; or the one that is asked for."""
    rows = visible(call, Screen)
    if (wanted := call.query("screen")) is None:
        return rows
    return rows.filter(pk=found(rows, _key(wanted), "screen").pk)


def _key(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text[:20]) <= LARGEST_KEY:
        return int(text[:20])
    raise Invalid("A key must be a number from 1 on.")


def plays(call: Call) -> PlaySums:
    """Proof of play, summed up by item, screen or day."""
    by = _by(call, *get_args(By))
    rows, is_fresh = play_rows(_screens(call), _period(call), by)
    return PlaySums(
        [
            PlaySum(
                str(each.key), each.name, each.full, each.cut, each.other, each.ms / 1000,
                each.screens,
            )
            for each in rows
        ],
        is_fresh,
    )  # fmt: skip


def uptime(call: Call) -> HourSums:
    """Hours of operation by screen or day."""
    read = hours_by_day if _by(call, "screen", "day") == "day" else hours_by_screen
    return HourSums([_hours(each) for each in read(_screens(call), _period(call), call.now)])


def _hours(each: Hours) -> HourSum:
    return HourSum(str(each.key), each.due, each.heard, each.known, each.share)


def campaign(call: Call) -> CoverageList:
    """How a playlist, an asset or a tag was covered on each screen."""
    rows = coverage(_screens(call), _period(call), _sums(call), call.now)
    return CoverageList(
        [
            CoverageValue(
                each.screen, each.name, each.planned_ms / 1000, each.ms / 1000, each.times,
                each.share, each.hours.unknown,
            )
            for each in rows
        ]
    )  # fmt: skip


def _sums(call: Call) -> QuerySet[PlayDay]:
    asked = {name: call.query(name) for name in ("playlist", "asset", "tag")}
    told = {name: value for name, value in asked.items() if value is not None}
    if len(told) != 1:
        raise Invalid("Ask for one campaign: playlist, asset or tag.")
    ((kind, value),) = told.items()
    if kind == "playlist":
        row = found(visible(call, Playlist), _key(value), "playlist")
        return of_campaign("playlist", [row.pk])
    if kind == "asset":
        return of_campaign("asset", [found(visible(call, Asset), _key(value), "asset").pk])
    tagged = visible(call, Asset).filter(tags__name=value).order_by("-pk")
    return of_campaign("asset", list(tagged.values_list("pk", flat=True)))


def _asked(name: str, about: str, schema: dict[str, Any], *, required: bool = False) -> Any:
    return {
        "name": name, "in": "query", "required": required, "description": about, "schema": schema,
    }  # fmt: skip


_DAY = {"type": "string", "format": "date"}
_PK = {"type": "integer", "minimum": 1, "maximum": LARGEST_KEY}
_PERIOD = (
    _asked("first", "The first day.", _DAY, required=True),
    _asked("last", "The last day, included.", _DAY, required=True),
    _asked("screen", "Of this screen alone.", _PK),
)


def _choice(*known: str) -> Any:
    return _asked("by", "What each line is.", {"enum": list(known), "default": known[0]})


OPERATIONS = (
    Operation("GET", "reports/plays/", "plays_by", plays,
              "Proof of play from first to last, summed up by item, screen or day",
              answer=PlaySums, parameters=(*_PERIOD, _choice(*get_args(By)))),
    Operation("GET", "reports/uptime/", "uptime", uptime,
              "Hours due, heard of and known, by screen or day", answer=HourSums,
              parameters=(*_PERIOD, _choice("screen", "day"))),
    Operation("GET", "reports/coverage/", "coverage", campaign,
              "How a campaign was covered: one of playlist, asset or tag", answer=CoverageList,
              parameters=(*_PERIOD, _asked("playlist", "A playlist.", _PK),
                          _asked("asset", "An asset.", _PK),
                          _asked("tag", "A tag.", {"type": "string", "maxLength": 40}))),
)  # fmt: skip
