"""What of a playlist is published: read off the newest manifest that holds it, never off drafts.

A manifest is what walls were told, reviewed and signed: whatever an editor is still changing is in
none.  A publication never changes, so what was read of one is remembered.
"""

import re
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

from django.db.models import Q
from msgspec import Struct

from manifest.model import Asset, Item, Manifest, StreamAsset
from scheduler.timeline import on_screen_at
from server.library.models import Asset as LibraryAsset
from server.library.models import AssetState
from server.publishing.selectors import manifests_of, told
from server.screens.models import Screen

__all__ = ["Published", "Shown", "on_screen", "published"]

_ASSET = re.compile(r"a(\d+)")


class Shown(Struct, frozen=True):
    """One item: its id, what it shows, how long it stands on a wall, and since when it is there."""

    id: str
    asset: Asset
    duration_ms: int
    since: datetime


class Published(Struct, frozen=True):
    """The items that are due now, of a playlist as walls were told it at `issued_at`."""

    issued_at: datetime
    timezone: str
    items: tuple[Shown, ...]


class _Held(Struct, frozen=True):
    """A playlist in a manifest."""

    issued_at: datetime
    timezone: str
    items: tuple[Item, ...]
    assets: dict[str, Asset]


def published(playlist: int, now: datetime) -> Published | None:
    """The items of a playlist (primary key) that are published and due; None: no wall has it."""
    held = _held(playlist)
    return None if held is None else _shown(held, now)


def on_screen(screen: int, now: datetime) -> Published | None:
    """What a screen (primary key) has in turn at this hour, the largest zone first; each once."""
    publication = told([screen]).get(screen)
    if publication is None:
        return None
    manifest = manifests_of([publication.pk])[publication.pk]
    layout = manifest.layouts.get(on_screen_at(manifest, now).layout or "")
    if layout is None:
        return None
    zones = sorted(layout.zones, key=lambda each: -each.width * each.height)
    items: dict[str, Item] = {}
    for zone in zones:
        for item in manifest.playlists[zone.playlist].items:
            items.setdefault(item.asset, item)
    listed = tuple(items.values())
    assets = _assets(manifest, listed)
    return _shown(_Held(manifest.issued_at, manifest.timezone, listed, assets), now)


def _shown(held: _Held, now: datetime) -> Published:
    due = [each for each in held.items if _is_due(each, now)]
    rows = LibraryAsset.with_bin.in_bulk({pk for each in due if (pk := _key(each.asset))})
    shown = tuple(
        Shown(each.id, held.assets[each.asset], each.duration_ms, _since(row, held))
        for each in due
        if _may_be_shown(row := rows.get(_key(each.asset)))
    )
    return Published(held.issued_at, held.timezone, shown)


def _is_due(item: Item, now: datetime) -> bool:
    begun = item.valid_from is None or item.valid_from <= now
    return begun and (item.valid_until is None or now < item.valid_until)


def _key(asset: str) -> int:
    found = _ASSET.match(asset)
    return int(found[1]) if found else 0


def _may_be_shown(row: LibraryAsset | None) -> bool:
    """Taken down is gone here too, at once, whatever a manifest says."""
    return row is not None and row.state != AssetState.WITHDRAWN and row.deleted_at is None


def _since(row: LibraryAsset | None, held: _Held) -> datetime:
    """A card may say something new with each publication; a file is what it was."""
    return held.issued_at if row is None or row.kind == "card" else row.created_at


def _held(playlist: int) -> _Held | None:
    """The playlist in the newest manifest that has it, first of the screens that should have it."""
    likely = Screen.objects.filter(
        Q(default_layout__zones__playlist=playlist)
        | Q(entries__layout__zones__playlist=playlist)
        | Q(groups__entries__layout__zones__playlist=playlist)
    )
    everywhere = Screen.objects.filter(retired_at=None)
    for screens in (likely.filter(retired_at=None).distinct(), everywhere):
        newest = told(list(screens.values_list("pk", flat=True))).values()
        for each in sorted(newest, key=lambda each: each.issued_at, reverse=True):
            if found := _read(each.pk, each.payload_sha256, playlist):
                return found
    return None


@lru_cache(maxsize=5000)
def _read(publication: int, _payload_sha256: str, playlist: int) -> _Held | None:
    manifest = manifests_of([publication])[publication]
    held = manifest.playlists.get(f"p{playlist}")
    if held is None:
        return None
    return _Held(manifest.issued_at, manifest.timezone, held.items, _assets(manifest, held.items))


def _assets(manifest: Manifest, items: Iterable[Item]) -> dict[str, Asset]:
    """What the items show; of a live source the picture that stands in for it."""
    found = {}
    for item in items:
        asset = manifest.assets[item.asset]
        if isinstance(asset, StreamAsset):
            asset = manifest.assets[asset.fallback]
        found[item.asset] = asset
    return found
