"""Layouts with their zones: made, changed as a whole, deleted when nothing shows them."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_noop
from msgspec import structs

from manifest.model import Canvas
from server.accounts import policy
from server.accounts.models import Department, Staff
from server.accounts.policy import Act
from server.audit import services as audit
from server.errors import Conflict
from server.programme import checks
from server.programme.drafts import ZoneDraft
from server.programme.models import Layout, Playlist, PlaylistItem, Zone
from server.programme.rights import require
from server.programme.versions import locked, require_version
from server.screens.models import Screen
from server.sentences import Sentence
from server.validation import cleaned

__all__ = ["layout_change", "layout_create", "layout_delete", "zones_of"]

DEFAULT_BACKGROUND = "#101820"
FULL_HD = Canvas(1920, 1080)

_MUSIC_IN_ZONE = gettext_noop(
    "“%(item)s” is music, and “%(zone)s” would stand empty while it plays: choose its playlist as "
    "the background music."
)
_PICTURE_IN_MUSIC = gettext_noop(
    "“%(item)s” is no music and would not be seen: background music is a playlist of music alone."
)


def layout_create(
    *,
    name: str,
    department: Department,
    canvas: Canvas = FULL_HD,
    background: str = DEFAULT_BACKGROUND,
    zones: Sequence[ZoneDraft] = (),
    actor: Staff | None,
    now: datetime,
) -> Layout:
    """Make a layout.  Raises `Invalid` with all that is wrong."""
    require(actor, Act.ARRANGE, department)
    with transaction.atomic():
        layout = Layout(
            name=name,
            department=department,
            canvas_width=canvas.width,
            canvas_height=canvas.height,
            background=background,
        )
        cleaned(layout).save()
        _put_zones(layout, zones, actor)
        _record(layout, "layout.create", actor, now)
    return layout


def layout_change(
    *,
    layout: Layout,
    version: int,
    name: str | None = None,
    canvas: Canvas | None = None,
    background: str | None = None,
    zones: Sequence[ZoneDraft] | None = None,
    actor: Staff | None,
    now: datetime,
) -> Layout:
    """Change a layout that was read as `version`; `zones` replaces all of them.

    Raises `Conflict` with what changed meanwhile, or `Invalid`; then nothing is changed.
    """
    require(actor, Act.ARRANGE, layout.department)
    with transaction.atomic():
        row = locked(layout)
        yours = {
            "name": name,
            "canvas": canvas and [canvas.width, canvas.height],
            "background": background,
            "zones": None if zones is None else _as_json(zones),
        }
        require_version(
            row,
            version,
            _fields(row),
            {f: value for f, value in yours.items() if value is not None},
        )
        row.name, row.background = name or row.name, background or row.background
        if canvas is not None:
            row.canvas_width, row.canvas_height = canvas.width, canvas.height
        row.version += 1
        cleaned(row).save()
        _put_zones(row, zones_of(row) if zones is None else zones, actor)
        _record(row, "layout.change", actor, now)
    return row


def layout_delete(*, layout: Layout, actor: Staff | None, now: datetime) -> None:
    """Delete a layout that nothing shows.  Raises `Conflict` with what does."""
    require(actor, Act.ARRANGE, layout.department)
    with transaction.atomic():
        row = locked(layout)
        used = [*row.entries.values_list("name", flat=True)]
        used += row.takeovers.values_list("name", flat=True)
        used += Screen.objects.filter(default_layout=row).values_list("name", flat=True)
        if used:
            raise Conflict(
                "“%(name)s” is shown by %(used)s: give those another layout first.",
                values={"name": row.name, "used": ", ".join(used)},
                code="IN_USE",
                details={"used": used},
            )
        _record(row, "layout.delete", actor, now)
        row.delete()


def zones_of(layout: Layout) -> list[ZoneDraft]:
    """The zones of a layout as an editor would send them back."""
    return [
        ZoneDraft(
            slug=zone.slug, x=zone.x, y=zone.y, width=zone.width, height=zone.height,
            playlist=zone.playlist_id, z=zone.z, name=zone.name,
        )
        for zone in layout.zones.order_by("z", "slug")
    ]  # fmt: skip


def _put_zones(layout: Layout, drafts: Sequence[ZoneDraft], actor: Staff | None) -> None:
    canvas = Canvas(layout.canvas_width, layout.canvas_height)
    wrong = [*checks.zones(drafts, canvas), *_check_playlists(drafts, actor), *_check_music(drafts)]
    checks.refuse(wrong)
    layout.zones.all().delete()
    for draft in drafts:
        fields = structs.asdict(draft)
        zone = Zone(layout=layout, playlist_id=fields.pop("playlist"), **fields)
        cleaned(zone).save()


def _check_playlists(drafts: Sequence[ZoneDraft], actor: Staff | None) -> list[checks.Mistake]:
    visible = Playlist.objects.filter(pk__in={draft.playlist for draft in drafts})
    if actor is not None:
        visible = visible.filter(policy.in_reach(actor, Act.VIEW))
    known = set(visible.values_list("pk", flat=True))
    return [
        (f"zones.{draft.slug}", Sentence("Zone “%(zone)s” has no playlist.", {"zone": draft.title}))
        for draft in drafts
        if draft.playlist not in known
    ]


def _check_music(drafts: Sequence[ZoneDraft]) -> Iterator[checks.Mistake]:
    """Behind a layout nothing is seen, and in its zones nothing is heard but what is seen."""
    items = PlaylistItem.objects.filter(playlist__in={draft.playlist for draft in drafts})
    music, seen = dict[int, str](), dict[int, str]()
    for item in items.select_related("asset"):
        titles = music if item.asset.is_music else seen
        titles[item.playlist_id] = item.asset.title
    for draft in drafts:
        field = f"zones.{draft.slug}"
        if draft.is_seen and draft.playlist in music:
            values = {"zone": draft.title, "item": music[draft.playlist]}
            yield field, Sentence(_MUSIC_IN_ZONE, values)
        if not draft.is_seen and draft.playlist in seen:
            yield field, Sentence(_PICTURE_IN_MUSIC, {"item": seen[draft.playlist]})


def _fields(layout: Layout) -> dict[str, Any]:
    return {
        "name": layout.name,
        "canvas": [layout.canvas_width, layout.canvas_height],
        "background": layout.background,
        "zones": _as_json(zones_of(layout)),
    }


def _as_json(drafts: Sequence[ZoneDraft]) -> list[dict[str, Any]]:
    return [structs.asdict(draft) for draft in drafts]


def _record(layout: Layout, action: str, actor: Staff | None, now: datetime) -> None:
    audit.record(actor=actor, action=action, subject=layout, detail=_fields(layout), now=now)
