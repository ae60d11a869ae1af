"""The gallery of layouts; new ones from a preset or as a copy; the end of one nothing shows."""

from json import dumps
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from msgspec import Struct

from manifest.model import Canvas
from server.accounts.models import Department
from server.accounts.policy import Act, require_somewhere
from server.errors import ApplicationError
from server.programme import services
from server.programme.layouts import zones_of
from server.programme.models import Layout, Playlist
from server.screens.models import LARGEST_SIDE, LEAST_SIDE, Screen
from server.staff.forms import PlainForm, choices
from server.staff.layouts.pictures import Face, faces_of, with_miniatures
from server.staff.layouts.presets import CANVASES, PARTS, PRESETS, Preset, zones_of_preset
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, found, visible
from server.staff.undo.ways import kept, leave

__all__ = ["copy", "create", "delete", "layouts"]

#: The choice of a size of one's own.
OWN = "own"


class LayoutForm(PlainForm):
    """A new layout: size, arrangement, what plays where, name."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    department = forms.ChoiceField(label=gettext_lazy("Department"))
    canvas = forms.ChoiceField(label=gettext_lazy("Screen"))
    width = forms.IntegerField(
        label=gettext_lazy("Width"), min_value=LEAST_SIDE, max_value=LARGEST_SIDE, required=False
    )
    height = forms.IntegerField(
        label=gettext_lazy("Height"), min_value=LEAST_SIDE, max_value=LARGEST_SIDE, required=False
    )
    preset = forms.ChoiceField(
        label=gettext_lazy("Arrangement"),
        choices=[(key, preset.title) for key, preset in PRESETS.items()],
    )
    playlist = forms.ChoiceField(label=PARTS["main"])
    playlist_side = forms.ChoiceField(label=PARTS["side"], required=False)
    playlist_corner = forms.ChoiceField(label=PARTS["corner"], required=False)
    playlist_ticker = forms.ChoiceField(label=PARTS["ticker"], required=False)

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST or None)
        playlists = visible(request, Playlist).order_by("name")
        self.fields["department"].choices = choices(  # type: ignore[attr-defined]
            departments_for(request, Act.ARRANGE)
        )
        self.fields["canvas"].choices = [  # type: ignore[attr-defined]
            *_sizes(request), (OWN, _("Another size"))
        ]  # fmt: skip
        self.fields["playlist"].choices = choices(playlists)  # type: ignore[attr-defined]
        same = _("The same as in the main picture")
        for name in ("playlist_side", "playlist_corner", "playlist_ticker"):
            self.fields[name].choices = choices(playlists, blank=same)  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """A size of one's own has two sides."""
        told = super().clean() or {}
        if told.get("canvas") == OWN:
            for side in ("width", "height"):
                if not told.get(side) and side not in self.errors:
                    self.add_error(side, _("How many pixels?"))
        return told

    @property
    def size(self) -> Canvas:
        """The canvas that was chosen."""
        told = self.cleaned_data
        if told["canvas"] == OWN:
            return Canvas(told["width"], told["height"])
        width, _x, height = told["canvas"].partition("x")
        return Canvas(int(width), int(height))

    @property
    def plays(self) -> dict[str, int]:
        """The playlist of each kind of part."""
        told = self.cleaned_data
        chosen = {"main": told["playlist"], "side": told["playlist_side"],
                  "corner": told["playlist_corner"], "ticker": told["playlist_ticker"]}  # fmt: skip
        return {kind: int(pk) for kind, pk in chosen.items() if pk}


def _sizes(request: HttpRequest) -> list[tuple[str, Any]]:
    """The usual sizes, and those of one's own screens that are none of these."""
    usual = dict(CANVASES)
    rows = visible(request, Screen).values("canvas_width", "canvas_height")
    for row in rows.annotate(number=Count("pk")).order_by("-number")[:6]:
        size = f"{row['canvas_width']}x{row['canvas_height']}"
        usual.setdefault(size, _("Of your screens: %(size)s") % {"size": size.replace("x", " × ")})
    return list(usual.items())


