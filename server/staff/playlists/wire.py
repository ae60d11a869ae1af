"""Playlists as the page's script has them: JSON that is saved, merged and handed back."""

from collections.abc import Iterable
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from server.errors import Invalid
from server.programme.drafts import ItemDraft, PlaylistDraft
from server.programme.merging import Clash
from server.staff.playlists.lines import instant, local

__all__ = ["ItemSent", "PlaylistSent", "clash_json", "draft_sent", "playlist_json", "read"]

_Key = Annotated[str, Meta(pattern="^[0-9a-z-]{2,36}$")]
_Number = Annotated[int, Meta(ge=1, le=(1 << 63) - 1)]
_Small = Annotated[int, Meta(ge=0, le=(1 << 31) - 1)]
_Word = Annotated[str, Meta(max_length=30)]


class ItemSent(Struct, forbid_unknown_fields=True):
    """An item; `valid_from` and `valid_until` are wall times on the organisation's clock."""

    asset: _Number
    pk: _Number | None = None
    key: _Key | None = None
    page: Annotated[int, Meta(ge=1, le=10_000)] | None = None
    duration_ms: _Small | None = None
    weight: _Small = 1
    fit: _Word = "contain"
    transition: _Word = "fade"
    transition_ms: _Small = 600
    is_muted: bool = False
    valid_from: _Word = ""
    valid_until: _Word = ""


class PlaylistSent(Struct, forbid_unknown_fields=True):
    """A playlist, whole."""

    name: Annotated[str, Meta(max_length=200)]
    order: _Word
    default_duration_ms: _Small | None
    default_fit: _Word
    default_transition: _Word
    default_transition_ms: _Small
    items: Annotated[list[ItemSent], Meta(max_length=10_001)]


def read(body: bytes, type_: type[Any]) -> Any:
    """What a script sent.  Raises `Invalid`."""
    try:
        return msgspec.json.decode(body, type=type_)
    except msgspec.MsgspecError as error:
        raise Invalid("This is no playlist: %(why)s.", values={"why": error}) from error


def draft_sent(sent: PlaylistSent) -> PlaylistDraft:
    """The draft that was sent.  Raises `Invalid`."""
    values = msgspec.structs.asdict(sent)
    items = tuple(_item(number, each) for number, each in enumerate(values.pop("items"), start=1))
    return PlaylistDraft(**values | {"name": sent.name.strip()}, items=items)


def _item(number: int, sent: ItemSent) -> ItemDraft:
    values = msgspec.structs.asdict(sent)
    for name in ("valid_from", "valid_until"):
        values[name] = instant(number, values[name])
    return ItemDraft(**values)


def playlist_json(draft: PlaylistDraft) -> dict[str, Any]:
    """A draft as the script takes it: what `draft_sent` reads back."""
    values = msgspec.structs.asdict(draft)
    return values | {"items": [_item_json(each) for each in draft.items]}


def _item_json(item: ItemDraft) -> dict[str, Any]:
    return {name: _plain(name, value) for name, value in msgspec.structs.asdict(item).items()}


def _plain(name: str, value: Any) -> Any:
    return local(value) if name in {"valid_from", "valid_until"} else value


def clash_json(clashes: Iterable[Clash]) -> list[dict[str, Any]]:
    """What both changed, value by value."""
    return [
        {
            "item": each.item, "field": each.field,
            "mine": _plain(each.field, each.mine), "theirs": _plain(each.field, each.theirs),
        }
        for each in clashes
    ]  # fmt: skip
