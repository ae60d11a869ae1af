"""The first half of a sync pass: what the server says on who may sign, and on what is newest.

Used by `sync` alone, once a pass.  `manifest.trust` decides what is accepted; here is the order in
which it is asked for, what is remembered when, and when the server must sign for us alone.
"""

from datetime import datetime, timedelta

from content_cache.fetch_errors import ServerRefused
from content_cache.fetcher import DocumentName, Fetcher, freshness_document, root_document
from content_cache.generations import Generations
from content_cache.known import Answered, Known, needs_challenge
from manifest.errors import ManifestError
from manifest.trust import MAX_ROOTS_PER_PASS, Trust
from manifest.trust_state import TrustState, encode_state

__all__ = ["Hearing", "document"]


def document(fetcher: Fetcher, name: DocumentName) -> bytes:
    """A small document, whole.  Raises `FetchError`."""
    body = fetcher.document(name).body
    assert body is not None, "an unconditional request has a body"
    return body


class Hearing:
    """What was heard in one pass.

    `trust` is there as soon as something was asked for; `etag` is what to ask with whether the word
    that was not signed for us alone still holds; `answered` is set if a challenge was.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        generations: Generations,
        uptime: timedelta,
        challenge: str | None,
    ) -> None:
        self._fetcher, self._generations = fetcher, generations
        self._uptime, self._challenge = uptime, challenge
        self._body: bytes | None = None
        self._newest_root: int | None = None
        self.trust: Trust
        self.etag: str | None = None
        self.answered: Answered | None = None

    def is_as_known(self, known: Known, clock: datetime) -> bool:
        """Has nothing changed, here or there, since the pass before?  One small request at most.

        What is heard instead is kept for `hear`.
        """
        if known.mark != self._generations.mark():
            return False
        self.etag = known.etag
        self.trust = Trust(known.state, clock, uptime=self._uptime)
        if needs_challenge(self.trust) and not known.vouched:
            return False
        heard = self._fetcher.document(freshness_document(), known.etag)
        self._body, self.etag, self._newest_root = heard.body, heard.etag, heard.newest_root
        return heard.body is None

    def hear(self, state: TrustState, clock: datetime) -> None:
        """Follow the roots, and take the server's word on what is newest (rules 1 to 3)."""
        self.trust = Trust(state, clock, uptime=self._uptime)
        if not self._is_enough(clock):
            self._follow_roots()
            if self._body is None or not self._will_do(self._body, clock):
                self._ask(clock)
        self._remember()

    def _is_enough(self, clock: datetime) -> bool:
        """Does the word do that was heard already, where the server says that no root is newer?

        A server that lies hides a root as well by having none: neither is signed.  The request that
        is spared is one in three after each release, for every screen at once.
        """
        is_last = self._newest_root == self.trust.trusted_root.version
        return self._body is not None and is_last and self._accepts(self._body, clock) is None

    def _follow_roots(self) -> None:
        for _rotation in range(MAX_ROOTS_PER_PASS):
            following = root_document(self.trust.trusted_root.version + 1)
            try:
                body = document(self._fetcher, following)
            except ServerRefused as error:
                if error.is_missing:
                    return
                raise
            self.trust.root(body)
            self._remember()

    def _will_do(self, body: bytes, clock: datetime) -> bool:
        """Does a word do that was not signed for us?  If not, and there is no other, it raises."""
        refused = self._accepts(body, clock)
        if refused is not None and self._challenge is None:
            raise refused
        return refused is None

    def _accepts(self, body: bytes, clock: datetime) -> ManifestError | None:
        """Take in a word that was not signed for us; or why not, and then nothing of it is kept."""
        state = self.trust.state
        try:
            self.trust.freshness(body)
            self.trust.wanted()
        except ManifestError as error:
            self.trust = Trust(state, clock, uptime=self._uptime)
            return error
        return None

    def _ask(self, clock: datetime) -> None:
        """Ask for a word that is signed for us alone, if we have a challenge to send."""
        challenge = self._challenge
        heard = self._fetcher.document(freshness_document(challenge))
        assert heard.body is not None, "an unconditional request has a body"
        said = self.trust.freshness(heard.body, challenge)
        if challenge is None:
            self.etag = heard.etag
        elif said.challenge == challenge:
            self.answered = Answered(said.server_time, clock)

    def _remember(self) -> None:
        self._generations.remember_trust(encode_state(self.trust.state))
