"""The data set that a page is about, in the reader's reach."""

from django.http import HttpRequest

from server.datasets.models import Dataset
from server.staff.rows import found, visible

__all__ = ["dataset_for"]


def dataset_for(request: HttpRequest, pk: int) -> Dataset:
    """The row of this key; 404 otherwise."""
    rows = visible(request, Dataset).filter(deleted_at=None).select_related("department")
    return found(rows, pk)
