"""My notices: what happened, and what I want to hear of, by which way."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from server.accounts.models import Staff
from server.accounts.policy import Act, may_anywhere
from server.alerts.kinds import KINDS
from server.alerts.models import Receiver
from server.alerts.selectors import choices_of, notices_of
from server.alerts.services import choices_set, notices_read, receiver_set
from server.staff.forms import PlainForm
from server.staff.requests import login_required, now, staff_of

__all__ = ["choices", "notices", "read"]

#: The column of ticks for pages, and that for mail.
PAGE, MAIL = "page", "mail"


def _hour(label: Any) -> forms.TimeField:
    widget = forms.TimeInput({"type": "time"}, "%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget)


class ReceiverForm(PlainForm):
    """Where my mail goes, and when none is wanted."""

    address = forms.CharField(
        label=gettext_lazy("Mail address"),
        max_length=200,
        required=False,
        widget=forms.TextInput({"type": "email", "autocomplete": "email"}),
    )
    quiet_from = _hour(gettext_lazy("No mail from"))
    quiet_until = _hour(gettext_lazy("No mail until"))


@login_required
@require_GET
def notices(request: HttpRequest) -> HttpResponse:
    """List my notices."""
    return _page(request, _form(staff_of(request)))


@login_required
@require_POST
def read(request: HttpRequest) -> HttpResponse:
    """I have seen them."""
    until = request.POST.get("until", "")
    known = int(until) if until.isdigit() and len(until) < 19 else None
    notices_read(staff=staff_of(request), until=known, now=now())
    return redirect("staff:notices")


@login_required
@require_POST
def choices(request: HttpRequest) -> HttpResponse:
    """Keep what I want to hear of."""
    form = ReceiverForm(request.POST)
    if form.is_valid():
        with form.refusing():
            receiver_set(staff=staff_of(request), **form.cleaned_data)
            choices_set(staff=staff_of(request), chosen=_chosen(request))
            messages.success(request, _("Saved."))
            return redirect("staff:notices")
    return _page(request, form)


def _chosen(request: HttpRequest) -> dict[Any, tuple[bool, bool]]:
    on_page, by_mail = set(request.POST.getlist(PAGE)), set(request.POST.getlist(MAIL))
    return {kind: (kind.value in on_page, kind.value in by_mail) for kind in KINDS}


def _form(staff: Staff) -> ReceiverForm:
    mine = Receiver.objects.filter(staff=staff).first() or Receiver(staff=staff)
    initial = {name: getattr(mine, name) for name in ("address", "quiet_from", "quiet_until")}
    return ReceiverForm(None, initial=initial)


def _page(request: HttpRequest, form: ReceiverForm) -> HttpResponse:
    staff = staff_of(request)
    listed = notices_of(staff)
    rows = [
        {"kind": kind.value, "label": KINDS[kind].label, "page": on_page, "mail": by_mail}
        for kind, (on_page, by_mail) in choices_of(staff).items()
    ]
    context = {
        "notices": listed,
        "newest": listed[0].pk if listed else None,
        "any_new": any(each.is_new for each in listed),
        "kinds": rows,
        "form": form,
        "has_mail": bool(settings.CONFIGURATION.mail.host),
        "can_manage": may_anywhere(staff, Act.MANAGE_SCREENS),
    }
    status = 422 if form.errors else 200
    return render(request, "staff/alerts/notices.html", context, status=status)
