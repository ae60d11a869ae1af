"""When something new is on a screen for the first time, by the scheduler's own timeline.  Pure."""

from collections.abc import Collection
from datetime import datetime, timedelta
from itertools import islice

from manifest.model import Manifest
from scheduler.agenda import tenures
from scheduler.picture import Reason
from scheduler.timeline import Timeline

__all__ = ["HORIZON", "first_airing"]

#: So far ahead it is looked for.
HORIZON = timedelta(days=31)
#: So many pictures of one stretch of time are looked at: a round of a playlist is shorter.
PICTURES_LIMIT = 2_000


def first_airing(
    manifest: Manifest, assets: Collection[int], since: datetime, horizon: timedelta = HORIZON
) -> datetime | None:
    """The first instant from `since` on at which one of `assets` (primary keys) is to be seen.

    None: not before `since` + `horizon`.
    """
    wanted = {id_ for id_ in manifest.assets if _key(id_) in assets}
    layouts = _showing(manifest, wanted)
    if not layouts:
        return None
    entries = {each.id: each.layout for each in manifest.entries}
    entries |= {each.id: each.layout for each in manifest.takeovers}
    timeline = Timeline.of(manifest)

    def layout_of(reason: Reason) -> str:
        return manifest.default_layout if reason.id is None else entries[reason.id]

    for each in tenures(manifest, since, since + horizon):
        if not layouts & set(map(layout_of, each.holders)):
            continue
        for span in islice(timeline.pictures(each.since, each.until), PICTURES_LIMIT):
            if any(zone and zone.asset in wanted for zone in span.picture.zones.values()):
                return span.since
    return None


def _key(id_: str) -> int | None:
    """The primary key of an asset, of a page of it as well; None: it is none of the library's."""
    number = id_.removeprefix("a").partition(".")[0]
    return int(number) if id_.startswith("a") and number.isdigit() else None


def _showing(manifest: Manifest, wanted: Collection[str]) -> frozenset[str]:
    """The layouts that have one of these assets in a zone."""
    playlists = {
        id_
        for id_, each in manifest.playlists.items()
        if any(item.asset in wanted for item in each.items)
    }
    return frozenset(
        id_
        for id_, each in manifest.layouts.items()
        if any(zone.playlist in playlists for zone in each.zones)
    )
