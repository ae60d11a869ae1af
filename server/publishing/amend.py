"""What is on a wall, with one thing more or less: manifests to manifests, pure.

For take-downs and takeovers.  They start from what was published, not from the programme, so that
an urgent act never publishes what an editor is still working on.  The result is what compiling
would have given with the same change: only what is used stays.
"""

import hashlib
from collections.abc import Collection
from datetime import datetime

from msgspec.structs import replace

from manifest.codec import decode
from manifest.model import Asset, Manifest, Playlist, StreamAsset, Takeover
from server.publishing.compile import EMPTY_LAYOUT, Body, head

__all__ = [
    "body_in",
    "names_asset",
    "with_later_end",
    "with_takeover",
    "with_takeovers_of",
    "without_assets",
    "without_ended_takeovers",
    "without_takeover",
    "without_takeovers",
]


def body_in(payload: bytes) -> Body:
    """The body of a published manifest, byte for byte."""
    manifest = decode(payload)
    start = head(
        manifest.site, manifest.screen, manifest.version, manifest.issued_at, manifest.expires_at
    )
    if not payload.startswith(start):
        raise AssertionError("a published manifest has the head that we wrote")
    tail = payload[len(start) :]
    return Body(manifest, tail, hashlib.sha256(tail).hexdigest())


def names_asset(payload: bytes, asset: int) -> bool:
    """May this manifest name the asset?  Never says no wrongly, and reads nothing but bytes."""
    return b'"a%d"' % asset in payload or b'"a%d.' % asset in payload


def without_assets(manifest: Manifest, gone: Collection[int]) -> Manifest:
    """The manifest without these assets (primary keys), their items, and streams that need them."""
    kept = {id_: each for id_, each in manifest.assets.items() if _number(id_) not in gone}
    kept = {
        id_: each
        for id_, each in kept.items()
        if not isinstance(each, StreamAsset) or each.fallback in kept
    }
    playlists = {
        id_: replace(each, items=tuple(item for item in each.items if item.asset in kept))
        for id_, each in manifest.playlists.items()
    }
    return replace(manifest, playlists=playlists, assets=_used(kept, playlists))


def _number(asset_id: str) -> int:
    return int(asset_id.removeprefix("a").partition(".")[0])


def _used(assets: dict[str, Asset], playlists: dict[str, Playlist]) -> dict[str, Asset]:
    shown = {item.asset for playlist in playlists.values() for item in playlist.items}
    for id_ in tuple(shown):
        asset = assets[id_]
        if isinstance(asset, StreamAsset):
            shown.add(asset.fallback)
    return {id_: each for id_, each in assets.items() if id_ in shown}


def with_takeover(manifest: Manifest, part: Manifest) -> Manifest:
    """The manifest with the takeovers of `part` (compiled for the same canvas) above it."""
    added = {each.id for each in part.takeovers}
    below = _without(manifest, added)
    layouts = {id_: each for id_, each in part.layouts.items() if id_ != EMPTY_LAYOUT}
    return replace(
        below,
        assets=below.assets | part.assets,
        playlists=below.playlists | part.playlists,
        layouts=below.layouts | layouts,
        takeovers=tuple(sorted((*below.takeovers, *part.takeovers), key=_takeover_number)),
    )


def _takeover_number(takeover: Takeover) -> int:
    return int(takeover.id.removeprefix("t"))


def with_takeovers_of(manifest: Manifest, current: Manifest) -> Manifest:
    """The manifest with the takeovers of another one of that screen in the place of its own.

    Both have one canvas, or there are none to take over.
    """
    below = _without(manifest, {each.id for each in manifest.takeovers})
    if not current.takeovers:
        return below
    if current.canvas != manifest.canvas:
        raise ValueError("takeovers are laid out for another canvas")
    prefixes = tuple(f"{each.id}." for each in current.takeovers)
    layouts = {id_: each for id_, each in current.layouts.items() if id_.startswith(prefixes)}
    playlists = {id_: each for id_, each in current.playlists.items() if id_.startswith(prefixes)}
    assets = _used(current.assets, playlists)
    part = replace(current, layouts=layouts, playlists=playlists, assets=assets)
    return with_takeover(below, part)


def with_later_end(manifest: Manifest, takeover: int, until: datetime) -> Manifest:
    """The manifest in which this takeover (primary key), if it is there, ends at `until`."""
    id_ = f"t{takeover}"
    return replace(
        manifest,
        takeovers=tuple(
            replace(each, until=until) if each.id == id_ else each for each in manifest.takeovers
        ),
    )


def without_takeover(manifest: Manifest, takeover: int) -> Manifest:
    """The manifest without this takeover (primary key)."""
    return _without(manifest, {f"t{takeover}"})


def without_takeovers(manifest: Manifest) -> Manifest:
    """The manifest with nothing above it."""
    return _without(manifest, {each.id for each in manifest.takeovers})


def without_ended_takeovers(manifest: Manifest, now: datetime) -> Manifest:
    """The manifest without the takeovers that are over."""
    return _without(manifest, {each.id for each in manifest.takeovers if each.until <= now})


def _without(manifest: Manifest, takeovers: Collection[str]) -> Manifest:
    if not takeovers:
        return manifest
    prefixes = tuple(f"{id_}." for id_ in takeovers)
    playlists = {
        id_: each for id_, each in manifest.playlists.items() if not id_.startswith(prefixes)
    }
    return replace(
        manifest,
        assets=_used(manifest.assets, playlists),
        playlists=playlists,
        layouts={
            id_: each for id_, each in manifest.layouts.items() if not id_.startswith(prefixes)
        },
        takeovers=tuple(each for each in manifest.takeovers if each.id not in takeovers),
    )
