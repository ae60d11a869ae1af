"""What public notices (公示) bind publishing to: no early end, and a share of every hour.

Pure: the manifest that stands and the one that would come go in, what is broken comes out.  For the
services that publish.  Takeovers are above every notice (an emergency waits for none) and are left
out of the reckoning; the certificate shows the gap.
"""

from collections.abc import Collection, Iterator
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from cards.public_notice import PUBLIC_NOTICE, Guarantee, PublicNotice, guarantee_of
from cards.template import CardRefusedError
from manifest.model import CardAsset, Manifest
from scheduler.planned import planned_ms
from server.publishing.amend import without_takeovers

__all__ = ["HORIZON_DAYS", "Broken", "broken_promises", "notices_in"]

#: How many days ahead each hour is reckoned; a programme repeats by the week.
HORIZON_DAYS = 8

_MINUTE_MS = 60_000


class Promise(Struct, frozen=True):
    """A public notice in a manifest: its id there, its title, what it says and what it is owed."""

    asset: str
    title: str
    data: PublicNotice
    owed: Guarantee

    @property
    def key(self) -> int:
        """The primary key of the asset."""
        return int(self.asset.removeprefix("a").partition(".")[0])


class Broken(Struct, frozen=True):
    """What a programme would break of a notice; `hour`: it would have `minutes` of it only."""

    title: str
    asset: int
    last: date
    owed: int
    hour: datetime | None = None
    minutes: int = 0


def notices_in(manifest: Manifest) -> dict[str, Promise]:
    """The public notices that a manifest shows, takeovers apart, by the ids of their assets."""
    shown = {i.asset for p in without_takeovers(manifest).playlists.values() for i in p.items}
    found = {}
    for id_, asset in manifest.assets.items():
        if id_ in shown and isinstance(asset, CardAsset) and asset.template == PUBLIC_NOTICE.name:
            try:
                data = msgspec.convert(asset.data, PublicNotice)
                found[id_] = Promise(id_, asset.title, data, guarantee_of(data))
            except (msgspec.ValidationError, CardRefusedError):
                continue  # the wall refuses it, too: it shows nothing that could be kept
    return found


def broken_promises(
    before: Manifest | None,
    after: Manifest,
    now: datetime,
    ended: Collection[int],
    *,
    shares: bool = True,
) -> Iterator[Broken]:
    """What `after` would break: first of the notices that stand now, then of all that it shows.

    Without `shares` hours are not reckoned.  `ended` are the assets (primary keys) whose period an
    administrator has ended.
    """
    there = now.astimezone(ZoneInfo(after.timezone))
    coming = {id_: p for id_, p in notices_in(after).items() if p.key not in ended}
    standing = {} if before is None else notices_in(before)
    for id_, promise in standing.items():
        runs = promise.owed.first <= there.date() <= promise.owed.last
        if runs and promise.key not in ended and not _goes_on(promise, coming.get(id_)):
            yield _broken(promise)
    if coming and shares:
        below = without_takeovers(after)
        for promise in coming.values():
            yield from _starved(promise, below, there)


def _goes_on(now: Promise, then: Promise | None) -> bool:
    """Does it say the same, and no shorter?  A longer period and a larger share are no breach."""
    if then is None:
        return False
    same = replace(then.data, last=now.data.last, minutes_per_hour=now.data.minutes_per_hour)
    return (
        same == now.data
        and then.owed.last >= now.owed.last
        and then.owed.minutes >= now.owed.minutes
    )


def _broken(promise: Promise) -> Broken:
    return Broken(promise.title, promise.key, promise.owed.last, promise.owed.minutes)


def _starved(promise: Promise, manifest: Manifest, there: datetime) -> Iterator[Broken]:
    """The first hour, of those that are reckoned, in which the notice has less than it is owed."""
    items = {
        (name, item.id)
        for name, playlist in manifest.playlists.items()
        for item in playlist.items
        if item.asset == promise.asset
    }
    for hour in _hours(promise.owed, there):
        planned = planned_ms(manifest, hour, hour + timedelta(hours=1))
        shown = sum(planned[each] for each in items)
        if shown < promise.owed.minutes * _MINUTE_MS:
            yield replace(_broken(promise), hour=hour, minutes=shown // _MINUTE_MS)
            return


def _hours(owed: Guarantee, there: datetime) -> Iterator[datetime]:
    """The hours of the period that are still to come, as far as is reckoned."""
    day = max(owed.first, there.date())
    for _n in range(HORIZON_DAYS):
        if day > owed.last:
            return
        for hour in range(owed.starts, owed.ends):
            begins = datetime.combine(day, time(hour), there.tzinfo)
            if begins > there:
                yield begins
        day += timedelta(days=1)
