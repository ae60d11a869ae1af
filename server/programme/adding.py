"""What becomes of an asset that is added to a playlist: one item, or one for each picked page.

A document of which pages were picked becomes an item a page, so that each has its place and its
seconds; all of its pages together are one item, which follows the document when it is replaced.
"""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from server.library.models import Asset
from server.programme.drafts import ItemDraft

__all__ = ["expanded", "items_of"]


def items_of(asset: Asset, duration_ms: int | None = None) -> list[ItemDraft]:
    """The new items for an asset, each shown for `duration_ms` (None: ten seconds, or its own)."""
    return list(_new_items(ItemDraft(asset=asset.pk, duration_ms=duration_ms), asset))


def expanded(drafts: Iterable[ItemDraft]) -> list[ItemDraft]:
    """The same drafts; a new one of a document without a page becomes one a picked page."""
    drafts = list(drafts)
    new = {each.asset for each in drafts if each.pk is None and each.page is None}
    assets = Asset.objects.in_bulk(new)
    return [
        one
        for each in drafts
        for one in (
            _new_items(each, assets[each.asset])
            if each.pk is None and each.page is None and each.asset in assets
            else (each,)
        )
    ]


def _new_items(draft: ItemDraft, asset: Asset) -> Iterator[ItemDraft]:
    if draft.duration_ms is None and asset.is_music:
        draft = replace(draft, duration_ms=asset.source_ms)
    return _expanded(draft, asset.picked_pages)


def _expanded(draft: ItemDraft, pages: list[int]) -> Iterator[ItemDraft]:
    if not pages:
        yield draft
    for page in pages:
        yield replace(draft, page=page)
