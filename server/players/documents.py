"""Signed documents for players: the freshness, the newest manifest, the chain of roots.

The polls (`freshness` without a challenge, `manifest`) are answered from the board whenever it
knows the answer; only the first of a round, or after news, takes another way.
"""

import re
from functools import lru_cache

from manifest.documents import ManifestReference
from server.clock import Clock
from server.errors import Invalid, NotFound
from server.players.board import TRY_AGAIN_S, Board
from server.players.entry import Entry
from server.players.errors import NothingPublished
from server.players.exchange import NO_STORE, Answer, Exchange, Message, error_answer
from server.players.gate import Gate
from server.players.rush import Rush
from server.players.together import Together
from server.ranges import same_tag

__all__ = ["Answers", "Documents"]

_CHALLENGE = re.compile(r"[A-Za-z0-9_-]{16,64}", re.ASCII)

_JSON = (b"content-type", b"application/json")

#: Kept by the box, and asked for anew each time; never by a proxy: it goes with the token.
_REVALIDATE = (b"cache-control", b"private, no-cache")

_NO_BODY: Message = {"type": "http.response.body", "body": b""}


#: The freshness of a screen (primary key) that answers a challenge; None: nothing is published.
Answers = Together[tuple[int, str], bytes | None]


class Documents:
    """The endpoints of signed documents."""

    def __init__(
        self, board: Board, gate: Gate, answers: Answers, clock: Clock, rush: Rush
    ) -> None:
        self._board, self._gate, self._answers = board, gate, answers
        self._clock, self._rush = clock, rush

    async def freshness(self, exchange: Exchange) -> Answer | None:
        """What is newest; with a `challenge`, signed for this question alone."""
        entry = self._board.known(exchange.bearer())
        if (
            entry is not None
            and self._clock.monotonic() < entry.freshness_until
            and (b"if-none-match", entry.freshness_etag) in exchange.scope["headers"]
            and not exchange.scope["query_string"]
        ):
            await _not_modified(exchange, entry.freshness_etag)
            return None
        entry = await self._gate.screen(exchange)
        challenge = exchange.query("challenge")
        if challenge is not None:
            return await self._signed_for(entry, challenge)
        if self._clock.monotonic() >= entry.freshness_until:
            await self._hear(entry)
        newest_root = b"%d" % self._board.newest_root
        headers = ((b"etag", entry.freshness_etag), _REVALIDATE, (b"yingbi-root", newest_root))
        if same_tag(exchange.text(b"if-none-match"), entry.freshness_etag.decode()):
            return Answer(304, b"", headers)
        return Answer(200, entry.freshness, (_JSON, *headers))

    async def manifest(self, exchange: Exchange) -> Answer | None:
        """The newest manifest."""
        entry = self._board.known(exchange.bearer())
        if (
            entry is not None
            and self._clock.monotonic() < entry.good_until
            and entry.manifest_etag
            and (b"if-none-match", entry.manifest_etag) in exchange.scope["headers"]
        ):
            await _not_modified(exchange, entry.manifest_etag)
            return None
        entry = await self._gate.screen(exchange)
        newest = await self._board.newest(entry)
        etag = f'"{newest.envelope_sha256}"'
        headers = ((b"etag", etag.encode()), _REVALIDATE)
        if same_tag(exchange.text(b"if-none-match"), etag):
            return Answer(304, b"", headers)
        self._rush.note()
        return Answer(200, await self._board.envelope(newest), (_JSON, *headers))

    async def root(self, exchange: Exchange) -> Answer:
        """A root of the chain, by its number."""
        await self._gate.screen(exchange)
        number = exchange.argument
        known = number.isascii() and number.isdigit() and len(number) <= 9
        found = await self._board.root(int(number)) if known else None
        if found is None:
            return _no_root(number[:20])
        return Answer(200, found, (_JSON, _REVALIDATE))

    async def _signed_for(self, entry: Entry, challenge: str) -> Answer:
        if not _CHALLENGE.fullmatch(challenge):
            raise Invalid("The challenge must be 16 to 64 characters of A–Z a–z 0–9 _ and -.")
        self._gate.spend("challenges", entry.screen_id)
        found = await self._answers.ask((entry.screen_id, challenge))
        if found is None:
            raise NothingPublished
        # What polls are told from now on must not be older than what this box was told.
        self._board.forget_words(entry)
        return Answer(200, found, (_JSON, NO_STORE))

    async def _hear(self, entry: Entry) -> None:
        """Have the freshness of this round signed: the same in every process of the server."""
        newest = await self._board.newest(entry)
        words = await self._board.words()
        standing = entry.standing
        assert standing is not None, "its newest manifest was looked up"
        names = standing.site, standing.screen

        def sign() -> bytes:
            told = ManifestReference(newest.version, newest.payload_sha256, newest.payload_bytes)
            return words.say(entry.screen_id, *names, told)

        sources = words.sources(entry.screen_id), names, newest
        left_s = (words.until - self._clock.now()).total_seconds()
        entry.hear(sources, sign, self._clock.monotonic() + max(left_s, TRY_AGAIN_S))


@lru_cache(maxsize=64)
def _no_root(number: str) -> Answer:
    """What every box is told that asks for the root after the newest, whenever there is news."""
    return error_answer(
        NotFound(
            "There is no root %(number)s: the one before it is the newest.",
            values={"number": number},
        )
    )


async def _not_modified(exchange: Exchange, tag: bytes) -> None:
    headers = [(b"etag", tag), _REVALIDATE]
    await exchange.send({"type": "http.response.start", "status": 304, "headers": headers})
    await exchange.send(_NO_BODY)
