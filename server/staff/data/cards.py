"""A card that a data set fills: which column goes into which field of its template."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from cards.catalogue import DRAWN
from server.accounts.models import Department
from server.accounts.policy import Act, require_somewhere
from server.datasets import fed_cards
from server.datasets.columns import PICTURES, Column, columns_of
from server.datasets.feeding import FILES
from server.datasets.models import Dataset, FedCard
from server.datasets.shapes import Field, fields_of, takes
from server.staff.data.rows import dataset_for
from server.staff.data.words import choice_named, field_named, is_called
from server.staff.forms import choices
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, found, visible
from server.staff.seen import SeenForm, with_seal

__all__ = ["bind", "rebind", "stored_of"]

#: Fields of the form: a column for a field, and a value that is always the same.
COLUMN, FIXED = "column:", "fixed:"

#: What cannot be typed into one line, or is told by the software.
_NEVER_FIXED = frozenset({"moment"})


class MappingForm(SeenForm):
    """For each field of the template the columns that fit it, and for those at the top a value."""

    def __init__(self, request: HttpRequest, template: str, columns: tuple[Column, ...]) -> None:
        super().__init__(request.POST if request.method == "POST" else None)
        shape, files = fed_cards.shape_of(template)
        self._guessed: dict[str, str] = {}
        self._fields = {each.path: each for each in fields_of(shape)}
        for path, field in self._fields.items():
            fitting = [each for each in columns if takes(field, each.kind)]
            self._ask(path, fitting)
            if "." not in path and not field.is_list and field.kind not in _NEVER_FIXED:
                self.fields[FIXED + path] = _fixed_field(field)
        for name in sorted(files):
            self._ask(FILES + name, [each for each in columns if each.kind in PICTURES])

    def _ask(self, path: str, columns: list[Column]) -> None:
        # A column that is called as a field of the rows is theirs, not the whole card's.
        is_of_rows = any(each.endswith(f".{path}") for each in self._fields)
        for called in [each.key for each in columns if is_called(each.title, path)][:1]:
            if not is_of_rows:
                self._guessed[COLUMN + path] = called
        if columns:
            self.fields[COLUMN + path] = forms.ChoiceField(
                label=_("%(field)s: column") % {"field": field_named(path)},
                required=False,
                choices=[("", "–"), *((each.key, each.title) for each in columns)],
            )

    def guess(self) -> None:
        """Offer the columns that are called as the fields are."""
        self.initial = dict(self._guessed)

    @property
    def head(self) -> list[forms.BoundField]:
        """What the card is called, if it is new."""
        shown = self.visible_fields()
        return [each for each in shown if not each.name.startswith((COLUMN, FIXED))]

    @property
    def of_rows(self) -> list[forms.BoundField]:
        """What every row fills."""
        return [self[name] for name in self.fields if self._is_of_rows(name)]

    @property
    def always(self) -> list[forms.BoundField]:
        """What is the same whatever the rows say."""
        return [self[name] for name in self.fields if name.startswith(FIXED)]

    @property
    def of_first_row(self) -> list[forms.BoundField]:
        """What the first row can fill in the place of something fixed."""
        asked = (name for name in self.fields if name.startswith(COLUMN))
        return [self[name] for name in asked if not self._is_of_rows(name)]

    def _is_of_rows(self, name: str) -> bool:
        path = name.removeprefix(COLUMN)
        field = self._fields.get(path)
        is_list = field is not None and field.is_list
        return name.startswith(COLUMN) and ("." in path or is_list)

    def begin(self, fed: FedCard) -> None:
        """Show what is chosen now."""
        self.initial = with_seal(stored_of(fed))

    @property
    def parts(self) -> dict[str, Any]:
        """What the services take."""
        told = self.cleaned_data
        mapping = {
            name.removeprefix(COLUMN): key
            for name, key in told.items()
            if name.startswith(COLUMN) and key
        }
        fixed = {
            name.removeprefix(FIXED): self._typed(name.removeprefix(FIXED), value)
            for name, value in told.items()
            if name.startswith(FIXED) and value not in ("", None)
        }
        return {"mapping": mapping, "fixed": fixed}

    def _typed(self, path: str, value: Any) -> Any:
        kind = self._fields[path].kind
        if kind == "yes-no":
            return value == "yes"
        return value.isoformat() if kind in {"date", "time"} else value


def stored_of(fed: FedCard) -> dict[str, Any]:
    """The form's fields as they are stored."""
    return {COLUMN + path: key for path, key in fed.mapping.items()} | {
        FIXED + path: value for path, value in fed.fixed.items()
    }


