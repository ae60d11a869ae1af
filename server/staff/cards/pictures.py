"""Pictures in the rows of a card's form: which can be chosen, and the files that were.

A cell holds the name of a file that the card has already (`portrait2`), or a picture of the library
(`a17`).  For the form of this package.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from cards.catalogue import template_of
from cards.pictures import cells_of
from server.accounts.models import Staff
from server.errors import Invalid
from server.library.models import Asset, Blob
from server.library.pictures import picture_blob, pictures_of

__all__ = ["Pictures"]

#: Pictures that a cell offers: the newest; an older one is uploaded anew, or comes from a data set.
OFFERED = 200


class Pictures:
    """The pictures of one form of `template`, for whoever may see `assets`.

    `kept` are the files of the card as it is stored, by their names.
    """

    def __init__(self, template: str, assets: QuerySet[Asset], kept: Mapping[str, Any]) -> None:
        files = template_of(template).files
        self.names: Sequence[str] = sorted(files, key=lambda name: (len(name), name))
        self.cells = cells_of(files)
        self._kept = kept
        newest = pictures_of(assets)[:OFFERED] if files else ()
        self._offered = [(f"a{each.pk}", each.title) for each in newest]

    def choices(self, value: object) -> list[tuple[str, str]]:
        """What a cell that holds `value` offers."""
        present = [(str(value), _("The present picture"))] if value in self.names else []
        return [("", "–"), *present, *self._offered]

    def named(
        self, data: Mapping[str, Any], actor: Staff
    ) -> tuple[dict[str, Any], dict[str, Blob]]:
        """The data with its pictures by the names of the template, and their files.

        Raises `Invalid` if there are too many, or one is not ready.
        """
        names: dict[str, str] = {}
        told = {
            key: [self._row(row, names) for row in value] if _is_rows(value) else value
            for key, value in data.items()
        }
        stored = Blob.objects.in_bulk([each["sha256"] for each in self._kept.values()])
        files = {}
        for chosen, name in names.items():
            if chosen in self._kept:
                files[name] = stored[self._kept[chosen]["sha256"]]
            elif chosen not in self.names:  # else the card has lost the file: the cell stays
                files[name] = picture_blob(int(chosen.removeprefix("a")), actor)
        return told, files

    def _row(self, row: Mapping[str, Any], names: dict[str, str]) -> dict[str, Any]:
        made = dict(row)
        for cell in self.cells & row.keys():
            chosen = str(row[cell])
            if chosen not in names:
                if len(names) == len(self.names):
                    raise Invalid(
                        gettext_noop("A card has room for %(most)d pictures: choose fewer."),
                        values={"most": len(self.names)},
                    )
                names[chosen] = self.names[len(names)]
            made[cell] = names[chosen]
        return made


def _is_rows(value: object) -> bool:
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)
