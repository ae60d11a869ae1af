"""How the list that is being edited plays: saved or not, alone, in a layout, or on a screen."""

from datetime import datetime, timedelta
from typing import Annotated

from django.conf import settings
from django.http import HttpRequest, JsonResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST
from msgspec import Meta, Struct
from msgspec.structs import replace

from manifest.model import Canvas, Manifest
from server.programme.drafts import PlaylistDraft
from server.programme.models import Layout, Playlist
from server.publishing.trying import alone_on, in_layout, item_names, on_screen
from server.screens.models import Screen
from server.staff.playlists.things import assets_in_reach
from server.staff.playlists.wire import PlaylistSent, draft_sent, read
from server.staff.preview.reels import reel_json
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, visible

__all__ = ["places", "reel"]

#: Where a list can be looked at alone: landscape and portrait.
CANVASES = {"landscape": Canvas(1920, 1080), "portrait": Canvas(1080, 1920)}


class _Sent(Struct, forbid_unknown_fields=True):
    """The list as it is in the page, and where it is looked at: `landscape`, `l5`, `s7`."""

    mine: PlaylistSent
    on: Annotated[str, Meta(pattern="^(landscape|portrait|[ls][0-9]{1,18})$")] = "landscape"
    minutes: Annotated[int, Meta(ge=1, le=120)] = 10


@login_required
@require_POST
def reel(request: HttpRequest, pk: int) -> JsonResponse:
    """The timeline of the list from now on, as the scheduler has it; nothing is saved."""
    row = found(visible(request, Playlist), pk)
    sent: _Sent = read(request.body, _Sent)
    draft = _in_reach(request, draft_sent(sent.mine))
    began = now().replace(microsecond=0)
    manifest = _manifest(request, row, draft, sent.on, began)
    until = began + timedelta(minutes=sent.minutes)
    told = reel_json(manifest, began, until, staff_of(request))
    return JsonResponse(told | {"names": item_names(draft)})


def _in_reach(request: HttpRequest, draft: PlaylistDraft) -> PlaylistDraft:
    """The draft without what its reader may not see: of it there is nothing to look at."""
    known = assets_in_reach(request, {each.asset for each in draft.items})
    return replace(draft, items=tuple(each for each in draft.items if each.asset in known))


def _manifest(
    request: HttpRequest, row: Playlist, draft: PlaylistDraft, on: str, began: datetime
) -> Manifest:
    if on in CANVASES:
        return alone_on(CANVASES[on], row.pk, draft, began, settings.TIME_ZONE)
    if on.startswith("l"):
        layout = found(visible(request, Layout), int(on[1:]))
        return in_layout(layout.pk, row.pk, draft, began, settings.TIME_ZONE)
    screen = found(visible(request, Screen).select_related("site"), int(on[1:]))
    return on_screen(screen, row.pk, draft, began)


def places(request: HttpRequest, row: Playlist) -> list[tuple[str, str]]:
    """Where the list can be looked at: alone, in the layouts that play it, on their screens."""
    layouts = visible(request, Layout).filter(zones__playlist=row).distinct().order_by("name")
    screens = visible(request, Screen).filter(retired_at=None)
    shown = screens.filter(default_layout__in=layouts) | screens.filter(entries__layout__in=layouts)
    shown = shown | screens.filter(groups__entries__layout__in=layouts)
    return [
        ("landscape", _("The list alone, landscape")),
        ("portrait", _("The list alone, portrait")),
        *((f"l{each.pk}", _("In the layout %(name)s") % {"name": each.name}) for each in layouts),
        *(
            (f"s{each.pk}", _("On the screen %(name)s") % {"name": each.name})
            for each in shown.distinct().order_by("name")[:50]
        ),
    ]
