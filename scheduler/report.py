"""Pictures as `yingbi-timeline` prints them: JSON for programs, lines for people (6.2)."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from manifest.model import Manifest
from scheduler.picture import Picture, Reason, Showing
from scheduler.timeline import Span
from scheduler.verdicts import Verdict
from scheduler.wallclock import WallClock, written

__all__ = ["as_lines", "as_object", "written"]


def as_object(span: Span, verdicts: Iterable[Verdict] | None = None) -> dict[str, Any]:
    """The JSON object of one picture; with `why` if the verdicts are given."""
    picture = span.picture
    found: dict[str, Any] = {
        "from": written(span.since),
        "until": written(span.until),
        "layout": picture.layout,
        "because": picture.because and _reason(picture.because),
        "zones": {zone: showing and _showing(showing) for zone, showing in picture.zones.items()},
    }
    if verdicts is not None:
        found["why"] = [
            {"kind": each.kind, "id": each.id, "won": each.won, "sentence": each.sentence}
            for each in verdicts
        ]
    return found


def _reason(reason: Reason) -> dict[str, Any]:
    found: dict[str, Any] = {"kind": reason.kind}
    if reason.id is not None:
        found |= {"id": reason.id, "priority": reason.priority}
    return found | {"anchor": written(reason.anchor)}


def _showing(showing: Showing) -> dict[str, Any]:
    return {
        "item": showing.item,
        "asset": showing.asset,
        "since": written(showing.since),
        "until": written(showing.until),
        "offset_ms": showing.offset_ms,
    }


def as_lines(
    span: Span, manifest: Manifest, verdicts: Iterable[Verdict] | None = None
) -> Iterator[str]:
    """What a person wants to read of one picture, on the clock of the screen."""
    clock = WallClock(manifest.timezone)
    yield f"{_wall(span.since, clock)}, until {_wall(span.until, clock)}"
    yield f"  {_headline(span.picture, clock)}"
    width = max((len(zone) for zone in span.picture.zones), default=0)
    for zone, showing in span.picture.zones.items():
        yield f"  {zone:<{width}}  {_line_of(showing, manifest, clock)}"
    for each in verdicts or ():
        yield f"  {'>' if each.won else '-'} {each.sentence}"


def _headline(picture: Picture, clock: WallClock) -> str:
    reason = picture.because
    if reason is None:
        return "the slate: nothing is valid, not even in the default layout"
    since = _wall(reason.anchor, clock)
    if reason.kind == "default":
        return f"layout {picture.layout}: the default, counted from {since}"
    return (
        f"layout {picture.layout}: {reason.kind} {reason.id}, priority {reason.priority}, "
        f"counted from {since}"
    )


def _line_of(showing: Showing | None, manifest: Manifest, clock: WallClock) -> str:
    if showing is None:
        return "empty: no item of its playlist is valid"
    title = manifest.assets[showing.asset].title
    offset = timedelta(milliseconds=showing.offset_ms)
    return (
        f"item {showing.item}, asset {showing.asset} “{title}”, {offset.total_seconds():g} s in, "
        f"until {_wall(showing.until, clock)}"
    )


def _wall(instant: datetime, clock: WallClock) -> str:
    return clock.shown(instant).isoformat(sep=" ", timespec="milliseconds")
