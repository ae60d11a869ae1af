"""The table of the interface: what is served at which path, and how its document describes it."""

from functools import cache
from typing import Any, NamedTuple

import msgspec

from server.openapi import Described, document
from server.players import wire
from server.players.exchange import Answer, Exchange
from server.players.interface import PREFIX, Endpoint, Operation
from server.players.pairing import PairingBegun, PairingRequest, PairingState

__all__ = ["Endpoints", "describe", "operations"]

_ABOUT = """What a paired box asks of its server, and what it reports to it.

Every request but those of a pairing carries the token of its screen (`Authorization: Bearer`).
Whatever is refused has the one shape `Error`.  Documents are signed: what they hold is told by the
project's pages on manifests and trust, not here.  Bodies may come with `Content-Encoding: gzip`.
"""

_ETAG = {
    "name": "If-None-Match",
    "in": "header",
    "schema": {"type": "string"},
    "description": "The entity tag of the copy that the box has.",
}
_SAME = {"304": {"description": "The box's copy is the right one."}}
_CHALLENGE = {
    "name": "challenge",
    "in": "query",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{16,64}$"},
    "description": "Text to be signed with the answer, so that it cannot be a recording.",
}
_RANGE = {
    "name": "Range",
    "in": "header",
    "schema": {"type": "string"},
    "description": "One range of bytes (RFC 9110, 14.2); several are answered with the whole.",
}
_IF_RANGE = {
    "name": "If-Range",
    "in": "header",
    "schema": {"type": "string"},
    "description": "The entity tag that the range is of; for another one the whole is sent.",
}
_LAST_ID = {
    "name": "Last-Event-ID",
    "in": "header",
    "schema": {"type": "string"},
    "description": "The last id that was heard: what was missed is said at once.",
}
_AT = {
    "name": "at",
    "in": "query",
    "schema": {"type": "string", "format": "date-time"},
    "description": "When the picture was taken; left out: now.",
}
_BLOB_ANSWERS = {
    **_SAME,
    "206": {"description": "The part that was asked for."},
    "416": {"$ref": "#/components/responses/Error"},
}
_FOR_AN_HOUR = (b"cache-control", b"public, max-age=3600")
_SHA256 = {"sha256": {"type": "string", "pattern": "^[0-9a-f]{64}$"}}


class Endpoints(NamedTuple):
    """Who answers what."""

    pairing_begin: Endpoint
    pairing_ask: Endpoint
    root: Endpoint
    freshness: Endpoint
    manifest: Endpoint
    blob: Endpoint
    push: Endpoint
    heartbeat: Endpoint
    reports: Endpoint
    screenshot: Endpoint
    log: Endpoint
    commands: Endpoint
    command_end: Endpoint


#: In the order of `Endpoints`.
_DESCRIBED = (
    Described(
        method="POST", path="/pairing", name="pairing_begin", is_open=True, status=201,
        summary="Ask to become a screen: with a code that a person claims, or an enrolment key.",
        body=PairingRequest, answer=PairingBegun,
    ),
    Described(
        method="GET", path="/pairing/{id}", name="pairing_ask", answer=PairingState,
        summary="Has it been claimed?  With the pairing's secret in the place of a token.",
        path_parameters={"id": {"type": "string", "format": "uuid"}},
    ),
    Described(
        method="GET", path="/root/{n}", name="root", answer=dict[str, Any],
        summary="The envelope of a root.",
        path_parameters={"n": {"type": "integer", "minimum": 1, "maximum": 999_999_999}},
    ),
    Described(
        method="GET", path="/freshness", name="freshness", answer=dict[str, Any], answers=_SAME,
        summary="The envelope of the newest word on what is newest.",
        parameters=(_CHALLENGE, _ETAG),
    ),
    Described(
        method="GET", path="/manifest", name="manifest", answer=dict[str, Any], answers=_SAME,
        summary="The envelope of the newest manifest.", parameters=(_ETAG,),
    ),
    Described(
        method="GET", path="/blobs/{sha256}", name="blob", answer=bytes, answer_media="*/*",
        summary="A blob that the newest manifest of this screen names, or the one before it.",
        parameters=(_RANGE, _IF_RANGE, _ETAG), path_parameters=_SHA256, answers=_BLOB_ANSWERS,
    ),
    Described(
        method="GET", path="/push", name="push", answer=bytes, answer_media="text/event-stream",
        summary="Server-sent events: `look` (something is new), `wanted` (staff ask for something)."
        "  The id is the version of the newest manifest; a comment comes every 20 s.",
        parameters=(_LAST_ID,),
    ),
    Described(
        method="POST", path="/heartbeat", name="heartbeat",
        summary="How the box is.", body=wire.Heartbeat, answer=wire.HeartbeatAnswer,
    ),
    Described(
        method="POST", path="/reports", name="reports",
        summary="A segment of the outbox: reports of the kinds `Played`, `Fault`, `Receipt` and"
        " `ReportsLost`.  Sent twice, it counts once; a report that is none of them is refused"
        " alone.",
        body=wire.Reports, answer=wire.ReportsAnswer,
    ),
    Described(
        method="PUT", path="/screenshots", name="screenshot", parameters=(_AT,),
        summary="A picture of the glass, 512 KiB at the most.",
        body=bytes, body_media="image/webp",
    ),
    Described(
        method="PUT", path="/logs", name="log", summary="The end of the log, 256 KiB at the most.",
        body=bytes, body_media="text/plain",
    ),
    Described(
        method="GET", path="/commands", name="commands", answer=wire.Commands,
        summary="What this box is to do; asked for when `wanted` holds `commands`.",
    ),
    Described(
        method="POST", path="/commands/{id}", name="command_end", status=204,
        summary="What became of a command.", body=wire.CommandResult,
        path_parameters={"id": {"type": "integer", "minimum": 1, "maximum": 999_999_999_999}},
    ),
)  # fmt: skip


def operations(endpoints: Endpoints) -> list[Operation]:
    """The table, and in it the document of itself."""
    pairs = zip(_DESCRIBED, endpoints, strict=True)
    table = [Operation(told.method, told.path, endpoint) for told, endpoint in pairs]
    return [*table, Operation("GET", "/openapi.json", _tell)]


async def _tell(_exchange: Exchange) -> Answer:
    """What this interface is; for whoever asks."""
    return Answer(200, describe(), ((b"content-type", b"application/json"), _FOR_AN_HOUR))


@cache
def describe() -> bytes:
    """The OpenAPI document of the interface."""
    told = document(
        title="Yingbi: interface for players",
        base=PREFIX,
        about=_ABOUT,
        operations=_DESCRIBED,
        further=(wire.Played, wire.Fault, wire.Receipt, wire.ReportsLost),
    )
    return msgspec.json.encode(told)
