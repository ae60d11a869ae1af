"""Where publishing meets review: what is submitted, and whether just that is published (ADR 0021).

The digest of a screen's programme is that of its manifest's body without takeovers: all that can
come to be seen, and nothing that changes by itself.  `publish` asks `require_reviewed`; `submit`
and `approve` compile the same digests for `review.services`.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.db import transaction
from django.utils.translation import gettext_noop as _

from manifest.model import Manifest, StreamAsset
from manifest.writing import to_json
from server.accounts.models import Staff
from server.errors import Invalid
from server.programme.versions import hold_still
from server.publishing.authors import authors_of
from server.publishing.compile import Body, Compiler, sheet_of
from server.publishing.differences import differences
from server.publishing.errors import NotCurrent
from server.publishing.facts import Facts
from server.publishing.naming import names_in
from server.publishing.planning import digest_of
from server.publishing.preparation import Preparation, prepare
from server.publishing.selectors import manifests_of
from server.review import selectors
from server.review import services as review
from server.review.drafts import ItemDraft, SubmissionDraft
from server.review.errors import NotReviewed
from server.review.models import Submission
from server.review.rules import required
from server.screens.models import Screen

__all__ = ["approve", "changed_since", "programmes", "require_reviewed", "submit"]


def programmes(facts: Facts, screens: Iterable[int], now: datetime) -> dict[int, Body]:
    """What each of these screens (primary keys) would show, takeovers apart."""
    compiler = Compiler(facts)
    return {
        pk: compiler.body(
            msgspec.structs.replace(sheet_of(facts, facts.screens[pk], now), takeovers=())
        )
        for pk in screens
    }


def require_reviewed(prepared: Preparation, now: datetime) -> None:
    """Raise `NotReviewed` unless what changed was approved wherever a review is asked for."""
    rows = Screen.objects.in_bulk(prepared.changed)
    needed = [pk for pk, need in required(rows.values()).items() if need.steps]
    if not needed:
        return
    found = programmes(prepared.facts, needed, now)
    cleared = selectors.approved({pk: body.sha256 for pk, body in found.items()})
    lacking = [prepared.facts.screens[pk].name for pk in needed if pk not in cleared]
    if lacking:
        raise NotReviewed(
            _(
                "The programme of %(screen)s as it is now was not approved (%(count)d in all): "
                "submit it for review; a change after an approval needs a new one."
            ),
            values={"screen": lacking[0], "count": len(lacking)},
            details={"screens": lacking},
        )


def submit(
    *,
    screens: Iterable[Screen],
    title: str,
    note: str = "",
    expected: str | None = None,
    actor: Staff,
    now: datetime,
) -> Submission:
    """Submit what these screens would show, as far as it changes and needs a review.

    `expected` is the digest of the dry run that was looked at; another programme is `NotCurrent`.
    """
    with transaction.atomic():
        hold_still()
        rows = {each.pk: each for each in screens if each.retired_at is None}
        prepared = prepare(rows, now, waiting=True)
        if expected is not None and digest_of(prepared) != expected:
            raise NotCurrent(_("The programme was changed after you looked at it: look again."))
        needs = required(rows.values())
        chosen = [pk for pk in prepared.changed if needs[pk].steps]
        if not chosen:
            raise Invalid(
                _("There is nothing to review: these screens show this, or need no review."),
                code="NO_REVIEW_NEEDED",
            )
        draft = _draft(prepared, {pk: rows[pk] for pk in chosen}, now)
        return review.submit(draft=draft, title=title, note=note, actor=actor, now=now)


def approve(
    *, submission: Submission, expected: str, reason: str = "", actor: Staff, now: datetime
) -> Submission:
    """Say yes, unless the programme was changed since it was submitted (`NotReviewed`)."""
    with transaction.atomic():
        hold_still()
        others = [] if submission.is_urgent else changed_since(submission, now)
        if others:
            raise NotReviewed(
                _(
                    "The programme of %(screen)s was changed after it was submitted, so nobody can "
                    "approve it: the editor has to submit it again."
                ),
                values={"screen": others[0]},
                details={"screens": [each.name for each in others]},
            )
        return review.approve(
            submission=submission, expected=expected, reason=reason, actor=actor, now=now
        )


def changed_since(submission: Submission, now: datetime) -> list[Screen]:
    """The screens whose programme is another one by now than the one submitted."""
    rows = submission.screens.filter(screen__retired_at=None).select_related("screen")
    submitted = {row.screen_id: row.sha256 for row in rows}
    facts = prepare(submitted, now).facts
    found = programmes(facts, submitted, now)
    return [row.screen for row in rows if found[row.screen_id].sha256 != row.sha256]


# --- what is submitted -------------------------------------------------------------------------


def _draft(prepared: Preparation, screens: Mapping[int, Screen], now: datetime) -> SubmissionDraft:
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
    items = _items(changes)
    names = names_in(prepared.facts, before.values())
    return SubmissionDraft(
        digests={screen: after[pk].sha256 for pk, screen in screens.items()},
        items=items,
        changes=tuple(_changes(changes, names)),
        authors=authors_of(screens, changes, [item.asset for item in items]),
    )


#: What a screen was told (None: nothing yet), and what it would show.
Change = tuple[Manifest | None, Manifest]


def _items(changes: Collection[Change]) -> tuple[ItemDraft, ...]:
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
