"""Import into a data set: first what would change is shown, then it is taken."""

from collections.abc import Sequence
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from server.accounts.policy import Act, require
from server.datasets import versions
from server.datasets.changes import changes_between
from server.datasets.columns import columns_of
from server.datasets.errors import CellsRefused
from server.datasets.importing import TableRead, read_table
from server.datasets.models import Dataset, DatasetVersion
from server.datasets.places import places_read
from server.datasets.tables import Row, Typed, rows_typed, typed
from server.errors import ApplicationError, Invalid
from server.sentences import local
from server.staff.conflicts import is_overtaken
from server.staff.data.rows import dataset_for
from server.staff.data.text import cells_shown, rows_read, text_of
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of

__all__ = ["take"]

#: Changed rows that are shown before they are taken.
SHOWN = 100


@login_required
@require_http_methods(["GET", "POST"])
def take(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask for a file; show what it changes; take it."""
    row = dataset_for(request, pk)
    require(staff_of(request), Act.UPLOAD, row.department)
    if request.method != "POST":
        return _page(request, row)
    try:
        if "rows" in request.POST:
            return _taken(request, row)
        return _looked_at(request, row)
    except CellsRefused as error:
        faults = [local(each.said) for each in error.faults]
        return _page(request, row, trouble=_("Nothing was changed: %(n)d cells cannot be read.")
                     % {"n": error.count}, faults=faults)  # fmt: skip
    except ApplicationError as error:
        if is_overtaken(error):
            return _looked_at_again(request, row, sentence_of(error))
        return _page(request, row, trouble=sentence_of(error))


def _looked_at_again(request: HttpRequest, row: Dataset, trouble: str) -> HttpResponse:
    """The rows of the file against those that somebody else has saved meanwhile."""
    row.refresh_from_db()
    columns = columns_of(row.columns)
    rows = rows_typed(rows_read(request.POST["rows"], columns), columns).rows
    source = request.POST.get("source", "")[:200]
    return _page(request, row, **_changes(row, rows), source=source, trouble=trouble)


def _looked_at(request: HttpRequest, row: Dataset) -> HttpResponse:
    file = request.FILES.get("file")
    if file is None:
        raise Invalid("Choose a file.")
    read = read_table(file.read(), sheet=request.POST.get("sheet", "").strip()[:60],
                      now=now(), places=places_read(row))  # fmt: skip
    told = typed(read.table, columns_of(row.columns))
    if told.faults_count:
        raise CellsRefused(told.faults, told.faults_count)
    versions.sound(told, row, staff_of(request))
    return _page(request, row, **_preview(row, told, read), source=str(file.name)[:200])


def _preview(row: Dataset, told: Typed, read: TableRead) -> dict[str, Any]:
    return _changes(row, told.rows) | {
        "remarks": [local(each) for each in read.remarks], "ignored": told.ignored,
        "sheet": read.table.sheet,
    }  # fmt: skip


def _changes(row: Dataset, rows: Sequence[Row]) -> dict[str, Any]:
    """What becomes of the rows that are stored when these take their place."""
    columns = columns_of(row.columns)
    newest = row.versions.first()
    found = changes_between(newest.rows if newest else [], rows)
    shown = [
        {"kind": each.kind, "number": each.number,
         "cells": [{"now": now_, "was": was, "is_changed": each.kind == "changed" and now_ != was}
                   for now_, was in zip(cells_shown(each.after or each.before or {}, columns),
                                        cells_shown(each.before or {}, columns), strict=True)]}
        for each in found.changes[:SHOWN]
    ]  # fmt: skip
    return {
        "text": text_of(rows, columns), "found": found, "shown": shown,
        "row_count": len(rows), "is_preview": True,
    }  # fmt: skip


def _taken(request: HttpRequest, row: Dataset) -> HttpResponse:
    columns = columns_of(row.columns)
    version = request.POST.get("version", "")
    made = versions.rows_put(
        dataset=row,
        rows=rows_typed(rows_read(request.POST["rows"], columns), columns),
        version=int(version) if version.isdigit() and len(version) < 10 else -1,
        origin=DatasetVersion.Origin.FILE,
        source=request.POST.get("source", "")[:200],
        actor=staff_of(request),
        now=now(),
    )
    messages.success(request, _("Saved as version %(n)d.") % {"n": made.number})
    return redirect("staff:dataset", row.pk)


def _page(request: HttpRequest, row: Dataset, **more: Any) -> HttpResponse:
    context = {"dataset": row, "columns": columns_of(row.columns)} | more
    status = 422 if more.get("trouble") else 200
    return render(request, "staff/data/import.html", context, status=status)
