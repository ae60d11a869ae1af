"""Cards of data sets that change without review (ADR 0024): masked for reviews, put into manifests.

A review binds to which data set fills such a card and how, not to its rows.  Pure.
"""

from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from manifest.model import CardAsset, Manifest
from server.publishing.facts import Facts

__all__ = ["masked", "with_cards"]


def masked(facts: Facts) -> Facts:
    """The facts with the rows of unreviewed data taken out of their cards; the same if none are."""
    hidden = {
        pk: replace(asset, content=_mask(asset.content))
        for pk, asset in facts.assets.items()
        if asset.content.get("feed", {}).get("is_unreviewed")
    }
    return replace(facts, assets=facts.assets | hidden) if hidden else facts


def _mask(content: Mapping[str, Any]) -> dict[str, Any]:
    feed = content["feed"]
    bound = {"dataset": feed["dataset"], "mapping": feed["mapping"], "fixed": feed["fixed"]}
    return {"template": content["template"], "data": bound}


def with_cards(manifest: Manifest, cards: Mapping[str, CardAsset]) -> Manifest:
    """The manifest with these cards (by id) in the place of those of their template."""
    found = {
        id_: replace(asset, data=cards[id_].data, blobs=cards[id_].blobs)
        for id_, asset in manifest.assets.items()
        if id_ in cards and isinstance(asset, CardAsset) and asset.template == cards[id_].template
    }
    return replace(manifest, assets=manifest.assets | found) if found else manifest
