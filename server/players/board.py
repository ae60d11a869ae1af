"""What the interface for players knows by heart: who each token is, and what each screen may have.

Polls are answered from here: no database, no thread, no Django.  An entry is filled from the
database when it is first asked for, looked at again every `CHECK_AGAIN_S`, and filled anew when
news come (`refresh`).  While the database is down everything that is known goes on being served;
only what is not known is refused, with `Unavailable` (never as an unknown token: a box that is
told so would show that it must be paired again).

One event loop only; nothing here is for threads.
"""

import asyncio
import hashlib
from collections.abc import Callable
from datetime import datetime, timedelta

from server.clock import Clock
from server.errors import Unavailable
from server.players.desk import Desk
from server.players.entry import Admitted, Changes, Entry
from server.players.errors import NothingPublished, TokenRefused
from server.players.memories import (
    BLOB_FACTS_S,
    BLOBS_LIMIT,
    ENVELOPES_BYTES,
    BlobRows,
    Envelopes,
)
from server.players.records import (
    NOTHING,
    Admission,
    BlobFacts,
    Edition,
    Marks,
    Records,
    Standing,
    Wishes,
)
from server.publishing.freshness import PlainWords

__all__ = ["TRY_AGAIN_S", "Board"]

#: A screen's newest manifest is looked up again after so long, should news have been lost.
CHECK_AGAIN_S = 300.0

#: While the database is down, it is tried again for a screen after so long.
TRY_AGAIN_S = 5.0

#: Publications that are read in one piece when a release changed many screens.
_AT_A_TIME = 200


