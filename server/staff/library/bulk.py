"""What is done to several assets at once: tags, department, last day, playlist, withdraw, delete.

Each act is one button of the form around the tiles, asks the services for every asset, and can be
undone.
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.dateparse import parse_date
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from server.accounts.policy import Act
from server.errors import ApplicationError, Invalid
from server.library import services
from server.library.models import Asset
from server.library.tagging import tagged
from server.library.uses import uses_of
from server.programme.drafts import ItemDraft
from server.programme.playlists import drafts_of
from server.publishing.services import take_down
from server.staff.library.forms import instant_after, tags_in
from server.staff.library.into_playlist import put_into, wanted_playlist
from server.staff.library.undoing import remember
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, visible

__all__ = ["bulk"]

#: The most assets of one act.
ASSETS_LIMIT = 500


@login_required
@require_POST
def bulk(request: HttpRequest) -> HttpResponse:
    """Do what the pressed button says to the ticked assets."""
    wanted = [int(each) for each in request.POST.getlist("assets") if each.isdigit()]
    rows = visible(request, Asset).filter(pk__in=wanted[:ASSETS_LIMIT])
    assets = list(rows.select_related("department").order_by("-created_at", "-pk"))
    act = _ACTS.get(request.POST.get("act", ""))
    back = f"{reverse('staff:library')}?{request.POST.get('query', '')[:1000]}"
    if not assets or act is None:
        messages.error(request, _("Choose some assets first."))
        return redirect(back)
    try:
        return act(request, assets) or redirect(back)
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    return redirect(back)


def _told(n: int) -> str:
    return ngettext("%(n)d asset changed.", "%(n)d assets changed.", n) % {"n": n}


def _tag(request: HttpRequest, assets: list[Asset]) -> None:
    words = tags_in(request.POST.get("tags", ""))
    if not words:
        raise Invalid("Write a tag first.")
    before = {str(each.pk): tagged(each) for each in assets}
    is_taken = request.POST.get("act") == "untag"
    change = {"remove": words} if is_taken else {"add": words}
    services.tags_change(assets=assets, actor=staff_of(request), now=now(), **change)
    remember(request, "tags", _told(len(assets)), before)


def _move(request: HttpRequest, assets: list[Asset]) -> None:
    pk = request.POST.get("department", "")
    owner = departments_for(request, Act.UPLOAD).filter(pk=pk if pk.isdigit() else 0).first()
    if owner is None:
        raise Invalid("Choose a department.")
    before = {str(each.pk): each.department_id for each in assets}
    services.assets_move(assets=assets, department=owner, actor=staff_of(request), now=now())
    remember(request, "department", _told(len(assets)), before)


def _expire(request: HttpRequest, assets: list[Asset]) -> None:
    typed = request.POST.get("last_day", "").strip()
    try:
        day = parse_date(typed) if typed else None
    except ValueError:
        day = None
    if typed and day is None:
        raise Invalid("This is no date: choose a day.")
    before = {str(each.pk): each.valid_until and each.valid_until.isoformat() for each in assets}
    until = instant_after(day)
    services.assets_expire(assets=assets, valid_until=until, actor=staff_of(request), now=now())
    remember(request, "expiry", _told(len(assets)), before)


def _add(request: HttpRequest, assets: list[Asset]) -> HttpResponse:
    """Into a playlist, an old one or a new one; what comes next is to put it in order."""
    wanted = wanted_playlist(request)
    known = {each.pk for each in drafts_of(wanted)} if wanted else set()
    items = [ItemDraft(asset=each.pk) for each in reversed(assets)]
    row = put_into(request, wanted, items, assets[0].department)
    if wanted is None:
        messages.success(request, _("Made, with %(n)d items.") % {"n": row.items.count()})
        return redirect("staff:playlist", row.pk)
    added = [each.pk for each in drafts_of(row) if each.pk not in known]
    said = _("Added to “%(playlist)s”: %(n)d.") % {"playlist": row.name, "n": len(added)}
    remember(request, "playlist", said, {str(row.pk): added})
    query = request.POST.get("query", "")[:1000]
    more = f"&{query}" if query else ""
    return redirect(f"{reverse('staff:library')}?added={row.pk}{more}")


def _withdraw(request: HttpRequest, assets: list[Asset]) -> None:
    reason = request.POST.get("reason", "").strip()[:500]
    if not reason:
        raise Invalid("Say why it is withdrawn; the record keeps it.")
    done: dict[str, Any] = {}
    for each in assets:
        take_down(asset=each, actor=staff_of(request), reason=reason, now=now())
        done[str(each.pk)] = ""
    said = ngettext("%(n)d asset withdrawn: every screen is told at once.",
                    "%(n)d assets withdrawn: every screen is told at once.", len(done))  # fmt: skip
    remember(request, "withdraw", said % {"n": len(done)}, done)


def _delete(request: HttpRequest, assets: list[Asset]) -> HttpResponse | None:
    """Into the bin; if one of them is in use, by the page that says where."""
    if any(uses_of(each) for each in assets):
        query = urlencode([("assets", each.pk) for each in assets])
        return redirect(f"{reverse('staff:assets_remove')}?{query}")
    for each in assets:
        services.asset_delete(asset=each, actor=staff_of(request), now=now())
    said = ngettext("%(n)d asset is in the bin.", "%(n)d assets are in the bin.", len(assets))
    remember(request, "delete", said % {"n": len(assets)}, {str(each.pk): "" for each in assets})
    return None


_ACTS: dict[str, Callable[[HttpRequest, list[Asset]], HttpResponse | None]] = {
    "tag": _tag, "untag": _tag, "move": _move, "expire": _expire, "add": _add,
    "withdraw": _withdraw, "delete": _delete,
}  # fmt: skip
