"""The editor of a layout: a form of exact numbers, which the canvas of the page draws and changes.

The form is all there is: with script, the canvas reads it and writes into it; without, it works by
itself.  `check` says what looks wrong in a form that is not saved.
"""

from json import dumps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from server.accounts.policy import Act, may
from server.errors import ApplicationError
from server.programme import services
from server.programme.layout_cautions import cautions, heard, least_text_px, lines_in
from server.programme.layout_uses import entries_of, screens_of, takeovers_of
from server.programme.layouts import zones_of
from server.programme.models import Layout, Playlist
from server.screens.models import Screen
from server.staff.conflicts import Sides, is_overtaken, sides_of
from server.staff.layouts.gone import saved_anew
from server.staff.layouts.pictures import as_fields, faces_of, miniature
from server.staff.layouts.posted import Posted, posted
from server.staff.layouts.presets import CANVASES
from server.staff.layouts.zone_words import zone_word
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, visible

__all__ = ["check", "layout"]


@login_required
@require_http_methods(["GET", "POST"])
def layout(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a layout and change it as a whole; what was typed stays where it is refused."""
    row = visible(request, Layout).filter(pk=pk).select_related("department").first()
    if row is None:
        return saved_anew(request)
    if request.method != "POST":
        return _page(request, row, _stored(row))
    typed = posted(request)
    try:
        services.layout_change(
            layout=row,
            version=typed.version,
            actor=staff_of(request),
            now=now(),
            **typed.changes(),
        )
    except ApplicationError as error:
        row.refresh_from_db()
        sides = _sides(row, typed) if is_overtaken(error) else []
        typed.version = error.details.get("version", typed.version)
        return _page(request, row, typed, sentence_of(error), sides)
    messages.success(request, _("Saved.  Screens show it once it is published."))
    return redirect("staff:layout", pk)


@login_required
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Say what looks wrong in what is typed, and how much text each zone holds."""
    found(visible(request, Layout), pk)
    return render(request, "staff/layouts/parts/cautions.html", _advice(posted(request)))


def _stored(row: Layout) -> Posted:
    """The layout as the form begins with it."""
    return Posted(
        name=row.name,
        width=str(row.canvas_width),
        height=str(row.canvas_height),
        background=row.background,
        version=row.version,
        zones=[as_fields(zone) for zone in zones_of(row) if zone.is_seen],
        music=_music_of(row),
    )


def _music_of(row: Layout) -> int:
    """The playlist that is heard behind the layout; 0: none."""
    return next((each.playlist for each in zones_of(row) if not each.is_seen), 0)


def _page(
    request: HttpRequest,
    row: Layout,
    typed: Posted,
    trouble: str = "",
    sides: list[Sides] = [],  # noqa: B006  (never changed)
) -> HttpResponse:
    playlists = visible(request, Playlist).order_by("name")
    drafts = typed.drafts()
    faces = faces_of(playlists.values_list("pk", flat=True))
    context = {
        "layout": row, "typed": typed, "zones": typed.zones, "trouble": trouble, "sides": sides,
        "playlists": [(each.pk, each.name, faces.get(each.pk, "")) for each in playlists],
        "faces": miniature(drafts, faces), "canvas": typed.canvas(),
        "canvases": CANVASES, "viewing": typed.viewing,
        "can_change": may(staff_of(request), Act.ARRANGE, row.department_id),
        "pictures": dumps(faces), "words": dumps(_words()),
        **_uses(request, row), **_advice(typed),
    }  # fmt: skip
    status = 422 if trouble else 200
    return render(request, "staff/layouts/editor.html", context, status=status)


def _words() -> dict[str, str]:
    """What the canvas says."""
    return {
        "zone": _("Zone"),
        "at": _("{title}: {width} by {height} pixels, {x} from the left, {y} from the top"),
        "copy": _("{title}, copy"),
        "removed": _("{title} was taken out."),
        "frame": _("The real frame cannot be drawn now."),
    }


def _uses(request: HttpRequest, row: Layout) -> dict[str, Any]:
    """Where it is used, as far as the reader may see, and how many screens there are besides."""
    screens = screens_of(row)
    mine = screens.filter(pk__in=visible(request, Screen).values("pk")).select_related("site")
    size = (row.canvas_width, row.canvas_height)
    fitted = [each for each in mine if (each.canvas_width, each.canvas_height) != size]
    return {
        "entries": entries_of(row), "takeovers": takeovers_of(row, now()), "screens": mine,
        "others": screens.count() - len(mine), "fitted": fitted,
    }  # fmt: skip


def _advice(typed: Posted) -> dict[str, Any]:
    """What looks wrong, and how many lines of text that can be read each zone holds."""
    canvas, drafts = typed.canvas(), typed.drafts()
    least = least_text_px(canvas, typed.viewing)
    return {
        "cautions": cautions(drafts, canvas, typed.viewing),
        "least": least,
        "least_percent": f"{100 * least / canvas.height:.1f} %",
        "lines": [
            (zone_word(each.slug, each.name), each is heard(drafts),
             lines_in(each, canvas, typed.viewing))
            for each in drafts
        ],
        "viewing": typed.viewing,
    }  # fmt: skip


def _sides(row: Layout, typed: Posted) -> list[Sides]:
    """What was typed beside the layout as it is now."""
    stored, music = [as_fields(each) for each in zones_of(row) if each.is_seen], _music_of(row)
    used = {each["playlist"] for each in [*typed.zones, *stored]}
    names = Playlist.objects.in_bulk(used | {typed.music, music})

    def told(each: dict[str, Any]) -> str:
        place = f"{each['width']} x {each['height']} + {each['x']}, {each['y']} ({each['z']})"
        return f"{each['name'] or each['slug']}: {place} · {names.get(each['playlist'], '–')}"

    return sides_of([
        (_("Name"), typed.name, row.name),
        (_("Width"), typed.width, row.canvas_width),
        (_("Height"), typed.height, row.canvas_height),
        (_("Background"), typed.background, row.background),
        (_("Background music"), str(names.get(typed.music, "–")), str(names.get(music, "–"))),
        (_("Zones"), [told(each) for each in typed.zones], [told(each) for each in stored]),
    ])  # fmt: skip
