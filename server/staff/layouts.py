"""Layouts: from a preset, then exact numbers; each zone plays one playlist."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST
from msgspec import structs

from manifest.model import Canvas
from server.accounts.models import Department
from server.accounts.policy import Act, may, require_somewhere
from server.errors import ApplicationError, Invalid
from server.programme import services
from server.programme.drafts import ZoneDraft
from server.programme.layouts import zones_of
from server.programme.models import Layout, Playlist
from server.screens.models import LARGEST_SIDE, LEAST_SIDE
from server.staff.conflicts import Sides, is_overtaken, sides_of
from server.staff.forms import PlainForm, choices
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, found, visible

__all__ = ["create", "delete", "layout", "layouts"]

#: A preset's zones, in hundredths of the canvas: name, x, y, width, height.
PRESETS: dict[str, tuple[Any, tuple[tuple[str, int, int, int, int], ...]]] = {
    "full": (gettext_lazy("Full screen"), (("main", 0, 0, 100, 100),)),
    "ticker": (
        gettext_lazy("Main and ticker"),
        (("main", 0, 0, 100, 90), ("ticker", 0, 90, 100, 10)),
    ),
    "side": (
        gettext_lazy("Main and side"),
        (("main", 0, 0, 75, 100), ("side", 75, 0, 25, 100)),
    ),
    "side-ticker": (
        gettext_lazy("Main, side and ticker"),
        (("main", 0, 0, 75, 90), ("side", 75, 0, 25, 90), ("ticker", 0, 90, 100, 10)),
    ),
    "halves": (
        gettext_lazy("Two halves"),
        (("one", 0, 0, 50, 100), ("two", 50, 0, 50, 100)),
    ),
    "pair": (
        gettext_lazy("One above the other"),
        (("above", 0, 0, 100, 50), ("below", 0, 50, 100, 50)),
    ),
}

CANVASES = (
    ("1920x1080", gettext_lazy("Landscape 1920 × 1080")),
    ("1080x1920", gettext_lazy("Portrait 1080 × 1920")),
    ("3840x2160", gettext_lazy("Landscape 3840 × 2160")),
)


class LayoutForm(PlainForm):
    """A new layout."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    department = forms.ChoiceField(label=gettext_lazy("Department"))
    canvas = forms.ChoiceField(label=gettext_lazy("Screen"), choices=CANVASES)
    preset = forms.ChoiceField(
        label=gettext_lazy("Arrangement"),
        choices=[(key, title) for key, (title, _zones) in PRESETS.items()],
    )
    playlist = forms.ChoiceField(
        label=gettext_lazy("Playlist"),
        help_text=gettext_lazy("It plays in every zone at first; change it zone by zone after."),
    )

    def __init__(self, data: Any, owners: Any, playlists: Any) -> None:
        super().__init__(data)
        self.fields["department"].choices = choices(owners)  # type: ignore[attr-defined]
        self.fields["playlist"].choices = choices(playlists)  # type: ignore[attr-defined]


def preset_zones(preset: str, canvas: Canvas, playlist: int) -> list[ZoneDraft]:
    """Return a preset's zones in pixels, without a seam between them."""
    zones = []
    for slug, left, top, width, height in PRESETS[preset][1]:
        x, right = canvas.width * left // 100, canvas.width * (left + width) // 100
        y, below = canvas.height * top // 100, canvas.height * (top + height) // 100
        zones.append(
            ZoneDraft(slug=slug, x=x, y=y, width=right - x, height=below - y, playlist=playlist)
        )
    return zones


