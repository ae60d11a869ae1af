"""What a screen was told, item by item: title, playlist and how long it is due at a time."""

from collections import OrderedDict
from collections.abc import Mapping

from msgspec import Struct

from manifest.model import Manifest
from server.publishing.models import Publication
from server.publishing.selectors import manifest_in

__all__ = ["Contents", "Told", "told_in"]

#: Manifests that are kept ready: most screens of a site are told the same.
KEPT = 64


class Told(Struct, frozen=True):
    """An item of a manifest; `duration_ms` is one showing."""

    title: str
    playlist: str
    duration_ms: int
    asset: str


def told_in(manifest: Manifest) -> dict[str, Told]:
    """The items of a manifest by id."""
    return {
        item.id: Told(_title(manifest, item.asset), name, item.duration_ms, item.asset)
        for name, playlist in manifest.playlists.items()
        for item in playlist.items
    }


def _title(manifest: Manifest, asset: str) -> str:
    kept = manifest.assets.get(asset)
    return getattr(kept, "title", "") or asset


class Contents:
    """Items by screen and version, read once for all screens that were told the same."""

    def __init__(self) -> None:
        self._keys: dict[tuple[int, int], str] = {}
        self._kept: OrderedDict[str, dict[str, Told]] = OrderedDict()

    def of(self, screen: int, version: int | None) -> Mapping[str, Told]:
        """What was told in a version; nothing where it was not published here."""
        if version is None:
            return {}
        key = self._keys.get((screen, version))
        if key is not None and key in self._kept:
            return self._kept[key]
        return self._read(screen, version)

    def _read(self, screen: int, version: int) -> Mapping[str, Told]:
        rows = Publication.objects.filter(screen=screen, version=version)
        found = rows.values_list("pk", "content_sha256").first()
        pk, key = found or (None, "")
        self._keys[screen, version] = key
        if key not in self._kept:
            while len(self._kept) >= KEPT:
                self._kept.popitem(last=False)
            self._kept[key] = told_in(_manifest(pk)) if pk else {}
        return self._kept[key]


def _manifest(publication: int) -> Manifest:
    return manifest_in(Publication.objects.values_list("envelope", flat=True).get(pk=publication))
