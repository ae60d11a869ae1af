"""The ledger of faults: each is reported once when it opens, and once when it is over.

Whoever looks at something (a pass, the health of the cache, a chore) tells the ledger all that is
wrong with it now; the ledger finds out what is new and what is gone.  Whoever meets one fault after
another (the stage) begins each, and says what is well again.  The ledger survives a restart, so
that a fault that lasts is not opened again.  The agent and the stage have one each; any thread may
tell.
"""

import contextlib
import threading
from collections.abc import Callable, Collection, Iterable
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

__all__ = ["AGENT_FAULTS", "STAGE_FAULTS", "FaultLedger", "OpenFault", "read_open_faults"]

#: Where the two are kept, below the cache directory.
AGENT_FAULTS = Path("agent") / "faults.json"
STAGE_FAULTS = Path("stage") / "faults.json"

_BYTES_LIMIT = 1 << 20

#: Faults that one source may have at a time; what is beyond says nothing new.
FAULTS_OF_A_SOURCE = 50

#: Faults that are begun one by one and open at a time; what is beyond is reported and forgotten.
OPEN_LIMIT = 100

REASON_CHARACTERS = 1000

Append = Callable[[str, dict[str, Any]], object]


class OpenFault(Struct, frozen=True):
    """A fault that is not over; `subject` is what looked (sync, cache, panel …), or an item."""

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
            for fault in opened:
                self._begin(subject, fault, written(now))
            if opened:
                self._keep()
            self._close([(subject, code) for code in mine if code not in found], now)

    def begin(self, subject: str, fault: Fault, now: datetime) -> None:
        """`subject` has this fault, too; told again only with another reason."""
        with self._lock:
            known = self._open.get((subject, fault.code))
            if known is not None and known.reason == fault.sentence[:REASON_CHARACTERS]:
                return
            self._begin(subject, fault, written(now))
            if len(self._open) > OPEN_LIMIT:
                del self._open[subject, fault.code]
            self._keep()

    def well(self, subject: str, now: datetime, still: Collection[str] = ()) -> None:
        """Nothing is wrong with `subject` any more, but for the codes that `still` hold."""
        with self._lock:
            mine = [key for key in self._open if key[0] == subject]
            self._close([key for key in mine if key[1] not in still], now)

    def keep_only(self, subjects: Collection[str], now: datetime) -> None:
        """There are no others any more, so nothing is wrong with them."""
        with self._lock:
            self._close([key for key in self._open if key[0] not in subjects], now)

    def _close(self, keys: Collection[tuple[str, str]], now: datetime) -> None:
        for key in keys:
            self._end(self._open.pop(key), written(now))
        if keys:
            self._keep()

    @property
    def open(self) -> tuple[OpenFault, ...]:
        """What is wrong now, the oldest first."""
        with self._lock:
            return tuple(self._open.values())

    def _begin(self, subject: str, fault: Fault, now: str) -> None:
        reason = fault.sentence[:REASON_CHARACTERS]
        known = self._open.get((subject, fault.code))
        since = known.since if known else now
        self._open[subject, fault.code] = OpenFault(
            fault.code, fault.severity, subject, reason, since
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
        kept = read_open_faults(self._path, self._disk)
        return {(fault.subject, fault.code): fault for fault in kept}


def read_open_faults(path: Path, disk: Disk) -> list[OpenFault]:
    """The open faults that a ledger keeps at `path`; none where nothing can be read."""
    try:
        return msgspec.json.decode(read_whole(disk, path, _BYTES_LIMIT), type=list[OpenFault])
    except (OSError, msgspec.MsgspecError):
        return []
