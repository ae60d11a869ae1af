"""Playlists: made, filled from the library, put in order, timed; all of it works without script."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive, localtime, make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from server.accounts.models import Department
from server.accounts.policy import Act, may, require_somewhere
from server.errors import ApplicationError, Invalid
from server.library.models import Asset, AssetState
from server.programme import services
from server.programme.drafts import ItemDraft
from server.programme.models import Playlist, PlaylistItem
from server.programme.playlists import drafts_of
from server.staff.conflicts import Sides, is_overtaken, sides_of
from server.staff.forms import PlainForm, choices
from server.staff.labels import word
from server.staff.library import with_thumbnail
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, found, visible

__all__ = ["add", "delete", "playlist", "playlists"]

#: Assets that the page offers to add at once; a search finds the others.
OFFERED = 24

ORDERS = (("listed", gettext_lazy("In this order")), ("shuffled", gettext_lazy("Shuffled")))


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
    rows = visible(request, Playlist).annotate(size=Count("items", distinct=True))
    context = {"playlists": rows.select_related("department"), "form": form, "can_make": owners}
    status = 422 if form.errors else 200
    return render(request, "staff/playlists.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def playlist(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a playlist and change it as a whole; what was typed stays where it is refused."""
    row = found(visible(request, Playlist), pk)
    lines, trouble = [_line(each) for each in drafts_of(row)], ""
    sides: list[Sides] = []
    typed = {"name": row.name, "order": str(row.order), "version": str(row.version)}
    if request.method == "POST":
        lines = _posted(request)
        typed = {field: request.POST.get(field, "") for field in typed}
        try:
            row = _saved(request, row, lines, typed)
        except ApplicationError as error:
            row.refresh_from_db()
            trouble = sentence_of(error)
            sides = _sides(row, lines, typed) if is_overtaken(error) else []
            typed["version"] = str(error.details.get("version", typed["version"]))
        else:
            messages.success(request, _("Saved.  Screens show it once it is published."))
            return redirect("staff:playlist", pk)
    context = _context(request, row, lines, typed) | {"trouble": trouble, "sides": sides}
    return render(request, "staff/playlist.html", context, status=422 if trouble else 200)


def _sides(row: Playlist, lines: list[dict[str, Any]], typed: dict[str, str]) -> list[Sides]:
    """What was typed beside the playlist as it is now."""
    stored = [_line(each) for each in drafts_of(row)]
    titles = Asset.objects.in_bulk({each["asset"] for each in [*lines, *stored]})
    orders = dict(ORDERS)
    return sides_of([
        (_("Name"), typed["name"], row.name),
        (_("Order"), orders.get(typed["order"], typed["order"]), orders[row.order]),
        (_("Items"), _told(lines, titles), _told(stored, titles)),
    ])  # fmt: skip


def _told(lines: list[dict[str, Any]], titles: Mapping[int, Asset]) -> list[str]:
    """Each item in one line: its title, and what was chosen for it."""
    told = []
    for line in lines:
        kept = titles.get(line["asset"])
        parts = [
            kept.title if kept else "–",
            f"{line['seconds']} s" if line["seconds"] else "",
            _("page %(page)s") % {"page": line["page"]} if line["page"] else "",
            word(line["fit"]), word(line["transition"]), f"{line['from']} – {line['until']}",
        ]  # fmt: skip
        told.append(" · ".join(each for each in parts if each.strip(" –")))
    return told


def _context(
    request: HttpRequest, row: Playlist, lines: list[dict[str, Any]], typed: dict[str, str]
) -> dict[str, Any]:
    query = request.GET.get("q", "").strip()[:100]
    usable = visible(request, Asset).exclude(state__in=[AssetState.FAILED, AssetState.WITHDRAWN])
    offered = usable.filter(title__icontains=query) if query else usable
    assets = with_thumbnail(visible(request, Asset)).in_bulk([each["asset"] for each in lines])
    for number, line in enumerate(lines, start=1):
        line |= {"number": number, "row": assets.get(line["asset"])}
    return {
        "playlist": row, "lines": lines, "typed": typed, "orders": ORDERS, "query": query,
        "fits": PlaylistItem.Fit.values, "transitions": PlaylistItem.Transition.values,
        "offered": with_thumbnail(offered).order_by("-created_at", "-pk")[:OFFERED],
        "can_change": may(staff_of(request), Act.ARRANGE, row.department_id),
        "zones": row.zones.select_related("layout"),
    }  # fmt: skip


