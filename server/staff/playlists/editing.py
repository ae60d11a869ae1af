"""The page of one playlist: a plain form that a script makes excellent.

Whatever button is pressed, what was typed stays: moving, taking out, adding and searching are acts
of the one form.  A playlist that somebody deleted meanwhile is offered to be saved as a new one.
"""

import json
from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from server.accounts.policy import Act, may
from server.errors import ApplicationError, Invalid
from server.library.models import Asset
from server.programme import services
from server.programme.adding import expanded
from server.programme.drafts import ItemDraft
from server.programme.models import Playlist, PlaylistItem
from server.programme.playlists import draft_of, drafts_of
from server.staff.conflicts import Sides, is_overtaken, sides_of
from server.staff.labels import word
from server.staff.playlists.lines import drafts_of_lines, line_of, lines_sent, whole
from server.staff.playlists.panel import offer
from server.staff.playlists.playing import places
from server.staff.playlists.saving import state_json
from server.staff.playlists.things import assets_in_reach, things_of
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, visible
from server.staff.way import last_word

__all__ = ["playlist"]

ORDERS = (("listed", gettext_lazy("In this order")), ("shuffled", gettext_lazy("Shuffled")))

#: How long a transition may take in the form, in milliseconds; any other value is kept.
TRANSITION_TIMES = (300, 600, 1000, 1500, 2000)

#: What the script fills in for an item that is added.
_BLANK = line_of(ItemDraft(asset=0)) | {"asset": "", "is_usual_time": True}

#: Acts of the form that show it again without saving.
_LOOKS = frozenset({"search"})