class Board:
    """The memory of one process."""

    def __init__(
        self,
        records: Records,
        plain_words: Callable[[datetime], PlainWords],
        desk: Desk,
        clock: Clock,
    ) -> None:
        self._records, self._desk, self._clock = records, desk, clock
        self._plain_words = plain_words
        self._words: PlainWords | None = None
        self._words_until = clock.now()
        self._tokens: dict[bytes, Entry] = {}
        self._entries: dict[int, Entry] = {}
        self._envelopes, self._blobs = Envelopes(ENVELOPES_BYTES), BlobRows(BLOBS_LIMIT)
        self._roots: dict[int, bytes] = {}
        self._marks: Marks | None = None
        self._round = 0
        self._one_reads = asyncio.Lock()
        self.wanted: Wishes = {}
        """What staff ask of screens, by screen."""

    @property
    def newest_root(self) -> int:
        """The number of the newest root, as far as news have told."""
        return (self._marks or NOTHING).roots

    # --- tokens --------------------------------------------------------------------------------

    def known(self, token: bytes | None) -> Entry | None:
        """The screen of a token that is known here; None says nothing about the token."""
        if token is None:
            return None
        return self._tokens.get(hashlib.sha256(token).digest())

    def digest(self, token: bytes | None) -> bytes:
        """What is kept of a token."""
        return hashlib.sha256(token or b"").digest()

    def counts(self, digest: bytes) -> bool:
        """Does the token with this digest still count, as far as is known here?"""
        return digest in self._tokens

    async def admit(self, token: bytes | None) -> Admitted:
        """The screen of a token.  Raises `TokenRefused` or `Unavailable`."""
        if token is None:
            raise TokenRefused
        digest = hashlib.sha256(token)
        entry = self._tokens.get(digest.digest())
        if entry is not None:
            return Admitted(entry, None)
        found = await self._admission(digest.hexdigest())
        if found is None:
            raise TokenRefused
        entry = self._tokens[digest.digest()] = self._entry(found.screen_id)
        return Admitted(entry, None if found.used else found.token_id)

    def _entry(self, screen: int) -> Entry:
        found = self._entries.get(screen)
        if found is None:
            found = self._entries[screen] = Entry(screen)
        return found

    async def _admission(self, sha256: str) -> Admission | None:
        """What the database says of a token, unless tokens were revoked while it was asked."""
        while True:
            round_ = self._round
            found = await self._desk.ask(self._records.admission, sha256)
            if self._round == round_:
                return found

    # --- documents -----------------------------------------------------------------------------

    async def newest(self, entry: Entry) -> Edition:
        """The newest manifest of a screen.  Raises `NothingPublished` or `Unavailable`."""
        if self._clock.monotonic() >= entry.good_until:
            await self._check(entry)
        if entry.newest is None:
            raise NothingPublished
        return entry.newest

    async def words(self) -> PlainWords:
        """What the freshnesses of this round are made of; the last ones while the database is down.

        Raises `Unavailable`, `NoSigner`.
        """
        if self._words is not None and self._clock.now() < self._words_until:
            return self._words
        async with self._one_reads:  # thousands ask at once after news: one of them reads
            now = self._clock.now()
            if self._words is None or now >= self._words_until:
                try:
                    self._words = await self._desk.ask(self._plain_words, now)
                    self._words_until = self._words.until
                except Unavailable:
                    if self._words is None:
                        raise
                    self._words_until = now + timedelta(seconds=TRY_AGAIN_S)
        return self._words

    def forget_words(self, entry: Entry) -> None:
        """A challenge of this screen was answered: what it is told next must be newer.

        The answer came from the database, which may know of a manifest that is not known here yet:
        the one that is fetched next must be the one that was named.
        """
        self._words_until = self._clock.now()
        entry.freshness_until = entry.good_until = float("-inf")

    async def root(self, version: int) -> bytes | None:
        """The envelope of a root; None if there is none with this number (yet).

        Every box asks for the one after the newest whenever there is news: that one is not looked
        for, since news tell of a new root.
        """
        if self._marks is not None and version > self._marks.roots:
            return None
        found = self._roots.get(version)
        if found is None:
            found = await self._desk.ask(self._records.root, version)
            if found is not None:
                self._roots[version] = found
        return found

    async def envelope(self, edition: Edition) -> bytes:
        """The envelope of a manifest."""
        found = self._envelopes.get(edition.publication_id)
        if found is None:
            found = await self._desk.ask(self._records.envelope, edition.publication_id)
            self._envelopes.put(edition.publication_id, found)
        return found

    async def names(self, entry: Entry, sha256: str) -> bool:
        """Does the newest manifest of this screen, or the one before it, name this blob?"""
        await self.newest(entry)
        standing = entry.standing
        assert standing is not None, "it was looked up just now"
        for edition in filter(None, (standing.newest, standing.previous)):
            if sha256 in await self._digests(entry, edition):
                return True
        return False

    async def blob(self, sha256: str) -> BlobFacts | None:
        """A blob that may be served; None if it is not registered, or damaged."""
        now = self._clock.monotonic()
        known = self._blobs.get(sha256)
        if known is not None and now < known.until:
            return known.facts
        try:
            facts = await self._desk.ask(self._records.blob, sha256)
        except Unavailable:
            if known is None or known.facts is None:
                raise
            facts = known.facts
        self._blobs.put(sha256, facts, now + BLOB_FACTS_S)
        return facts

    async def _digests(self, entry: Entry, edition: Edition) -> frozenset[str]:
        found = entry.digests.get(edition.publication_id)
        if found is None:
            found = await self._desk.ask(self._records.digests, edition.publication_id)
            entry.digests[edition.publication_id] = found
        return found

    async def _check(self, entry: Entry) -> None:
        try:
            standing, envelope = await self._desk.ask(self._records.standing, entry.screen_id)
        except Unavailable:
            if entry.standing is None:
                raise
            entry.good_until = self._clock.monotonic() + TRY_AGAIN_S
            return
        self._take(entry, standing, envelope)

    def _take(self, entry: Entry, standing: Standing, envelope: bytes | None) -> bool:
        """Take in how a screen stands; is there something newer than was known?"""
        if standing.newest is not None and envelope is not None:
            self._envelopes.put(standing.newest.publication_id, envelope)
        return entry.stand(standing, self._clock.monotonic() + CHECK_AGAIN_S)

    # --- news ----------------------------------------------------------------------------------

    async def refresh(self) -> Changes:
        """Read what changed since the last time.  Raises `Unavailable`; then ask again later.

        All is read before anybody is told: while thousands ask, a thread that reads row by row
        would wait for its turn at each row.
        """
        marks = await self._desk.ask(self._records.marks)
        before, published = self._marks or NOTHING, list[Entry]()
        if tokens := before.tokens != marks.tokens:
            await self._read_tokens()
        if before.publications != marks.publications:
            published = await self._read_publications(before.publications[0])
        if (before.floors, before.roots) != (marks.floors, marks.roots):
            self._words_until = self._clock.now()
            for entry in self._entries.values():
                entry.freshness_until = float("-inf")
        if before.wanted != marks.wanted:
            self.wanted = await self._desk.ask(self._records.wanted)
        self._marks = marks
        return Changes(tuple(published), self.wanted, tokens)

    async def _read_tokens(self) -> None:
        active = await self._desk.ask(self._records.active_tokens)
        self._round += 1
        self._tokens = {
            digest: self._entry(each.screen_id)
            for digest, each in active.items()
            if each.used or digest in self._tokens  # the first use of a token is for `admit`
        }

    async def _read_publications(self, since: int) -> list[Entry]:
        """Read what was published for screens that are known here; those that it is news for.

        At the start nobody has asked for anything yet, and nothing is read.
        """
        newest: dict[int, int] = {}
        for pk, screen, version in await self._desk.ask(self._records.published_after, since):
            entry = self._entries.get(screen)
            if (
                entry
                and entry.standing
                and (entry.newest is None or entry.newest.version < version)
            ):
                newest[screen] = pk
        pks, news = list(newest.values()), list[Entry]()
        for begin in range(0, len(pks), _AT_A_TIME):
            batch = pks[begin : begin + _AT_A_TIME]
            for screen, edition, envelope in await self._desk.ask(self._records.editions, batch):
                entry = self._entries[screen]
                assert entry.standing is not None, "only such screens were looked for"
                standing = entry.standing._replace(newest=edition, previous=entry.newest)
                if self._take(entry, standing, envelope):
                    news.append(entry)
        return news
