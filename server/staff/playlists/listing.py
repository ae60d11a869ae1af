"""The list of playlists; making one, adding to one, deleting one."""

from collections import defaultdict
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from server.accounts.models import Department
from server.accounts.policy import Act, require_somewhere
from server.errors import ApplicationError
from server.programme import services
from server.programme.drafts import ItemDraft
from server.programme.models import Playlist, PlaylistItem
from server.staff.forms import PlainForm, choices
from server.staff.playlists.lines import whole
from server.staff.playlists.things import assets_in_reach, things_of
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, found, visible
from server.staff.undo.ways import kept, leave

__all__ = ["add", "delete", "playlists"]

#: Small pictures on the card of a playlist.
COVERS = 4


class PlaylistForm(PlainForm):
    """A new playlist."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    department = forms.ChoiceField(label=gettext_lazy("Department"))

    def __init__(self, data: Any, owners: Any) -> None:
        super().__init__(data)
        self.fields["department"].choices = choices(owners)  # type: ignore[attr-defined]


@login_required
@require_http_methods(["GET", "POST"])
def playlists(request: HttpRequest) -> HttpResponse:
    """List playlists, and make one."""
    owners = departments_for(request, Act.ARRANGE)
    if request.method == "POST":
        require_somewhere(staff_of(request), Act.ARRANGE)
    form = PlaylistForm(request.POST or None, owners)
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            made = services.playlist_create(
                name=form.cleaned_data["name"],
                department=Department.objects.get(pk=form.cleaned_data["department"]),
                actor=staff_of(request),
                now=now(),
            )
            return redirect("staff:playlist", made.pk)
    context = {"playlists": _cards(request), "form": form, "can_make": owners}
    status = 422 if form.errors else 200
    return render(request, "staff/playlists/playlists.html", context, status=status)


def _cards(request: HttpRequest) -> list[dict[str, Any]]:
    rows = list(visible(request, Playlist).select_related("department", "changed_by"))
    items: defaultdict[int, list[PlaylistItem]] = defaultdict(list)
    for item in PlaylistItem.objects.filter(playlist__in=rows).order_by("position", "pk"):
        items[item.playlist_id].append(item)
    wanted = {item.asset_id for each in items.values() for item in each}
    things = things_of(assets_in_reach(request, wanted).values())
    return [_card(row, items[row.pk], things) for row in rows]


def _card(
    row: Playlist, items: list[PlaylistItem], things: dict[str, dict[str, Any]]
) -> dict[str, Any]:
    known = [(item, things[str(item.asset_id)]) for item in items if str(item.asset_id) in things]
    pictures = [thing["picture"] for _item, thing in known if thing["picture"]]
    return {
        "row": row,
        "size": len(items),
        "run_ms": sum(_shown_ms(item, thing) for item, thing in known),
        "pictures": pictures[:COVERS],
    }


def _shown_ms(item: PlaylistItem, thing: dict[str, Any]) -> int:
    """How long an item is on in one round: each page of a document by itself."""
    pages = len(thing["pages"]) if thing["pages"] and item.page is None else 1
    each: int = item.duration_ms or thing["length_ms"]
    return each * pages * item.weight


@login_required
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add assets at the end, whatever others change meanwhile."""
    row = found(visible(request, Playlist), pk)
    wanted = [int(each) for each in request.POST.getlist("assets") if whole(each)]
    try:
        services.playlist_append(
            playlist=row,
            items=[ItemDraft(asset=each) for each in wanted],
            actor=staff_of(request),
            now=now(),
        )
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    return redirect("staff:playlist", pk)


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a playlist that no zone plays."""
    row = found(visible(request, Playlist), pk)
    facts = kept(row)
    try:
        services.playlist_delete(playlist=row, actor=staff_of(request), now=now())
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
        return redirect("staff:playlist", pk)
    leave(request, _("%(name)s is deleted.") % {"name": row.name}, "playlist", facts)
    return redirect("staff:playlists")
