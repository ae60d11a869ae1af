"""A live stream as an asset: where it comes from, and what stands in while it does not come."""

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from server.accounts.models import Department
from server.accounts.policy import Act, require_somewhere
from server.library import services
from server.library.models import Asset, AssetKind, AssetState
from server.staff.forms import PlainForm, choices
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, found, visible

__all__ = ["stream_create"]

#: What can stand in: what lies on the box itself.
STAND_INS = (AssetKind.IMAGE, AssetKind.VIDEO, AssetKind.CARD)
#: Stand-ins that are offered, the newest first.
STAND_INS_LIMIT = 300


class StreamForm(PlainForm):
    """A new stream: its name, its address, what stands in for it, whose it is."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    url = forms.CharField(
        label=gettext_lazy("Address of the stream"),
        help_text=gettext_lazy(
            "Of a camera or an encoder: rtsp://camera.hall.example/1 or "
            "https://live.example/hall.m3u8. The boxes must reach it themselves."
        ),
        max_length=2000,
    )
    fallback = forms.ChoiceField(
        label=gettext_lazy("What stands in for it"),
        help_text=gettext_lazy(
            "Shown while the stream cannot be had; it is tried again by itself."
        ),
    )
    department = forms.ChoiceField(label=gettext_lazy("Department"))

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST or None)
        offered = _stand_ins(request).order_by("-pk")[:STAND_INS_LIMIT]
        owners = departments_for(request, Act.UPLOAD)
        for name, rows in (("fallback", choices(offered)), ("department", choices(owners))):
            self.fields[name].choices = rows  # type: ignore[attr-defined]
        self.has_stand_ins = bool(self.fields["fallback"].choices)  # type: ignore[attr-defined]


def _stand_ins(request: HttpRequest) -> Any:
    return visible(request, Asset).filter(kind__in=STAND_INS, state=AssetState.READY)


@login_required
@require_http_methods(["GET", "POST"])
def stream_create(request: HttpRequest) -> HttpResponse:
    """Make an asset of a live source."""
    staff = staff_of(request)
    require_somewhere(staff, Act.UPLOAD)
    form = StreamForm(request)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        with form.refusing():
            made = services.stream_create(
                title=told["title"],
                url=told["url"].strip(),
                fallback=found(_stand_ins(request), int(told["fallback"])),
                department=Department.objects.get(pk=told["department"]),
                actor=staff,
                now=now(),
            )
            return redirect("staff:asset", made.pk)
    context = {"form": form, "title": _("New stream")}
    return render(request, "staff/library/stream.html", context, status=422 if form.errors else 200)
