"""What a screen needs next, in the order in which it needs it.

For the stage, which makes items ready before they are due, for the content cache, which fetches
first what is needed first, and for the server, which says before it publishes when a screen would
have nothing to show.  Pure, like the timeline it asks.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from msgspec import Struct

from manifest.model import Manifest, StreamAsset
from scheduler.picture import Picture, Showing
from scheduler.timeline import Timeline
from scheduler.wallclock import from_ms, to_ms

__all__ = ["Cue", "cues_after", "empty_spans", "needed_from", "next_cues"]


class Cue(Struct, frozen=True):
    """At `at` a zone of a layout begins to show something else."""

    at: datetime
    layout: str
    zone: str
    showing: Showing


def cues_after(
    manifest: Manifest, t: datetime, horizon: timedelta, unplayable: frozenset[str] = frozenset()
) -> Iterator[Cue]:
    """Everything that comes onto the screen in `(t, t + horizon)`, in order; not what is on at t.

    Two items that follow one another in a zone are two cues, as are two runs of the same item.
    """
    before: Picture | None = None
    for span in Timeline.of(manifest).pictures(t, t + horizon, unplayable):
        if before is not None:
            yield from _cues(before, span.picture, span.since)
        before = span.picture


def next_cues(
    manifest: Manifest, t: datetime, horizon: timedelta, unplayable: frozenset[str] = frozenset()
) -> tuple[Cue, ...]:
    """The first cue of each zone of each layout in `(t, t + horizon)`: what to make ready now.

    A zone that goes on with what it shows has none; a layout that is about to come has one for
    each zone that will not be empty.
    """
    found: dict[tuple[str, str], Cue] = {}
    for cue in cues_after(manifest, t, horizon, unplayable):
        found.setdefault((cue.layout, cue.zone), cue)
    return tuple(found.values())


def needed_from(
    manifest: Manifest, t: datetime, horizon: timedelta, unplayable: frozenset[str] = frozenset()
) -> tuple[str, ...]:
    """All assets of the manifest, those needed first coming first.

    What is on at t leads, then what comes onto the screen before `t + horizon`; the rest follows
    in the order of the document.  The fallback of a stream comes right after the stream.
    """
    needed: dict[str, None] = {}
    for span in Timeline.of(manifest).pictures(t, t + horizon, unplayable):
        for showing in span.picture.zones.values():
            if showing is not None:
                _add(needed, showing.asset, manifest)
        if len(needed) == len(manifest.assets):
            break
    for asset in manifest.assets:
        _add(needed, asset, manifest)
    return tuple(needed)


def empty_spans(
    manifest: Manifest, t: datetime, horizon: timedelta
) -> Iterator[tuple[datetime, datetime]]:
    """The spans in `[t, t + horizon)` in which no layout has anything to show, in order."""
    selection, at, end = Timeline.of(manifest).selection(), to_ms(t), to_ms(t + horizon)
    since: int | None = None
    while at < end:
        stretch = selection.stretch_at(at)
        if stretch.contenders and since is not None:
            yield from_ms(since), from_ms(at)
            since = None
        elif not stretch.contenders and since is None:
            since = at
        at = stretch.until
    if since is not None:
        yield from_ms(since), from_ms(end)


def _add(needed: dict[str, None], name: str, manifest: Manifest) -> None:
    """Add an asset and, for a stream, what stands in for it, as far as that goes."""
    while name not in needed:
        needed[name] = None
        asset = manifest.assets.get(name)
        if not isinstance(asset, StreamAsset):
            return
        name = asset.fallback


def _cues(before: Picture, picture: Picture, at: datetime) -> Iterator[Cue]:
    for zone, showing in picture.zones.items():
        if showing is None or picture.layout is None:
            continue
        earlier = before.zones.get(zone) if before.layout == picture.layout else None
        if earlier is None or (earlier.item, earlier.since) != (showing.item, showing.since):
            yield Cue(at, picture.layout, zone, showing)
