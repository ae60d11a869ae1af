"""Tags of the library, for scripts: which there are, and called by another word everywhere."""

from typing import Annotated

from msgspec import Meta, Struct

from server.accounts.policy import Act, require_somewhere
from server.api.interface import Call, Operation
from server.api.reading import visible
from server.errors import NotFound
from server.library.models import TAG_LIMIT, Asset
from server.library.tagging import tag_rename, tags_among

__all__ = ["OPERATIONS"]

Tag = Annotated[str, Meta(min_length=1, max_length=TAG_LIMIT)]


class TagValue(Struct):
    """A tag, and on how many assets in reach it stands."""

    name: str
    assets: int


class TagList(Struct):
    """All tags in reach."""

    tags: list[TagValue]


class Renaming(Struct, forbid_unknown_fields=True):
    """A tag and its new word; one that is there puts the two together, "" takes it away."""

    name: Tag
    to: Annotated[str, Meta(max_length=TAG_LIMIT)]


class Renamed(Struct):
    """On how many assets it was another."""

    assets: int


def tags(call: Call) -> TagList:
    """List the tags in reach."""
    return TagList([TagValue(name, n) for name, n in tags_among(visible(call, Asset))])


def rename(call: Call) -> Renamed:
    """Call a tag by another word, on all assets that the actor may change."""
    if not visible(call, Asset).filter(tags__name=call.body.name).exists():
        raise NotFound("There is no such %(what)s.", values={"what": "tag"})
    require_somewhere(call.actor, Act.UPLOAD)
    changed = tag_rename(name=call.body.name, to=call.body.to, actor=call.actor, now=call.now)
    return Renamed(changed)


OPERATIONS = (
    Operation("GET", "tags/", "tags", tags, "List the tags of assets", answer=TagList),
    Operation("POST", "tags/rename/", "tag_rename", rename,
              "Call a tag by another word on all assets that you may change; an empty word takes"
              " it away", Renaming, Renamed, act=Act.UPLOAD),
)  # fmt: skip
