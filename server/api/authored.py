"""Cards and streams, for scripts: assets that are written, not uploaded."""

from typing import Annotated, Any

from msgspec import Meta, Struct

from server.accounts.policy import Act
from server.api.assets import AssetValue, asset_value
from server.api.interface import Call, Operation
from server.api.reading import Key, Version, department, found, visible
from server.library import services
from server.library.models import Asset, Blob
from server.library.pictures import picture_blob

__all__ = ["OPERATIONS"]

Title = Annotated[str, Meta(min_length=1, max_length=200)]


class NewCard(Struct, forbid_unknown_fields=True):
    """A card: its template (docs/cards.md) and what fills it.

    `pictures` are assets by the names that the template has for its files.
    """

    title: Title
    template: Annotated[str, Meta(pattern="^[A-Za-z0-9._-]{1,64}$")]
    data: dict[str, Any]
    pictures: dict[str, Key] = {}
    department: Key | None = None


class CardChange(Struct, forbid_unknown_fields=True):
    """What fills a card from now on; `version` is the one that was read.

    `pictures` as in a new card; without them it keeps those that it has.
    """

    version: Version
    data: dict[str, Any]
    title: Annotated[str, Meta(max_length=200)] = ""
    pictures: dict[str, Key] | None = None


class NewStream(Struct, forbid_unknown_fields=True):
    """A live source, and the asset that stands in for it while it cannot be had."""

    title: Title
    url: Annotated[str, Meta(min_length=1, max_length=2000)]
    fallback: Key
    department: Key | None = None


def card_create(call: Call) -> AssetValue:
    """Make a card."""
    made = services.card_create(
        title=call.body.title,
        template=call.body.template,
        data=call.body.data,
        pictures=_files(call, call.body.pictures),
        department=department(call, call.body.department, Act.UPLOAD),
        actor=call.actor,
        now=call.now,
    )
    return asset_value(made)


def _files(call: Call, pictures: dict[str, int]) -> dict[str, Blob]:
    """The files of these pictures; the template refuses a name that it has no file for."""
    return {name: picture_blob(key, call.actor) for name, key in pictures.items()}


def card_change(call: Call, asset: int) -> AssetValue:
    """Fill a card anew."""
    changed = services.card_change(
        asset=found(visible(call, Asset), asset, "card"),
        version=call.body.version,
        data=call.body.data,
        pictures=None if call.body.pictures is None else _files(call, call.body.pictures),
        title=call.body.title,
        actor=call.actor,
        now=call.now,
    )
    return asset_value(changed)


def stream_create(call: Call) -> AssetValue:
    """Make an asset of a live source."""
    made = services.stream_create(
        title=call.body.title,
        url=call.body.url,
        fallback=found(visible(call, Asset), call.body.fallback, "asset"),
        department=department(call, call.body.department, Act.UPLOAD),
        actor=call.actor,
        now=call.now,
    )
    return asset_value(made)


OPERATIONS = (
    Operation("POST", "cards/", "card_create", card_create, "Make a card",
              NewCard, AssetValue, 201, act=Act.UPLOAD),
    Operation("PATCH", "cards/<int:asset>/", "card_change", card_change, "Fill a card anew",
              CardChange, AssetValue, act=Act.UPLOAD),
    Operation("POST", "streams/", "stream_create", stream_create, "Make an asset of a live source",
              NewStream, AssetValue, 201, act=Act.UPLOAD),
)  # fmt: skip
