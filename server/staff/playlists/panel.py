"""The library beside a playlist: what can be added, found as the library itself finds it."""

from typing import Any

from django.http import HttpRequest, JsonResponse, QueryDict
from django.template.loader import render_to_string
from django.views.decorators.http import require_GET

from server.library.models import Asset, AssetState
from server.library.tagging import tags_among
from server.programme.models import Playlist
from server.staff.library import in_order
from server.staff.library.finding import KINDS, Filters, assets_found
from server.staff.playlists.things import things_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, visible

__all__ = ["offer", "panel"]

#: Assets that are offered at once; a search finds the others.
OFFERED = 36


def offer(request: HttpRequest, asked: QueryDict) -> dict[str, Any]:
    """What the panel shows: the newest that can be shown, or those that are asked for."""
    sent = {name: asked.get(name, "").strip()[:100] for name in ("q", "kind", "tag")}
    if sent["kind"] not in {name for name, _word in KINDS}:
        sent["kind"] = ""
    usable = assets_found(staff_of(request), Filters(**sent), now()).exclude(
        state__in=[AssetState.FAILED, AssetState.WITHDRAWN]
    )
    rows = in_order(usable.values_list("pk", flat=True)[: OFFERED + 1])
    return {
        "offered": rows[:OFFERED],
        "has_more": len(rows) > OFFERED,
        "query": sent["q"],
        "kind": sent["kind"],
        "tag": sent["tag"],
        "kinds": KINDS,
        "tags": [name for name, _count in tags_among(visible(request, Asset))],
    }


@login_required
@require_GET
def panel(request: HttpRequest, pk: int) -> JsonResponse:
    """The panel anew, for a search; and what the script must know to add any of it."""
    row = found(visible(request, Playlist), pk)
    told = offer(request, request.GET)
    html = render_to_string("staff/playlists/parts/offered.html", told | {"playlist": row}, request)
    return JsonResponse({"html": html, "assets": things_of(told["offered"])})
