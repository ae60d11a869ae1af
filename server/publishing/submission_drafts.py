"""What a submission holds: the digest of each screen's programme, what is new, who made it.

For `publishing.reviewing`.  Compiles and compares; writes nothing.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple

from msgspec import structs

from manifest.model import Manifest, StreamAsset
from manifest.writing import to_json
from server.publishing.amend import without_takeovers
from server.publishing.authors import authors_of
from server.publishing.cautions import cautions
from server.publishing.compile import EMPTY_LAYOUT, Body, Compiler, sheet_of
from server.publishing.differences import differences
from server.publishing.facts import Facts
from server.publishing.fed import masked
from server.publishing.first_airing import first_airing
from server.publishing.naming import names_in
from server.publishing.preparation import Preparation
from server.publishing.selectors import manifests_of
from server.publishing.words import say
from server.review.drafts import ChangeDraft, ItemDraft, SubmissionDraft
from server.screens.models import Screen

__all__ = ["Change", "draft_of", "new_items", "programmes"]


def programmes(facts: Facts, screens: Iterable[int], now: datetime) -> dict[int, Body]:
    """What each of these screens (primary keys) would show, takeovers apart.

    The digest leaves the rows out that may change without review (ADR 0024).
    """
    hidden = masked(facts)
    shown = Compiler(facts)
    digested = shown if hidden is facts else Compiler(hidden)
    found: dict[int, Body] = {}
    for pk in screens:
        sheet = structs.replace(sheet_of(facts, facts.screens[pk], now), takeovers=())
        found[pk] = shown.body(sheet)._replace(sha256=digested.body(sheet).sha256)
    return found


def draft_of(
    prepared: Preparation, screens: Mapping[int, Screen], now: datetime
) -> SubmissionDraft:
    """What these screens (by primary key) would show, against what they were told last."""
    after = programmes(prepared.facts, screens, now)
    told = {pk: prepared.told[pk] for pk in screens if pk in prepared.told}
    one_each = {each.content_sha256: each.pk for each in told.values()}
    payloads = manifests_of(one_each.values())
    before = {sha256: payloads[pk] for sha256, pk in one_each.items()}
    alike: dict[tuple[str, str], list[Screen]] = {}
    for pk, screen in screens.items():
        known = told[pk].content_sha256 if pk in told else ""
        alike.setdefault((known, after[pk].sha256), []).append(screen)
    changes = [
        Change(before.get(known), after[on[0].pk].manifest, tuple(each.name for each in on))
        for (known, _sha256), on in alike.items()
    ]
    looked_at = [_cautions(prepared.facts, on[0].pk, after[on[0].pk].manifest, now)
                 for on in alike.values()]  # fmt: skip
    items = new_items(changes)
    names = names_in(prepared.facts, before.values()) | {EMPTY_LAYOUT: "–"}
    pairs = [(each.before, each.after) for each in changes]
    return SubmissionDraft(
        digests={screen: after[pk].sha256 for pk, screen in screens.items()},
        items=items,
        changes=tuple(
            structs.replace(_in_words(each, names), cautions=said)
            for each, said in zip(changes, looked_at, strict=True)
        ),
        authors=authors_of(screens, pairs, [item.asset for item in items]),
        first_at=_first_airing([each.after for each in changes], items, now),
    )


def _first_airing(
    manifests: Iterable[Manifest], items: Iterable[ItemDraft], now: datetime
) -> datetime | None:
    assets = {each.asset for each in items}
    found = (first_airing(each, assets, now) for each in manifests)
    return min(filter(None, found), default=None)


def _cautions(
    facts: Facts, screen: int, manifest: Manifest, now: datetime
) -> tuple[tuple[str, dict[str, str]], ...]:
    """What a reviewer should look at, as the dry run says it."""
    sheet = structs.replace(sheet_of(facts, facts.screens[screen], now), takeovers=())
    return tuple((each.code, dict(each.values)) for each in cautions(facts, sheet, manifest, now))


class Change(NamedTuple):
    """What these screens (by name) were told (None: nothing yet), and what they would show."""

    before: Manifest | None
    after: Manifest
    screens: tuple[str, ...]


def new_items(changes: Collection[Change]) -> tuple[ItemDraft, ...]:
    """What is new to at least one of these screens, each once, in the order of the playlists."""
    found: dict[str, ItemDraft] = {}
    for before, after, _screens in changes:
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
    whole = int(page) if page.isdigit() else None
    return ItemDraft(int(number), str(kind), asset.title, sha256, whole)


def _in_words(change: Change, names: Mapping[str, str]) -> ChangeDraft:
    """The sentences of the dry run; of a screen that is new, all that it will show."""
    before = _nothing(change.after) if change.before is None else change.before
    said = differences(without_takeovers(before), change.after, names)
    if change.before is None:
        said.insert(0, say("NEW_SCREEN"))
    sentences = tuple((each.code, dict(each.values)) for each in said)
    return ChangeDraft(change.screens, sentences)


def _nothing(like: Manifest) -> Manifest:
    """A manifest with nothing in it, for a screen of the same kind."""
    return structs.replace(
        like,
        assets={},
        playlists={},
        layouts={},
        entries=(),
        takeovers=(),
        default_layout=EMPTY_LAYOUT,
    )
