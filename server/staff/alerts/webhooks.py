"""Webhooks: other systems that are told; for administrators of screens."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from server.accounts.models import Department
from server.accounts.policy import Act, may, require_somewhere
from server.alerts import endpoints
from server.alerts.errors import DeliveryFailed
from server.alerts.kinds import KINDS, Kind
from server.alerts.models import Delivery, Endpoint
from server.staff.forms import choices as options
from server.staff.requests import address_of, login_required, now, staff_of
from server.staff.rows import departments_for, found, visible
from server.staff.seen import SeenForm, with_seal
from server.staff.undo.ways import kept, leave

__all__ = ["act", "stored_of", "webhook", "webhooks"]

#: Deliveries that the page of a webhook shows.
DELIVERIES_LISTED = 20


class EndpointForm(SeenForm):
    """What is told, and where to."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=60)
    url = forms.CharField(
        label=gettext_lazy("Address"),
        max_length=500,
        help_text=gettext_lazy("https://host/path; it is sent a POST with JSON, signed."),
    )
    kinds = forms.MultipleChoiceField(
        label=gettext_lazy("Told of"),
        choices=[(kind.value, facts.label) for kind, facts in KINDS.items()],
        widget=forms.CheckboxSelectMultiple,
    )

    @property
    def parts(self) -> dict[str, Any]:
        """What the services take."""
        told = self.cleaned_data
        kinds = [Kind(each) for each in told["kinds"]]
        return {"name": told["name"], "url": told["url"], "kinds": kinds}


class NewEndpointForm(EndpointForm):
    """A new one, and whose screens it hears of."""

    def __init__(self, request: HttpRequest, *, is_sent: bool) -> None:
        super().__init__(request.POST if is_sent else None)
        owners = departments_for(request, Act.MANAGE_SCREENS)
        everywhere = may(staff_of(request), Act.MANAGE_SCREENS, None)
        self.fields["department"] = forms.ChoiceField(
            label=_("Of which department"),
            choices=options(owners, blank=_("All departments") if everywhere else None),
            required=not everywhere,
        )

    @property
    def parts(self) -> dict[str, Any]:
        """What the services take."""
        chosen = self.cleaned_data["department"]
        owner = Department.objects.get(pk=chosen) if chosen else None
        return super().parts | {"department": owner}


@login_required
@require_http_methods(["GET", "POST"])
def webhooks(request: HttpRequest) -> HttpResponse:
    """List webhooks, and make one."""
    require_somewhere(staff_of(request), Act.MANAGE_SCREENS)
    form = NewEndpointForm(request, is_sent=request.method == "POST")
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            made = endpoints.endpoint_create(**form.parts, **_who(request))
            messages.success(request, _("Made.  Give its secret to the other system, and try it."))
            return redirect("staff:webhook", made.pk)
    rows = visible(request, Endpoint, Act.MANAGE_SCREENS).select_related("department")
    context = {"endpoints": rows, "form": form}
    status = 422 if form.errors else 200
    return render(request, "staff/alerts/webhooks.html", context, status=status)


def _who(request: HttpRequest) -> dict[str, Any]:
    return {"actor": staff_of(request), "now": now(), "address": address_of(request)}


@login_required
@require_http_methods(["GET", "POST"])
def webhook(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a webhook, its secret and its last deliveries; and change it."""
    row = found(visible(request, Endpoint, Act.MANAGE_SCREENS), pk)
    form = EndpointForm(request.POST or None, initial=with_seal(stored_of(row)))
    if request.method == "POST" and form.is_valid():
        same = Endpoint.objects.filter(pk=pk)

        def stored() -> dict[str, Any]:
            return stored_of(same.get())

        with form.refusing(stored), form.seen(same, stored):
            endpoints.endpoint_change(endpoint=row, **form.parts, **_who(request))
            messages.success(request, _("Saved."))
            return redirect("staff:webhook", pk)
    deliveries = Delivery.objects.filter(endpoint=row).select_related("message")
    context = {
        "endpoint": row,
        "form": form,
        "deliveries": deliveries.order_by("-pk")[:DELIVERIES_LISTED],
        "labels": {kind.value: facts.label for kind, facts in KINDS.items()},
    }
    status = 422 if form.errors else 200
    return render(request, "staff/alerts/webhook.html", context, status=status)


def stored_of(row: Endpoint) -> dict[str, Any]:
    """The form's fields as they are stored."""
    return {"name": row.name, "url": row.url, "kinds": row.kinds}


@login_required
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Try a webhook, switch it on again, delete it."""
    row = found(visible(request, Endpoint, Act.MANAGE_SCREENS), pk)
    if act == "test":
        _try(request, row)
    elif act == "enable":
        endpoints.endpoint_enable(endpoint=row, **_who(request))
        messages.success(request, _("Switched on."))
    elif act == "delete":
        facts = kept(row)
        endpoints.endpoint_delete(endpoint=row, **_who(request))
        leave(request, _("%(name)s is deleted.") % {"name": row.name}, "webhook", facts)
        return redirect("staff:webhooks")
    else:
        raise Http404
    return redirect("staff:webhook", pk)


def _try(request: HttpRequest, row: Endpoint) -> None:
    try:
        status = endpoints.endpoint_test(endpoint=row, actor=staff_of(request), now=now())
    except DeliveryFailed as error:
        messages.error(request, _("The trial did not arrive: %(why)s") % {"why": error})
    else:
        messages.success(request, _("The trial arrived: answer %(status)d.") % {"status": status})
