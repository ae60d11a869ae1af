"""Floor plans: the picture of a floor with its screens, moved by hand or by numbers."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from server.accounts.models import Department
from server.accounts.policy import Act, may, require_somewhere
from server.errors import ApplicationError
from server.plans.models import FloorPlan, Pin
from server.plans.services import pin_remove, pin_set, plan_create, plan_delete
from server.screens.models import Screen, Site
from server.staff.forms import PlainForm, choices
from server.staff.library.pictures import picture_answer
from server.staff.overview.seen import standings_of
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, found, visible
from server.staff.screens.answers import plain, who
from server.staff.screens.verdict import Verdict, verdict_of
from server.staff.toasts import say
from server.staff.undo.ways import kept, leave

__all__ = ["pin", "plan", "plan_create_view", "plan_delete_view", "plan_picture"]


class PlanForm(PlainForm):
    """A new plan."""

    name = forms.CharField(
        label=gettext_lazy("Floor"), max_length=60, help_text=gettext_lazy("Such as: 1st floor")
    )
    picture = forms.FileField(
        label=gettext_lazy("Picture"),
        help_text=gettext_lazy("PNG, JPEG or WebP, up to 20 MB."),
        widget=forms.FileInput({"accept": "image/png,image/jpeg,image/webp"}),
    )

    def __init__(self, request: HttpRequest) -> None:
        is_sent = request.method == "POST"
        super().__init__(request.POST if is_sent else None, request.FILES if is_sent else None)
        owners = departments_for(request, Act.MANAGE_SCREENS)
        self.fields["site"] = forms.ChoiceField(
            label=_("Site"), choices=choices(Site.objects.all())
        )
        self.fields["department"] = forms.ChoiceField(
            label=_("Department"), choices=choices(owners)
        )
        self.order_fields(("site", "name", "department", "picture"))


@login_required
@require_http_methods(["GET", "POST"])
def plan_create_view(request: HttpRequest) -> HttpResponse:
    """Upload a plan."""
    require_somewhere(staff_of(request), Act.MANAGE_SCREENS)
    form = PlanForm(request)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        with form.refusing():
            made = plan_create(
                site=Site.objects.get(pk=told["site"]),
                department=Department.objects.get(pk=told["department"]),
                name=told["name"],
                picture=told["picture"].read(),
                **who(request),
            )
            return redirect("staff:plan", made.pk)
    return plain(request, form, _("New floor plan"), _("Upload the plan"))


@login_required
@require_GET
def plan(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a plan with its screens."""
    row = found(visible(request, FloorPlan), pk)
    here = visible(request, Screen).filter(site=row.site, retired_at=None)
    states = {each.standing.screen: verdict_of(each) for each in standings_of(here, now())}
    known = row.pins.select_related("screen").filter(screen__in=states)
    pins = [_pinned(each, states) for each in known]
    staff = staff_of(request)
    context = {
        "plan": row,
        "pins": pins,
        "loose": here.exclude(pin__plan=row),
        "can_manage": may(staff, Act.MANAGE_SCREENS, row.department_id),
    }
    return render(request, "staff/screens/plan.html", context)


def _pinned(pin: Pin, states: dict[int, Verdict]) -> dict[str, Any]:
    return {
        "screen": pin.screen,
        "tone": states[pin.pk].tone,
        "sign": states[pin.pk].sign,
        "word": states[pin.pk].word,
        "x": pin.x,
        "y": pin.y,
        "left": round(pin.x * pin.plan.width / 1000, 1),
        "top": round(pin.y * pin.plan.height / 1000, 1),
    }


@login_required
@require_POST
def pin(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a screen where it hangs, or take it off the plan."""
    row = found(visible(request, FloorPlan), pk)
    screen = found(visible(request, Screen), _number(request, "screen"))
    is_script = request.headers.get("X-Requested-With") == "fetch"
    try:
        if request.POST.get("act") == "remove":
            _take_off(request, screen)
        else:
            x, y = _number(request, "x"), _number(request, "y")
            pin_set(screen=screen, plan=row, x=x, y=y, **who(request))
    except ApplicationError as error:
        if error.http_status in {403, 404}:
            raise
        if is_script:
            return JsonResponse(error.as_local_json(), status=error.http_status)
        say(request, sentence_of(error), tone="error")
    return HttpResponse(status=204) if is_script else redirect("staff:plan", pk)


def _take_off(request: HttpRequest, screen: Screen) -> None:
    hung = Pin.objects.filter(screen=screen).values("screen", "plan", "x", "y").first()
    pin_remove(screen=screen, **who(request))
    leave(request, _("%(name)s is off the plan.") % {"name": screen.name}, "pin", hung)


def _number(request: HttpRequest, name: str) -> int:
    told = request.POST.get(name, "")
    return int(told) if told.isdigit() and len(told) < 19 else -1


@login_required
@require_GET
def plan_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """The picture of a plan, made anew by the server."""
    row = found(visible(request, FloorPlan).select_related("blob"), pk)
    return picture_answer(row.blob.sha256, row.blob.mime)


@login_required
@require_POST
def plan_delete_view(request: HttpRequest, pk: int) -> HttpResponse:
    """Forget a plan."""
    row = found(visible(request, FloorPlan), pk)
    facts = kept(row)
    plan_delete(plan=row, **who(request))
    leave(request, _("%(name)s is deleted.") % {"name": row}, "plan", facts)
    return redirect("staff:screens")
