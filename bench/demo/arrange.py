"""Puts a programme onto the server through the interface for scripts, as an editor would."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bench.demo.api import Api
from manifest.model import CardAsset, ImageAsset, Item, Manifest, VideoAsset, Window

__all__ = ["Arranged", "arrange", "show_alone"]

#: Above everything that the programme shows.
FIRST = 1000


@dataclass(frozen=True, slots=True)
class Arranged:
    """What was made on the server: keys of assets, playlists and layouts by their names."""

    assets: dict[str, int]
    playlists: dict[str, int]
    layouts: dict[str, int]


def arrange(api: Api, programme: Manifest, blobs: Path, screen: int) -> Arranged:
    """Upload and arrange everything that `programme` names, for `screen`; nothing is published."""
    sent = {name: _asset(api, asset, blobs) for name, asset in programme.assets.items()}
    assets = {name: api.prepared(asset) for name, asset in sent.items()}
    playlists = {
        name: _made(api, "playlists/", name=name, order=playlist.order, items=[
            _item(item, assets[item.asset]) for item in playlist.items
        ])
        for name, playlist in programme.playlists.items()
    }  # fmt: skip
    layouts = {
        name: _made(api, "layouts/", name=name, background=layout.background, zones=[
            {
                "slug": zone.id, "x": zone.x, "y": zone.y, "width": zone.width,
                "height": zone.height, "z": zone.z, "playlist": playlists[zone.playlist],
            }
            for zone in layout.zones
        ])
        for name, layout in programme.layouts.items()
    }  # fmt: skip
    for entry in programme.entries:
        _made(
            api, "entries/", name=entry.id, layout=layouts[entry.layout], screens=[screen],
            priority=entry.priority, turn_ms=entry.turn_ms, window=_window(entry.window),
        )  # fmt: skip
    version = api.call("GET", f"screens/{screen}/")["version"]
    fallback = {"version": version, "layout": layouts[programme.default_layout]}
    api.call("PUT", f"screens/{screen}/fallback/", fallback)
    return Arranged(assets, playlists, layouts)


def show_alone(
    api: Api, asset: int, name: str, *, screen: int, start: datetime, duration_s: int
) -> int:
    """Let `asset` fill the screen from the wall time `start` on; the entry."""
    item = {"asset": asset, "duration_ms": 10_000, "fit": "cover", "transition_ms": 900}
    playlist = _made(api, "playlists/", name=name, items=[item])
    zone = {"slug": "all", "x": 0, "y": 0, "width": 1920, "height": 1080, "playlist": playlist}
    layout = _made(api, "layouts/", name=name, zones=[zone])
    window = _window(Window(start, duration_s))
    return _made(
        api, "entries/", name=name, layout=layout, screens=[screen], priority=FIRST, window=window
    )


def _made(api: Api, path: str, **body: Any) -> int:
    return int(api.call("POST", path, body)["id"])


def _asset(api: Api, asset: object, blobs: Path) -> int:
    if isinstance(asset, CardAsset):
        card = {"title": asset.title, "template": asset.template, "data": asset.data}
        return _made(api, "cards/", **card)
    if isinstance(asset, ImageAsset | VideoAsset):
        return api.upload(blobs / asset.sha256, asset.title)
    raise TypeError(f"the demonstration has no {type(asset).__name__}")


def _item(item: Item, asset: int) -> dict[str, Any]:
    return {
        "asset": asset,
        "duration_ms": item.duration_ms,
        "weight": item.weight,
        "fit": item.fit,
        "transition": item.transition.kind,
        "transition_ms": item.transition.ms,
    }


def _window(window: Window) -> dict[str, Any]:
    start = window.start.isoformat(timespec="seconds")
    return {"start": start, "duration_s": window.duration_s, "rrule": window.rrule or ""}
