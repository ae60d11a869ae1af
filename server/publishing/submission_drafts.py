"""What a submission holds: the digest of each screen's programme, what is new, who made it.

For `publishing.reviewing`.  Compiles and compares; writes nothing.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec

from manifest.model import Manifest, StreamAsset
from manifest.writing import to_json
from server.publishing.authors import authors_of
from server.publishing.compile import Body, Compiler, sheet_of
from server.publishing.differences import differences
from server.publishing.facts import Facts
from server.publishing.naming import names_in
from server.publishing.preparation import Preparation
from server.publishing.selectors import manifests_of
from server.review.drafts import ItemDraft, SubmissionDraft
from server.screens.models import Screen

__all__ = ["draft_of", "new_items", "programmes"]


def programmes(facts: Facts, screens: Iterable[int], now: datetime) -> dict[int, Body]:
    """What each of these screens (primary keys) would show, takeovers apart."""
    compiler = Compiler(facts)
    return {
        pk: compiler.body(
            msgspec.structs.replace(sheet_of(facts, facts.screens[pk], now), takeovers=())
        )
        for pk in screens
    }


def draft_of(
    prepared: Preparation, screens: Mapping[int, Screen], now: datetime
) -> SubmissionDraft:
    """What these screens (by primary key) would show, against what they were told last."""
    after = programmes(prepared.facts, screens, now)
    told = {pk: prepared.told[pk] for pk in screens if pk in prepared.told}
    one_each = {each.content_sha256: each.pk for each in told.values()}
    payloads = manifests_of(one_each.values())
    before = {sha256: payloads[pk] for sha256, pk in one_each.items()}
    pairs = {
        (told[pk].content_sha256 if pk in told else "", after[pk].sha256): after[pk].manifest
        for pk in screens
    }
    changes = [(before.get(pair[0]), manifest) for pair, manifest in pairs.items()]
    items = new_items(changes)
    names = names_in(prepared.facts, before.values())
    return SubmissionDraft(
        digests={screen: after[pk].sha256 for pk, screen in screens.items()},
        items=items,
        changes=tuple(_changes(changes, names)),
        authors=authors_of(screens, changes, [item.asset for item in items]),
    )


#: What a screen was told (None: nothing yet), and what it would show.
Change = tuple[Manifest | None, Manifest]


def new_items(changes: Collection[Change]) -> tuple[ItemDraft, ...]:
    """What is new to at least one of these screens, each once, in the order of the playlists."""
    found: dict[str, ItemDraft] = {}
    for before, after in changes:
        known = set() if before is None else {_digest(before, id_) for id_ in before.assets}
        for id_ in _shown(after):
            sha256 = _digest(after, id_)
            if sha256 not in known:
                found.setdefault(sha256, _item(after, id_, sha256))
    return tuple(found.values())


def _shown(manifest: Manifest) -> Iterator[str]:
    for playlist in manifest.playlists.values():
        for item in playlist.items:
            yield item.asset


def _digest(manifest: Manifest, id_: str) -> str:
    """Over all that an asset is in a manifest, and of a stream its stand-in as well."""
    asset = manifest.assets[id_]
    text = to_json(asset)
    if isinstance(asset, StreamAsset):
        text += to_json(manifest.assets[asset.fallback])
    return hashlib.sha256(text).hexdigest()


def _item(manifest: Manifest, id_: str, sha256: str) -> ItemDraft:
    asset = manifest.assets[id_]
    number, _dot, page = id_.removeprefix("a").partition(".")
    kind = type(asset).__struct_config__.tag
    return ItemDraft(int(number), str(kind), asset.title, sha256, int(page) if page else None)


def _changes(changes: Collection[Change], names: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    """The sentences of the dry run, each once, as JSON holds them."""
    said: dict[tuple[str, tuple[tuple[str, str], ...]], dict[str, Any]] = {}
    for before, after in changes:
        if before is None:
            said.setdefault(("NEW_SCREEN", ()), {"code": "NEW_SCREEN", "values": {}})
            continue
        for each in differences(_without_takeovers(before), after, names):
            key = (each.code, tuple(sorted(each.values.items())))
            said.setdefault(key, {"code": each.code, "values": each.values})
    return iter(said.values())


def _without_takeovers(manifest: Manifest) -> Manifest:
    return msgspec.structs.replace(manifest, takeovers=())
