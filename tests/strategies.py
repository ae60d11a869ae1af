"""Hypothesis strategies for arbitrary valid manifests.

`documents()` draws plain JSON values that `decode` must accept; `manifests()` draws the decoded
values.  Sizes are small: a property that needs ten thousand items builds them itself.

The parts are strategies made once: those made anew for each example cost more than all that is
done with it.  So a reference is drawn as a number, and resolved when it is known what there is.
"""

import json
import string
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from manifest.codec import decode
from manifest.model import Manifest
from tests.simulators.manifests import a_card, a_document, a_stream, a_video, an_image

__all__ = ["ZONES", "documents", "instants", "manifests", "rules", "wall_times", "windows"]

#: Zones with and without DST, on both hemispheres, with half hours, and with a skipped day.
ZONES = (
    "Asia/Shanghai", "UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe",
    "Asia/Kathmandu", "Pacific/Apia", "America/Sao_Paulo",
)  # fmt: skip

_identifiers = st.text(string.ascii_letters + string.digits + "._-", min_size=1, max_size=8)
WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_titles = st.text(max_size=12)
_data = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1)
    | st.floats(allow_nan=False, allow_infinity=False) | _titles,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(_titles, inner, max_size=3),
    max_leaves=6,
)  # fmt: skip


def instants() -> st.SearchStrategy[str]:
    """Instants from 2025 to 2028 as documents write them, some with milliseconds."""
    start = datetime(2025, 1, 1, tzinfo=UTC)
    milliseconds = st.integers(0, 3 * 366 * 86_400_000)
    hours = st.integers(0, 3 * 366 * 24).map(lambda hour: hour * 3_600_000)
    return st.one_of(hours, milliseconds).map(
        lambda ms: _iso(start + timedelta(milliseconds=ms)) + "Z"
    )


def wall_times() -> st.SearchStrategy[str]:
    """Wall times from 2025 to 2028; every other one on a full or half hour."""
    start = datetime(2025, 1, 1)  # noqa: DTZ001  (a wall time has no zone)
    seconds = st.integers(0, 3 * 366 * 86_400)
    half_hours = st.integers(0, 3 * 366 * 48).map(lambda each: each * 1800)
    return st.one_of(half_hours, seconds).map(lambda s: _iso(start + timedelta(seconds=s)))


def _iso(value: datetime) -> str:
    bare = value.replace(tzinfo=None)
    return bare.isoformat(timespec="milliseconds" if bare.microsecond else "seconds")


_numbered_weekdays = st.tuples(st.sampled_from([1, 2, -1]), st.sampled_from(WEEKDAYS))
_ends: st.SearchStrategy[list[str]] = st.one_of(
    st.just([]),
    st.integers(1, 40).map(lambda count: [f"COUNT={count}"]),
    st.tuples(st.dates(date(2025, 6, 1), date(2028, 1, 1)), st.sampled_from(["", "Z"])).map(
        lambda until: [f"UNTIL={until[0]:%Y%m%d}T120000{until[1]}"]
    ),
)


def rules() -> st.SearchStrategy[str]:
    """RFC 5545 rules as editors make them, and some that they do not."""
    return st.builds(
        _rule,
        st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"]),
        interval=st.none() | st.integers(1, 14),
        weekdays=st.lists(_numbered_weekdays, max_size=3),
        month_day=st.none() | st.sampled_from([1, 15, 29, 31, -1]),
        month=st.none() | st.integers(1, 12),
        hour=st.one_of(st.none(), st.none(), st.none(), st.integers(0, 23)),
        ends=_ends,
    )


def _rule(
    frequency: str,
    *,
    interval: int | None,
    weekdays: list[tuple[int, str]],
    month_day: int | None,
    month: int | None,
    hour: int | None,
    ends: list[str],
) -> str:
    """A rule of those parts that may stand beside its frequency."""
    days = [f"{nth}{day}" if frequency == "MONTHLY" else day for nth, day in weekdays]
    is_by_month = frequency in ("YEARLY", "MONTHLY")
    parts = {
        "INTERVAL": interval,
        "BYDAY": ",".join(days) or None,
        "BYMONTHDAY": month_day if is_by_month and not days else None,
        "BYMONTH": month if frequency == "YEARLY" else None,
        "BYHOUR": hour if frequency != "HOURLY" else None,
    }
    written = [f"{name}={value}" for name, value in parts.items() if value is not None]
    return ";".join([f"FREQ={frequency}", *written, *ends])


def windows() -> st.SearchStrategy[dict[str, Any]]:
    """Windows of minutes to days, recurring or not."""
    durations = st.one_of(
        st.sampled_from([60, 1800, 3600, 7200, 86_400, 604_800]), st.integers(1, 604_800)
    )
    return st.fixed_dictionaries(
        {"start": wall_times(), "duration_s": durations},
        optional={
            "rrule": rules(),
            "rdates": st.lists(wall_times(), max_size=3),
            "exdates": st.lists(wall_times(), max_size=3),
            "days": st.sampled_from(["any", "work", "rest"]),
        },
    )


