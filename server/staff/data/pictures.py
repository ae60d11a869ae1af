"""The pictures that the cells of a grid name by their numbers, as it shows them."""

from collections.abc import Sequence

from django.http import HttpRequest

from server.datasets.columns import Column, Kind
from server.errors import ApplicationError
from server.library.models import Asset, AssetKind
from server.staff.cards.pictures import offered_pictures
from server.staff.data.text import rows_read
from server.staff.rows import visible

__all__ = ["pictures_shown"]

#: So many different pictures are shown in one grid; of the others their numbers.
SHOWN = 500


def pictures_shown(
    request: HttpRequest, text: str, columns: Sequence[Column]
) -> dict[str, dict[str, str]]:
    """By number: title and the address of the small picture, of those that the reader may see."""
    keys = [each.key for each in columns if each.kind is Kind.PICTURE]
    if not keys:
        return {}
    try:
        rows = rows_read(text, columns)
    except ApplicationError:  # what is wrong with it is told beside the grid
        return {}
    cells = {(row.get(key) or "").removeprefix("#") for row in rows for key in keys}
    numbers = sorted(int(each) for each in cells if each.isascii() and each.isdigit())[:SHOWN]
    named = visible(request, Asset).filter(kind=AssetKind.IMAGE, pk__in=numbers)
    return {
        each.value.removeprefix("a"): {"title": each.title, "small": each.small}
        for each in offered_pictures(named)
    }
