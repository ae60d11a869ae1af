"""Pairing: ask for a code, wait until somebody claims it, pin the root, keep the credential.

One step at a time, called by the poll loop; each step is durable before the next, so that a power
cut never loses a code that a person is typing in.  A box that is paired and whose token is refused
goes through the same steps beside its polls, and plays on meanwhile.
"""

import logging
from collections.abc import Callable, Mapping
from typing import Any

from msgspec.structs import replace

from content_cache.fetch_errors import ServerRefused
from content_cache.fetcher import root_document
from content_cache.generations import Generations
from content_cache.http_fetcher import HttpFetcher
from player.agent.errors import PairingGone, PairingRefused
from player.agent.interface import Paired, PlayersInterface
from player.agent.keyring import Claim, Kept, Keyring
from player.agent.pin import credential_of, pinned_root

__all__ = ["Pairing"]

log = logging.getLogger("agent.pairing")

Connect = Callable[[str | None], HttpFetcher]
"""Makes a client that sends this token (None: none)."""


class Pairing:
    """The pairing of one box.  One thread.

    `device` describes the box; `wanted_root` is `trust.root_sha256`, "" for none.
    """

    def __init__(
        self,
        keyring: Keyring,
        connect: Connect,
        generations: Generations,
        device: Callable[[], Mapping[str, Any]],
        *,
        enrolment_key: str = "",
        wanted_root: str = "",
    ) -> None:
        self._keyring, self._connect, self._generations = keyring, connect, generations
        self._device, self._enrolment_key = device, enrolment_key
        self._wanted_root = wanted_root
        self._key_refused = False

    @property
    def kept(self) -> Kept:
        """How far it is."""
        return self._keyring.kept

    @property
    def is_needed(self) -> bool:
        """Is the box not paired, or no more?"""
        return self.kept.credential is None or self.kept.refused

    def token_refused(self) -> None:
        """The server does not know our token: begin anew, beside what goes on."""
        if not self.kept.refused:
            log.error("the server refuses this box's token: it is to be paired again")
            self._keyring.keep(replace(self.kept, refused=True))

    def begin_anew(self) -> None:
        """What was kept is of no use."""
        self._keyring.keep(Kept())

    def token_accepted(self) -> None:
        """The token works (again): a pairing under way is of no use."""
        kept = self.kept
        if kept.refused or kept.claim is not None:
            self._keyring.keep(Kept(kept.credential))

    def step(self) -> float:
        """Go one step on; return the seconds to wait before the next.

        Raises `FetchError`, `PlayerError` (`PairingRefused`, `RootRefused`), `StorageError`.
        """
        claim = self.kept.claim
        if claim is None:
            claim = self._begin()
        client = self._connect(None)
        try:
            paired = PlayersInterface(client).ask_after(claim)
        except PairingGone:
            log.info("the pairing code expired: asking for another")
            self._keyring.keep(replace(self.kept, claim=None))
            return 0.0
        finally:
            client.close()
        if paired is None:
            return claim.poll_s
        self._adopt(paired)
        return 0.0

    def _begin(self) -> Claim:
        client = self._connect(None)
        try:
            claim = self._ask(PlayersInterface(client))
        finally:
            client.close()
        self._keyring.keep(replace(self.kept, claim=claim))
        if claim.code:
            log.info("pairing code %s: enter it on the server's page for new screens", claim.code)
        return claim

    def _ask(self, interface: PlayersInterface) -> Claim:
        """Ask with the enrolment key, if there is one that was not refused; else for a code."""
        device = self._device()
        if self._enrolment_key:
            try:
                return interface.begin_pairing(device, self._enrolment_key)
            except PairingRefused as error:
                log.warning(
                    "the server refuses server.enrolment_key (%s): the slate says so, and shows a"
                    " code meanwhile",
                    error,
                )
                self._enrolment_key, self._key_refused = "", True
        return replace(interface.begin_pairing(device, ""), key_refused=self._key_refused)

    def _adopt(self, paired: Paired) -> None:
        before = self.kept.credential
        pinned = pinned_root(before, self._generations.trust())
        client = self._connect(paired.token)
        try:
            credential = credential_of(
                paired, self._wanted_root, pinned, lambda version: _root(client, version)
            )
        finally:
            client.close()
        self._keyring.keep(Kept(credential))
        log.info(
            "this box is %s/%s now (%s); root %s",
            credential.site,
            credential.screen,
            credential.name,
            credential.root_sha256,
        )


def _root(client: HttpFetcher, version: int) -> bytes | None:
    try:
        return client.document(root_document(version)).body
    except ServerRefused as error:
        if error.is_missing:
            return None
        raise
