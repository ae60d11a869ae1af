"""One simulated box: polls, listens, brings what is new, verifies it, and reports.

It asks what a real agent asks, in its order (`content_cache.sync`, `player.agent`): the freshness
with `If-None-Match`; when that changed, the manifest (and roots, if the server has new ones); once
an hour (and at the start) a freshness for a challenge of its own.  Heartbeats, receipts and play
records go as those of an agent.  Only the disk is a fake.

Every real box verifies on its own processor.  Here all share one, so documents are put aside as
they come and verified when the rush is over (`verify`): the instant of an activation is that at
which its documents had come, and a document that is refused later is a failure of the whole run.
"""

import asyncio
import base64
import random
import secrets
import time
from datetime import datetime
from typing import NamedTuple

import msgspec

from bench.fleet.wire import Address, Line, PushLine, Reply, request
from manifest.candidate import activated
from manifest.errors import ManifestError
from manifest.trust import Trust
from manifest.trust_state import TrustState, pair
from player.clock import SystemClock

__all__ = ["Box", "Identity", "Tally"]

#: A silent connection is not used again after so long (`content_cache.http_client`).
IDLE_LIMIT_S = 30.0

#: A thorough pass, with a challenge, this often (`player.agent.rounds`).
THOROUGH_S = 3600.0

#: Play records are sent as a segment this often, in seconds; an item is shown for `ITEM_S`.
SEGMENT_S, ITEM_S = 300.0, 10
SEGMENT_RECORDS = int(SEGMENT_S) // ITEM_S


class Identity(msgspec.Struct, frozen=True):
    """What a box got when it was paired."""

    site: str
    screen: str
    token: str
    fingerprint: str
    root: bytes


class Tally(msgspec.Struct):
    """What all boxes of a process did."""

    polls: int = 0
    unchanged: int = 0
    requests: int = 0
    heartbeats: int = 0
    activations: int = 0
    put_off: int = 0
    failures: list[str] = []
    poll_ms: list[float] = []


class _Documents(NamedTuple):
    """What came in one pass, to be verified: the manifest is None if it was known already."""

    freshness: bytes
    challenge: str | None
    manifest: bytes | None


class _Reference(msgspec.Struct):
    version: int
    sha256: str


class _Freshness(msgspec.Struct):
    manifest: _Reference


class _Envelope(msgspec.Struct):
    payload: str


