"""What a card template can be filled with: the fields of its data as paths, each with its kind.

Read off `Template.shape`, so that a new template needs nothing here.  Pure.
"""

from collections.abc import Iterable, Iterator
from typing import Any, Literal

from msgspec import NODEFAULT, Struct
from msgspec import inspect as types

from cards.pictures import cells_of
from cards.template import CardData
from server.datasets.columns import PICTURES, Kind

__all__ = ["Field", "FieldKind", "Group", "fields_of", "takes", "tree_of"]

FieldKind = Literal[
    "text", "number", "whole", "date", "time", "moment", "yes-no", "choice", "picture"
]


class Field(Struct, frozen=True):
    """One value of a template: its path ("days.meals.dishes.name"), its kind.

    A picture is a row's: the name of one of the card's files.  `words` are those of a choice.
    `is_list`: several values.  `is_required`: has no default.
    `longest` is in characters, `least` and `most` bound a number; None: there is no such limit.
    """

    path: str
    kind: FieldKind
    words: tuple[str, ...] = ()
    is_list: bool = False
    is_required: bool = False
    longest: int | None = None
    least: float | None = None
    most: float | None = None
    default: Any = None


class Group(Struct, frozen=True):
    """A record of a template: its own fields, and the lists of records below it, by name."""

    fields: dict[str, Field]
    groups: "dict[str, Group]"


#: Which columns can fill a field.
_TAKES: dict[str, frozenset[Kind]] = {
    "text": frozenset(set(Kind) - PICTURES),
    "number": frozenset({Kind.WHOLE, Kind.DECIMAL, Kind.MONEY}),
    "whole": frozenset({Kind.WHOLE}),
    "date": frozenset({Kind.DATE}),
    "time": frozenset({Kind.TIME}),
    "moment": frozenset({Kind.DATE}),
    "yes-no": frozenset({Kind.YES_NO}),
    "choice": frozenset({Kind.TEXT}),
    "picture": PICTURES,
}


def takes(field: Field, kind: Kind) -> bool:
    """Can a column of this kind fill the field?"""
    return kind in _TAKES[field.kind]


def tree_of(shape: type[CardData], files: Iterable[str] = ()) -> Group:
    """The fields of a template's data, as they hang together; its `files` say which are pictures.

    Without them these are the texts that a card's data has: names of files.
    """
    told = types.type_info(shape)
    assert isinstance(told, types.StructType), "a card's data is a struct"
    return _group(told, "", cells_of(files))


def fields_of(group: Group) -> Iterator[Field]:
    """All fields, from the top down."""
    yield from group.fields.values()
    for below in group.groups.values():
        yield from fields_of(below)


def _group(told: types.StructType, prefix: str, pictures: frozenset[str]) -> Group:
    fields: dict[str, Field] = {}
    groups: dict[str, Group] = {}
    for each in told.fields:
        path = f"{prefix}{each.encode_name}"
        inner, is_list = _unwrapped(each.type)
        if isinstance(inner, types.StructType):
            if is_list:
                groups[each.encode_name] = _group(inner, f"{path}.", pictures)
        elif (kind := _kind(inner)) is not None:
            if prefix and kind == "text" and each.encode_name in pictures:
                kind = "picture"
            words = tuple(map(str, inner.values)) if isinstance(inner, types.LiteralType) else ()
            default = None if each.default is NODEFAULT else each.default
            fields[each.encode_name] = Field(
                path, kind, words, is_list, each.required, *_limits(inner), default
            )
    return Group(fields, groups)


def _limits(told: Any) -> tuple[int | None, float | None, float | None]:
    """How long a text may be, and between what a number lies."""
    longest = told.max_length if isinstance(told, types.StrType) else None
    if isinstance(told, types.FloatType | types.IntType):
        return longest, told.ge, told.le
    return longest, None, None


def _unwrapped(told: Any) -> tuple[Any, bool]:
    """The type behind limits, `| None` and one list around it."""
    told = _plain(told)
    if isinstance(told, types.ListType | types.VarTupleType | types.SetType | types.FrozenSetType):
        return _plain(told.item_type), True
    return told, False


def _plain(told: Any) -> Any:
    while isinstance(told, types.Metadata):
        told = told.type
    if isinstance(told, types.UnionType):
        some = [_plain(each) for each in told.types if not isinstance(each, types.NoneType)]
        return next((each for each in some if isinstance(each, types.FloatType)), some[0])
    return told


_KINDS: tuple[tuple[type, FieldKind], ...] = (
    (types.StrType, "text"),
    (types.FloatType, "number"),
    (types.DecimalType, "number"),
    (types.IntType, "whole"),
    (types.DateType, "date"),
    (types.TimeType, "time"),
    (types.DateTimeType, "moment"),
    (types.BoolType, "yes-no"),
    (types.LiteralType, "choice"),
)


def _kind(told: Any) -> FieldKind | None:
    if isinstance(told, types.LiteralType) and not all(isinstance(v, str) for v in told.values):
        return None
    return next((kind for each, kind in _KINDS if isinstance(told, each)), None)
