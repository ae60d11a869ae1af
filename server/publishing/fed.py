"""What changes without review (ADR 0024): masked for reviews, put into manifests.

A review binds to which data set fills such a card and how, not to its rows; and to the address,
size and interval of a web page, not to its picture.  Pure.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from msgspec.structs import replace

from manifest.model import CardAsset, ImageAsset, Manifest
from server.publishing.facts import AssetFacts, Facts

__all__ = ["masked", "with_cards", "with_pictures"]


def masked(facts: Facts) -> Facts:
    """The facts with the rows of unreviewed data taken out of their cards, and the pictures of
    unreviewed pages; the same if there are none."""
    hidden = {
        pk: replace(asset, content=_mask(asset.content))
        for pk, asset in facts.assets.items()
        if asset.content.get("feed", {}).get("is_unreviewed")
    } | {
        pk: _of_page(asset)
        for pk, asset in facts.assets.items()
        if asset.files and asset.content.get("page", {}).get("is_unreviewed")
    }
    return replace(facts, assets=facts.assets | hidden) if hidden else facts


def _mask(content: Mapping[str, Any]) -> dict[str, Any]:
    feed = content["feed"]
    bound = {"dataset": feed["dataset"], "mapping": feed["mapping"], "fixed": feed["fixed"]}
    return {"template": content["template"], "data": bound}


def _of_page(asset: AssetFacts) -> AssetFacts:
    """A web page, with what it is bound to in the place of its picture."""
    bound = hashlib.sha256(json.dumps(asset.content["page"], sort_keys=True).encode()).hexdigest()
    return replace(asset, files=tuple(replace(each, sha256=bound, bytes=1)
                                      for each in asset.files))  # fmt: skip


def with_pictures(manifest: Manifest, pictures: Mapping[str, ImageAsset]) -> Manifest:
    """The manifest with these pictures (by id) in the place of those that it has."""
    found = {
        id_: replace(pictures[id_], title=asset.title)
        for id_, asset in manifest.assets.items()
        if id_ in pictures and isinstance(asset, ImageAsset)
    }
    return replace(manifest, assets=manifest.assets | found) if found else manifest


def with_cards(manifest: Manifest, cards: Mapping[str, CardAsset]) -> Manifest:
    """The manifest with these cards (by id) in the place of those of their template."""
    found = {
        id_: replace(asset, data=cards[id_].data, blobs=cards[id_].blobs)
        for id_, asset in manifest.assets.items()
        if id_ in cards and isinstance(asset, CardAsset) and asset.template == cards[id_].template
    }
    return replace(manifest, assets=manifest.assets | found) if found else manifest