@login_required
@require_http_methods(["GET", "POST"])
def playlist(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a playlist and change it as a whole; what was typed stays where it is refused."""
    row = visible(request, Playlist).filter(pk=pk).select_related("changed_by").first()
    if row is None:
        return _gone(request)
    if request.method == "POST":
        return _changed(request, row)
    lines = [line_of(each) for each in drafts_of(row)]
    return _page(request, row, lines, _typed(row))


def _typed(row: Playlist) -> dict[str, str]:
    return {"name": row.name, "order": str(row.order), "version": str(row.version)}


def _page(
    request: HttpRequest,
    row: Playlist,
    lines: list[dict[str, Any]],
    typed: dict[str, str],
    **more: Any,
) -> HttpResponse:
    context = _context(request, row, lines, typed) | more
    status = 422 if more.get("trouble") else 200
    return render(request, "staff/playlists/playlist.html", context, status=status)


def _changed(request: HttpRequest, row: Playlist) -> HttpResponse:
    lines, act = _after_act(request), request.POST.get("act", "")
    typed = {field: request.POST.get(field, "") for field in _typed(row)}
    if act in _LOOKS:
        return _page(request, row, lines, typed, is_unsaved=True)
    try:
        row = _saved(request, row, lines, typed)
    except ApplicationError as error:
        row.refresh_from_db()
        sides = _sides(row, lines, typed) if is_overtaken(error) else []
        typed["version"] = str(error.details.get("version", typed["version"]))
        return _page(request, row, lines, typed, trouble=sentence_of(error), sides=sides)
    messages.success(request, _("Saved.  Screens show it once it is published."))
    return redirect("staff:playlist", row.pk)


def _gone(request: HttpRequest) -> HttpResponse:
    """There is no such playlist: if something was typed, it can be saved as a new one."""
    owners = departments_for(request, Act.ARRANGE)
    if request.method != "POST" or not owners:
        raise Http404
    lines = _after_act(request)
    typed = {"name": request.POST.get("name", ""), "order": request.POST.get("order", "listed")}
    trouble = ""
    if request.POST.get("act") == "anew":
        try:
            made = _made(request, lines, typed)
        except ApplicationError as error:
            trouble = sentence_of(error)
        else:
            messages.success(request, _("Saved as a new playlist."))
            return redirect("staff:playlist", made.pk)
    titles = Asset.objects.in_bulk({each["asset"] for each in lines})
    told = {
        "lines": lines, "typed": typed, "owners": owners, "trouble": trouble,
        "told": _told(lines, titles),
    }  # fmt: skip
    return render(request, "staff/playlists/gone.html", told, status=404)


def _made(request: HttpRequest, lines: list[dict[str, Any]], typed: dict[str, str]) -> Playlist:
    wanted = whole(request.POST.get("department", "")) or 0
    owner = departments_for(request, Act.ARRANGE).filter(pk=wanted).first()
    if owner is None:
        raise Invalid("Say which department it belongs to: department.")
    anew = [line | {"pk": ""} for line in lines]
    return services.playlist_create(
        name=typed["name"].strip(),
        department=owner,
        order=_order(typed["order"]),
        items=drafts_of_lines(anew),
        actor=staff_of(request),
        now=now(),
    )


def _sides(row: Playlist, lines: list[dict[str, Any]], typed: dict[str, str]) -> list[Sides]:
    """What was typed beside the playlist as it is now."""
    stored = [line_of(each) for each in drafts_of(row)]
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
    assets = assets_in_reach(request, {each["asset"] for each in lines})
    things = things_of(assets.values())
    for number, line in enumerate(lines, start=1):
        line |= {"number": number, "thing": things.get(str(line["asset"])),
                 "is_usual_time": line["transition_ms"] in map(str, TRANSITION_TIMES)}  # fmt: skip
    asked = request.POST if request.method == "POST" else request.GET
    told = offer(request, asked)
    return told | {
        "playlist": row, "lines": lines, "typed": typed, "orders": ORDERS,
        "fits": PlaylistItem.Fit.values, "transitions": PlaylistItem.Transition.values,
        "can_change": may(staff_of(request), Act.ARRANGE, row.department_id),
        "upload_to": _upload_department(request, row),
        "zones": row.zones.select_related("layout"), "places": places(request, row),
        "blank": _BLANK, "things": json.dumps(things_of(told["offered"])),
        "state": json.dumps(state_json(request, row, draft_of(row))),
        "shift_ms": round(localtime(now()).utcoffset().total_seconds() * 1000),  # type: ignore[union-attr]  # aware
        "today": f"{localtime(now()):%Y-%m-%d}",
        "transition_times": TRANSITION_TIMES,
        "is_changed": request.method == "POST",
        "last_word": last_word(request),
    }  # fmt: skip


def _upload_department(request: HttpRequest, row: Playlist) -> int | None:
    """To which department files belong that are dropped into the list; None: they may not be."""
    owners = departments_for(request, Act.UPLOAD)
    owner = owners.filter(pk=row.department_id).first() or owners.first()
    return None if owner is None else owner.pk


def _saved(
    request: HttpRequest, row: Playlist, lines: list[dict[str, Any]], typed: dict[str, str]
) -> Playlist:
    return services.playlist_change(
        playlist=row,
        version=whole(typed["version"]) or 0,
        name=typed["name"].strip(),
        order=_order(typed["order"]),
        items=drafts_of_lines(lines),
        actor=staff_of(request),
        now=now(),
    )


def _order(text: str) -> str:
    if text not in Playlist.Order.values:
        raise Invalid("Choose an order.")
    return text


def _after_act(request: HttpRequest) -> list[dict[str, Any]]:
    """The lines as they were typed, after the button that was pressed."""
    lines = lines_sent(request.POST)
    act, _colon, at = request.POST.get("act", "").partition(":")
    place = int(at) - 1 if at.isdigit() else -1
    if act == "add":
        wanted = [whole(each) or 0 for each in request.POST.getlist("assets")]
        lines += [line_of(each) for each in expanded(ItemDraft(asset=pk) for pk in wanted)]
    elif 0 <= place < len(lines):
        if act == "remove":
            del lines[place]
        elif act == "up" and place > 0:
            lines[place - 1], lines[place] = lines[place], lines[place - 1]
        elif act == "down" and place + 1 < len(lines):
            lines[place + 1], lines[place] = lines[place], lines[place + 1]
    return lines
