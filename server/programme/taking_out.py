"""Takes assets out of all the playlists that show them, so that they can be deleted; and back."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from server.accounts.models import Staff
from server.accounts.policy import Act
from server.desk.taken import put_back
from server.library.models import Asset
from server.programme.models import Playlist, PlaylistItem
from server.programme.playlists import drafts_of, playlist_change
from server.programme.rights import require

__all__ = ["assets_put_in", "assets_take_out"]


def assets_take_out(
    *, assets: Collection[Asset], actor: Staff | None, now: datetime
) -> dict[int, list[int]]:
    """Take every item that shows one of the assets out of its playlist; all of them or none.

    Returns the items that went, by playlist.  Raises `Forbidden` or `NotFound` if one of the
    playlists is not the actor's to change.  Walls go on until it is published.
    """
    gone: defaultdict[int, list[int]] = defaultdict(list)
    with transaction.atomic():
        items = PlaylistItem.objects.filter(asset__in=[each.pk for each in assets])
        for pk, playlist in items.order_by("pk").values_list("pk", "playlist_id"):
            gone[playlist].append(pk)
        for row in Playlist.objects.filter(pk__in=gone).order_by("pk"):
            require(actor, Act.ARRANGE, row.department_id)
            left = [each for each in drafts_of(row) if each.pk not in gone[row.pk]]
            playlist_change(playlist=row, version=row.version, items=left, actor=actor, now=now)
    return dict(gone)


def assets_put_in(
    *, items: dict[str, Any], orders: Mapping[int, Sequence[int]], actor: Staff, now: datetime
) -> None:
    """Put items that `assets_take_out` took back where they stood: the same items, after the same.

    `items` is what `server.desk.taken` kept of them, `orders` all items of each playlist as they
    were.  What others changed meanwhile stays; a playlist that is gone is left out.
    """
    with transaction.atomic():
        rows = Playlist.objects.in_bulk(orders.keys())
        kept = [each for each in items["rows"] if each[1]["playlist_id"] in rows]
        for row in rows.values():
            require(actor, Act.ARRANGE, row.department_id)
        back = {each[1]["id"] for each in kept}
        if kept:
            put_back(items | {"rows": kept, "subject": [kept[0][0], kept[0][1]["id"]]})
        for row in rows.values():
            drafts = {each.pk: each for each in drafts_of(row)}
            wanted = [drafts[pk] for pk in _merged([*drafts], orders[row.pk], back)]
            playlist_change(playlist=row, version=row.version, items=wanted, actor=actor, now=now)


def _merged(
    now: Sequence[int | None], before: Sequence[int], back: Collection[int]
) -> list[int | None]:
    """The items of `now`, those that come `back` each after the nearest one that stood before."""
    found = [pk for pk in now if pk not in back]
    for place, pk in enumerate(before):
        if pk in back:
            ahead = next((each for each in reversed(before[:place]) if each in found), None)
            found.insert(0 if ahead is None else found.index(ahead) + 1, pk)
    return found
