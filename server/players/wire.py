"""What boxes send, as values: the same types decode the bodies and describe them in OpenAPI.

Types and limits only; `reading` turns them into what services take.  Unknown fields are ignored,
so that a newer box can speak to an older server.
"""

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

__all__ = [
    "Clock",
    "Command",
    "CommandResult",
    "Commands",
    "Disk",
    "Fault",
    "GenerationFacts",
    "Heartbeat",
    "HeartbeatAnswer",
    "Memory",
    "Output",
    "Played",
    "Push",
    "Receipt",
    "Reports",
    "ReportsAnswer",
    "ReportsLost",
    "Syncing",
]

Count = Annotated[int, Meta(ge=0, le=2**53)]
Name = Annotated[str, Meta(pattern=r"^[A-Za-z0-9._-]{1,64}$")]
Digest = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Instant = Annotated[
    str,
    Meta(
        max_length=40,
        description="An instant of RFC 3339, in UTC with Z; a box may have a wrong clock.",
    ),
]
Short = Annotated[str, Meta(max_length=200)]
Long = Annotated[str, Meta(max_length=4000, description="Cut to 1,000 characters.")]
Severity = Literal["I", "W", "E", "C"]


class GenerationFacts(Struct):
    """The current generation; nulls while there is none."""

    version: Annotated[int, Meta(ge=1, le=2**53)] | None = None
    sha256: Digest | None = None
    activated_at: Instant | None = None


class Syncing(Struct):
    """What is missing still of a newer manifest."""

    blobs_left: Count = 0
    bytes_left: Count = 0


class Disk(Struct):
    """The file system of the cache, in bytes."""

    free: Count | None = None
    total: Count | None = None
    cache: Count | None = None


class Memory(Struct):
    """In bytes."""

    total: Count | None = None
    available: Count | None = None


class Clock(Struct):
    """The box's clock against the signed time of the server: positive is ahead."""

    offset_ms: Annotated[int, Meta(ge=-(2**53), le=2**53)] | None = None
    suspect: bool = False
    synchronised: bool | None = None


class Output(Struct):
    """A connected monitor."""

    name: Short = ""
    width: Count | None = None
    height: Count | None = None


class Push(Struct):
    """The push channel as the box sees it."""

    state: Short = ""
    age_s: float | None = None


class ListedFault(Struct):
    """A fault that is open now."""

    code: Name
    severity: Severity = "W"
    subject: Short = ""
    reason: Long = ""
    since: Instant = ""


class Heartbeat(Struct):
    """How a box is.  Everything but `boot` may be left out."""

    boot: Annotated[
        str,
        Meta(pattern=r"^[0-9A-Za-z-]{8,36}$", description="Another one each time it starts."),
    ]
    sequence: Count = 0
    at: Instant = ""
    versions: dict[str, str] | None = None
    generation: GenerationFacts | None = None
    syncing: Syncing | None = None
    picture: dict[str, Any] | None = None
    disk: Disk | None = None
    load: Annotated[list[float], Meta(max_length=3)] | None = None
    memory: Memory | None = None
    temperature_c: float | None = None
    clock: Clock | None = None
    addresses: Annotated[list[Short], Meta(max_length=64)] | None = None
    outputs: Annotated[list[Output], Meta(max_length=16)] | None = None
    panel: Literal["on", "off", "unknown"] = "unknown"
    faults: Annotated[list[ListedFault], Meta(max_length=500)] = []
    trust_flags: Annotated[list[Short], Meta(max_length=16)] = []
    push: Push | None = None


class HeartbeatAnswer(Struct):
    """`wanted`: what staff ask of this box: `screenshot`, `log`, and `commands` while some wait."""

    server_time: str
    wanted: tuple[str, ...]
    poll_s: int


class Command(Struct):
    """Something to be done once, within so many seconds; a kind that is not known is refused.

    `minutes`: for how long a panel is kept from its hours.
    """

    id: int
    kind: str
    expires_in_s: int
    minutes: int | None = None


class Commands(Struct):
    """What is to be done, the oldest first; told again until its result has come."""

    commands: tuple[Command, ...]


class CommandResult(Struct):
    """What became of a command.  `refused`: this box does not do such a thing; a sentence says why.

    A result that is told again changes nothing.
    """

    state: Literal["done", "refused", "failed"]
    sentence: Long = ""


class Played(Struct, tag_field="kind", tag="played"):
    """An item was really drawn in a zone, from when until when."""

    item: Name
    asset: Name
    zone: Name
    from_: Instant = msgspec.field(name="from")
    until: Instant
    sha256: Annotated[str, Meta(max_length=64)] = ""
    version: Count | None = None


class Fault(Struct, tag_field="kind", tag="fault"):
    """Something is wrong (`opened`), is no more (`closed`), or was for a moment (`event`)."""

    code: Name
    subject: Short = ""
    reason: Long = ""
    severity: Severity = "W"
    state: Literal["opened", "closed", "event"] = "opened"
    at: Instant = ""


class Receipt(Struct, tag_field="kind", tag="receipt"):
    """A manifest was activated."""

    version: Annotated[int, Meta(ge=1, le=2**53)]
    activated_at: Instant
    sha256: Digest | None = None


class ReportsLost(Struct, tag_field="kind", tag="reports-lost"):
    """So many reports before this one were lost on the box's disk."""

    records: Count


Report = Played | Fault | Receipt | ReportsLost


class Reports(Struct):
    """A segment of the outbox.  A report that is not as described is refused alone, and counted."""

    segment: Annotated[str, Meta(pattern=r"^[a-z0-9-]{1,80}$")]
    reports: Annotated[list[msgspec.Raw], Meta(max_length=20_000)]


class ReportsAnswer(Struct):
    """How many reports were taken in, and how many were not as described; neither comes again."""

    accepted: int
    refused: int
