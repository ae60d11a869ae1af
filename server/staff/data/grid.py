"""The page of one data set: its rows in a grid, its columns, what it fills, where it comes from.

The form sends the rows as text with tabs; a script makes a grid of it.  What is typed is kept as a
draft; a version is made when somebody saves, because walls follow versions, not keystrokes.
"""

from collections.abc import Iterable
from typing import Any

import msgspec
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from cards.catalogue import DRAWN
from server.accounts.policy import Act, may
from server.datasets import services, versions
from server.datasets.columns import TITLE_LIMIT, Column, Kind, columns_of
from server.datasets.errors import CellsRefused
from server.datasets.fed_cards import trouble_of
from server.datasets.models import Dataset, DatasetVersion
from server.datasets.picture_fetching import missing_of
from server.datasets.places import places_of
from server.datasets.tables import Fault, rows_typed
from server.datasets.troubles import trouble_of_rows
from server.errors import ApplicationError, Invalid
from server.sentences import local
from server.staff.conflicts import Sides, is_overtaken, sides_of
from server.staff.data.pictures import pictures_shown
from server.staff.data.rows import dataset_for, may_type, places_shown
from server.staff.data.text import rows_read, text_of
from server.staff.data.words import template_named
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import visible

__all__ = ["KINDS", "columns", "dataset", "dataset_page", "stored_text"]

KINDS = (
    (Kind.TEXT, gettext_lazy("Text")),
    (Kind.WHOLE, gettext_lazy("Whole number")),
    (Kind.DECIMAL, gettext_lazy("Number with decimals")),
    (Kind.MONEY, gettext_lazy("Money")),
    (Kind.DATE, gettext_lazy("Date")),
    (Kind.TIME, gettext_lazy("Time")),
    (Kind.YES_NO, gettext_lazy("Yes or no")),
    (Kind.PICTURE, gettext_lazy("Picture of the library")),
    (Kind.PICTURE_ADDRESS, gettext_lazy("Picture (its address)")),
)

#: Rows of each side that are shown if two people have changed the same table.
SIDES_SHOWN = 50

#: Empty lines at the end of the form of columns, to add some.
_NEW_COLUMNS = 2


@login_required
@require_http_methods(["GET", "POST"])
def dataset(request: HttpRequest, pk: int) -> HttpResponse:
    """Show the rows, and save them as a new version; what was typed stays where it is refused."""
    row = dataset_for(request, pk)
    if request.method != "POST":
        return dataset_page(request, row, stored_text(row))
    text = request.POST.get("rows", "").replace("\r\n", "\n")
    try:
        made = _saved(request, row, text)
    except CellsRefused as error:
        return dataset_page(request, row, text, faults=error.faults, trouble=_counted(error))
    except ApplicationError as error:
        row.refresh_from_db()
        sides = _row_sides(row, text) if is_overtaken(error) else []
        return dataset_page(request, row, text, trouble=sentence_of(error), sides=sides)
    messages.success(request, _saved_words(row, made))
    return redirect("staff:dataset", pk)


def stored_text(row: Dataset) -> str:
    """Its newest rows as the form has them."""
    newest = row.versions.first()
    return text_of(newest.rows if newest else [], columns_of(row.columns))


def _row_sides(row: Dataset, text: str) -> list[Sides]:
    """The rows that only one of both has, of a long table the first ones."""
    mine, stored = text.splitlines(), stored_text(row).splitlines()
    known, typed = set(stored), set(mine)
    return sides_of([(
        _("Rows of the table"),
        [each for each in mine if each not in known][:SIDES_SHOWN],
        [each for each in stored if each not in typed][:SIDES_SHOWN],
    )])  # fmt: skip


def _column_sides(row: Dataset, typed: list[Column]) -> list[Sides]:
    def said(columns: Iterable[Column]) -> list[str]:
        words = dict(KINDS)
        return [f"{each.title} · {words[each.kind]}" for each in columns]

    return sides_of([(_("Columns"), said(typed), said(columns_of(row.columns)))])


def _counted(error: CellsRefused) -> str:
    return _("%(n)d cells cannot be read; they are marked, and listed below.") % {"n": error.count}


def _saved_words(row: Dataset, made: DatasetVersion) -> str:
    if not row.cards.exists():
        return _("Saved as version %(n)d.") % {"n": made.number}
    if row.unreviewed_since:
        return _("Saved as version %(n)d; screens show it within minutes.") % {"n": made.number}
    return _("Saved as version %(n)d. Screens show it once it is reviewed and published.") % {
        "n": made.number
    }


