"""Playlists: made, changed as a whole, deleted when no zone plays them."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from server.accounts import policy
from server.accounts.models import Department, Staff
from server.accounts.policy import Act
from server.audit import services as audit
from server.errors import Conflict
from server.library.models import Asset, AssetKind, AssetState
from server.library.uses import Use
from server.programme import checks
from server.programme.adding import expanded
from server.programme.drafts import ItemDraft, PlaylistDraft
from server.programme.instants import whole_ms
from server.programme.models import Playlist, PlaylistItem
from server.programme.rights import require
from server.programme.versions import locked, require_version
from server.sentences import Sentence
from server.validation import cleaned

__all__ = [
    "draft_of",
    "drafts_of",
    "playlist_append",
    "playlist_change",
    "playlist_create",
    "playlist_delete",
    "uses_in_playlists",
]

#: What an item is made of, in the words of `ItemDraft`.
_FIELDS = (
    "page", "duration_ms", "weight", "fit", "transition", "transition_ms", "is_muted",
    "valid_from", "valid_until",
)  # fmt: skip

#: What is changed of the list itself, in the words of `PlaylistDraft`.
_LIST_FIELDS = tuple(name for name in PlaylistDraft.__struct_fields__ if name != "items")


def playlist_create(
    *,
    name: str,
    department: Department,
    order: str = Playlist.Order.LISTED,
    items: Sequence[ItemDraft] = (),
    actor: Staff | None,
    now: datetime,
) -> Playlist:
    """Make a playlist.  Raises `Invalid` with all that is wrong."""
    require(actor, Act.ARRANGE, department)
    checks.refuse(checks.items(items))
    with transaction.atomic():
        row = Playlist(
            name=name, department=department, order=order, changed_by=actor, changed_at=now
        )
        playlist = cleaned(row)
        playlist.save()
        _put_items(playlist, items, actor)
        _record(playlist, "playlist.create", actor, now)
    return playlist


def playlist_change(
    *,
    playlist: Playlist,
    version: int,
    items: Sequence[ItemDraft] | None = None,
    actor: Staff | None,
    now: datetime,
    **fields: Any,
) -> Playlist:
    """Change a playlist that was read as `version`; `items` replaces all of them.

    `fields` are those of `PlaylistDraft`: `name`, `order`, `default_…`.  Raises `Conflict` with
    what changed meanwhile, or `Invalid`; then nothing is changed.
    """
    require(actor, Act.ARRANGE, playlist.department)
    checks.refuse(checks.items(items or ()))
    with transaction.atomic():
        row = locked(playlist)
        known = {field: getattr(row, field) for field in _LIST_FIELDS}
        sent = {field: fields[field] for field in fields if field in known}
        if len(sent) < len(fields):
            raise TypeError(f"a playlist has no {', '.join(fields.keys() - sent.keys())}")
        whole = {"items": _as_json(drafts_of(row))}
        yours = {} if items is None else {"items": _as_json(items)}
        require_version(row, version, known | whole, sent | yours)
        for field, value in sent.items():
            setattr(row, field, value)
        row.version += 1
        row.changed_by, row.changed_at = actor, now
        cleaned(row).save()
        if items is not None:
            _put_items(row, items, actor)
        _record(row, "playlist.change", actor, now)
    return row


def playlist_append(
    *, playlist: Playlist, items: Sequence[ItemDraft], actor: Staff | None, now: datetime
) -> Playlist:
    """Add items at the end, whatever others changed meanwhile; of documents the picked pages."""
    with transaction.atomic():
        row = locked(playlist)
        whole = [*drafts_of(row), *expanded(items)]
        return playlist_change(playlist=row, version=row.version, items=whole, actor=actor, now=now)


def playlist_delete(*, playlist: Playlist, actor: Staff | None, now: datetime) -> None:
    """Delete a playlist that no zone plays.  Raises `Conflict` with the layouts that play it."""
    require(actor, Act.ARRANGE, playlist.department)
    with transaction.atomic():
        row = locked(playlist)
        used = sorted(row.zones.values_list("layout__name", flat=True).distinct())
        if used:
            raise Conflict(
                "“%(name)s” is played by %(layouts)s: give those zones another playlist first.",
                values={"name": row.name, "layouts": ", ".join(used)},
                code="IN_USE",
                details={"layouts": used},
            )
        _record(row, "playlist.delete", actor, now)
        row.delete()


def draft_of(playlist: Playlist) -> PlaylistDraft:
    """A playlist as an editor would send it back."""
    fields = {field: getattr(playlist, field) for field in _LIST_FIELDS}
    return PlaylistDraft(**fields, items=tuple(drafts_of(playlist)))


def drafts_of(playlist: Playlist) -> list[ItemDraft]:
    """The items of a playlist as an editor would send them back."""
    return [
        ItemDraft(
            asset=item.asset_id,
            pk=item.pk,
            key=item.key,
            **{field: getattr(item, field) for field in _FIELDS},
        )
        for item in playlist.items.order_by("position", "pk")
    ]


def uses_in_playlists(asset: Asset) -> list[Use]:
    """The playlists and takeovers that show an asset: it stays while there are any (S27)."""
    rows = Playlist.objects.filter(items__asset=asset).distinct()
    alone = asset.takeovers.all()
    return [
        *(Use("playlist", row.pk, row.name, row.department_id) for row in rows),
        *(Use("takeover", row.pk, row.name, row.department_id) for row in alone),
    ]


def _put_items(playlist: Playlist, drafts: Sequence[ItemDraft], actor: Staff | None) -> None:
    """Make the items those of the drafts; an item that stays keeps its row, and so its id."""
    before = {item.pk: item for item in playlist.items.all()}
    checks.refuse(_check_assets(drafts, before, actor))
    kept = {draft.pk for draft in drafts}
    playlist.items.filter(pk__in=before.keys() - kept).delete()
    for position, draft in enumerate(drafts):
        item = before.get(draft.pk or 0) or PlaylistItem(playlist=playlist)
        item.position, item.asset_id = position, draft.asset
        item.key = draft.key or item.key
        for field in _FIELDS:
            value = getattr(draft, field)
            setattr(item, field, whole_ms(value) if isinstance(value, datetime) else value)
        item.save()


def _check_assets(
    drafts: Sequence[ItemDraft], before: dict[int, PlaylistItem], actor: Staff | None
) -> list[checks.Mistake]:
    """What is wrong with the assets: unknown, out of reach, or added although it cannot be shown.

    What cannot be shown any more may stay: the dry run says that it is left out.
    """
    wanted = {draft.asset for draft in drafts}
    visible = Asset.objects.filter(pk__in=wanted)
    if actor is not None:
        visible = visible.filter(policy.in_reach(actor, Act.VIEW))
    assets = {asset.pk: asset for asset in visible}
    known = {item.asset_id for item in before.values()}
    found: list[checks.Mistake] = []
    for number, draft in enumerate(drafts, start=1):
        why = _asset_mistake(assets.get(draft.asset), draft, is_new=draft.asset not in known)
        if draft.pk is not None and draft.pk not in before:
            why = Sentence("it is an item of another playlist.")
        if why is not None:
            said = Sentence("Item %(n)d: %(why)s", {"n": number, "why": why})
            found.append((f"items.{number}", said))
    return found


def _asset_mistake(asset: Asset | None, draft: ItemDraft, *, is_new: bool) -> Sentence | None:
    if asset is None:
        return Sentence("there is no such asset.")
    if is_new and asset.state in {AssetState.WITHDRAWN, AssetState.FAILED}:
        return Sentence(
            "“%(title)s” cannot be shown: it was taken down or could not be read.",
            {"title": asset.title},
        )
    if draft.page is not None and asset.kind != AssetKind.DOCUMENT:
        return Sentence("“%(title)s” has no pages.", {"title": asset.title})
    return None


def _as_json(drafts: Sequence[ItemDraft]) -> list[dict[str, Any]]:
    """Items as JSON, for comparing and for the audit."""

    def plain(value: object) -> object:
        return value.isoformat() if isinstance(value, datetime) else value

    return [
        {field: plain(getattr(draft, field)) for field in ("pk", "asset", *_FIELDS)}
        for draft in drafts
    ]


def _record(playlist: Playlist, action: str, actor: Staff | None, now: datetime) -> None:
    detail = {
        "version": playlist.version,
        "order": playlist.order,
        "items": [[each.pk, each.asset] for each in drafts_of(playlist)],
    }
    audit.record(actor=actor, action=action, subject=playlist, detail=detail, now=now)
