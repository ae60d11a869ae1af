"""The form of an entry: how one is made, changed and taken out."""

from typing import Any

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from manifest.model import Canvas
from server.accounts.models import Department
from server.accounts.policy import Act, may, require, require_somewhere
from server.errors import ApplicationError
from server.programme.drafts import ZoneDraft
from server.programme.entries import window_of
from server.programme.layouts import layout_create
from server.programme.models import Entry, Layout, Playlist
from server.programme.occurrences import created, occurrence_change, occurrence_delete
from server.programme.repetition_words import words_of
from server.programme.series import is_series
from server.screens.models import Screen
from server.staff.forms import choices
from server.staff.layouts.zone_words import zone_word
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, found, visible
from server.staff.schedule.answers import done, gone, is_part, refused
from server.staff.schedule.entry_form import PLAYLIST, EntryForm
from server.staff.schedule.entry_values import first_values, scope_of, values_of
from server.staff.schedule.foresight import foreseen
from server.staff.schedule.place import look_at

__all__ = ["create", "delete", "entry"]

PART, PAGE = "staff/schedule/parts/entry_form.html", "staff/schedule/entry.html"


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make an entry."""
    require_somewhere(staff_of(request), Act.ARRANGE)
    owners = departments_for(request, Act.ARRANGE)
    form = _new_form(request)
    if request.method == "POST" and form.is_valid() and not _asks_first(request, form):
        with form.refusing():
            owner = form.cleaned_data["department"]
            department = Department.objects.get(pk=owner) if owner else owners.get()
            step = created(
                department=department, layout=_layout(request, form, department),
                actor=staff_of(request), now=now(), **form.parts,
            )  # fmt: skip
            look_at(request, form.where)
            return done(request, _("Saved.  Screens show it once it is published."), step)
    context = {"form": form, "title": _("New entry"), "action": _("Save"), "can_change": True}
    return _page(request, form, context)


@login_required
@require_http_methods(["GET", "POST"])
def entry(request: HttpRequest, pk: int) -> HttpResponse:
    """Change an entry, one of its occurrences, or those from one on."""
    row = visible(request, Entry).filter(pk=pk).first()
    if row is None:
        return _gone(request)
    if request.method == "POST":
        require(staff_of(request), Act.ARRANGE, row.department_id)
    told = request.POST or request.GET
    at = told.get("at", "")
    scope = scope_of(row, at, told.get("scope", ""))
    try:
        initial = values_of(row, at, scope)
    except ApplicationError as error:
        return refused(request, sentence_of(error))
    form = EntryForm(request, initial)
    if request.method == "POST" and form.is_valid() and not _asks_first(request, form, row):
        with form.refusing(lambda: values_of(Entry.objects.get(pk=pk), at, scope)):
            step = occurrence_change(
                entry=row, version=form.cleaned_data["version"] or 0, at=at, scope=scope,
                layout=_layout(request, form, row.department),
                actor=staff_of(request), now=now(), **form.parts,
            )  # fmt: skip
            return done(request, _("Saved.  Screens show it once it is published."), step)
    draft = window_of(row)
    context = {
        "form": form, "title": row.name, "action": _("Save"), "entry": row, "at": at,
        "can_change": may(staff_of(request), Act.ARRANGE, row.department_id),
        "why": _why(request, row, at), "is_series": is_series(draft), "scope": scope,
        "words": words_of(draft, with_first=True),
    }  # fmt: skip
    return _page(request, form, context)


def _why(request: HttpRequest, row: Entry, at: str) -> str:
    """Where it stands what is on a screen when an occurrence begins, and why; "" without one."""
    screens = visible(request, Screen).filter(retired_at=None)
    screen = (screens.filter(entries=row) | screens.filter(groups__entries=row)).first()
    if screen is None or not at:
        return ""
    query = urlencode({"at": at, "of": "programme"})
    return f"{reverse('staff:moment', args=[screen.pk])}?{query}"


def _gone(request: HttpRequest) -> HttpResponse:
    """There is no such entry: what was typed stands in the form of a new one."""
    if request.method != "POST" or not departments_for(request, Act.ARRANGE).exists():
        raise Http404
    form = _new_form(request)
    context = {
        "form": form, "title": _("New entry"), "action": _("Save as a new one"),
        "can_change": True, "is_gone": True, "address": reverse("staff:entry_create"),
    }  # fmt: skip
    return _page(request, form, context, status=422 if is_part(request) else 404)


def _new_form(request: HttpRequest) -> EntryForm:
    form = EntryForm(request, first_values(request))
    owners = departments_for(request, Act.ARRANGE)
    form.fields["department"] = forms.ChoiceField(
        label=_("Department"), choices=choices(owners), required=owners.count() > 1
    )
    return form


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Take out an entry, one of its occurrences, or those from one on."""
    row = visible(request, Entry).filter(pk=pk).first()
    if row is None:
        return gone(request)
    at = request.POST.get("at", "")
    version = request.POST.get("version", "")
    try:
        step = occurrence_delete(
            entry=row, version=int(version) if version.isdigit() else row.version, at=at,
            scope=scope_of(row, at, request.POST.get("scope", "")),
            actor=staff_of(request), now=now(),
        )  # fmt: skip
    except ApplicationError as error:
        return refused(request, sentence_of(error))
    return done(request, _("Deleted.  Screens show it until you publish."), step)


def _page(
    request: HttpRequest, form: EntryForm, context: dict[str, Any], status: int = 200
) -> HttpResponse:
    row = context.get("entry")
    context["draft_key"] = f"entry:{row.pk if row else 'new'}:{context.get('scope', '')}"
    context["foreseen"] = foreseen(request, form, row)
    if status == 200 and form.errors:
        status = 422
    return render(request, PART if is_part(request) else PAGE, context, status=status)


def _asks_first(request: HttpRequest, form: EntryForm, row: Entry | None = None) -> bool:
    """Is there something to be seen before it is saved, and was it not shown yet?"""
    if request.POST.get("seen"):
        return False
    seen = foreseen(request, form, row)
    return seen is not None and any(each.is_warning for each in seen.clashes)


def _layout(request: HttpRequest, form: EntryForm, department: Department) -> Layout:
    """The layout that was chosen; for a playlist one that it fills, made if there is none."""
    chosen = form.cleaned_data["layout"]
    if not chosen.startswith(PLAYLIST):
        return found(visible(request, Layout), int(chosen))
    playlist = found(visible(request, Playlist), int(chosen.removeprefix(PLAYLIST)))
    canvas = form.canvas()
    for layout in visible(request, Layout).filter(zones__playlist=playlist):
        zones = list(layout.zones.all())
        size = (layout.canvas_width, layout.canvas_height)
        if len(zones) == 1 and (zones[0].width, zones[0].height) == size == tuple(canvas):
            return layout
    zone = ZoneDraft(slug="main", name=zone_word("main"), x=0, y=0, width=canvas[0],
                     height=canvas[1], playlist=playlist.pk)  # fmt: skip
    return layout_create(
        name=_free_name(department, playlist.name), department=department, canvas=Canvas(*canvas),
        zones=[zone], actor=staff_of(request), now=now(),
    )  # fmt: skip


def _free_name(department: Department, wanted: str) -> str:
    taken = set(Layout.objects.filter(department=department).values_list("name", flat=True))
    names = [wanted, *(f"{wanted[:90]} ({n})" for n in range(2, 1_000))]
    return next(each for each in names if each not in taken)
