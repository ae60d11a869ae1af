"""The form of a card: drawn from its template's shape, with a small table for each list of rows.

For the pages of this package.  A field at the top is called `data.title`, a cell `dishes.3.dish`;
`dishes.rows` says how many rows are on the page.  Rows that are empty altogether are no rows.
"""

from collections.abc import Mapping
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from msgspec import Struct

from cards.catalogue import template_of
from server.accounts.models import Staff
from server.datasets.shapes import Field, Group, tree_of
from server.errors import ApplicationError
from server.library.models import Asset, Blob
from server.library.names import TITLE_LIMIT
from server.staff.cards.fields import form_field, picture_field, shown, stored
from server.staff.cards.pictures import Pictures
from server.staff.cards.refusing import refusal_of
from server.staff.cards.typed_rows import ROWS_LIMIT, rows_typed
from server.staff.conflicts import is_overtaken, sides_of
from server.staff.data.words import field_named
from server.staff.forms import PlainForm, choices

__all__ = ["CardForm", "Rows"]

#: Empty rows of a list in a new card.
ROWS_AT_FIRST = 3


class RowButton(Struct, frozen=True):
    """A button at a row: what it does (`up:dishes:3`), its sign, and what it is called."""

    do: str
    sign: str
    label: str
    is_off: bool
    has_focus: bool


class FormRow(Struct, frozen=True):
    """A row of a list: its cells and its buttons."""

    cells: list[forms.BoundField]
    buttons: list[RowButton]


class Rows(Struct, frozen=True):
    """A list of rows as a table: its headings and its rows."""

    name: str
    label: str
    headings: list[tuple[str, bool]]
    rows: list[FormRow]
    is_full: bool
    adds_next: bool

    @property
    def count(self) -> int:
        """How many rows stand on the page."""
        return len(self.rows)


