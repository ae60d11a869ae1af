"""Where in the JSON of another system a data set is: the form on its page."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from server.datasets.columns import columns_of
from server.datasets.models import Dataset
from server.datasets.places import JsonPlace, JsonPlaces, places_set
from server.errors import ApplicationError
from server.staff.data.grid import dataset_page, stored_text
from server.staff.data.rows import dataset_for, places_shown
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of

__all__ = ["places"]


@login_required
@require_POST
def places(request: HttpRequest, pk: int) -> HttpResponse:
    """Say where its rows and columns are; what was typed stays where it is refused."""
    row = dataset_for(request, pk)
    sent = _sent(request, row)
    try:
        places_set(dataset=row, places=sent, actor=staff_of(request), now=now())
    except ApplicationError as error:
        shown = places_shown(sent, columns_of(row.columns))
        return dataset_page(
            request, row, stored_text(row), trouble=sentence_of(error), is_places=True, **shown
        )
    messages.success(request, _("Saved."))
    return redirect("staff:dataset", pk)


def _sent(request: HttpRequest, row: Dataset) -> JsonPlaces:
    told = {each.key: request.POST.get(f"at-{each.key}", "").strip()
            for each in columns_of(row.columns)}  # fmt: skip
    return JsonPlaces(
        request.POST.get("rows_at", "").strip(),
        {key: JsonPlace(at, may_miss=f"may_miss-{key}" in request.POST)
         for key, at in told.items() if at},
    )  # fmt: skip
