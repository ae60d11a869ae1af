"""One screen as the board knows it: its newest manifests, and its freshness as polls get it.

Plain values for one event loop; asks nobody.
"""

import hashlib
from collections.abc import Callable
from typing import NamedTuple

from server.players.records import Edition, Standing, Wishes

__all__ = ["Admitted", "Changes", "Entry"]


class Entry:
    """One screen.  `standing` None: not read yet.  `…_until`: seconds of the monotonic clock.

    A poll is answered with 304 while its tag is `freshness_etag` (`manifest_etag`) and the time is
    before `freshness_until` (`good_until`).
    """

    __slots__ = (
        "digests",
        "freshness",
        "freshness_etag",
        "freshness_from",
        "freshness_until",
        "good_until",
        "manifest_etag",
        "screen_id",
        "standing",
    )

    def __init__(self, screen_id: int) -> None:
        self.screen_id = screen_id
        self.standing: Standing | None = None
        self.good_until = float("-inf")
        self.manifest_etag = b""
        self.digests: dict[int, frozenset[str]] = {}
        self.freshness = b""
        self.freshness_etag = b""
        self.freshness_from: object = None
        self.freshness_until = float("-inf")

    @property
    def newest(self) -> Edition | None:
        """The newest manifest; None while nothing has been published."""
        return self.standing.newest if self.standing else None

    def stand(self, standing: Standing, good_until: float) -> bool:
        """Take in how the screen stands; did something newer come since it was known?"""
        before, known = self.newest, self.standing is not None
        self.good_until = good_until
        if before and standing.newest and standing.newest.version < before.version:
            return False  # read before what is known, and handed over after it
        self.standing = standing
        if known and before == standing.newest:
            return False
        kept = {each.publication_id for each in (standing.newest, standing.previous) if each}
        self.digests = {pk: found for pk, found in self.digests.items() if pk in kept}
        etag = f'"{standing.newest.envelope_sha256}"' if standing.newest else ""
        self.manifest_etag = etag.encode()
        self.freshness_until = float("-inf")
        return known

    def hear(self, sources: object, sign: Callable[[], bytes], until: float) -> None:
        """Take in what polls are told until then; it is signed anew if its sources are others."""
        if self.freshness_from != sources:
            self.freshness = sign()
            self.freshness_etag = b'"%s"' % hashlib.sha256(self.freshness).hexdigest().encode()
            self.freshness_from = sources
        self.freshness_until = until


class Changes(NamedTuple):
    """What news brought: screens with a newer manifest, what is wanted of which screen now.

    `tokens`: some may not count any more.
    """

    published: tuple[Entry, ...]
    wanted: Wishes
    tokens: bool


class Admitted(NamedTuple):
    """Who asks.  `first_use`: the id of a token that was never used before, else None."""

    entry: Entry
    first_use: int | None
