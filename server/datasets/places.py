"""Where in the JSON of another system the rows and columns of a data set are: JSON pointers.

Said by whoever cares for the data set, used whenever JSON is fetched or imported for it.
"""

from datetime import datetime
from typing import Annotated

import msgspec
from django.db import transaction
from msgspec import Meta, Struct

from server.accounts.models import Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.datasets.columns import columns_of
from server.datasets.models import Dataset
from server.errors import Invalid
from server.library.ingest.table_cells import COLUMNS_LIMIT, ColumnPlace, Places
from server.library.ingest.table_pointers import is_pointer

__all__ = ["POINTER_LIMIT", "JsonPlace", "JsonPlaces", "places_of", "places_read", "places_set"]

#: The longest pointer, in characters.
POINTER_LIMIT = 200

Pointer = Annotated[str, Meta(max_length=POINTER_LIMIT)]


class JsonPlace(Struct, frozen=True, forbid_unknown_fields=True):
    """Where a column is: from its row, or after a `#` from the whole document (docs/datasets.md).

    `may_miss`: there may be nothing, in no row; else that is told as a fault.
    """

    at: Pointer
    may_miss: bool = False


class JsonPlaces(Struct, frozen=True, forbid_unknown_fields=True):
    """Where the rows are, and where each column (by its key); others stay empty.

    No column at all: the JSON is a list of objects, found by their names.
    """

    rows: Pointer = ""
    columns: Annotated[dict[str, JsonPlace], Meta(max_length=COLUMNS_LIMIT)] = {}


def places_of(dataset: Dataset) -> JsonPlaces:
    """As they are stored."""
    return msgspec.convert(dataset.places, JsonPlaces)


def places_read(dataset: Dataset) -> Places | None:
    """The same for whoever reads the JSON; None: it is a list of objects."""
    told = places_of(dataset)
    titles = {each.key: each.title for each in columns_of(dataset.columns)}
    found = tuple(
        ColumnPlace(titles[key], each.at, each.may_miss)
        for key, each in told.columns.items()
        if key in titles
    )
    missing = tuple(
        ColumnPlace(title, None) for key, title in titles.items() if key not in told.columns
    )
    return Places(told.rows, (*found, *missing)) if found else None


@transaction.atomic
def places_set(*, dataset: Dataset, places: JsonPlaces, actor: Staff, now: datetime) -> Dataset:
    """Read its JSON there from now on (no column: as a list of objects).  Raises `Invalid`."""
    require(actor, Act.UPLOAD, dataset.department)
    kept = Dataset.objects.select_for_update().get(pk=dataset.pk, deleted_at=None)
    _require_sound(places, {each.key for each in columns_of(kept.columns)})
    kept.places = msgspec.to_builtins(places) if places.columns else {}
    kept.save(update_fields=["places"])
    record(actor=actor, action="dataset.places", subject=kept, now=now, detail=kept.places)
    return kept


def _require_sound(places: JsonPlaces, keys: set[str]) -> None:
    for key in places.columns:
        if key not in keys:
            raise Invalid("There is no column %(key)s.", values={"key": key})
    for pointer in (places.rows, *(each.at for each in places.columns.values())):
        if len(pointer) > POINTER_LIMIT or not is_pointer(pointer):
            raise Invalid(
                "“%(pointer)s” is no JSON pointer: write it like /daily/0/high, from the row, or"
                " #/now/temp, from the whole document.",
                values={"pointer": pointer[:60]},
            )
    if places.rows.startswith("#"):
        raise Invalid("The rows are found from the whole document: write /daily, without #.")
