"""Which playlist a page's form adds to: one that is there, or a new one of a name that is typed.

For the pages of the library; who may arrange, and where, is asked of the policy.
"""

from collections.abc import Sequence

from django.http import HttpRequest

from server.accounts.models import Department
from server.accounts.policy import Act
from server.errors import Invalid
from server.programme.adding import expanded
from server.programme.drafts import ItemDraft
from server.programme.models import Playlist
from server.programme.services import playlist_append, playlist_create
from server.staff.requests import now, staff_of
from server.staff.rows import departments_for, visible

__all__ = ["NEW", "put_into", "wanted_playlist"]

#: What the form sends for a playlist that is not there yet.
NEW = "new"


def wanted_playlist(request: HttpRequest) -> Playlist | None:
    """The playlist that was chosen; None: a new one is wanted.  Raises `Invalid` for none."""
    pk = request.POST.get("playlist", "")
    if pk == NEW:
        return None
    rows = visible(request, Playlist, Act.ARRANGE)
    row = rows.filter(pk=pk if pk.isdigit() and len(pk) < 19 else 0).first()
    if row is None:
        raise Invalid("Choose a playlist.")
    return row


def put_into(
    request: HttpRequest, row: Playlist | None, items: Sequence[ItemDraft], near: Department
) -> Playlist:
    """Add `items` to `row`, or make a new playlist of them: of the department `near`, where the
    reader may arrange.  Raises `Invalid`, `Forbidden`."""
    if row is not None:
        playlist_append(playlist=row, items=items, actor=staff_of(request), now=now())
        return row
    name = request.POST.get("playlist_name", "").strip()[:100]
    if not name:
        raise Invalid("Write a name for the new playlist.")
    owners = departments_for(request, Act.ARRANGE)
    owner = owners.filter(pk=near.pk).first() or owners.first()
    return playlist_create(
        name=name, department=owner or near, actor=staff_of(request), now=now(),
        items=expanded(items),
    )  # fmt: skip
