"""The versions of a data set: who, when, from where; look at one, bring one back."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from server.datasets import versions
from server.datasets.columns import columns_of
from server.errors import ApplicationError
from server.staff.data.rows import dataset_for, may_type
from server.staff.data.text import cells_shown
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import page_of

__all__ = ["history", "restore", "version"]

#: Rows of an old version that the page shows.
SHOWN = 500


@login_required
@require_GET
def history(request: HttpRequest, pk: int) -> HttpResponse:
    """List the versions."""
    row = dataset_for(request, pk)
    page = page_of(request, row.versions.select_related("by").defer("rows", "columns"))
    context = {"dataset": row, "page": page, "can_type": may_type(request, row)}
    return render(request, "staff/data/history.html", context)


@login_required
@require_GET
def version(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Show the rows of one version."""
    row = dataset_for(request, pk)
    kept = row.versions.filter(number=number).select_related("by").first()
    if kept is None:
        raise Http404
    columns = columns_of(kept.columns)
    context = {
        "dataset": row, "version": kept, "columns": columns,
        "rows": [cells_shown(each, columns) for each in kept.rows[:SHOWN]],
        "hidden": max(0, len(kept.rows) - SHOWN),
        "can_type": may_type(request, row),
    }  # fmt: skip
    return render(request, "staff/data/version.html", context)


@login_required
@require_POST
def restore(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    """Bring the rows of an old version back, as a new one."""
    row = dataset_for(request, pk)
    try:
        made = versions.version_restore(
            dataset=row, number=number, actor=staff_of(request), now=now()
        )
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("Saved as version %(n)d.") % {"n": made.number})
    return redirect("staff:dataset", pk)
