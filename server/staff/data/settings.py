"""Where a data set comes from, and whether it may change the walls without a review."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from server.datasets import services, sources, trust
from server.errors import ApplicationError
from server.staff.data.rows import dataset_for
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of

__all__ = ["fetch", "rename", "source", "trusted"]


@login_required
@require_POST
def source(request: HttpRequest, pk: int) -> HttpResponse:
    """Fetch it from an address, or not any more."""
    row = dataset_for(request, pk)
    every = request.POST.get("every_min", "")
    try:
        sources.source_set(
            dataset=row,
            url=request.POST.get("url", ""),
            every_min=int(every) if every.isdigit() and len(every) < 7 else 0,
            actor=staff_of(request),
            now=now(),
        )
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("staff:dataset", pk)


@login_required
@require_POST
def fetch(request: HttpRequest, pk: int) -> HttpResponse:
    """Fetch it now, whenever it is due."""
    row = dataset_for(request, pk)
    try:
        sources.fetch_asked(dataset=row, actor=staff_of(request), now=now())
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("It is being fetched; new rows are here within a minute."))
    return redirect("staff:dataset", pk)


@login_required
@require_POST
def trusted(request: HttpRequest, pk: int) -> HttpResponse:
    """Let it change without a review, or not any more."""
    row = dataset_for(request, pk)
    try:
        trust.unreviewed_set(
            dataset=row,
            is_unreviewed=request.POST.get("is_unreviewed") == "yes",
            reason=request.POST.get("reason", ""),
            actor=staff_of(request),
            now=now(),
        )
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("staff:dataset", pk)


@login_required
@require_POST
def rename(request: HttpRequest, pk: int) -> HttpResponse:
    """Give it another name."""
    row = dataset_for(request, pk)
    try:
        services.dataset_rename(
            dataset=row, name=request.POST.get("name", ""), actor=staff_of(request), now=now()
        )
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    return redirect("staff:dataset", pk)
