"""From what boxes send to what services take: checked, cut to size, on our calendar.  Pure.

A time that is none, or out of all reason, is refused with the report that carries it.  Plays keep
the time of a box with a wrong clock; faults and receipts are never later than our own clock.
"""

from datetime import UTC, datetime, timedelta

import msgspec

from server.players import wire
from server.players.clean import clean, line
from server.telemetry.values import Beat, FaultNote, Play, ReceiptNote, Segment

__all__ = ["beat_of", "instant", "listed_of", "segment_of"]

#: No report is from before the first signage, or from the far end of the calendar.
_FIRST, _LAST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)

#: The longest that one item stands (docs/manifest.md, section 2: a day), and what may go beyond.
_LONGEST_PLAY = timedelta(days=2)

_CODE, _SUBJECT, _REASON = 60, 200, 1000


def beat_of(
    screen: int,
    sent: wire.Heartbeat,
    address: str,
    now: datetime,
    faults: tuple[FaultNote, ...] | None,
) -> Beat:
    """A heartbeat as it is kept; `faults` are those of `listed_of`, None if they are as before."""
    return Beat(
        screen=screen,
        received_at=now,
        boot=sent.boot,
        address=address,
        generation_version=sent.generation.version if sent.generation else None,
        body=clean(msgspec.to_builtins(sent)),
        faults=faults,
    )


def listed_of(sent: wire.Heartbeat, now: datetime) -> tuple[FaultNote, ...]:
    """The faults that a heartbeat names, each once."""
    found: dict[tuple[str, str], FaultNote] = {}
    for fault in sent.faults:
        note = FaultNote(
            code=line(fault.code, _CODE),
            subject=line(fault.subject, _SUBJECT),
            reason=line(fault.reason, _REASON),
            severity=fault.severity,
            at=_instant_or(fault.since, now),
        )
        found.setdefault(note.key, note)
    return tuple(found.values())


_REPORT: msgspec.json.Decoder[wire.Report] = msgspec.json.Decoder(wire.Report)


def segment_of(screen: int, sent: wire.Reports, now: datetime) -> tuple[Segment, int]:
    """What can be used of a segment, and how many of its reports cannot."""
    plays: list[Play] = []
    receipts: list[ReceiptNote] = []
    faults: list[FaultNote] = []
    refused = 0
    for raw in sent.reports:
        try:
            report = _REPORT.decode(raw)
            if isinstance(report, wire.Played):
                plays.append(_play(report))
            elif isinstance(report, wire.Receipt):
                at = instant(report.activated_at)
                receipts.append(ReceiptNote(report.version, min(at, now)))
            elif isinstance(report, wire.Fault):
                faults.append(_fault(report, now))
            else:
                faults.append(_lost(report, sent.segment, now))
        except ValueError:  # msgspec's ValidationError is one
            refused += 1
    return Segment(screen, sent.segment, tuple(plays), tuple(receipts), tuple(faults)), refused


def _play(sent: wire.Played) -> Play:
    start, end = instant(sent.from_), instant(sent.until)
    if not timedelta(0) < end - start <= _LONGEST_PLAY:
        raise ValueError("an item stands for a moment at least, and for two days at most")
    return Play(
        zone=sent.zone,
        item=sent.item,
        asset=sent.asset,
        sha256=line(sent.sha256, 64),
        start=start,
        end=end,
        manifest_version=sent.version,
    )


def _fault(sent: wire.Fault, now: datetime) -> FaultNote:
    return FaultNote(
        code=line(sent.code, _CODE),
        subject=line(sent.subject, _SUBJECT),
        reason=line(sent.reason, _REASON),
        severity=sent.severity,
        at=_instant_or(sent.at, now),
        closed=sent.state == "closed",
        momentary=sent.state == "event",
    )


def _lost(sent: wire.ReportsLost, segment: str, now: datetime) -> FaultNote:
    reason = f"{sent.records} reports were lost on the box before segment {segment}"
    return FaultNote("REPORTS_LOST", "outbox", reason, "W", now, momentary=True)


def instant(text: str) -> datetime:
    """An instant in UTC.  Raises `ValueError`."""
    found = datetime.fromisoformat(text)
    if found.tzinfo is None or not _FIRST.year <= found.year < _LAST.year:
        raise ValueError(f"{text!r} is no instant of our time")
    return found.astimezone(UTC)


def _instant_or(text: str, now: datetime) -> datetime:
    """The instant, but not later than `now`; `now` for what is none."""
    try:
        return min(instant(text), now)
    except ValueError:
        return now
