"""The sample programmes, to be loaded by a click: something complete to look at and to change."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from server.accounts.policy import Act, require_somewhere
from server.errors import ApplicationError
from server.samples.loading import sample_load
from server.samples.reading import SAMPLES, read
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, found

__all__ = ["samples"]


@login_required
@require_http_methods(["GET", "POST"])
def samples(request: HttpRequest) -> HttpResponse:
    """Offer the sample programmes; load the one that is named into a department."""
    staff = staff_of(request)
    require_somewhere(staff, Act.ARRANGE)
    if request.method == "POST":
        return _load(request)
    owners = departments_for(request, Act.ARRANGE)
    offered = [(name, read(name, localdate())) for name in SAMPLES]
    context = {"offered": offered, "departments": owners, "own": staff.department_id}
    return render(request, "staff/layouts/samples.html", context)


def _load(request: HttpRequest) -> HttpResponse:
    name, wanted = request.POST.get("sample", ""), request.POST.get("department", "")
    if name not in SAMPLES or not wanted.isdecimal():
        raise Http404
    department = found(departments_for(request, Act.ARRANGE), int(wanted[:18]))
    try:
        layout = sample_load(
            name=name, today=localdate(), department=department,
            actor=staff_of(request), now=now(),
        )  # fmt: skip
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
        return redirect("staff:samples")
    messages.success(request, _("The sample is here; nothing shows it yet."))
    return redirect("staff:layout", layout.pk)
