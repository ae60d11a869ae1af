"""What there is to play: a manifest, and where its files are.  The port of the director's input.

Sources (`folder_source`, `manifest_source`, `cache_source`) make programmes, in threads of their
own, and deliver a new one whenever there is one.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from manifest.model import Manifest, StreamAsset
from player.stage.scene import Take
from player.stage.slate import SlateState

__all__ = ["Deliver", "Programme", "Source"]


#: So much of a title stands in what a fault calls an item.
TITLE_CHARACTERS = 80


class Programme(Struct, frozen=True):
    """A manifest whose files can be had: `locate` answers with the path of a SHA-256, or None.

    `locate` may read the whole file to see that its bytes are right; it is called on worker
    threads only.  `is_quick(sha256)` says that it would answer at once.
    """

    name: str
    manifest: Manifest
    locate: Callable[[str], Path | None]
    is_quick: Callable[[str], bool]
    when_empty: SlateState = "off_hours"
    """what the slate says when nothing is due"""

    sha256: str = ""
    """which generation it is, if it is one of the cache"""

    waits: bool = False
    """does it wait for the end of the item that it would cut short (see `handover`)?"""

    confirm: Callable[[], None] | None = None
    """called on a worker once the programme stood on the glass for its trial without a crash"""

    titles_name_items: bool = False
    """item ids are made up, and mean nothing to a person: titles tell the items apart"""

    def subject(self, item: str, title: str) -> str:
        """What a fault calls an item: one line."""
        line = " ".join(title.split())
        return line if self.titles_name_items else f"{item} ({line[:TITLE_CHARACTERS]})"

    def subject_of(self, take: Take) -> str:
        """The same for the item of `take`, whatever stands in for it."""
        own = self.manifest.assets.get(take.item.asset, take.asset)
        return self.subject(take.item.id, own.title)

    def covers(self, take: Take) -> bool:
        """Is `take` the fallback of a stream?"""
        own = self.manifest.assets.get(take.item.asset)
        return isinstance(own, StreamAsset) and not isinstance(take.asset, StreamAsset)


Deliver = Callable[[Programme], None]


class Source(Protocol):
    """Where programmes come from."""

    def first(self) -> Programme | None:
        """What there is now; None: nothing yet.  Blocks (a worker calls it).

        Raises `SourceUnusable` for what no waiting will mend.
        """

    def watch(self, deliver: Deliver) -> None:
        """From now on call `deliver`, on any thread, with every new programme."""

    def close(self) -> None:
        """Stop watching; returns once no thread of it is left."""
