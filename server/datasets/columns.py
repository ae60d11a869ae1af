"""What a column of a data set holds: its kind, its format, and its name.  Pure."""

import re
from collections.abc import Iterable, Sequence
from enum import StrEnum
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from server.errors import Invalid
from server.library.ingest.table_cells import COLUMNS_LIMIT

__all__ = ["PICTURES", "TITLE_LIMIT", "Column", "Kind", "checked", "columns_of", "from_titles",
           "normal", "stored"]  # fmt: skip

#: The longest title of a column, in characters.
TITLE_LIMIT = 60
#: The most digits behind the point.
DIGITS_LIMIT = 6


class Kind(StrEnum):
    """What the cells of a column are."""

    TEXT = "text"
    WHOLE = "whole"
    DECIMAL = "decimal"
    MONEY = "money"
    DATE = "date"
    TIME = "time"
    YES_NO = "yes-no"
    #: An asset of the library, a picture, by its number.
    PICTURE = "picture"
    #: Where a picture is, http or https: the server fetches it.
    PICTURE_ADDRESS = "picture-address"


#: What fills pictures.
PICTURES = frozenset({Kind.PICTURE, Kind.PICTURE_ADDRESS})


class Column(Struct, frozen=True, forbid_unknown_fields=True):
    """A column: `key` stays when `title` changes, so that cards find it again.

    `digits` behind the point count for decimals; money has two.  `is_required`: no empty cell.
    """

    key: Annotated[str, Meta(pattern="^[a-z][a-z0-9_]{0,29}$")]
    title: Annotated[str, Meta(min_length=1, max_length=TITLE_LIMIT)]
    kind: Kind = Kind.TEXT
    digits: Annotated[int, Meta(ge=0, le=DIGITS_LIMIT)] = 2
    is_required: bool = False

    @property
    def places(self) -> int:
        """Digits behind the point."""
        return 2 if self.kind is Kind.MONEY else self.digits


def columns_of(value: Any) -> tuple[Column, ...]:
    """The columns as they are stored."""
    return msgspec.convert(value, tuple[Column, ...])


def stored(columns: Iterable[Column]) -> list[dict[str, Any]]:
    """The columns as JSON."""
    return [msgspec.to_builtins(each) for each in columns]


def checked(columns: Sequence[Column]) -> tuple[Column, ...]:
    """The columns, if they can be those of a data set.  Raises `Invalid`."""
    if not columns:
        raise Invalid("A data set has at least one column.")
    if len(columns) > COLUMNS_LIMIT:
        raise Invalid("At most %(most)d columns.", values={"most": COLUMNS_LIMIT})
    for name, values in (
        ("key", [each.key for each in columns]),
        ("title", [normal(each.title) for each in columns]),
    ):
        twice = next((each for each in values if values.count(each) > 1), None)
        if twice is not None:
            raise Invalid(
                "Two columns have the same %(what)s “%(name)s”: name one of them otherwise.",
                values={"what": name, "name": twice},
            )
    if "" in (normal(each.title) for each in columns):
        raise Invalid("A column has no name: name it.")
    return tuple(columns)


def from_titles(titles: Sequence[str], kinds: Sequence[Kind] = ()) -> tuple[Column, ...]:
    """Columns named by the first row of a table; keys are made of what is Latin in the titles."""
    found: list[Column] = []
    for at, title in enumerate(titles):
        key = re.sub(r"[^a-z0-9]+", "_", title.lower()).strip("_")[:24]
        if not key or not key[0].isalpha() or key in {each.key for each in found}:
            key = f"column_{at + 1}"
        kind = kinds[at] if at < len(kinds) else Kind.TEXT
        found.append(Column(key, " ".join(title.split())[:TITLE_LIMIT], kind))
    return checked(found)


def normal(title: str) -> str:
    """A title as it is compared: blanks and capitals do not count, nor full-width brackets."""
    return re.sub(r"\s+", "", title).casefold().replace("（", "(").replace("）", ")")
