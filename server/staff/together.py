"""Who else has a page open, and whether the thing on it changed since it was loaded.

`together.js` asks every few seconds while somebody looks; a page takes part by
`{% together "playlist" playlist.pk playlist.version %}`.
"""

from collections.abc import Mapping

from django.db.models import Model
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST
from msgspec import Struct

from server.accounts.policy import Act, require_somewhere
from server.audit.models import AuditRow
from server.datasets.models import Dataset
from server.desk.services import others_on, page_close, page_look
from server.emergency.models import PreparedCard
from server.library.models import Asset
from server.programme.models import Entry, Layout, Playlist
from server.screens.models import Screen, ScreenGroup
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, visible

__all__ = ["KINDS", "together"]

#: What can be open together: the word in the page, its rows (with a `version`), and its address.
KINDS: Mapping[str, tuple[type[Model], str]] = {
    "dataset": (Dataset, "staff:dataset"),
    "asset": (Asset, "staff:asset"),
    "playlist": (Playlist, "staff:playlist"),
    "layout": (Layout, "staff:layout"),
    "entry": (Entry, "staff:entry"),
    "screen": (Screen, "staff:screen"),
    "group": (ScreenGroup, "staff:group"),
    "prepared": (PreparedCard, "staff:prepared_card"),
}


#: The page on which an emergency is made ready.
GOING = "emergency:0"


class Change(Struct, frozen=True):
    """Somebody has saved: who ("" for the server itself), and when as the audit knows it."""

    who: str
    row: AuditRow | None
    url: str


@login_required
@require_POST
def together(request: HttpRequest) -> HttpResponse:
    """Note that the reader is here; show who else is, and what changed."""
    page, staff = request.POST.get("page", ""), staff_of(request)
    row = _row(request, page)
    if request.POST.get("leaves"):
        page_close(staff=staff, page=page)
        return HttpResponse(status=204)
    page_look(staff=staff, page=page, now=now())
    context = {
        "others": others_on(page, staff, now()),
        "change": row and _change(row, page.partition(":")[0], request.POST.get("version", "")),
    }
    return render(request, "staff/parts/together.html", context)


def _row(request: HttpRequest, page: str) -> Model | None:
    """What is on the page; None on that of an emergency, which is nothing before it goes."""
    kind, _colon, key = page.partition(":")
    if page == GOING:
        require_somewhere(staff_of(request), Act.TAKE_OVER)
        return None
    if kind not in KINDS or not key.isdigit():
        raise Http404
    return found(visible(request, KINDS[kind][0]), int(key))


def _change(row: Model, kind: str, known: str) -> Change | None:
    """What happened to `row` since the version that the page knows; None: nothing."""
    version: int = row.version  # type: ignore[attr-defined]  # every model of KINDS has one
    if not known.isdigit() or version <= int(known):
        return None
    rows = AuditRow.objects.filter(subject_kind=row._meta.label_lower, subject_id=str(row.pk))
    last = rows.order_by("-number").first()
    return Change(last.actor_name if last else "", last, reverse(KINDS[kind][1], args=[row.pk]))
