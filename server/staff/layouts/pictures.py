"""Pictures of layouts: zones with what they begin with, and the frame as the stage draws it."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Min, Q
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods
from msgspec import Struct, structs

from server.library.models import AssetState, Purpose
from server.programme import checks
from server.programme.drafts import ZoneDraft
from server.programme.layouts import zones_of
from server.programme.models import Layout, Playlist, PlaylistItem
from server.publishing.facts import LayoutFacts, ZoneFacts
from server.publishing.preview import Preview, layout_preview
from server.staff.full_size import picture_of
from server.staff.layouts.posted import posted
from server.staff.layouts.zone_words import zone_word
from server.staff.requests import login_required, now
from server.staff.rows import found, visible

__all__ = ["Face", "faces_of", "layout_picture", "miniature"]

#: How wide the real frame is drawn, in pixels.
WIDTH = 960


class Face(Struct, frozen=True):
    """A zone as a picture shows it: its place, its name, and the address of a small picture."""

    slug: str
    title: str
    x: int
    y: int
    width: int
    height: int
    picture: str


def faces_of(playlists: Iterable[int]) -> dict[int, str]:
    """Return, for each playlist that begins with a file, the address of its small picture."""
    shown = Q(asset__renditions__purpose__in=(Purpose.THUMBNAIL, Purpose.POSTER))
    items = (
        PlaylistItem.objects.filter(playlist__in=set(playlists), asset__state=AssetState.READY)
        .annotate(first_page=Min("asset__renditions__page", filter=shown))
        .order_by("playlist", "-position")
        .values_list("playlist", "asset", "page", "first_page")
    )
    return {
        playlist: reverse("staff:thumbnail", args=[asset, page or first])
        for playlist, asset, page, first in items
        if first is not None
    }


def miniature(zones: Iterable[ZoneDraft], faces: dict[int, str]) -> list[Face]:
    """Return zones as a picture shows them, the lowest first."""
    return [
        Face(
            zone.slug, zone_word(zone.slug, zone.name), zone.x, zone.y, zone.width, zone.height,
            faces.get(zone.playlist, ""),
        )
        for zone in sorted(zones, key=lambda each: each.z)
        if zone.is_seen
    ]  # fmt: skip


def with_miniatures(layouts: Iterable[Layout]) -> list[dict[str, Any]]:
    """Return layouts with their pictures, in one query for all of what is in them."""
    rows = [(layout, zones_of(layout)) for layout in layouts]
    faces = faces_of({zone.playlist for _layout, zones in rows for zone in zones})
    return [{"layout": layout, "faces": miniature(zones, faces)} for layout, zones in rows]


@login_required
@require_http_methods(["GET", "POST"])
def layout_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """The layout as it looks on a screen at this moment: as stored, or (POST) as it is drawn."""
    row = found(visible(request, Layout), pk)

    def picture() -> Preview:
        drawn = _drawn(request, row) if request.method == "POST" else None
        return layout_preview(layout=row, now=now(), width=WIDTH, drawn=drawn)

    return picture_of(picture)


def _drawn(request: HttpRequest, row: Layout) -> LayoutFacts:
    """What the editor's form draws.  Raises `Invalid`; playlists out of reach are not shown."""
    changes = posted(request).changes()
    canvas, zones = changes["canvas"], changes["zones"]
    checks.refuse(checks.zones(zones, canvas))
    known = set(visible(request, Playlist).values_list("pk", flat=True))
    return LayoutFacts(
        row.pk,
        row.name,
        canvas,
        changes["background"],
        tuple(
            ZoneFacts(each.slug, each.x, each.y, each.width, each.height, each.playlist, each.z)
            for each in sorted(zones, key=lambda each: (each.z, each.slug))
            if each.playlist in known
        ),
    )


def as_fields(zone: ZoneDraft) -> dict[str, Any]:
    """A zone as the form's cards show it."""
    return structs.asdict(zone) | {"title": zone_word(zone.slug, zone.name)}
