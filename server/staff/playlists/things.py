"""What a page tells of the assets in a playlist: title, length, pages, sound, small pictures."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from typing import Any

from django.http import HttpRequest
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from server.library.models import Asset, Purpose, Rendition
from server.publishing.parts import DEFAULT_DURATION_MS
from server.staff.full_size import small_address
from server.staff.labels import word
from server.staff.library import with_thumbnail
from server.staff.requests import now
from server.staff.rows import visible
from server.staff.unplayable import unplayable_among

__all__ = ["assets_in_reach", "things_of"]


def assets_in_reach(request: HttpRequest, assets: Collection[int]) -> dict[int, Asset]:
    """Those of these assets that the reader may see."""
    return with_thumbnail(visible(request, Asset)).in_bulk(set(assets))


def things_of(rows: Iterable[Asset]) -> dict[str, dict[str, Any]]:
    """What the script needs to know of each asset, by its key."""
    rows = list(rows)
    walls = _renditions([row.pk for row in rows])
    unplayable = unplayable_among([row.pk for row in rows], now())
    said = _("A screen cannot show it")
    return {
        str(row.pk): _thing(row, walls[row.pk], said if row.pk in unplayable else "")
        for row in rows
    }


def _renditions(assets: list[int]) -> defaultdict[int, list[Rendition]]:
    found: defaultdict[int, list[Rendition]] = defaultdict(list)
    made = Rendition.objects.filter(asset__in=assets, purpose=Purpose.WALL)
    for each in made.order_by("page"):
        found[each.asset_id].append(each)
    return found


def _thing(row: Asset, walls: list[Rendition], trouble: str) -> dict[str, Any]:
    pages = [each.page for each in walls if each.page]
    film = next((each for each in walls if each.duration_ms is not None), None)
    return {
        "title": row.title,
        "kind": row.kind,
        "kind_word": word(row.kind_told),
        "state": row.state,
        "state_word": "" if row.state == "ready" else word(row.state),
        "trouble": trouble,
        "percent": row.progress_percent,
        "length_ms": film.duration_ms if film else DEFAULT_DURATION_MS,
        "is_film": film is not None,
        "has_sound": bool(film and film.audio and not row.is_music),
        "pages": pages,
        "picked": row.picked_pages,
        "until": "" if row.valid_until is None else f"{localtime(row.valid_until):%Y-%m-%d}",
        "picture": _picture(row),
        "pictures": {str(page): small_address(row.pk, row.kind, page) for page in pages[:200]},
    }


def _picture(row: Asset) -> str:
    """The address of its small picture; "" while there is none."""
    page = getattr(row, "thumbnail_page", None)
    if row.kind in {"card", "stream"}:
        return small_address(row.pk, row.kind, None) if row.state == "ready" else ""
    return "" if page is None else small_address(row.pk, row.kind, page)
