"""The audit: who did what to what, newest first; and whether its chain is whole."""

from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.http import urlencode
from django.views.decorators.http import require_GET

from server.accounts.models import Staff
from server.accounts.policy import Act, departments, may_anywhere, require
from server.audit.models import AuditRow
from server.audit.selectors import verify_chain
from server.staff.requests import login_required, staff_of
from server.staff.rows import page_of

__all__ = ["audit"]


@login_required
@require_GET
def audit(request: HttpRequest) -> HttpResponse:
    """List the rows, and verify the chain where somebody asks."""
    staff = staff_of(request)
    if not may_anywhere(staff, Act.READ_AUDIT):
        require(staff, Act.READ_AUDIT, staff.department_id)
    query = request.GET.get("q", "").strip()[:100]
    rows = AuditRow.objects.order_by("-number")
    reach = departments(staff, Act.READ_AUDIT)
    if reach is not None:  # what those did who belong there
        rows = rows.filter(actor__in=Staff.objects.filter(department__in=reach).values("username"))
    if query:
        rows = rows.filter(
            Q(actor__icontains=query) | Q(action__icontains=query)
            | Q(subject_name__icontains=query)
        )  # fmt: skip
    page = page_of(request, rows)
    context = {
        "page": page,
        "page_query": f"{urlencode({'q': query})}&" if query else "",
        "query": query,
        "chain": verify_chain() if "verify" in request.GET else None,
    }
    return render(request, "staff/audit.html", context)
