"""Saving a playlist as it is edited: again and again, while others edit it too.

For pages that save by themselves.  What two editors changed is put together (`merging`); only what
both of them changed to different values is refused, with both sides.
"""

from datetime import datetime

from django.db import transaction
from msgspec import Struct, structs

from server.accounts.models import Staff
from server.accounts.policy import Act
from server.programme.drafts import PlaylistDraft
from server.programme.merging import Clash, merged
from server.programme.models import Playlist
from server.programme.playlists import draft_of, playlist_change
from server.programme.rights import require
from server.programme.versions import locked

__all__ = ["Saved", "playlist_save"]


class Saved(Struct, frozen=True):
    """What became of it.  With `clashes` nothing was saved: `draft` is what saving would give.

    `stored` is the playlist as it stands now, whoever saved it; `is_merged` says that somebody
    else's changes are in it.
    """

    playlist: Playlist
    draft: PlaylistDraft
    stored: PlaylistDraft
    is_merged: bool = False
    clashes: tuple[Clash, ...] = ()


def playlist_save(
    *,
    playlist: Playlist,
    version: int,
    base: PlaylistDraft,
    mine: PlaylistDraft,
    actor: Staff | None,
    now: datetime,
) -> Saved:
    """Save `mine`, which was made from `base`, which was read as `version`.

    Saving the same once more changes nothing.  Raises `Invalid`, or `NotFound` if the playlist was
    deleted meanwhile; then nothing is changed.
    """
    require(actor, Act.ARRANGE, playlist.department)
    with transaction.atomic():
        row = locked(playlist)
        theirs = draft_of(row)
        is_merged = row.version != version
        both = merged(base if is_merged else theirs, mine, theirs)
        if both.clashes:
            return Saved(row, both.draft, theirs, is_merged=True, clashes=both.clashes)
        if both.draft != theirs:
            row = playlist_change(
                playlist=row, version=row.version, actor=actor, now=now,
                **structs.asdict(both.draft),
            )  # fmt: skip
        stored = draft_of(row)
        return Saved(row, stored, stored, is_merged=is_merged)
