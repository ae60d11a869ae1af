"""Pictures in a card's form, its own and those of its rows: what can be chosen, and what was.

A field holds the name of a file that the card has already (`portrait2`), or a picture of the
library (`a17`).  For the forms of this package, and for what is offered beside them.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from msgspec import Struct

from cards.catalogue import template_of
from cards.music import MUSIC
from cards.pictures import cells_of
from server.accounts.models import Staff
from server.errors import Invalid
from server.library.models import Asset, Blob, Purpose, Rendition
from server.library.pictures import picture_blob, pictures_of
from server.staff.full_size import small_address
from server.staff.library import with_thumbnail

__all__ = ["OFFERED", "OfferedPicture", "Pictures", "offered_pictures"]

#: Pictures that are offered at once, the newest first; a search finds the others.
OFFERED = 60

_OF_LIBRARY = re.compile(r"a(\d{1,15})")


class OfferedPicture(Struct, frozen=True):
    """A picture to choose: what the cell holds then, its title, and where its small picture is."""

    value: str
    title: str
    small: str = ""


def offered_pictures(rows: QuerySet[Asset]) -> list[OfferedPicture]:
    """These assets as cells hold them."""
    return [_offered(each) for each in with_thumbnail(rows)]


def _offered(asset: Asset, value: str = "") -> OfferedPicture:
    page = asset.thumbnail_page  # type: ignore[attr-defined]  # annotated by `with_thumbnail`
    small = "" if page is None else small_address(asset.pk, asset.kind, page)
    return OfferedPicture(value or f"a{asset.pk}", asset.title, small)


class Pictures:
    """The pictures of one form of `template`, for whoever may see `assets`.

    `kept` are the files of the card as it is stored, by their names; `own` are the names of those
    that are no row's, `cells` what the field of a row's picture is called.
    """

    def __init__(self, template: str, assets: QuerySet[Asset], kept: Mapping[str, Any]) -> None:
        files = frozenset() if template == MUSIC.name else template_of(template).files
        self.own: Sequence[str] = sorted(name for name in files if not name[-1].isdigit())
        in_rows = files - set(self.own)
        self.names: Sequence[str] = sorted(in_rows, key=lambda name: (len(name), name))
        self.cells = cells_of(in_rows)
        self._kept = kept
        self._assets = pictures_of(assets)
        self._newest = offered_pictures(self._assets[:OFFERED]) if files else []
        self._present = self._found_again() if files and kept else {}

    def at_first(self, name: str) -> str:
        """What the field of a file of the card's own holds before anything is typed."""
        return name if name in self._kept else ""

    def choices(self, value: object) -> list[OfferedPicture]:
        """What a field that holds `value` offers: that, if there is it, and the newest."""
        held = str(value or "")
        offered = [OfferedPicture("", "–"), *self._newest]
        if held in {each.value for each in offered}:
            return offered
        now = self._named(held)
        return [offered[0], *([now] if now else []), *self._newest]

    def _named(self, value: str) -> OfferedPicture | None:
        """The picture that a cell holds, if it is none of the newest."""
        if value in self._kept or value in self.names:
            return self._present.get(value) or OfferedPicture(value, _("The present picture"))
        key = _OF_LIBRARY.fullmatch(value)
        row = with_thumbnail(self._assets).filter(pk=int(key[1])).first() if key else None
        return _offered(row) if row else None

    def _found_again(self) -> dict[str, OfferedPicture]:
        """The card's own files that are pictures of the library still, by their names."""
        digests = {each["sha256"] for each in self._kept.values()}
        wall = Rendition.objects.filter(blob__in=digests, purpose=Purpose.WALL)
        assets = {each.blob_id: each.asset_id for each in wall.order_by("-pk")}
        rows = with_thumbnail(self._assets).in_bulk(set(assets.values()))
        return {
            name: _offered(row, name)
            for name, each in self._kept.items()
            if (row := rows.get(assets.get(each["sha256"], 0)))
        }

    def named(
        self, data: Mapping[str, Any], own: Mapping[str, str], actor: Staff
    ) -> tuple[dict[str, Any], dict[str, Blob]]:
        """The data with its pictures by the names of the template, and all files.

        `own` is what was chosen for each file that is no row's.  Raises `Invalid` if there are too
        many, or one is not ready.
        """
        names: dict[str, str] = {}
        told = {
            key: [self._row(row, names) for row in value] if _is_rows(value) else value
            for key, value in data.items()
        }
        wanted = [(chosen, name) for name, chosen in own.items() if chosen] + list(names.items())
        stored = Blob.objects.in_bulk([each["sha256"] for each in self._kept.values()])
        files = {}
        for chosen, name in wanted:
            if chosen in self._kept:
                files[name] = stored[self._kept[chosen]["sha256"]]
            elif _OF_LIBRARY.fullmatch(chosen):  # else the card has lost the file: the cell stays
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
