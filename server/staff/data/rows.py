"""The data set that a page is about, in the reader's reach, and where it is in JSON, as shown."""

from collections.abc import Iterable
from typing import Any

from django.http import HttpRequest

from server.accounts.policy import Act, may
from server.datasets.columns import Column
from server.datasets.models import Dataset
from server.datasets.places import JsonPlaces
from server.staff.requests import staff_of
from server.staff.rows import found, visible

__all__ = ["dataset_for", "may_type", "places_shown"]


def dataset_for(request: HttpRequest, pk: int) -> Dataset:
    """The row of this key; 404 otherwise."""
    rows = visible(request, Dataset).filter(deleted_at=None).select_related("department")
    return found(rows, pk)


def may_type(request: HttpRequest, row: Dataset) -> bool:
    """May the reader change its rows?  Those that are collected are changed where they are from."""
    return may(staff_of(request), Act.UPLOAD, row.department_id) and not row.parts.exists()


def places_shown(places: JsonPlaces, columns: Iterable[Column]) -> dict[str, Any]:
    """For the template: the places, and each column with its own (None: it has none)."""
    placed = [{"column": each, "place": places.columns.get(each.key)} for each in columns]
    return {"places": places, "placed_columns": placed}