class Card(Struct, frozen=True):
    """A preset as the gallery shows it."""

    key: str
    title: str
    purpose: str
    size: str
    width: int
    height: int
    faces: list[Face]


def _cards() -> list[Card]:
    """The presets as pictures: of their own size if they have one, else 100 x 100, to be shaped."""
    return [_card(key, preset) for key, preset in PRESETS.items()]


def _card(key: str, preset: Preset) -> Card:
    own = "150x200" if preset.upright else "200x112"
    width, height = map(int, (preset.size or own).split("x"))
    faces = [
        Face(each.kind, str(PARTS[each.kind]), each.x * width // 100, each.y * height // 100,
             each.width * width // 100, each.height * height // 100, "")
        for each in preset.parts
    ]  # fmt: skip
    title, purpose = str(preset.title), str(preset.purpose)
    return Card(key, title, purpose, preset.size, width, height, faces)


@login_required
@require_GET
def layouts(request: HttpRequest) -> HttpResponse:
    """List layouts as pictures, with where each is used."""
    rows = visible(request, Layout).select_related("department").prefetch_related("zones__playlist")
    query = request.GET.get("q", "").strip()[:60]
    if query:
        rows = rows.filter(Q(name__icontains=query) | Q(department__name__icontains=query))
    rows = rows.annotate(uses=Count("entries", distinct=True)).order_by("name")
    context = {
        "rows": with_miniatures(rows), "query": query,
        "can_make": departments_for(request, Act.ARRANGE).exists(),
    }  # fmt: skip
    return render(request, "staff/layouts/gallery.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make a layout from a preset, with one's playlists put in."""
    require_somewhere(staff_of(request), Act.ARRANGE)
    form = LayoutForm(request)
    if request.method == "POST" and form.is_valid():
        preset = form.cleaned_data["preset"]
        with form.refusing():
            made = services.layout_create(
                name=form.cleaned_data["name"],
                department=Department.objects.get(pk=form.cleaned_data["department"]),
                canvas=form.size,
                background=PRESETS[preset].background,
                zones=zones_of_preset(preset, form.size, form.plays),
                actor=staff_of(request),
                now=now(),
            )
            return redirect("staff:layout", made.pk)
    playlists = visible(request, Playlist).order_by("name").values_list("pk", flat=True)
    context = {"form": form, "cards": _cards(), "faces": dumps(faces_of(playlists)),
               "has_playlists": bool(playlists),
               "chosen": form["preset"].value() or "lobby"}  # fmt: skip
    return render(request, "staff/layouts/create.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def copy(request: HttpRequest, pk: int) -> HttpResponse:
    """Make another layout like this one."""
    row = found(visible(request, Layout), pk)
    taken = set(Layout.objects.filter(department=row.department).values_list("name", flat=True))
    stem = _("%(name)s, copy") % {"name": row.name[:80]}
    name = next(n for n in (stem, *(f"{stem} {k}" for k in range(2, 10_000))) if n not in taken)
    try:
        made = services.layout_create(
            name=name,
            department=row.department,
            canvas=Canvas(row.canvas_width, row.canvas_height),
            background=row.background,
            zones=zones_of(row),
            actor=staff_of(request),
            now=now(),
        )
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
        return redirect("staff:layout", pk)
    messages.success(request, _("This is the copy; nothing shows it yet."))
    return redirect("staff:layout", made.pk)


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Delete a layout that nothing shows."""
    row = found(visible(request, Layout), pk)
    facts = kept(row)
    try:
        services.layout_delete(layout=row, actor=staff_of(request), now=now())
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
        return redirect("staff:layout", pk)
    leave(request, _("%(name)s is deleted.") % {"name": row.name}, "layout", facts)
    return redirect("staff:layouts")