class Box:
    """A box that was paired as `identity`."""

    def __init__(self, identity: Identity, address: Address, poll_s: float, tally: Tally) -> None:
        self._address, self._poll_s, self._tally = address, poll_s, tally
        self._identity = identity
        self._line = Line()
        self._used_at = float("-inf")
        self._news = asyncio.Event()
        self._push: PushLine | None = None
        self._freshness_etag = ""
        self._named = _Reference(0, "")
        self._boot = secrets.token_hex(16)
        self._sequence = self._segment = 0
        self._waiting: list[_Documents] = []
        self._state: TrustState | None = None
        self.activated_at: dict[int, float] = {}
        """When each version's documents had come, in seconds of the monotonic clock."""

    # --- polls ---------------------------------------------------------------------------------

    async def start(self) -> None:
        """Listen, and make the first pass, as after a start.  Raises `OSError`."""
        await self._listen()
        await self._pass(thorough=True)

    async def live(self) -> None:
        """Poll, listen and report, for ever."""
        due = time.monotonic() + random.random() * self._poll_s
        while True:
            try:
                async with asyncio.timeout(max(0.0, due - time.monotonic())):
                    await self._news.wait()
            except TimeoutError:
                pass
            self._news.clear()
            try:
                await self._round()
            except (OSError, TimeoutError) as error:
                self._tally.failures.append(f"{self._identity.screen}: {error}")
                self._line.close()
            due = time.monotonic() + self._poll_s * (0.9 + 0.2 * random.random())

    async def _round(self) -> None:
        if self._push is None:
            await self._listen()
        await self._pass(thorough=random.random() < self._poll_s / THOROUGH_S)
        await self._heartbeat()
        if random.random() < self._poll_s / SEGMENT_S:
            await self._report([_played(self._named.version, n) for n in range(SEGMENT_RECORDS)])

    async def _pass(self, *, thorough: bool) -> None:
        challenge = secrets.token_urlsafe(24) if thorough else None
        begun = time.perf_counter()
        etag = {"If-None-Match": self._freshness_etag} if self._freshness_etag else {}
        heard = None if thorough else await self._get("freshness", **etag)
        if heard is not None:
            self._tally.polls += 1
            self._tally.poll_ms.append((time.perf_counter() - begun) * 1000)
            if heard.status == 304:
                self._tally.unchanged += 1
                return
        if heard is None or heard.headers.get(b"yingbi-root") != b"1":
            root = await self._get("root/2")
            self._expect(root, 404)
        if challenge is not None:
            heard = await self._get(f"freshness?challenge={challenge}")
        assert heard is not None, "one of the two was asked for"
        self._expect(heard, 200)
        await self._bring(heard.body, challenge)
        if challenge is None:  # not before: a pass that broke off is made again
            self._freshness_etag = heard.headers[b"etag"].decode()

    async def _bring(self, freshness: bytes, challenge: str | None) -> None:
        newest = _named_in(freshness)
        if newest == self._named:
            self._waiting.append(_Documents(freshness, challenge, None))
            return
        manifest = await self._get("manifest")
        self._expect(manifest, 200)
        self._waiting.append(_Documents(freshness, challenge, manifest.body))
        self._named = newest
        self.activated_at[newest.version] = time.monotonic()
        self._tally.activations += 1
        await self._report([{"kind": "receipt", "version": newest.version, "activated_at": _now()}])

    # --- what came -----------------------------------------------------------------------------

    def verify(self, now: datetime) -> None:
        """Verify what came since the last time, and raise the floors.  Raises `ManifestError`."""
        if self._state is None:
            mine = self._identity
            self._state = pair(mine.root, mine.fingerprint, mine.site, mine.screen)
        waiting, self._waiting = self._waiting, []
        for documents in waiting:
            trust = Trust(self._state, now)
            trust.freshness(documents.freshness, documents.challenge)
            if documents.manifest is None:
                if trust.wanted() is not None:
                    raise ManifestError("a manifest was named that was never fetched")
                self._state = trust.state
            else:
                candidate = trust.manifest(documents.manifest)
                self._state = activated(trust.state, candidate)

    # --- reports -------------------------------------------------------------------------------

    async def _heartbeat(self) -> None:
        self._sequence += 1
        body = _heartbeat(self._boot, self._sequence, self._named.version)
        self._expect(await self._post("heartbeat", body), 200)
        self._tally.heartbeats += 1

    async def _report(self, reports: list[dict[str, object]]) -> None:
        self._segment += 1
        name = f"{self._segment:012}-agent-{self._boot}"
        answer = await self._post("reports", {"segment": name, "reports": reports})
        if answer.status == 503 and b"retry-after" in answer.headers:
            self._tally.put_off += 1  # the server has enough to write; an agent comes again
            return
        self._expect(answer, 200)

    # --- the wire ------------------------------------------------------------------------------

    async def _listen(self) -> None:
        push = PushLine(self._news.set, self._hung_up)
        await push.connect(self._address)
        push.send(request("GET", "/player/v1/push", self._token()))
        async with asyncio.timeout(60):
            await push.welcome.wait()
        self._push = push

    def _hung_up(self) -> None:
        self._push = None

    def _token(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self._identity.token}", "User-Agent": "yingbi"}

    async def _get(self, path: str, **headers: str) -> Reply:
        return await self._ask(request("GET", f"/player/v1/{path}", self._token() | headers))

    async def _post(self, path: str, body: object) -> Reply:
        headers = self._token() | {"Content-Type": "application/json"}
        content = msgspec.json.encode(body)
        return await self._ask(request("POST", f"/player/v1/{path}", headers, content))

    async def _ask(self, wanted: bytes) -> Reply:
        now = time.monotonic()
        if not self._line.is_open or now - self._used_at > IDLE_LIMIT_S:
            self._line.close()
            self._line = Line()
            await self._line.connect(self._address)
        self._used_at = now
        self._tally.requests += 1
        return await self._line.ask(wanted)

    def _expect(self, reply: Reply, status: int) -> None:
        if reply.status != status:
            raise OSError(f"{status} was due, and {reply.status} came: {reply.body[:200]!r}")


def _named_in(freshness: bytes) -> _Reference:
    """Which manifest a freshness names, before anybody has verified it."""
    payload = msgspec.json.decode(freshness, type=_Envelope).payload
    return msgspec.json.decode(base64.b64decode(payload), type=_Freshness).manifest


def _now(ago_s: float = 0.0) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(SystemClock().now().timestamp() - ago_s))


def _played(version: int, number: int) -> dict[str, object]:
    """The play record of an item that ended `number` items ago."""
    begun, ended = (_now((number + each) * ITEM_S) for each in (1, 0))
    return {
        "kind": "played",
        "item": f"i{number}",
        "asset": f"a{number}",
        "sha256": f"{number:064x}",
        "zone": "main",
        "from": begun,
        "until": ended,
        "version": version,
    }


def _heartbeat(boot: str, sequence: int, version: int) -> dict[str, object]:
    """As large as that of a real box (docs/agent.md)."""
    return {
        "boot": boot,
        "sequence": sequence,
        "at": _now(),
        "versions": {"yingbi": "0.1", "python": "3.11.2", "os": "Debian 12", "kernel": "6.1.0"},
        "generation": {"version": version, "sha256": "0" * 64, "activated_at": _now()},
        "syncing": None,
        "picture": {"from": _now(), "layout": "l1", "zones": {"main": {"item": "i1"}}},
        "disk": {"free": 9_000_000_000, "total": 32_000_000_000, "cache": 2_000_000_000},
        "load": [0.2, 0.2, 0.1],
        "memory": {"total": 4_000_000_000, "available": 3_000_000_000},
        "temperature_c": 52.0,
        "clock": {"offset_ms": 3, "suspect": False, "synchronised": True},
        "addresses": ["10.1.2.3"],
        "outputs": [{"name": "HDMI-1", "width": 1920, "height": 1080}],
        "panel": "on",
        "faults": [],
        "trust_flags": [],
        "push": {"state": "open", "age_s": 3.0},
    }
