"""The list of data sets, and making one: empty, or out of a file."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST

from server.accounts.models import Department
from server.accounts.policy import Act, require_somewhere
from server.datasets import services, versions
from server.datasets.columns import Column
from server.datasets.importing import read_table
from server.datasets.models import Dataset, DatasetVersion
from server.datasets.tables import columns_guessed, typed
from server.errors import ApplicationError
from server.staff.data.rows import dataset_for
from server.staff.forms import PlainForm, choices
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, visible

__all__ = ["datasets", "delete"]


class DatasetForm(PlainForm):
    """A new data set."""

    name = forms.CharField(label=_("Name"), max_length=100)
    department = forms.ChoiceField(label=_("Department"))
    file = forms.FileField(
        label=_("Out of a file"),
        required=False,
        help_text=_(
            "XLSX, CSV, JSON, RSS, Atom or iCalendar gives the columns. Without one it is empty."
        ),
    )

    def __init__(self, request: HttpRequest, owners: Any) -> None:
        is_sent = request.method == "POST"
        super().__init__(request.POST if is_sent else None, request.FILES if is_sent else None)
        self.fields["department"].choices = choices(owners)  # type: ignore[attr-defined]


@login_required
@require_http_methods(["GET", "POST"])
def datasets(request: HttpRequest) -> HttpResponse:
    """List data sets, and make one."""
    owners = departments_for(request, Act.UPLOAD)
    if request.method == "POST":
        require_somewhere(staff_of(request), Act.UPLOAD)
    form = DatasetForm(request, owners)
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            return redirect("staff:dataset", _made(request, form).pk)
    rows = visible(request, Dataset).filter(deleted_at=None).select_related("department")
    listed = [
        {"row": each, "newest": each.versions.select_related("by").defer("rows").first(),
         "cards": each.cards.count(), "trouble": _in_trouble(each)}
        for each in rows
    ]  # fmt: skip
    context = {"datasets": listed, "form": form, "can_make": owners}
    status = 422 if form.errors else 200
    return render(request, "staff/data/datasets.html", context, status=status)


def _in_trouble(row: Dataset) -> bool:
    return bool(row.trouble) or row.cards.exclude(trouble={}).exists()


def _made(request: HttpRequest, form: DatasetForm) -> Dataset:
    told: dict[str, Any] = form.cleaned_data
    who: dict[str, Any] = {"actor": staff_of(request), "now": now()}
    file = told["file"]
    columns: tuple[Column, ...] = (Column("column_1", str(_("Column 1"))),)
    table = None
    if file is not None:
        table = read_table(file.read(), now=now()).table
        columns = columns_guessed(table)
    made = services.dataset_create(
        name=told["name"],
        columns=columns,
        department=Department.objects.get(pk=told["department"]),
        **who,
    )
    if table is not None:
        try:
            versions.rows_put(
                dataset=made, rows=typed(table, columns), source=file.name,
                origin=DatasetVersion.Origin.FILE, **who,
            )  # fmt: skip
        except ApplicationError as error:
            messages.error(request, sentence_of(error))
    return made


@login_required
@require_POST
def delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a data set away that no card shows."""
    row = dataset_for(request, pk)
    try:
        services.dataset_delete(dataset=row, actor=staff_of(request), now=now())
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
        return redirect("staff:dataset", pk)
    messages.success(request, _("Deleted."))
    return redirect("staff:datasets")
