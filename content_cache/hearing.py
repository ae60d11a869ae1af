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
        self._body, self.etag = heard.body, heard.etag
        return heard.body is None

    def hear(self, state: TrustState, clock: datetime) -> None:
        """Follow the roots, and take the server's word on what is newest (rules 1 to 3)."""
        self.trust = Trust(state, clock, uptime=self._uptime)
        self._follow_roots()
        if self._body is None or not self._will_do(self._body, clock):
            self._ask(clock)
        self._remember()

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
        """Does a word do that was not signed for us?  If not, nothing of it is kept."""
        state = self.trust.state
        try:
            self.trust.freshness(body)
            self.trust.wanted()
        except ManifestError:
            if self._challenge is None:
                raise
            self.trust = Trust(state, clock, uptime=self._uptime)
            return False
        return True

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
