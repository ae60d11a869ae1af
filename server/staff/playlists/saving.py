"""What the page's script saves, as often as something changes, and what others saved meanwhile."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils.timezone import localtime
from django.views.decorators.http import require_GET, require_POST
from msgspec import Struct

from server.errors import Invalid
from server.programme import services
from server.programme.drafts import PlaylistDraft
from server.programme.models import Playlist
from server.programme.playlist_saving import Saved
from server.programme.playlists import draft_of
from server.staff.playlists.things import assets_in_reach, things_of
from server.staff.playlists.wire import PlaylistSent, clash_json, draft_sent, playlist_json, read
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, visible

__all__ = ["save", "state", "state_json"]


class _Sent(Struct, forbid_unknown_fields=True):
    """What was edited: `mine` was made from `base`, which had `version`."""

    version: int
    base: PlaylistSent
    mine: PlaylistSent


@login_required
@require_POST
def save(request: HttpRequest, pk: int) -> JsonResponse:
    """Save a playlist together with what others saved meanwhile; 409 with both sides if needed."""
    row = found(visible(request, Playlist), pk)
    sent: _Sent = read(request.body, _Sent)
    saved = services.playlist_save(
        playlist=row,
        version=sent.version,
        base=draft_sent(sent.base),
        mine=draft_sent(sent.mine),
        actor=staff_of(request),
        now=now(),
    )
    return JsonResponse(_told(request, saved), status=409 if saved.clashes else 200)


def _told(request: HttpRequest, saved: Saved) -> dict[str, Any]:
    return state_json(request, saved.playlist, saved.stored) | {
        "mine": playlist_json(saved.draft),
        "is_merged": saved.is_merged,
        "clashes": clash_json(saved.clashes),
    }


@login_required
@require_GET
def state(request: HttpRequest, pk: int) -> HttpResponse:
    """The playlist as it is stored, or 204 if it is still the version that the script has.

    `assets` names what the script wants to hear of besides: what is being made ready.
    """
    row = found(visible(request, Playlist).select_related("changed_by"), pk)
    wanted = request.GET.get("assets", "")
    if request.GET.get("version", "") == str(row.version) and not wanted:
        return HttpResponse(status=204)
    told = state_json(request, row, draft_of(row))
    if wanted:
        told["assets"] |= things_of(assets_in_reach(request, _numbers(wanted)).values())
    return JsonResponse(told)


def _numbers(text: str) -> list[int]:
    parts = text.split(",")[:200]
    if not all(each.isascii() and each.isdigit() and len(each) < 19 for each in parts):
        raise Invalid("These are no assets: numbers with commas between them.")
    return [int(each) for each in parts]


def state_json(request: HttpRequest, row: Playlist, stored: PlaylistDraft) -> dict[str, Any]:
    """A playlist for the script: its version, what it is, and what its assets are."""
    assets = assets_in_reach(request, {each.asset for each in stored.items})
    by, at = row.changed_by, row.changed_at
    return {
        "version": row.version,
        "stored": playlist_json(stored),
        "assets": things_of(assets.values()),
        "changed_by": "" if by is None or by == staff_of(request) else str(by),
        "changed_at": "" if at is None else f"{localtime(at):%H:%M}",
    }