@login_required
@require_http_methods(["GET"])
def layouts(request: HttpRequest) -> HttpResponse:
    """List layouts."""
    rows = visible(request, Layout).annotate(uses=Count("entries", distinct=True))
    context = {
        "layouts": rows.select_related("department").prefetch_related("zones__playlist"),
        "can_make": departments_for(request, Act.ARRANGE).exists(),
    }
    return render(request, "staff/layouts.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make a layout from a preset."""
    require_somewhere(staff_of(request), Act.ARRANGE)
    form = LayoutForm(
        request.POST or None, departments_for(request, Act.ARRANGE), visible(request, Playlist)
    )
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        width, _x, height = told["canvas"].partition("x")
        canvas = Canvas(int(width), int(height))
        with form.refusing():
            made = services.layout_create(
                name=told["name"],
                department=Department.objects.get(pk=told["department"]),
                canvas=canvas,
                zones=preset_zones(told["preset"], canvas, int(told["playlist"])),
                actor=staff_of(request),
                now=now(),
            )
            return redirect("staff:layout", made.pk)
    context = {
        "form": form, "title": _("New layout"), "action": _("Make the layout"),
        "lead": _("Choose an arrangement; exact numbers come after."),
    }  # fmt: skip
    return render(request, "staff/plain_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def layout(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a layout and change it as a whole; what was typed stays where it is refused."""
    row = found(visible(request, Layout), pk)
    zones = [structs.asdict(each) for each in zones_of(row)]
    typed = {"name": row.name, "width": row.canvas_width, "height": row.canvas_height,
             "background": row.background, "version": row.version}  # fmt: skip
    trouble, sides = "", list[Sides]()
    if request.method == "POST":
        zones = _posted(request)
        typed = {name: request.POST.get(name, "") for name in typed}
        try:
            _save(request, row, zones, typed)
        except ApplicationError as error:
            row.refresh_from_db()
            trouble = sentence_of(error)
            sides = _sides(row, zones, typed) if is_overtaken(error) else []
            typed["version"] = error.details.get("version", typed["version"])
        else:
            messages.success(request, _("Saved.  Screens show it once it is published."))
            return redirect("staff:layout", pk)
    context = {
        "layout": row, "zones": zones, "typed": typed, "trouble": trouble, "sides": sides,
        "playlists": visible(request, Playlist),
        "can_change": may(staff_of(request), Act.ARRANGE, row.department_id),
        "entries": row.entries.all(),
    }  # fmt: skip
    return render(request, "staff/layout.html", context, status=422 if trouble else 200)


def _sides(row: Layout, zones: list[dict[str, Any]], typed: dict[str, Any]) -> list[Sides]:
    """What was typed beside the layout as it is now."""
    stored = [structs.asdict(each) for each in zones_of(row)]
    names = Playlist.objects.in_bulk({each["playlist"] for each in [*zones, *stored]})

    def told(each: dict[str, Any]) -> str:
        place = f"{each['width']} x {each['height']} + {each['x']}, {each['y']} ({each['z']})"
        return f"{each['slug']}: {place} · {names.get(each['playlist'], '–')}"

    return sides_of([
        (_("Name"), typed["name"], row.name),
        (_("Width"), typed["width"], row.canvas_width),
        (_("Height"), typed["height"], row.canvas_height),
        (_("Background"), typed["background"], row.background),
        (_("Zones"), [told(each) for each in zones], [told(each) for each in stored]),
    ])  # fmt: skip


_COLUMNS = ("slug", "x", "y", "width", "height", "z", "playlist")


def _posted(request: HttpRequest) -> list[dict[str, Any]]:
    """The zones as they were typed; rows without a name are left out, so is the one removed."""
    columns = [request.POST.getlist(f"zone_{name}") for name in _COLUMNS]
    rows = [dict(zip(_COLUMNS, values, strict=True)) for values in zip(*columns, strict=False)]
    for row in rows:
        row["playlist"] = _number(row["playlist"], 0)
    removed = request.POST.get("remove", "")
    return [row for row in rows if row["slug"].strip() and row["slug"] != removed]


def _number(text: object, default: int | None = None) -> int:
    try:
        value = int(str(text))
    except ValueError:
        value = LARGEST_SIDE * 2
    if abs(value) > LARGEST_SIDE:
        if default is not None:
            return default
        raise Invalid("“%(text)s” is no number of pixels.", values={"text": str(text)[:20]})
    return value


def _save(
    request: HttpRequest, row: Layout, zones: list[dict[str, Any]], typed: dict[str, Any]
) -> None:
    drafts = [
        ZoneDraft(slug=str(zone["slug"]).strip(), **{name: _number(zone[name]) for name in
                  _COLUMNS[1:]})
        for zone in zones
    ]  # fmt: skip
    width, height = _number(typed["width"]), _number(typed["height"])
    if not (width >= LEAST_SIDE and height >= LEAST_SIDE):
        raise Invalid(
            "A screen has at least %(least)d pixels a side.", values={"least": LEAST_SIDE}
        )
    services.layout_change(
        layout=row,
        version=_number(typed["version"], 0),
        name=str(typed["name"]).strip() or None,
        canvas=Canvas(width, height),
        background=str(typed["background"]),
        zones=drafts,
        actor=staff_of(request),
        now=now(),
    )


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a layout that nothing shows."""
    row = found(visible(request, Layout), pk)
    try:
        services.layout_delete(layout=row, actor=staff_of(request), now=now())
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
        return redirect("staff:layout", pk)
    return redirect("staff:layouts")
