"""What one part of a manifest says of another: every reference leads somewhere, ids are unique.

For the codec, after every part has been read on its own (docs/manifest.md, section 2).
"""

from collections.abc import Iterable

from manifest.errors import ManifestFormatError, quoted
from manifest.model import Canvas, Manifest, StreamAsset, Zone
from manifest.recurrence import times_a_day

__all__ = ["MAX_ITEMS", "MAX_TIMES_A_DAY", "check_references"]

#: Items in all playlists together.
MAX_ITEMS = 10_000

#: Occurrences a day that the rules of all entries together may name: a thousand rules of every
#: minute, and more.  A thousand of every second would fill the memory of a box.
MAX_TIMES_A_DAY = 2_000_000


def check_references(manifest: Manifest) -> None:
    """Refuse unknown references, repeated ids, too many items and zones off the canvas."""
    _check_streams(manifest)
    _check_items(manifest)
    _check_layouts(manifest)
    for field in ("entries", "takeovers"):
        shown = getattr(manifest, field)
        _check_unique((each.id for each in shown), field)
        for position, each in enumerate(shown):
            _check_known(each.layout, manifest.layouts, "layouts", field, position, "layout")
    _check_known(manifest.default_layout, manifest.layouts, "layouts", "default_layout")
    _check_how_often(manifest)


def _check_known(id_: str, known: Iterable[str], where: str, *path: str | int) -> None:
    if id_ not in known:
        raise ManifestFormatError(f"an id of $.{where}", quoted(id_)).inside(*path)


def _check_unique(ids: Iterable[str], *path: str | int) -> None:
    seen: set[str] = set()
    for position, id_ in enumerate(ids):
        if id_ in seen:
            raise _repeated(id_).inside(*path, position, "id")
        seen.add(id_)


def _repeated(id_: str) -> ManifestFormatError:
    return ManifestFormatError("an id that is not used before", quoted(id_))


def _check_streams(manifest: Manifest) -> None:
    """A stream falls back to something that is on the disk, so never to a stream: no cycles."""
    for id_, asset in manifest.assets.items():
        if isinstance(asset, StreamAsset):
            path = ("assets", id_, "fallback")
            _check_known(asset.fallback, manifest.assets, "assets", *path)
            if isinstance(manifest.assets[asset.fallback], StreamAsset):
                raise ManifestFormatError(
                    "an image, video or card", f"the stream {quoted(asset.fallback)}"
                ).inside(*path)


def _check_items(manifest: Manifest) -> None:
    total = sum(len(playlist.items) for playlist in manifest.playlists.values())
    if total > MAX_ITEMS:
        raise ManifestFormatError(
            f"at most {MAX_ITEMS} items in all playlists together", str(total)
        ).inside("playlists")
    seen: set[str] = set()
    for id_, playlist in manifest.playlists.items():
        for position, item in enumerate(playlist.items):
            path = ("playlists", id_, "items", position)
            _check_known(item.asset, manifest.assets, "assets", *path, "asset")
            if item.id in seen:
                raise _repeated(item.id).inside(*path, "id")
            seen.add(item.id)


def _check_how_often(manifest: Manifest) -> None:
    rules = (entry.window.rrule for entry in manifest.entries)
    total = sum(times_a_day(rule) for rule in rules if rule is not None)
    if total > MAX_TIMES_A_DAY:
        raise ManifestFormatError(
            f"rules that name at most {MAX_TIMES_A_DAY} times of a day, all together", str(total)
        ).inside("entries")


def _check_layouts(manifest: Manifest) -> None:
    for id_, layout in manifest.layouts.items():
        path = ("layouts", id_, "zones")
        _check_unique((zone.id for zone in layout.zones), *path)
        for position, zone in enumerate(layout.zones):
            _check_known(
                zone.playlist, manifest.playlists, "playlists", *path, position, "playlist"
            )
            _check_inside(zone, manifest.canvas, *path, position)


def _check_inside(zone: Zone, canvas: Canvas, *path: str | int) -> None:
    for field, end, most in (
        ("width", zone.x + zone.width, canvas.width),
        ("height", zone.y + zone.height, canvas.height),
    ):
        if end > most:
            raise ManifestFormatError(
                f"a zone inside the canvas, so an end ≤ {most}", str(end)
            ).inside(*path, field)