def _saved(
    request: HttpRequest, row: Playlist, lines: list[dict[str, Any]], typed: dict[str, str]
) -> Playlist:
    drafts = [_draft(number, line) for number, line in enumerate(lines, start=1)]
    if typed["order"] not in Playlist.Order.values:
        raise Invalid("Choose an order.")
    return services.playlist_change(
        playlist=row,
        version=_whole(typed["version"]) or 0,
        name=typed["name"].strip(),
        order=typed["order"],
        items=drafts,
        actor=staff_of(request),
        now=now(),
    )


#: The columns of a line, as the form sends them.
_COLUMNS = (
    "pk", "asset", "page", "seconds", "weight", "fit", "transition", "transition_ms", "from",
    "until",
)  # fmt: skip


def _line(draft: ItemDraft) -> dict[str, Any]:
    """An item as the form shows it."""
    return {
        "pk": draft.pk, "asset": draft.asset, "page": draft.page or "",
        "seconds": "" if draft.duration_ms is None else f"{draft.duration_ms / 1000:g}",
        "weight": draft.weight, "fit": draft.fit, "transition": draft.transition,
        "transition_ms": draft.transition_ms, "from": _local(draft.valid_from),
        "until": _local(draft.valid_until),
    }  # fmt: skip


def _local(at: datetime | None) -> str:
    return "" if at is None else f"{localtime(at):%Y-%m-%dT%H:%M}"


def _posted(request: HttpRequest) -> list[dict[str, Any]]:
    """The lines as they were typed, after the button that was pressed."""
    columns = [request.POST.getlist(f"item_{name}") for name in _COLUMNS]
    lines = [dict(zip(_COLUMNS, values, strict=True)) for values in zip(*columns, strict=False)]
    for line in lines:
        line["asset"] = _whole(line["asset"]) or 0
    act, _colon, at = request.POST.get("act", "").partition(":")
    place = int(at) - 1 if at.isdigit() else -1
    if 0 <= place < len(lines):
        if act == "remove":
            del lines[place]
        elif act == "up" and place > 0:
            lines[place - 1], lines[place] = lines[place], lines[place - 1]
        elif act == "down" and place + 1 < len(lines):
            lines[place + 1], lines[place] = lines[place], lines[place + 1]
    return lines


def _whole(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else None


def _draft(number: int, line: dict[str, Any]) -> ItemDraft:
    try:
        duration = round(float(line["seconds"]) * 1000) if line["seconds"].strip() else None
    except (ValueError, OverflowError):
        raise Invalid(
            "Item %(n)d: show it from 0.1 seconds up to 24 hours.", values={"n": number}
        ) from None
    return ItemDraft(
        asset=line["asset"], pk=_whole(line["pk"]), page=_whole(line["page"]),
        duration_ms=duration, weight=_whole(line["weight"]) or 0, fit=line["fit"],
        transition=line["transition"], transition_ms=_whole(line["transition_ms"]) or 0,
        valid_from=_instant(number, line["from"]), valid_until=_instant(number, line["until"]),
    )  # fmt: skip


def _instant(number: int, text: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        at = parse_datetime(text)
    except ValueError:
        at = None
    if at is None or not 2000 <= at.year <= 2200:
        raise Invalid("Item %(n)d: this is no date and time.", values={"n": number})
    return make_aware(at) if is_naive(at) else at


@login_required
@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """Add assets at the end, whatever others change meanwhile."""
    row = found(visible(request, Playlist), pk)
    wanted = [int(each) for each in request.POST.getlist("assets") if _whole(each)]
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
    try:
        services.playlist_delete(playlist=row, actor=staff_of(request), now=now())
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
        return redirect("staff:playlist", pk)
    return redirect("staff:playlists")
