"""What was acknowledged, and what is there in the end: uploads, releases, audit, box's reports.

A witness keeps a second name for every segment of the box's outbox, so that it still knows what
stood in those that were deleted because the server had acknowledged them.
"""

import contextlib
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from content_cache.disk import RealDisk
from content_cache.segments import Report, closed_segments

#: Plays by (zone, item, start in ms), receipts by version.
Plays = set[tuple[str, str, int]]


class Witness(threading.Thread):
    """Looks at the outbox of a box (its cache folder) many times a second, from `start` on."""

    LOOK_S = 0.05

    def __init__(self, box: Path, folder: Path) -> None:
        super().__init__(name="witness")
        self._box, self._kept = box, folder
        (folder / "outbox").mkdir(parents=True)
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(self.LOOK_S):
            for segment in (self._box / "outbox").glob("*.reports"):
                with contextlib.suppress(FileExistsError, FileNotFoundError):
                    os.link(segment, self._kept / "outbox" / segment.name)

    def close(self) -> None:
        self._over.set()
        self.join()

    def acknowledged(self) -> list[Report]:
        """What stood in segments that are gone now.  The writers must have ended."""
        waiting = {each.name for each in (self._box / "outbox").glob("*.reports")}
        gone = (each for each in closed_segments(self._kept, RealDisk()))
        return [report for each in gone if each.path.name not in waiting for report in each.reports]


def plays_of(reports: list[Report]) -> Plays:
    found = (each.record for each in reports if each.kind == "played")
    return {(each["zone"], each["item"], _ms(each["from"])) for each in found}


def receipts_of(reports: list[Report]) -> set[int]:
    return {each.record["version"] for each in reports if each.kind == "receipt"}


class Records:
    """The server's database, read beside it."""

    def __init__(self, data: Path) -> None:
        self._file = data / "yingbi.sqlite3"

    def plays(self) -> Plays:
        rows = self._rows("SELECT zone, item, start FROM telemetry_playrecord")
        return {(zone, item, _ms(start)) for zone, item, start in rows}

    def receipts(self) -> set[int]:
        return {version for (version,) in self._rows("SELECT version FROM telemetry_receipt")}

    def originals(self) -> dict[int, str]:
        """The digest of each asset's original."""
        return dict(self._rows("SELECT id, original_id FROM library_asset"))

    def releases(self) -> dict[int, int]:
        """How many screens each release is for."""
        asked = "SELECT release_id, count(*) FROM publishing_publication GROUP BY release_id"
        return dict(self._rows(asked))

    def audited(self, action: str) -> set[int]:
        """The subjects of all acts of this kind."""
        asked = "SELECT subject_id FROM audit_auditrow WHERE action = ?"
        return {int(subject) for (subject,) in self._rows(asked, action)}

    def _rows(self, asked: str, *values: object) -> Iterator[Any]:
        with closing(sqlite3.connect(self._file, timeout=60)) as database:
            yield from database.execute(asked, values).fetchall()


def _ms(instant: str) -> int:
    at = datetime.fromisoformat(instant)
    return round((at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() * 1000)
