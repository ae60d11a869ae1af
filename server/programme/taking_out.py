"""Takes assets out of all the playlists that show them: so that they can be deleted."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from server.accounts.models import Staff
from server.accounts.policy import Act
from server.library.models import Asset
from server.programme.models import Playlist, PlaylistItem
from server.programme.playlists import drafts_of, playlist_change
from server.programme.rights import require

__all__ = ["assets_take_out"]


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
