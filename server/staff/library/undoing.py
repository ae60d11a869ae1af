"""Undo for what was done to assets: what they were before lies in the session of who did it.

Only the last act can be undone.  Undoing asks the same services and rights as doing.
"""

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from server.accounts.models import Department, Staff
from server.emergency.takedowns import put_back
from server.errors import ApplicationError
from server.library import services
from server.library.models import Asset, AssetState
from server.library.tagging import tagged
from server.programme.models import Playlist
from server.programme.playlists import drafts_of
from server.programme.services import playlist_change
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.toasts import say

__all__ = ["remember", "undo"]

_KEY = "library_undo"


def remember(request: HttpRequest, act: str, said: str, before: dict[str, Any]) -> None:
    """Say what was done, with a button that undoes it.

    `before` has what was, by the asset's (or playlist's) key.
    """
    request.session[_KEY] = {"act": act, "before": before}
    say(request, said, undo=reverse("staff:library_undo"))


@login_required
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """Undo the last act."""
    kept = request.session.pop(_KEY, None)
    if kept is None:
        messages.warning(request, _("There is nothing to undo any more."))
        return redirect("staff:library")
    try:
        _UNDO[kept["act"]](kept["before"], staff_of(request), now())
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("Undone."))
    return redirect("staff:library")


def _assets(keys: Collection[str]) -> dict[str, Asset]:
    rows = Asset.with_bin.filter(pk__in=[int(key) for key in keys])
    return {str(each.pk): each for each in rows}


def _tags(before: dict[str, Any], staff: Staff, at: datetime) -> None:
    for key, asset in _assets(before).items():
        gone = [each for each in tagged(asset) if each not in before[key]]
        services.tags_change(assets=[asset], add=before[key], remove=gone, actor=staff, now=at)


def _department(before: dict[str, Any], staff: Staff, at: datetime) -> None:
    owners = Department.objects.in_bulk(set(before.values()))
    for key, asset in _assets(before).items():
        services.assets_move(assets=[asset], department=owners[before[key]], actor=staff, now=at)


def _expiry(before: dict[str, Any], staff: Staff, at: datetime) -> None:
    for key, asset in _assets(before).items():
        until = parse_datetime(before[key]) if before[key] else None
        services.assets_expire(assets=[asset], valid_until=until, actor=staff, now=at)


def _delete(before: dict[str, Any], staff: Staff, at: datetime) -> None:
    for asset in _assets(before).values():
        services.asset_undelete(asset=asset, actor=staff, now=at)


def _withdraw(before: dict[str, Any], staff: Staff, at: datetime) -> None:
    for asset in _assets(before).values():
        if asset.state == AssetState.WITHDRAWN:
            put_back(asset=asset, actor=staff, now=at)


def _playlist(before: dict[str, Any], staff: Staff, at: datetime) -> None:
    """Take the items out again that were added; whatever else was changed meanwhile stays."""
    for key, items in before.items():
        row = Playlist.objects.filter(pk=int(key)).first()
        if row is not None:
            left = [each for each in drafts_of(row) if each.pk not in items]
            playlist_change(playlist=row, version=row.version, items=left, actor=staff, now=at)


_UNDO: dict[str, Callable[[dict[str, Any], Staff, datetime], None]] = {
    "tags": _tags, "department": _department, "expiry": _expiry, "delete": _delete,
    "withdraw": _withdraw, "playlist": _playlist,
}  # fmt: skip