def _saved(request: HttpRequest, row: Dataset, text: str) -> DatasetVersion:
    asked = columns_of(row.columns)
    version = request.POST.get("version", "")
    return versions.rows_put(
        dataset=row,
        rows=rows_typed(rows_read(text, asked), asked),
        version=int(version) if version.isdigit() and len(version) < 10 else -1,
        origin=DatasetVersion.Origin.GRID,
        actor=staff_of(request),
        now=now(),
    )


def dataset_page(
    request: HttpRequest, row: Dataset, text: str, *, faults: tuple[Fault, ...] = (), **more: Any
) -> HttpResponse:
    """The page with these rows in its grid; what was refused stays as it was typed."""
    staff, asked = staff_of(request), columns_of(row.columns)
    missing = missing_of(row)
    told = [{"row": each.row, "column": each.column, "said": local(each.said)} for each in faults]
    context = {
        "dataset": row, "text": text, "faults": told, "faults_json": _json(told),
        "has_pictures": any(each.kind is Kind.PICTURE for each in asked),
        "pictures_json": _json(pictures_shown(request, text, asked)),
        "columns": asked, "columns_json": _json([msgspec.to_builtins(each) for each in asked]),
        "typed_columns": asked, "stored_at": reverse("staff:dataset", args=[row.pk]),
        **places_shown(places_of(row), asked),
        "kinds": KINDS, "new_columns": range(_NEW_COLUMNS), "cards": _cards(row),
        "collects": _collects(request, row), "rows_trouble": local(trouble_of_rows(row) or ""),
        "templates": _templates(), "can_change": may(staff, Act.UPLOAD, row.department_id),
        "can_type": may_type(request, row),
        "can_trust": may(staff, Act.TRUST_DATA, row.department_id),
        "missing": "" if missing is None else missing.local(),
        "newest": row.versions.select_related("by").defer("rows").first(),
    } | more  # fmt: skip
    status = 422 if more.get("trouble") else 200
    return render(request, "staff/data/dataset.html", context, status=status)


def _collects(request: HttpRequest, row: Dataset) -> list[dict[str, Any]]:
    """From which it collects; whether the reader may open each."""
    seen = set(visible(request, Dataset).values_list("pk", flat=True))
    rows = row.parts.select_related("part")
    return [
        {"pk": each.part_id, "name": each.part.name, "is_seen": each.part_id in seen}
        for each in rows
    ]


def _templates() -> list[dict[str, str]]:
    """The templates that a card can be made of here; drills and alarms are none of them."""
    return [{"slug": name, "label": template_named(name)} for name in DRAWN if name != "emergency"]


def _json(value: Any) -> str:
    return msgspec.json.encode(value).decode()


def _cards(row: Dataset) -> list[dict[str, Any]]:
    fed = row.cards.filter(asset__deleted_at=None).select_related("asset")
    return [
        {"fed": each, "trouble": said.local() if (said := trouble_of(each)) else ""} for each in fed
    ]


@login_required
@require_POST
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    """Change, add, move and take away columns."""
    row = dataset_for(request, pk)
    version, typed = request.POST.get("version", ""), list[Column]()
    try:
        typed = _columns_sent(request)
        services.columns_change(
            dataset=row,
            version=int(version) if version.isdigit() and len(version) < 10 else -1,
            columns=typed,
            actor=staff_of(request),
            now=now(),
        )
    except ApplicationError as error:
        if is_overtaken(error):
            row.refresh_from_db()
            more: dict[str, Any] = {
                "is_columns": True,
                "typed_columns": typed,
                "sides": _column_sides(row, typed),
            }
            return dataset_page(request, row, stored_text(row), trouble=sentence_of(error), **more)
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("staff:dataset", pk)


def _columns_sent(request: HttpRequest) -> list[Column]:
    """The lines of the form with a title; a new one gets a key that nobody has."""
    sent = request.POST
    lines = zip(
        sent.getlist("key"), sent.getlist("title"), sent.getlist("kind"), sent.getlist("digits"),
        strict=False,
    )  # fmt: skip
    required, taken, made = set(sent.getlist("required")), set(sent.getlist("key")), []
    for at, (known, title, kind, digits) in enumerate(lines):
        if not title.strip():
            continue
        key = known or next(f"column_{n}" for n in range(1, 1000) if f"column_{n}" not in taken)
        taken.add(key)
        if kind not in set(Kind) or not digits.isdigit() or int(digits[:3]) > 6:
            raise Invalid("Choose a kind for each column, and at most 6 digits.")
        made.append(
            Column(key, title.strip()[:TITLE_LIMIT], Kind(kind), int(digits), str(at) in required)
        )
    return made