#: Which of the things there are; each of one to five is as likely as the others.
_reference = st.integers(0, 59)
_item = st.fixed_dictionaries(
    {
        "asset": _reference,
        "duration_ms": st.sampled_from([100, 1000, 10_000, 86_400_000])
        | st.integers(100, 86_400_000),
    },
    optional={
        "weight": st.integers(1, 20),
        "fit": st.sampled_from(["contain", "cover", "stretch"]),
        "transition": st.fixed_dictionaries(
            {"kind": st.sampled_from(["cut", "fade", "slide"]), "ms": st.integers(0, 3000)}
        ),
        "valid_from": instants(),
        "valid_until": instants(),
    },
)
_playlist = st.fixed_dictionaries(
    {"items": st.lists(_item, max_size=4)},
    optional={"order": st.sampled_from(["listed", "shuffled"])},
)
_length = st.integers(0, 3839)
_zone = st.fixed_dictionaries(
    {
        "id": _identifiers, "x": _length, "y": _length, "width": _length, "height": _length,
        "playlist": _reference,
    },
    optional={"z": st.integers(-5, 5)},
)  # fmt: skip
_layout = st.fixed_dictionaries(
    {
        "background": st.sampled_from(["#000000", "#101820", "#C8102E"]),
        "zones": st.lists(_zone, max_size=3, unique_by=lambda zone: zone["id"]),
    }
)
_entry = st.fixed_dictionaries(
    {
        "id": _identifiers, "layout": _reference, "priority": st.integers(-1, 2),
        "window": windows(),
    },
    optional={"turn_ms": st.sampled_from([100, 60_000]) | st.integers(100, 604_800_000)},
)  # fmt: skip
_takeover = st.fixed_dictionaries(
    {
        "id": _identifiers, "layout": _reference, "from": instants(), "until": instants(),
        "priority": st.integers(-1, 1),
    }
)  # fmt: skip
_card_data = st.dictionaries(_titles, _data, max_size=3)
_dates = st.lists(st.dates(date(2025, 1, 1), date(2027, 12, 31)).map(str), max_size=4)
_drawn = st.fixed_dictionaries(
    {
        "site": _identifiers,
        "screen": _identifiers,
        "version": st.integers(1, 2**63 - 1),
        "issued_at": instants(),
        "expires_at": instants(),
        "timezone": st.sampled_from(ZONES),
        "canvas": st.sampled_from([(1920, 1080), (1080, 1920), (3840, 600), (1, 1)]),
        "assets": st.dictionaries(
            _identifiers,
            st.tuples(st.sampled_from([an_image, a_video]) | _card_data, _titles),
            min_size=1,
            max_size=5,
        ),
        "stream": st.none() | st.tuples(_identifiers, _reference),
        "playlists": st.dictionaries(_identifiers, _playlist, min_size=1, max_size=3),
        "layouts": st.dictionaries(_identifiers, _layout, min_size=1, max_size=3),
        "entries": st.lists(_entry, max_size=4, unique_by=lambda entry: entry["id"]),
        "default_layout": _reference,
    },
    optional={
        "calendar": st.fixed_dictionaries({}, optional={"rest": _dates, "work": _dates}),
        "takeovers": st.lists(_takeover, max_size=2, unique_by=lambda takeover: takeover["id"]),
        "panel": st.fixed_dictionaries({"on": st.lists(windows(), max_size=2)}),
    },
)


def _among(known: Iterable[str], reference: int) -> str:
    listed = list(known)
    return listed[reference % len(listed)]


def _resolved(drawn: dict[str, Any]) -> dict[str, Any]:
    """The document of what was drawn: references become names, and zones fit the canvas."""
    stream, (width, height) = drawn.pop("stream"), drawn["canvas"]
    assets = {id_: _asset(id_, *parts) for id_, parts in drawn["assets"].items()}
    if stream is not None and stream[0] not in assets:
        assets[stream[0]] = a_stream(fallback=_among(assets, stream[1]))
    for number, item in enumerate(_each(drawn["playlists"], "items")):
        item.update(id=f"i{number}", asset=_among(assets, item["asset"]))
    for zone in _each(drawn["layouts"], "zones"):
        zone["playlist"] = _among(drawn["playlists"], zone["playlist"])
        zone.update(_fitted(zone, width, height))
    for shown in [drawn, *drawn["entries"], *drawn.get("takeovers", [])]:
        name = "default_layout" if shown is drawn else "layout"
        shown[name] = _among(drawn["layouts"], shown[name])
    return a_document(**drawn | {"assets": assets, "canvas": {"width": width, "height": height}})


def _each(named: dict[str, Any], parts: str) -> list[dict[str, Any]]:
    return [part for one in named.values() for part in one[parts]]


def _asset(id_: str, kind: Any, title: str) -> dict[str, Any]:
    """A picture or video whose file is its id, or a card of some data."""
    made: dict[str, Any] = kind(id_.encode()) if callable(kind) else a_card(data=kind)
    return made | {"title": title}


def _fitted(zone: dict[str, Any], width: int, height: int) -> dict[str, int]:
    """A place for the zone on the canvas."""
    x, y = zone["x"] % width, zone["y"] % height
    across, down = 1 + zone["width"] % (width - x), 1 + zone["height"] % (height - y)
    return {"x": x, "y": y, "width": across, "height": down}


def documents() -> st.SearchStrategy[dict[str, Any]]:
    """Any valid manifest of moderate size, as plain JSON values."""
    return _drawn.map(_resolved)


def manifests() -> st.SearchStrategy[Manifest]:
    """Any valid manifest of moderate size, decoded."""
    return documents().map(lambda document: decode(json.dumps(document).encode()))
