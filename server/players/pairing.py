"""The endpoints by which a box becomes a screen; the rules are `server.screens.pairing`'s."""

import re
from collections.abc import Callable
from typing import Annotated, Any

import msgspec
from msgspec import Meta, Struct

from manifest.times import write
from manifest.trust_state import fingerprint
from server.clock import Clock
from server.errors import Unavailable
from server.players.clean import clean
from server.players.desk import Desk
from server.players.exchange import Answer, Exchange, json_answer
from server.players.gate import Gate
from server.publishing.selectors import root_in
from server.screens.errors import NoSuchPairing
from server.screens.pairing import Paired, pairing_answer, pairing_request

__all__ = ["Pairing", "PairingBegun", "PairingRequest", "PairingState"]

#: The body of a request for a pairing, in bytes.
BODY_BYTES = 16 * 1024

#: How often a box asks whether it was claimed, in seconds.
POLL_S = 5

_ID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.ASCII)


class PairingRequest(Struct):
    """A box that wants to become a screen.  `device` is free text about it, shown to people."""

    device: dict[str, Any]
    enrolment_key: Annotated[str, Meta(min_length=1, max_length=200)] | None = None


class PairingBegun(Struct):
    """`code` is what the screen shows; null where an enrolment key has claimed the box."""

    pairing: str
    secret: str
    code: str | None
    expires_at: str
    poll_s: int


class PairingState(Struct, omit_defaults=True):
    """`waiting` alone, or `paired` with all the rest.  `root` is an envelope."""

    state: str
    token: str = ""
    organisation: str = ""
    site: str = ""
    screen: str = ""
    name: str = ""
    root: msgspec.Raw | msgspec.UnsetType = msgspec.UNSET
    root_sha256: str = ""


class Pairing:
    """The two endpoints.  `newest_root` gives the envelope of the newest root, None without one."""

    def __init__(
        self,
        gate: Gate,
        desk: Desk,
        clock: Clock,
        newest_root: Callable[[], bytes | None],
    ) -> None:
        self._gate, self._desk, self._clock = gate, desk, clock
        self._newest_root = newest_root

    async def begin(self, exchange: Exchange) -> Answer:
        """Ask to be paired."""
        self._gate.spend("pairings", exchange.address)
        wanted = await exchange.json(PairingRequest, BODY_BYTES)
        asked = await self._desk.ask(
            pairing_request,
            device=clean(wanted.device),
            address=exchange.address,
            enrolment_key=wanted.enrolment_key,
            now=self._clock.now(),
        )
        pairing = asked.pairing
        expires_at = write(pairing.expires_at)
        return json_answer(
            PairingBegun(str(pairing.pk), asked.secret, pairing.code, expires_at, POLL_S), 201
        )

    async def ask(self, exchange: Exchange) -> Answer:
        """Has it been claimed?"""
        self._gate.spend("secrets", exchange.address)
        secret = exchange.bearer()
        if secret is None or not _ID.fullmatch(exchange.argument):
            raise NoSuchPairing
        found = await self._desk.ask(self._answer, exchange.argument, secret.decode("latin-1"))
        return json_answer(found)

    def _answer(self, pairing: str, secret: str) -> PairingState:
        """In a thread: what became of the pairing."""
        found = pairing_answer(pairing=pairing, secret=secret, now=self._clock.now())
        if found is None:
            return PairingState("waiting")
        root = self._newest_root()
        if root is None:  # the token that was made just now dies when the box asks again
            raise Unavailable(
                "This server has no signing keys yet: run yingbi-server keys init.",
                retry_after_s=60,
            )
        return _paired(found, root)


def _paired(found: Paired, root: bytes) -> PairingState:
    return PairingState(
        state="paired",
        token=found.token,
        organisation=root_in(root).org,
        site=found.screen.site.slug,
        screen=found.screen.slug,
        name=found.screen.name,
        root=msgspec.Raw(root),
        root_sha256=fingerprint(root),
    )