class CardForm(PlainForm):
    """A card of `template`, filled with `data`.

    A new one is of one of the `owners`; of a kept one `head` says its title and version.  Its rows
    may show `pictures`.  `focus` is where somebody goes on who has just moved a row (`Arranged`).
    """

    title = forms.CharField(
        label=gettext_lazy("Name in the library"), max_length=TITLE_LIMIT,
        help_text=gettext_lazy("For whoever looks for it; no screen shows it."),
    )  # fmt: skip

    def __init__(
        self,
        typed: QueryDict | None,
        template: str,
        data: Mapping[str, Any],
        *,
        owners: Any = None,
        head: Mapping[str, Any] | None = None,
        pictures: Pictures | None = None,
        focus: str = "",
    ) -> None:
        super().__init__(typed, initial=dict(head or {}))
        self._focus = focus
        self.group: Group = tree_of(template_of(template).shape)
        self._pictures = pictures or Pictures(template, Asset.objects.none(), {})
        self._at: dict[str, list[int]] = {}
        if owners is not None:
            self.fields["department"] = forms.ChoiceField(
                label=_("Department"), choices=choices(owners)
            )
        else:
            self.fields["version"] = forms.IntegerField(widget=forms.HiddenInput)
        for name, field in self.group.fields.items():
            self.fields[f"data.{name}"] = form_field(field, self._now(f"data.{name}", data, name))
        for name in self._pictures.own:
            self._add_own_picture(name)
        for name, below in self.group.groups.items():
            self._add_rows(name, below, data.get(name) or [], is_new=owners is not None)

    @property
    def has_pictures(self) -> bool:
        """May it show pictures?"""
        return bool(self._pictures.names or self._pictures.own)

    def _now(self, key: str, data: Mapping[str, Any], name: str) -> Any:
        return self.data.get(key) if self.is_bound and key in self.data else data.get(name)

    def _add_own_picture(self, name: str) -> None:
        key, first = f"file.{name}", self._pictures.at_first(name)
        now = self.data.get(key, "") if self.is_bound else first
        plain = forms.CharField(label=field_named(name))
        made = picture_field(plain, self._pictures.choices(now))
        made.initial = first
        self.fields[key] = made

    def _add_rows(
        self, name: str, below: Group, rows: list[dict[str, Any]], *, is_new: bool
    ) -> None:
        count = rows_typed(self.data, name) if self.is_bound else len(rows)
        count = max(count, 0 if self.is_bound else ROWS_AT_FIRST if is_new else 1)
        self._at[name] = list(range(min(count, ROWS_LIMIT)))
        for n in self._at[name]:
            row = rows[n] if n < len(rows) and not self.is_bound else {}
            for cell, field in below.fields.items():
                key = f"{name}.{n}.{cell}"
                now = self._now(key, row, cell)
                made = form_field(field, now, in_row=n + 1)
                if cell in self._pictures.cells:
                    made = picture_field(made, self._pictures.choices(now))
                made.initial = shown(field, row[cell]) if cell in row else ""
                self.fields[key] = made
            if self._focus == f"{name}.{n}":
                self.fields[f"{name}.{n}.{self._first(name)}"].widget.attrs["autofocus"] = True

    @property
    def top(self) -> list[forms.BoundField]:
        """The card's own fields that say something."""
        own = [self[f"file.{name}"] for name in self._pictures.own]
        return [*(self[f"data.{name}"] for name in self.group.fields if name not in _LOOKS), *own]

    @property
    def looks(self) -> list[forms.BoundField]:
        """Those that say how it looks."""
        return [self[f"data.{name}"] for name in self.group.fields if name in _LOOKS]

    @property
    def lists(self) -> list[Rows]:
        """Its lists of rows."""
        return [self._rows(name, below) for name, below in self.group.groups.items()]

    def _rows(self, name: str, below: Group) -> Rows:
        at = self._page_rows(name)
        headings = [(field_named(cell), field.is_required) for cell, field in below.fields.items()]
        rows = [
            FormRow(
                [self[f"{name}.{n}.{cell}"] for cell in below.fields],
                self._buttons(name, n, len(at)),
            )
            for n in at
        ]
        is_full = len(at) >= ROWS_LIMIT
        return Rows(name, field_named(name), headings, rows, is_full, self._focus == f"add:{name}")

    def _buttons(self, name: str, n: int, count: int) -> list[RowButton]:
        acts = (
            ("up", "up", _("Move row %(n)s up"), n == 0),
            ("down", "down", _("Move row %(n)s down"), n == count - 1),
            ("drop", "close", _("Take out row %(n)s"), False),
        )
        return [
            RowButton(do, sign, label % {"n": n + 1}, is_off, do == self._focus)
            for act, sign, label, is_off in acts
            for do in (f"{act}:{name}:{n}",)
        ]

    def _page_rows(self, name: str) -> list[int]:
        return [n for n in range(ROWS_LIMIT) if f"{name}.{n}.{self._first(name)}" in self.fields]

    def _first(self, name: str) -> str:
        return next(iter(self.group.groups[name].fields))

    def clean(self) -> dict[str, Any]:
        """Leave out rows that are empty; ask for what a row needs."""
        typed = super().clean() or {}
        for name, below in self.group.groups.items():
            self._at[name] = [n for n in self._page_rows(name) if self._is_told(name, n, below)]
            for n in self._at[name]:
                for cell, field in below.fields.items():
                    key = f"{name}.{n}.{cell}"
                    if field.is_required and key not in self.errors and _is_blank(typed.get(key)):
                        self.add_error(key, _("This row needs it."))
        return typed

    def _is_told(self, name: str, n: int, below: Group) -> bool:
        cells = below.fields.keys() - self._pictures.cells
        return any(str(self.data.get(f"{name}.{n}.{cell}", "")).strip() for cell in cells)

    @property
    def card(self) -> dict[str, Any]:
        """The card's data, as the services take it."""
        found = self._told(self.group.fields, "data")
        for name, below in self.group.groups.items():
            found[name] = [self._told(below.fields, f"{name}.{n}") for n in self._at[name]]
        return found

    def _told(self, fields: Mapping[str, Field], prefix: str) -> dict[str, Any]:
        every = (
            (name, stored(field, self.cleaned_data, f"{prefix}.{name}"))
            for name, field in fields.items()
        )
        return {name: value for name, value in every if value is not None}

    def card_of(self, actor: Staff) -> tuple[dict[str, Any], dict[str, Blob]]:
        """The card's data, and the files that it shows.  Raises `Invalid` for its pictures."""
        own = {name: self.cleaned_data.get(f"file.{name}", "") for name in self._pictures.own}
        return self._pictures.named(self.card, own, actor)

    def refuse_card(self, error: ApplicationError, kept: Mapping[str, Any] | None = None) -> None:
        """Show what the template refuses at its field; `kept` is the data as it is stored now."""
        said = refusal_of(error)
        if said is not None:
            name = self._field_at(said.place)
            self.add_error(name, said.text)
            return
        self.refuse(error)
        if kept is not None and is_overtaken(error):
            self.sides = sides_of(self._both(kept))

    def _field_at(self, place: str) -> str | None:
        """The form's field for a place in the data: `title`, or `dishes[3].dish`."""
        head, _bracket, rest = place.partition("[")
        if head in self.group.groups:
            number, _end, cell = rest.partition("]")
            rows = self._at[head]
            if not number.isdigit() or int(number) >= len(rows):
                return None
            return f"{head}.{rows[int(number)]}.{cell.lstrip('.') or self._first(head)}"
        return f"data.{head}" if f"data.{head}" in self.fields else None

    def _both(self, kept: Mapping[str, Any]) -> list[tuple[str, Any, Any]]:
        mine = self.card
        every = [
            (field_named(name), shown(field, mine.get(name)), shown(field, kept.get(name)))
            for name, field in self.group.fields.items()
        ]
        both = [(label, _words(one), _words(other)) for label, one, other in every]
        lists = [
            (field_named(name), _lines(mine[name]), _lines(kept.get(name) or []))
            for name in self.group.groups
        ]
        return [*both, *lists]


#: Fields that say how a card looks, the same in most templates.
_LOOKS = frozenset({"family", "language", "page_s", "characters_per_s", "lunar", "level", "style"})


def _words(value: Any) -> str:
    return "" if value is None else str(value)


def _lines(rows: list[dict[str, Any]]) -> list[str]:
    return [" · ".join(str(each) for each in row.values()) for row in rows]


def _is_blank(value: Any) -> bool:
    return value is None or value == ""
