"""The interface for players as the agent speaks it: pairing, heartbeat, reports, pictures, push.

Values in, values out; what goes over the network goes through `content_cache.http_client`.  The
documents and blobs of a sync pass are not here: `content_cache.http_fetcher` fetches those.
"""

import gzip
import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, TypeVar

import msgspec
from msgspec import Struct

from content_cache.fetch_errors import ServerRefused
from content_cache.http_client import HttpClient
from content_cache.server_sent import ServerEvent
from player.agent.errors import PairingGone, PairingRefused, UnexpectedAnswer
from player.agent.keyring import Claim

__all__ = ["Command", "HeartbeatAnswer", "Paired", "PlayersInterface"]

_JSON = {"Content-Type": "application/json"}

#: Shorter bodies are not worth zipping.
_GZIP_FROM_BYTES = 2048

_TOKEN = re.compile(r"[\x21-\x7e]{16,512}")

_Answer = TypeVar("_Answer")


class _Begun(Struct):
    pairing: str
    secret: str
    code: str | None = None
    poll_s: float = 5.0


class Paired(Struct, frozen=True):
    """The server's word on which screen this box is.  `root` is an envelope, as JSON has it."""

    organisation: str
    site: str
    screen: str
    name: str
    root: msgspec.Raw
    root_sha256: str
    token: str

    def __repr__(self) -> str:
        return f"Paired({self.site}/{self.screen})"


class _State(Struct):
    state: str


class HeartbeatAnswer(Struct, frozen=True):
    """What the server wants of this box, and what time it says it is (not signed)."""

    server_time: str = ""
    wanted: tuple[str, ...] = ()
    poll_s: float | None = None


class Command(Struct, frozen=True):
    """Something that staff have this box do; `minutes`: for how long a panel is kept so."""

    id: int
    kind: str
    minutes: int | None = None


class _Commands(Struct):
    commands: tuple[Command, ...] = ()


class PlayersInterface:
    """Speaks for one box.  Every call may raise `FetchError`."""

    def __init__(self, client: HttpClient) -> None:
        self._client = client

    def begin_pairing(self, device: Mapping[str, Any], enrolment_key: str) -> Claim:
        """Ask for a code, or, with an enrolment key, for a place.  Raises `PairingRefused`."""
        body: dict[str, Any] = {"device": device}
        if enrolment_key:
            body["enrolment_key"] = enrolment_key
        try:
            begun = self._post("pairing", body, _Begun)
        except ServerRefused as error:
            if error.status in (400, 401, 403, 409, 422):
                raise PairingRefused(f"the server will not pair this box: {error}") from error
            raise
        return Claim(begun.pairing, begun.secret, begun.code or "", max(begun.poll_s, 1.0))

    def ask_after(self, claim: Claim) -> Paired | None:
        """Has somebody claimed this box?  Raises `PairingGone` where a new code is needed."""
        try:
            reply = self._client.send("GET", f"pairing/{claim.pairing}", secret=claim.secret)
        except ServerRefused as error:
            if error.status in (401, 403, 404, 410):
                raise PairingGone("the pairing code expired") from error
            raise
        if _decode(reply.body, _State).state != "paired":
            return None
        paired = _decode(reply.body, Paired)
        if not _TOKEN.fullmatch(paired.token):
            raise UnexpectedAnswer("the server's token for this box is none: compare versions")
        return paired

    def heartbeat(self, body: Mapping[str, Any]) -> HeartbeatAnswer:
        """Say how the box is."""
        return self._post("heartbeat", body, HeartbeatAnswer)

    def reports(self, segment: str, reports: Sequence[Mapping[str, Any]]) -> None:
        """Send the reports of one segment; sent twice, they count once."""
        self._post("reports", {"segment": segment, "reports": reports}, dict[str, Any])

    def screenshot(self, picture: bytes, at: str) -> None:
        """Send a picture of the glass (WebP), taken at `at`."""
        headers = {"Content-Type": "image/webp"}
        self._client.send("PUT", f"screenshots?at={at}", picture, headers)

    def log_tail(self, text: str) -> None:
        """Send the end of the log."""
        headers = {"Content-Type": "text/plain; charset=utf-8"}
        self._client.send("PUT", "logs", text.encode("utf-8", "replace"), headers)

    def commands(self) -> tuple[Command, ...]:
        """What this box is to do, the oldest first."""
        return _decode(self._client.send("GET", "commands").body, _Commands).commands

    def command_ended(self, command: int, state: str, sentence: str) -> None:
        """Tell what became of a command; told twice, it counts once."""
        body = msgspec.json.encode({"state": state, "sentence": sentence})
        self._client.send("POST", f"commands/{command}", body, dict(_JSON))

    @contextmanager
    def pushes(self, last_id: str | None) -> Iterator[Iterator[ServerEvent]]:
        """Listen to what the server pushes, from after the event `last_id`."""
        with self._client.events("push", last_id) as events:
            yield events

    def _post(self, path: str, body: Mapping[str, Any], kind: type[_Answer]) -> _Answer:
        content, headers = msgspec.json.encode(body), dict(_JSON)
        if len(content) > _GZIP_FROM_BYTES:
            content, headers["Content-Encoding"] = gzip.compress(content, 5, mtime=0), "gzip"
        return _decode(self._client.send("POST", path, content, headers).body, kind)


def _decode(body: bytes, kind: type[_Answer]) -> _Answer:
    try:
        return msgspec.json.decode(body or b"{}", type=kind)
    except msgspec.MsgspecError as error:
        raise UnexpectedAnswer("the server's answer cannot be read: compare versions") from error
