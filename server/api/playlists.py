"""Playlists, for scripts: with their items, changed as a whole and by version."""

from typing import Annotated, Literal

from msgspec import UNSET, Meta, Struct, UnsetType, structs

from server.accounts.policy import Act
from server.api.interface import Call
from server.api.reading import Instant, Key, Name, Version, department
from server.api.resource import Resource, sent
from server.programme import services
from server.programme.drafts import ItemDraft
from server.programme.models import LEAST_DURATION_MS, LONGEST_DURATION_MS, Playlist
from server.programme.playlists import drafts_of

__all__ = ["OPERATIONS"]

Order = Literal["listed", "shuffled"]


class ItemValue(Struct, forbid_unknown_fields=True, omit_defaults=False):
    """An item.  `id` says which one it was (None: a new one); of a document all pages, or `page`.

    `duration_ms` None is a video's own length, ten seconds for all else; `is_muted` takes the sound
    from it.
    """

    asset: Key
    id: Key | None = None
    page: Annotated[int, Meta(ge=1, le=10_000)] | None = None
    duration_ms: Annotated[int, Meta(ge=LEAST_DURATION_MS, le=LONGEST_DURATION_MS)] | None = None
    weight: Annotated[int, Meta(ge=1, le=20)] = 1
    fit: Literal["contain", "cover", "stretch"] = "contain"
    transition: Literal["cut", "fade", "slide"] = "fade"
    transition_ms: Annotated[int, Meta(ge=0, le=60_000)] = 600
    is_muted: bool = False
    valid_from: Instant | None = None
    valid_until: Instant | None = None


class NewPlaylist(Struct, forbid_unknown_fields=True):
    """A playlist to be made."""

    name: Name
    department: Key | None = None
    order: Order = "listed"
    items: list[ItemValue] = []


class PlaylistChange(Struct, forbid_unknown_fields=True):
    """What will be another; `items` replaces all of them.  `version` is the one that was read."""

    version: Version
    name: Name | UnsetType = UNSET
    order: Order | UnsetType = UNSET
    items: list[ItemValue] | UnsetType = UNSET


class PlaylistValue(Struct):
    """A playlist with its items, in order."""

    id: int
    name: str
    department: int
    order: str
    version: int
    items: list[ItemValue]


class PlaylistList(Struct):
    """Some playlists; `next` is the `before` of the next page, or None."""

    playlists: list[PlaylistValue]
    next: int | None


def _value(playlist: Playlist) -> PlaylistValue:
    items = []
    for draft in drafts_of(playlist):
        fields = structs.asdict(draft)
        del fields["key"]  # a page's own
        items.append(ItemValue(id=fields.pop("pk"), **fields))
    return PlaylistValue(
        playlist.pk, playlist.name, playlist.department_id, playlist.order, playlist.version, items
    )


def _drafts(items: list[ItemValue]) -> list[ItemDraft]:
    made = []
    for each in items:
        fields = structs.asdict(each)
        made.append(ItemDraft(pk=fields.pop("id"), **fields))
    return made


def _create(call: Call) -> Playlist:
    return services.playlist_create(
        name=call.body.name,
        department=department(call, call.body.department, Act.ARRANGE),
        order=call.body.order,
        items=_drafts(call.body.items),
        actor=call.actor,
        now=call.now,
    )


def _change(call: Call, playlist: Playlist) -> Playlist:
    changes = sent(call.body, "name", "order", "items")
    if "items" in changes:
        changes["items"] = _drafts(changes["items"])
    return services.playlist_change(
        playlist=playlist, version=call.body.version, actor=call.actor, now=call.now, **changes
    )


def _delete(call: Call, playlist: Playlist) -> None:
    services.playlist_delete(playlist=playlist, actor=call.actor, now=call.now)


PLAYLISTS = Resource(
    Playlist, "playlist", Act.ARRANGE, value=_value, answer=PlaylistValue, listing=PlaylistList
)

OPERATIONS = (
    PLAYLISTS.list("List playlists"),
    PLAYLISTS.create(_create, NewPlaylist, "Make a playlist"),
    PLAYLISTS.look("Look at a playlist"),
    PLAYLISTS.change(_change, PlaylistChange, "Change a playlist; items replaces all of them"),
    PLAYLISTS.delete(_delete, "Delete a playlist that no zone plays"),
)