def _fixed_field(field: Field) -> forms.Field:
    label = _("%(field)s: always") % {"field": field_named(field.path)}
    more: dict[str, Any] = {"label": label, "required": False}
    if field.kind == "number":
        return forms.FloatField(**more)
    if field.kind == "whole":
        return forms.IntegerField(**more)
    if field.kind == "date":
        return forms.DateField(widget=forms.DateInput({"type": "date"}), **more)
    if field.kind == "time":
        return forms.TimeField(widget=forms.TimeInput({"type": "time"}), **more)
    if field.kind == "yes-no":
        return forms.ChoiceField(choices=[("", "–"), ("yes", _("yes")), ("no", _("no"))], **more)
    if field.kind == "choice":
        named = [(each, choice_named(each)) for each in field.words]
        return forms.ChoiceField(choices=[("", "–"), *named], **more)
    return forms.CharField(max_length=2000, **more)


class NewCardForm(MappingForm):
    """The same, with the card's title and department."""

    def __init__(
        self, request: HttpRequest, template: str, columns: tuple[Column, ...], owners: Any
    ) -> None:
        super().__init__(request, template, columns)
        first = {
            "title": forms.CharField(label=_("Title"), max_length=200),
            "department": forms.ChoiceField(label=_("Department"), choices=choices(owners)),
        }
        self.fields = first | self.fields


@login_required
@require_http_methods(["GET", "POST"])
def bind(request: HttpRequest, pk: int, template: str) -> HttpResponse:
    """Make a card of this template that the data set fills."""
    row = dataset_for(request, pk)
    if template not in DRAWN:
        raise Http404
    require_somewhere(staff_of(request), Act.UPLOAD)
    owners = departments_for(request, Act.UPLOAD)
    form = NewCardForm(request, template, columns_of(row.columns), owners)
    form.guess()
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            made = fed_cards.card_bind(
                dataset=row,
                title=form.cleaned_data["title"],
                template=template,
                department=Department.objects.get(pk=form.cleaned_data["department"]),
                actor=staff_of(request),
                now=now(),
                **form.parts,
            )
            messages.success(request, _("Made.  It is filled anew with every version."))
            return redirect("staff:asset", made.pk)
    return _page(request, row, form, template)


def _page(request: HttpRequest, row: Dataset, form: MappingForm, template: str) -> HttpResponse:
    context = {"dataset": row, "form": form, "template": template}
    status = 422 if form.errors else 200
    return render(request, "staff/data/card.html", context, status=status)


@login_required
@require_http_methods(["GET", "POST"])
def rebind(request: HttpRequest, pk: int) -> HttpResponse:
    """Let other columns fill a card."""
    fed = found(visible(request, FedCard, field="asset__department").select_related("asset"), pk)
    row = dataset_for(request, fed.dataset_id)
    template = str(fed.asset.content["template"])
    form = MappingForm(request, template, columns_of(row.columns))
    form.begin(fed)
    if request.method == "POST":
        require_somewhere(staff_of(request), Act.UPLOAD)
    if request.method == "POST" and form.is_valid():
        same = FedCard.objects.filter(pk=pk)

        def stored() -> dict[str, Any]:
            return stored_of(same.get())

        with form.refusing(stored), form.seen(same, stored):
            fed_cards.mapping_change(
                asset=fed.asset, actor=staff_of(request), now=now(), **form.parts
            )
            messages.success(request, _("Saved."))
            return redirect("staff:dataset", row.pk)
    return _page(request, row, form, template)
