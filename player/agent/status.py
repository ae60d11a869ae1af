"""`yingbi-agent status`: what this box is, without asking anybody: a dead server, agent or player
does not keep it from answering.

Reads the cache directory and writes nothing.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec

from config.model import PlayerSettings
from content_cache.disk import Disk
from content_cache.durable import read_whole
from content_cache.health import Health, look
from content_cache.lock import holder
from content_cache.status import as_json as cache_as_json
from player.agent.office import STATUS
from player.agent.pin import grouped
from player.agent.situation import Situation
from player.bulletin import PairingCard, read_bulletin
from player.ledger import AGENT_FAULTS, STAGE_FAULTS, read_open_faults

__all__ = ["as_json", "as_text"]

_BYTES_LIMIT = 1 << 20


class _Found:
    """Everything there is to tell."""

    def __init__(self, settings: PlayerSettings, disk: Disk) -> None:
        root = settings.cache.directory
        self.root, self.servers = root, settings.server.urls
        self.health: Health = look(root, disk)
        self.agent = holder(root, disk)
        self.situation = _read(disk, root / STATUS, Situation) or Situation()
        self.card = read_bulletin(root, disk).pairing or PairingCard()
        self.faults = read_open_faults(root / AGENT_FAULTS, disk)
        self.of_the_stage = read_open_faults(root / STAGE_FAULTS, disk)


def _read(disk: Disk, path: Path, kind: Any) -> Any:
    try:
        return msgspec.json.decode(read_whole(disk, path, _BYTES_LIMIT), type=kind)
    except (OSError, msgspec.MsgspecError):
        return None


def as_json(settings: PlayerSettings, disk: Disk) -> dict[str, Any]:
    """Everything, for programs."""
    found = _Found(settings, disk)
    return {
        "paired": found.card.is_paired,
        "pairing_code": found.card.code,
        "enrolment_key_refused": found.card.key_refused,
        "root_sha256": found.card.fingerprint,
        "servers": list(found.servers),
        "agent": found.agent,
        "situation": msgspec.structs.asdict(found.situation),
        "faults": [msgspec.structs.asdict(fault) for fault in [*found.faults, *found.of_the_stage]],
        "cache": cache_as_json(found.root, found.health),
    }


def as_text(settings: PlayerSettings, disk: Disk) -> Iterator[str]:
    """The lines that a person wants to read."""
    found = _Found(settings, disk)
    now = found.situation
    yield f"agent        {found.agent or 'not running'}"
    yield f"             as of {now.at}" if now.at else "             never ran here"
    yield from _pairing(found)
    yield f"server       {', '.join(found.servers) or 'none: server.urls is empty'}"
    yield f"link         {now.link}{_since(now)}"
    if now.last_pass:
        yield f"last pass    {now.last_pass_at}: {now.last_pass}"
    yield f"push         {now.push}{_age(now)}"
    yield from _content(found)
    if now.offset_ms is not None:
        yield f"clock        {now.offset_ms:+,} ms against the server"
    for flag in now.trust_flags:
        yield f"             {flag}"
    yield f"panel        {now.panel}"
    yield f"reports      {now.reports_waiting:,} bytes wait"
    yield from _faults(found)


def _pairing(found: _Found) -> Iterator[str]:
    now, card = found.situation, found.card
    if card.is_paired or now.screen:
        yield f"screen       {now.screen or 'paired'}{f' ({now.name})' if now.name else ''}"
    else:
        yield "screen       not paired yet"
    if card.code:
        again = " again" if now.token_refused else ""
        yield f"pairing code {card.code[:3]} {card.code[3:]}: pair this box{again} at {card.server}"
    if card.key_refused:
        yield "             (the server refuses server.enrolment_key: set another, or pair by code)"
    if card.fingerprint:
        yield f"root         {grouped(card.fingerprint)}"


def _since(now: Situation) -> str:
    since = f" since {now.link_since}" if now.link_since else ""
    return f"{since}: {now.link_reason}" if now.link_reason else since


def _age(now: Situation) -> str:
    return "" if now.push_age_s is None else f", last heard {now.push_age_s:.0f} s before that"


def _content(found: _Found) -> Iterator[str]:
    current, space, now = found.health.view.current, found.health.space, found.situation
    shown = f"manifest {current.manifest.version}" if current else "none: the slate stands"
    yield f"generation   {shown}"
    if now.blobs_left:
        yield f"             {now.blobs_left} blobs, {now.bytes_left:,} bytes of the newest to come"
    if space:
        yield f"disk         {space.free_bytes:,} of {space.total_bytes:,} bytes free"


def _faults(found: _Found) -> Iterator[str]:
    told = [(fault.code, fault.reason) for fault in found.faults]
    told += [(fault.code, f"{fault.subject}: {fault.reason}") for fault in found.of_the_stage]
    told += [(fault.code, fault.sentence) for fault in found.health.faults]
    for code, sentence in dict.fromkeys(told):
        yield f"fault        {code}: {sentence}"
