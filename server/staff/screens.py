"""Screens: how they are, made and changed, paired by six digits, locked out, asked for pictures."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from server.accounts.models import Department
from server.accounts.policy import Act, may, require, require_somewhere
from server.errors import ApplicationError
from server.screens import services
from server.screens.models import Screen, ScreenGroup, Site
from server.screens.pairing import pairing_claim
from server.screens.tokens import tokens_revoke
from server.staff.library import picture_answer
from server.staff.overview import standings_of
from server.staff.pairing import root_fingerprint
from server.staff.refusals import sentence_of
from server.staff.requests import address_of, login_required, now, staff_of
from server.staff.rows import departments_for, found, visible
from server.staff.screen_forms import (
    ClaimForm,
    GroupForm,
    NewScreenForm,
    ScreenForm,
    SiteForm,
    panel_initial,
)
from server.staff.troubles import troubles_of
from server.telemetry.models import LogTail, Screenshot, Wanted
from server.telemetry.selectors import screen_history
from server.telemetry.services import wanted_ask

__all__ = [
    "act",
    "claim",
    "create",
    "group",
    "group_create",
    "group_delete",
    "picture",
    "screen",
    "screens",
    "site_create",
]

#: How far back the state of a screen is told, hour by hour.
HISTORY = timedelta(days=2)


@login_required
@require_GET
def screens(request: HttpRequest) -> HttpResponse:
    """List screens and groups."""
    rows = visible(request, Screen).filter(retired_at=None)
    context = {
        "standings": standings_of(rows, now()),
        "groups": visible(request, ScreenGroup).prefetch_related("screens"),
        "sites": Site.objects.all(),
        "can_manage": departments_for(request, Act.MANAGE_SCREENS).exists(),
        "can_make_sites": may(staff_of(request), Act.MANAGE_SCREENS, None),
    }
    return render(request, "staff/screens.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make a screen."""
    require_somewhere(staff_of(request), Act.MANAGE_SCREENS)
    form = NewScreenForm(request)
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            made = services.screen_create(
                slug=form.cleaned_data["slug"],
                site=Site.objects.get(pk=form.cleaned_data["site"]),
                department=Department.objects.get(pk=form.cleaned_data["department"]),
                **form.parts,
                **_who(request),
            )
            messages.success(request, _("Made.  Now type the six digits that the box shows."))
            return redirect("staff:screen", made.pk)
    return _plain(request, form, _("New screen"), _("Make the screen"))


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"actor": staff_of(request), "now": now(), "address": address_of(request)}


