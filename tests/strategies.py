"""Hypothesis strategies for arbitrary valid manifests.

`documents()` draws plain JSON values that `decode` must accept; `manifests()` draws the decoded
values.  Sizes are small: a property that needs ten thousand items builds them itself.
"""

import itertools
import json
import string
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
_titles = st.text(st.characters(codec="utf-8"), max_size=12)
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


@st.composite
def rules(draw: st.DrawFn) -> str:
    """RFC 5545 rules as editors make them, and some that they do not."""
    frequency = draw(st.sampled_from(["YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY"]))
    parts = [f"FREQ={frequency}"]
    if draw(st.booleans()):
        parts.append(f"INTERVAL={draw(st.integers(1, 14))}")
    weekdays = draw(st.lists(st.sampled_from(WEEKDAYS), max_size=3))
    if frequency == "MONTHLY" and weekdays:
        weekdays = [f"{draw(st.sampled_from([1, 2, -1]))}{day}" for day in weekdays]
    if weekdays:
        parts.append(f"BYDAY={','.join(weekdays)}")
    elif frequency in ("YEARLY", "MONTHLY") and draw(st.booleans()):
        parts.append(f"BYMONTHDAY={draw(st.sampled_from([1, 15, 29, 31, -1]))}")
    if frequency == "YEARLY" and draw(st.booleans()):
        parts.append(f"BYMONTH={draw(st.integers(1, 12))}")
    if frequency != "HOURLY" and draw(st.integers(0, 3)) == 0:
        parts.append(f"BYHOUR={draw(st.integers(0, 23))}")
    parts.extend(draw(_ends))
    return ";".join(parts)


_ends: st.SearchStrategy[list[str]] = st.one_of(
    st.just([]),
    st.integers(1, 40).map(lambda count: [f"COUNT={count}"]),
    st.tuples(st.dates(date(2025, 6, 1), date(2028, 1, 1)), st.sampled_from(["", "Z"])).map(
        lambda until: [f"UNTIL={until[0]:%Y%m%d}T120000{until[1]}"]
    ),
)


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


def _optional(draw: st.DrawFn, **fields: st.SearchStrategy[Any]) -> dict[str, Any]:
    drawn: dict[str, Any] = draw(st.fixed_dictionaries({}, optional=fields))
    return drawn


@st.composite
def _assets(draw: st.DrawFn) -> dict[str, Any]:
    ids = draw(st.lists(_identifiers, min_size=1, max_size=5, unique=True))
    files: dict[str, Any] = {
        id_: draw(
            st.sampled_from([an_image(id_.encode()), a_video(id_.encode())])
            | st.builds(a_card, data=st.dictionaries(_titles, _data, max_size=3))
        )
        | {"title": draw(_titles)}
        for id_ in ids
    }
    stream = draw(st.none() | _identifiers)
    if stream is not None and stream not in files:
        files[stream] = a_stream(fallback=draw(st.sampled_from(ids)))
    return files


@st.composite
def _playlists(draw: st.DrawFn, assets: list[str]) -> dict[str, Any]:
    ids = draw(st.lists(_identifiers, min_size=1, max_size=3, unique=True))
    item_ids = (f"i{number}" for number in itertools.count())
    return {
        id_: {
            "items": [_item(draw, next(item_ids), assets) for _ in range(draw(st.integers(0, 4)))]
        }
        | _optional(draw, order=st.sampled_from(["listed", "shuffled"]))
        for id_ in ids
    }


def _item(draw: st.DrawFn, id_: str, assets: list[str]) -> dict[str, Any]:
    durations = st.sampled_from([100, 1000, 10_000, 86_400_000]) | st.integers(100, 86_400_000)
    item = {"id": id_, "asset": draw(st.sampled_from(assets)), "duration_ms": draw(durations)}
    return item | _optional(
        draw,
        weight=st.integers(1, 20),
        fit=st.sampled_from(["contain", "cover", "stretch"]),
        transition=st.fixed_dictionaries(
            {"kind": st.sampled_from(["cut", "fade", "slide"]), "ms": st.integers(0, 3000)}
        ),
        valid_from=instants(),
        valid_until=instants(),
    )


@st.composite
def _layouts(draw: st.DrawFn, playlists: list[str], canvas: dict[str, int]) -> dict[str, Any]:
    ids = draw(st.lists(_identifiers, min_size=1, max_size=3, unique=True))
    return {
        id_: {
            "background": draw(st.sampled_from(["#000000", "#101820", "#C8102E"])),
            "zones": [
                _zone(draw, zone, playlists, canvas)
                for zone in draw(st.lists(_identifiers, max_size=3, unique=True))
            ],
        }
        for id_ in ids
    }


def _zone(
    draw: st.DrawFn, id_: str, playlists: list[str], canvas: dict[str, int]
) -> dict[str, Any]:
    x = draw(st.integers(0, canvas["width"] - 1))
    y = draw(st.integers(0, canvas["height"] - 1))
    return {
        "id": id_,
        "x": x,
        "y": y,
        "width": draw(st.integers(1, canvas["width"] - x)),
        "height": draw(st.integers(1, canvas["height"] - y)),
        "playlist": draw(st.sampled_from(playlists)),
    } | _optional(draw, z=st.integers(-5, 5))


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """Any valid manifest of moderate size, as plain JSON values."""
    canvas = draw(st.sampled_from([(1920, 1080), (1080, 1920), (3840, 600), (1, 1)]))
    size = {"width": canvas[0], "height": canvas[1]}
    assets = draw(_assets())
    playlists = draw(_playlists(list(assets)))
    layouts = draw(_layouts(list(playlists), size))
    layout = st.sampled_from(list(layouts))
    entries = st.fixed_dictionaries(
        {"id": _identifiers, "layout": layout, "priority": st.integers(-1, 2), "window": windows()},
        optional={"turn_ms": st.sampled_from([100, 60_000]) | st.integers(100, 604_800_000)},
    )
    takeovers = st.fixed_dictionaries(
        {
            "id": _identifiers, "layout": layout, "from": instants(), "until": instants(),
            "priority": st.integers(-1, 1),
        }
    )  # fmt: skip
    dates = st.lists(st.dates(date(2025, 1, 1), date(2027, 12, 31)).map(str), max_size=4)
    return a_document(
        site=draw(_identifiers),
        screen=draw(_identifiers),
        version=draw(st.integers(1, 2**63 - 1)),
        issued_at=draw(instants()),
        expires_at=draw(instants()),
        timezone=draw(st.sampled_from(ZONES)),
        canvas=size,
        assets=assets,
        playlists=playlists,
        layouts=layouts,
        entries=draw(st.lists(entries, max_size=4, unique_by=lambda entry: entry["id"])),
        default_layout=draw(layout),
    ) | _optional(
        draw,
        calendar=st.fixed_dictionaries({}, optional={"rest": dates, "work": dates}),
        takeovers=st.lists(takeovers, max_size=2, unique_by=lambda takeover: takeover["id"]),
        panel=st.fixed_dictionaries({"on": st.lists(windows(), max_size=2)}),
    )


def manifests() -> st.SearchStrategy[Manifest]:
    """Any valid manifest of moderate size, decoded."""
    return documents().map(lambda document: decode(json.dumps(document).encode()))
