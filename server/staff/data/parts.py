"""From which data sets one collects its rows: the page, and making a data set that collects.

Every button of the page sends the whole form; until *Save* nothing is stored, so that data sets are
added, moved and taken out without a script.
"""

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import msgspec
from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods

from server.accounts.models import Department
from server.accounts.policy import Act, require, require_somewhere
from server.datasets.collecting import (
    CALLED,
    MOST_ROWS,
    PARTS_LIMIT,
    USUAL_ROWS,
    Part,
    Parts,
    fitting,
    matched,
)
from server.datasets.columns import TITLE_LIMIT, Column, Kind, columns_of
from server.datasets.models import Dataset
from server.datasets.parts import collectable, collection_create, parts_of, parts_set
from server.errors import ApplicationError
from server.staff.conflicts import Sides, is_overtaken, sides_of
from server.staff.data.rows import dataset_for
from server.staff.forms import PlainForm, choices, many
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for

__all__ = ["collect", "parts"]


class CollectionForm(PlainForm):
    """A new data set that collects from others."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    department = forms.ChoiceField(label=gettext_lazy("Department"))

    def __init__(self, data: QueryDict | None, owners: Any, sources: Iterable[Dataset]) -> None:
        super().__init__(data)
        self.fields["department"].choices = choices(owners)  # type: ignore[attr-defined]
        self.fields["sources"] = many(
            gettext_lazy("Data sets to collect from"), sources, required=True
        )


@login_required
@require_http_methods(["GET", "POST"])
def collect(request: HttpRequest) -> HttpResponse:
    """Make a data set out of several others: a row of each in turn."""
    staff = staff_of(request)
    require_somewhere(staff, Act.UPLOAD)
    offered = collectable(staff)
    data = request.POST if request.method == "POST" else None
    form = CollectionForm(data, departments_for(request, Act.UPLOAD), offered)
    if data is not None and form.is_valid():
        told = form.cleaned_data
        with form.refusing():
            made = collection_create(
                name=told["name"],
                sources=list(offered.filter(pk__in=told["sources"])),
                department=Department.objects.get(pk=told["department"]),
                actor=staff,
                now=now(),
            )
            messages.success(request, _("Made.  Look at which columns belong together."))
            return redirect("staff:dataset_parts", made.pk)
    context = {"form": form, "can_collect": offered.exists()}
    return render(request, "staff/data/collect.html", context, status=422 if form.errors else 200)


class Line(NamedTuple):
    """A data set that is collected from, as the form shows it."""

    part: Part
    name: str
    columns: list[dict[str, Any]]


@login_required
@require_http_methods(["GET", "POST"])
def parts(request: HttpRequest, pk: int) -> HttpResponse:
    """Show from which it collects; add, move and take out; save."""
    row = dataset_for(request, pk)
    require(staff_of(request), Act.UPLOAD, row.department)
    if request.method != "POST":
        return _page(request, row, parts_of(row))
    sent, act = _sent(request.POST), request.POST.get("act", "save")
    if act != "save":
        return _page(request, row, _acted(request, row, sent, act), is_changed=True)
    version = request.POST.get("version", "")
    try:
        parts_set(
            dataset=row,
            version=int(version) if version.isdigit() and len(version) < 10 else -1,
            parts=sent,
            actor=staff_of(request),
            now=now(),
        )
    except ApplicationError as error:
        row.refresh_from_db()
        sides = _sides(row, sent) if is_overtaken(error) else []
        return _page(request, row, sent, trouble=sentence_of(error), sides=sides, is_changed=True)
    messages.success(request, _("Saved."))
    return redirect("staff:dataset", pk)


def _sent(data: QueryDict) -> Parts:
    """What the form says; what nobody can have typed there is left out."""
    found = list[Part]()
    for number in range(PARTS_LIMIT):
        key = data.get(f"part-{number}", "")
        if not key.isdigit() or len(key) > 9:
            continue
        most = data.get(f"most-{number}", "")
        prefix = f"column-{number}-"
        columns = {
            name.removeprefix(prefix): value
            for name, value in data.items()
            if name.startswith(prefix) and isinstance(value, str) and value
        }
        at_most = int(most) if most.isdigit() and len(most) < 5 else USUAL_ROWS
        called = data.get(f"called-{number}", "").strip()[:TITLE_LIMIT]
        found.append(Part(int(key), columns, called, max(1, min(at_most, MOST_ROWS))))
    return Parts(tuple(found), in_turn=data.get("in_turn") != "no")


def _acted(request: HttpRequest, row: Dataset, sent: Parts, act: str) -> Parts:
    """The form after one of its other buttons."""
    found = list(sent.parts)
    word, _dash, number = act.partition("-")
    at = int(number) if number.isdigit() and int(number[:3]) < len(found) else None
    if act == "add":
        found += _added(request, row, found)
    elif at is not None and word == "drop":
        del found[at]
    elif at is not None and word in {"up", "down"}:
        to = max(0, at - 1) if word == "up" else min(len(found) - 1, at + 1)
        found.insert(to, found.pop(at))
    return msgspec.structs.replace(sent, parts=tuple(found))


def _added(request: HttpRequest, row: Dataset, found: Sequence[Part]) -> list[Part]:
    key = request.POST.get("new", "")
    if not key.isdigit() or len(key) > 9 or len(found) >= PARTS_LIMIT:
        return []
    new = collectable(staff_of(request), row).filter(pk=int(key)).first()
    if new is None or any(each.dataset == new.pk for each in found):
        return []
    columns = matched(columns_of(row.columns), columns_of(new.columns))
    return [Part(new.pk, columns, new.name[:TITLE_LIMIT])]


def _sides(row: Dataset, sent: Parts) -> list[Sides]:
    names = dict(Dataset.objects.values_list("pk", "name"))

    def said(parts: Parts) -> list[str]:
        return [
            f"{names.get(each.dataset, '')} · {each.called} · {each.at_most}"
            for each in parts.parts
        ]

    return sides_of([(_("Collected from"), said(sent), said(parts_of(row)))])


def _page(request: HttpRequest, row: Dataset, shown: Parts, **more: Any) -> HttpResponse:
    named = Dataset.objects.in_bulk([each.dataset for each in shown.parts])
    lines = [
        _line(columns_of(row.columns), each, named[each.dataset])
        for each in shown.parts
        if each.dataset in named
    ]
    offered = collectable(staff_of(request), row).exclude(pk__in=named)
    context = {
        "dataset": row, "lines": lines, "in_turn": shown.in_turn, "most_rows": MOST_ROWS,
        "offered": offered if len(lines) < PARTS_LIMIT else [],
        "has_own_rows": row.version > 0 and not row.parts.exists(),
    } | more  # fmt: skip
    status = 422 if more.get("trouble") else 200
    return render(request, "staff/data/parts.html", context, status=status)


def _line(columns: Iterable[Column], part: Part, source: Dataset) -> Line:
    offered = columns_of(source.columns)
    asked = list[dict[str, Any]]()
    for column in columns:
        options = [
            ("", _("(empty)")),
            *((each.key, each.title) for each in fitting(column, offered)),
        ]
        if column.kind is Kind.TEXT:
            options.append((CALLED, _("(what it is called)")))
        asked.append({
            "key": column.key, "title": column.title, "options": options,
            "chosen": part.columns.get(column.key, ""),
        })  # fmt: skip
    return Line(part, source.name, asked)
