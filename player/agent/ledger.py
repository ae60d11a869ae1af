"""The ledger of faults: each is reported once when it opens, and once when it is over.

Whoever looks at something (a pass, the health of the cache, a chore) tells the ledger all that is
wrong with it now; the ledger finds out what is new and what is gone.  It survives a restart, so
that a fault that lasts is not opened again.  Any thread may tell.
"""

import contextlib
import threading
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec
from msgspec import Struct

from content_cache.disk import Disk
from content_cache.durable import read_whole, write_durably
from content_cache.errors import StorageError
from content_cache.faults import Fault
from scheduler.report import written

__all__ = ["FaultLedger", "OpenFault"]

_BYTES_LIMIT = 1 << 20

#: Faults that one source may have at a time; what is beyond says nothing new.
FAULTS_OF_A_SOURCE = 50

Append = Callable[[str, Mapping[str, Any]], object]


class OpenFault(Struct, frozen=True):
    """A fault that is not over; `subject` is what looked: sync, cache, clock, panel …"""

    code: str
    severity: str
    subject: str
    reason: str
    since: str


class FaultLedger:
    """The open faults, kept in the file `path`; `append` puts reports into the outbox."""

    def __init__(self, path: Path, disk: Disk, append: Append) -> None:
        self._path, self._disk, self._append = path, disk, append
        self._lock = threading.Lock()
        self._open = self._read()

    def tell(self, subject: str, faults: Iterable[Fault], now: datetime) -> None:
        """These, and no others, are wrong with `subject` at `now` (aware)."""
        found = {fault.code: fault for fault in list(faults)[:FAULTS_OF_A_SOURCE]}
        with self._lock:
            mine = {code for about, code in self._open if about == subject}
            opened = [found[code] for code in found if code not in mine]
            over = [code for code in mine if code not in found]
            for fault in opened:
                self._begin(subject, fault, written(now))
            for code in over:
                self._end(self._open.pop((subject, code)), written(now))
            if opened or over:
                self._keep()

    @property
    def open(self) -> tuple[OpenFault, ...]:
        """What is wrong now, the oldest first."""
        with self._lock:
            return tuple(self._open.values())

    def _begin(self, subject: str, fault: Fault, now: str) -> None:
        reason = fault.sentence[:1000]
        self._open[subject, fault.code] = OpenFault(
            fault.code, fault.severity, subject, reason, now
        )
        self._report("opened", self._open[subject, fault.code], now)

    def _end(self, fault: OpenFault, now: str) -> None:
        self._report("closed", fault, now)

    def _report(self, state: str, fault: OpenFault, now: str) -> None:
        record = {
            "state": state,
            "code": fault.code,
            "severity": fault.severity,
            "subject": fault.subject,
            "reason": fault.reason,
            "at": now,
        }
        self._append("fault", record)

    def _keep(self) -> None:
        content = msgspec.json.encode(list(self._open.values()))
        with contextlib.suppress(StorageError):  # then a restart opens them again
            write_durably(self._disk, self._path, content)

    def _read(self) -> dict[tuple[str, str], OpenFault]:
        try:
            content = read_whole(self._disk, self._path, _BYTES_LIMIT)
            kept = msgspec.json.decode(content, type=list[OpenFault])
        except (OSError, msgspec.MsgspecError):
            return {}
        return {(fault.subject, fault.code): fault for fault in kept}
