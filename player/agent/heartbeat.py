"""The heartbeat: how this box is, what it shows, and what is wrong with it, in one small body.

Its fields are those of the interface for players (docs/agent.md, "Heartbeat").
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from msgspec import structs

from content_cache.generations import Generation, Generations
from content_cache.register import Mark
from player.agent.machine import Machine
from player.agent.situation import Situation
from player.ledger import OpenFault
from scheduler.report import as_object, written
from scheduler.timeline import Span, next_change_after, on_screen_at

__all__ = ["Current", "heartbeat"]


#: So many faults a heartbeat names, with so many characters of each reason: its body has 64 KiB.
FAULTS_LISTED = 30
REASON_LISTED = 300


class Current:
    """The current generation, read again only when it changed.  One thread."""

    def __init__(self, generations: Generations) -> None:
        self._generations = generations
        self._mark: Mark | None = None
        self._found: Generation | None = None

    def generation(self) -> Generation | None:
        """What is current now."""
        mark = self._generations.mark()
        if mark != self._mark:
            self._mark, self._found = mark, self._generations.current()
        return self._found


def heartbeat(
    situation: Situation,
    generation: Generation | None,
    machine: Machine,
    faults: Sequence[OpenFault],
    *,
    sequence: int,
    now: datetime,
) -> dict[str, Any]:
    """The body of the heartbeat number `sequence` of this start of the agent, at `now` (aware)."""
    syncing = {"blobs_left": situation.blobs_left, "bytes_left": situation.bytes_left}
    return {
        "boot": situation.boot,
        "sequence": sequence,
        "at": written(now),
        "versions": machine.versions(),
        "generation": _generation(situation, generation),
        "syncing": syncing if situation.blobs_left else None,
        "picture": _picture(generation, now),
        "disk": machine.space(),
        "load": machine.load(),
        "memory": machine.memory(),
        "temperature_c": machine.temperature_c(),
        "clock": {
            "offset_ms": situation.offset_ms,
            "suspect": "clock_suspect" in situation.trust_flags,
            "synchronised": machine.synchronised(),
        },
        "addresses": machine.addresses(),
        "outputs": machine.outputs(),
        "panel": situation.panel,
        "faults": [_listed(fault) for fault in faults[:FAULTS_LISTED]],
        "trust_flags": list(situation.trust_flags),
        "push": {"state": situation.push, "age_s": situation.push_age_s},
    }


def _listed(fault: OpenFault) -> dict[str, Any]:
    return structs.asdict(fault) | {"reason": fault.reason[:REASON_LISTED]}


def _generation(situation: Situation, generation: Generation | None) -> dict[str, Any]:
    if generation is None:
        return {"version": None, "sha256": None, "activated_at": None}
    return {
        "version": generation.manifest.version,
        "sha256": generation.sha256,
        "activated_at": situation.activated_at or None,
    }


def _picture(generation: Generation | None, now: datetime) -> dict[str, Any] | None:
    """What is due on the screen, as `yingbi-timeline` writes it."""
    if generation is None:
        return None
    picture = on_screen_at(generation.manifest, now)
    until = next_change_after(generation.manifest, now)
    return as_object(Span(now, until, picture))
