"""Screens: how they are, made and changed, paired by six digits, locked out, asked for pictures."""

from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from server.accounts.models import Department
from server.accounts.policy import Act, may, require, require_somewhere
from server.errors import ApplicationError
from server.plans.models import Pin
from server.screens import services
from server.screens.models import Screen, Site
from server.screens.pairing import pairing_claim
from server.screens.tokens import tokens_revoke
from server.staff.library.pictures import picture_answer
from server.staff.overview.seen import standings_of
from server.staff.overview.wrongs import all_wrong
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, visible
from server.staff.screens.answers import plain, who
from server.staff.screens.commands import live_of
from server.staff.screens.forms import (
    ClaimForm,
    NewScreenForm,
    ScreenForm,
    panel_initial,
)
from server.staff.screens.health import bars_of, charts_of, online_share
from server.staff.screens.pairing import code_in, root_fingerprint
from server.staff.screens.verdict import verdict_of
from server.staff.undo.ways import leave
from server.telemetry.models import Heartbeat, Screenshot, Wanted
from server.telemetry.services import wanted_ask
from server.watch.models import DayHealth

__all__ = ["act", "claim", "create", "picture", "screen", "short_name"]


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make a screen."""
    require_somewhere(staff_of(request), Act.MANAGE_SCREENS)
    form, code = NewScreenForm(request), code_in(request)
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            made = services.screen_create(
                slug=form.cleaned_data["slug"],
                site=Site.objects.get(pk=form.cleaned_data["site"]),
                department=Department.objects.get(pk=form.cleaned_data["department"]),
                **form.parts,
                **who(request),
            )
            return _made(request, made, code)
    lead = _("The box that shows %(code)s becomes this screen.") % {"code": code} if code else ""
    return plain(request, form, _("New screen"), _("Make the screen"), lead)


def _made(request: HttpRequest, made: Screen, code: str) -> HttpResponse:
    """Pair the box whose code was typed before, or ask for one."""
    there = reverse("staff:screen", args=[made.pk])
    if not code:
        said = _("Made, with the short name %(slug)s.  Now type the six digits that the box shows.")
        messages.success(request, said % {"slug": made.slug})
        return redirect(f"{there}#pair")
    try:
        pairing_claim(code=code, screen=made, **who(request))
    except ApplicationError as error:
        said = _("Made, with the short name %(slug)s.") % {"slug": made.slug}
        messages.error(request, f"{said} {sentence_of(error)}")
        return redirect(f"{there}?code={code}#pair")
    return redirect("staff:screen_wall", made.pk)


@login_required
@require_GET
def short_name(request: HttpRequest) -> HttpResponse:
    """The short name that a new site or screen of this name gets, as it is typed; text."""
    require_somewhere(staff_of(request), Act.MANAGE_SCREENS)
    name, site = request.GET.get("name", "").strip()[:100], request.GET.get("site", "")
    if not name:
        return HttpResponse("", content_type="text/plain; charset=utf-8")
    is_of_site = site.isdigit() and len(site) < 19
    others = Screen.objects.filter(site=int(site)) if is_of_site else Site.objects.all()
    slug = services.free_slug(name, others)
    return HttpResponse(f"→ {slug}", content_type="text/plain; charset=utf-8")


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
            services.screen_change(screen=row, version=version, **form.parts, **who(request))
            messages.success(request, _("Saved.  Screens show it once it is published."))
            return redirect("staff:screen", pk)
    return _screen_page(request, row, form, ClaimForm(initial={"code": code_in(request)}))


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
    today = localdate()
    days = 90 if request.GET.get("days") == "90" else 30
    rows = list(DayHealth.objects.filter(screen=row, day__gt=today - timedelta(days=days)))
    context = live_of(request, row) | {
        "seen": seen, "verdict": verdict_of(seen), "form": form, "claim": claim_form, "days": days,
        "troubles": all_wrong([seen], mine, now()), "fingerprint": root_fingerprint(),
        "bars": bars_of(rows, today, days), "charts": charts_of(rows, today, days),
        "online": online_share(rows), "beat": Heartbeat.objects.filter(screen=row).first(),
        "tags": ", ".join(row.tags.values_list("name", flat=True)),
        "pin": Pin.objects.filter(screen=row).select_related("plan__site").first(),
        "is_paired": row.tokens.filter(revoked_at=None).exists(),
        "can_manage": may(staff, Act.MANAGE_SCREENS, row.department_id),
    }  # fmt: skip
    status = 422 if form.errors or claim_form.errors else 200
    return render(request, "staff/screens/screen.html", context, status=status)


@login_required
@require_POST
def claim(request: HttpRequest, pk: int) -> HttpResponse:
    """Make the box that shows these six digits this screen."""
    row = found(visible(request, Screen), pk)
    form = ClaimForm(request.POST)
    if form.is_valid():
        with form.refusing():
            pairing_claim(code=form.cleaned_data["code"], screen=row, **who(request))
            return redirect("staff:screen_wall", pk)
    request.POST = request.POST.__class__("")  # the other form of the page was not sent
    return _screen_page(request, row, ScreenForm(request, _initial(row)), form)


@login_required
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Ask for a picture or the log, lock the box out, retire the screen."""
    row = found(visible(request, Screen), pk)
    try:
        if act in {"screenshot", "log"}:
            wanted_ask(screen=row, kind=Wanted.Kind(act), **who(request))
            messages.success(request, _("Asked: it comes with the next sign of life of the box."))
        elif act == "lock-out":
            tokens_revoke(screen=row, **who(request))
            messages.success(
                request, _("Locked out: the box shows what it has until it is paired.")
            )
        elif act == "retire":
            _retire(request, row)
            return redirect("staff:screens")
        else:
            raise Http404
    except ApplicationError as error:
        if error.http_status in {403, 404}:
            raise
        messages.error(request, sentence_of(error))
    return redirect("staff:screen", pk)


def _retire(request: HttpRequest, row: Screen) -> None:
    groups, acting = list(row.groups.values_list("pk", flat=True)), who(request)
    services.screen_retire(screen=row, **acting)
    facts = {"screen": row.pk, "at": acting["now"].isoformat(), "groups": groups}
    leave(request, _("Retired: its records stay."), "retire", facts)


@login_required
@require_GET
def picture(request: HttpRequest, pk: int, shot: int) -> HttpResponse:
    """A picture of the glass, made anew by the server."""
    row = found(visible(request, Screen), pk)
    kept = Screenshot.objects.filter(screen=row, pk=shot).select_related("blob").first()
    if kept is None:
        raise Http404
    return picture_answer(kept.blob.sha256, kept.blob.mime)
