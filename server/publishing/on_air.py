"""On which screens an asset is now, by what they were told last.  Reads only."""

from collections.abc import Iterator

from manifest.codec import decode
from manifest.model import Manifest
from server.publishing.amend import names_asset
from server.publishing.models import Publication
from server.publishing.selectors import BATCH, payload_in, told
from server.screens.models import Screen

__all__ = ["screens_showing"]


def screens_showing(asset: int) -> list[int]:
    """The screens (primary keys) whose manifest names the asset, or a page of it.

    Screens that were told the same are looked into once.
    """
    screens: dict[str, list[int]] = {}
    one_each: dict[int, str] = {}
    at_work = Screen.objects.filter(retired_at=None).values_list("pk", flat=True)
    for pk, known in told(set(at_work)).items():
        if known.content_sha256 not in screens:
            one_each[known.pk] = known.content_sha256
        screens.setdefault(known.content_sha256, []).append(pk)
    named = {one_each[pk] for pk in _naming(list(one_each), asset)}
    return sorted(screen for content in named for screen in screens[content])


def _naming(publications: list[int], asset: int) -> Iterator[int]:
    for start in range(0, len(publications), BATCH):
        rows = Publication.objects.filter(pk__in=publications[start : start + BATCH])
        for pk, envelope in rows.values_list("pk", "envelope").iterator(chunk_size=20):
            payload = payload_in(envelope)
            if names_asset(payload, asset) and _has(decode(payload), asset):
                yield pk


def _has(manifest: Manifest, asset: int) -> bool:
    return any(id_.partition(".")[0] == f"a{asset}" for id_ in manifest.assets)