def _plain(request: HttpRequest, form: Any, title: str, action: str) -> HttpResponse:
    context = {"form": form, "title": title, "action": action, "back": reverse("staff:screens")}
    return render(request, "staff/plain_form.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def screen(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a screen: its picture, its faults, how it has been; and change it."""
    row = found(visible(request, Screen), pk)
    if request.method == "POST":
        require(staff_of(request), Act.MANAGE_SCREENS, row.department_id)
    form = ScreenForm(request, _initial(row))
    if request.method == "POST" and form.is_valid():
        with form.refusing(lambda: _initial(Screen.objects.get(pk=pk))):
            version = form.cleaned_data["version"] or 0
            services.screen_change(screen=row, version=version, **form.parts, **_who(request))
            messages.success(request, _("Saved.  Screens show it once it is published."))
            return redirect("staff:screen", pk)
    return _screen_page(request, row, form, ClaimForm())


def _initial(row: Screen) -> dict[str, Any]:
    plain = ("name", "place", "level", "canvas_width", "canvas_height", "timezone", "version")
    return {
        **{name: getattr(row, name) for name in plain},
        **panel_initial(row.panel_on),
        "default_layout": str(row.default_layout_id or ""),
        "groups": [str(pk) for pk in row.groups.values_list("pk", flat=True)],
    }


def _screen_page(
    request: HttpRequest, row: Screen, form: ScreenForm, claim_form: ClaimForm
) -> HttpResponse:
    staff = staff_of(request)
    mine = Screen.objects.filter(pk=row.pk)
    (seen,) = standings_of(mine, now())
    context = {
        "screen": row, "seen": seen, "form": form, "claim": claim_form,
        "troubles": troubles_of([seen.standing], mine, now()),
        "history": screen_history(row, now() - HISTORY), "fingerprint": root_fingerprint(),
        "log": LogTail.objects.filter(screen=row).first(),
        "shots": Screenshot.objects.filter(screen=row)[:4],
        "wanted": set(row.wanted.values_list("kind", flat=True)),
        "is_paired": row.tokens.filter(revoked_at=None).exists(),
        "can_manage": may(staff, Act.MANAGE_SCREENS, row.department_id),
    }  # fmt: skip
    status = 422 if form.errors or claim_form.errors else 200
    return render(request, "staff/screen.html", context, status=status)


@login_required
@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the box that shows these six digits this screen."""
    row = found(visible(request, Screen), pk)
    form = ClaimForm(request.POST)
    if form.is_valid():
        with form.refusing():
            pairing_claim(code=form.cleaned_data["code"], screen=row, **_who(request))
            messages.success(request, _("Paired: the box fetches its content within seconds."))
            return redirect("staff:screen", pk)
    request.POST = request.POST.__class__("")  # the other form of the page was not sent
    return _screen_page(request, row, ScreenForm(request, _initial(row)), form)


@login_required
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Ask for a picture or the log, lock the box out, retire the screen."""
    row = found(visible(request, Screen), pk)
    try:
        if act in {"screenshot", "log"}:
            wanted_ask(screen=row, kind=Wanted.Kind(act), **_who(request))
            messages.success(request, _("Asked: it comes with the next sign of life of the box."))
        elif act == "lock-out":
            tokens_revoke(screen=row, **_who(request))
            messages.success(
                request, _("Locked out: the box shows what it has until it is paired.")
            )
        elif act == "retire":
            services.screen_retire(screen=row, **_who(request))
            messages.success(request, _("Retired: its records stay."))
            return redirect("staff:screens")
        else:
            raise Http404
    except ApplicationError as error:
        if error.http_status in {403, 404}:
            raise
        messages.error(request, sentence_of(error))
    return redirect("staff:screen", pk)


@login_required
@require_GET
def picture(request: HttpRequest, pk: int, shot: int) -> HttpResponse:
    """A picture of the glass, made anew by the server."""
    row = found(visible(request, Screen), pk)
    kept = Screenshot.objects.filter(screen=row, pk=shot).select_related("blob").first()
    if kept is None:
        raise Http404
    return picture_answer(kept.blob.sha256, kept.blob.mime)


@login_required
@require_http_methods(["GET", "POST"])
def site_create(request: HttpRequest) -> HttpResponse:
    """Make a site."""
    require(staff_of(request), Act.MANAGE_SCREENS, None)
    form = SiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            services.site_create(**form.cleaned_data, **_who(request))
            return redirect("staff:screens")
    return _plain(request, form, _("New site"), _("Make the site"))


@login_required
@require_http_methods(["GET", "POST"])
def group_create(request: HttpRequest) -> HttpResponse:
    """Make a group of screens."""
    require_somewhere(staff_of(request), Act.MANAGE_SCREENS)
    form = GroupForm(request)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        with form.refusing():
            services.group_create(
                name=told["name"],
                department=Department.objects.get(pk=told["department"]),
                screens=visible(request, Screen).filter(pk__in=told["screens"]),
                allow_4k=told["allow_4k"],
                **_who(request),
            )
            return redirect("staff:screens")
    return _plain(request, form, _("New group"), _("Make the group"))


@login_required
@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a group of screens."""
    row = found(visible(request, ScreenGroup), pk)
    if request.method == "POST":
        require(staff_of(request), Act.MANAGE_SCREENS, row.department_id)
    form = GroupForm(request, _group_initial(row))
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        with form.refusing(lambda: _group_initial(ScreenGroup.objects.get(pk=pk))):
            services.group_change(
                group=row,
                version=told["version"] or 0,
                name=told["name"],
                allow_4k=told["allow_4k"],
                screens=visible(request, Screen).filter(pk__in=told["screens"]),
                **_who(request),
            )
            return redirect("staff:screens")
    return _plain(request, form, row.name, _("Save"))


def _group_initial(row: ScreenGroup) -> dict[str, Any]:
    members = [str(each) for each in row.screens.values_list("pk", flat=True)]
    return {
        "name": row.name, "allow_4k": row.allow_4k, "version": row.version, "screens": members,
    }  # fmt: skip


@login_required
@require_POST
def group_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Dissolve a group; its screens stay."""
    services.group_delete(group=found(visible(request, ScreenGroup), pk), **_who(request))
    return redirect("staff:screens")
