"""From a file's bytes to a table: the step `table` in its sandboxed child.

Nothing of a file is looked at here; what the child leaves is bounded and decoded strictly.
"""

import tempfile
from datetime import datetime
from pathlib import Path
from typing import Self

import msgspec
from msgspec import Struct

from server.clock import SystemClock
from server.datasets.errors import FileRefused
from server.errors import Unavailable
from server.library.ingest import child
from server.library.ingest.failures import FAILURES, Refused
from server.library.ingest.protocol import Job, Made
from server.library.ingest.remarks import REMARKS
from server.library.ingest.table import TABLE_FILE
from server.library.ingest.table_cells import Places, RawTable
from server.sentences import Sentence

__all__ = ["FILE_BYTES_LIMIT", "TableRead", "read_table"]

#: The largest file that is imported, in bytes.
FILE_BYTES_LIMIT = 20_000_000

_decoder = msgspec.json.Decoder(RawTable)


class TableRead(Struct, frozen=True):
    """A table, and what the editor should know of its file."""

    table: RawTable
    remarks: tuple[Sentence, ...] = ()


def read_table(
    data: bytes, *, sheet: str = "", now: datetime | None = None, places: Places | None = None
) -> TableRead:
    """Read a workbook, CSV, JSON, a feed or a calendar.  Takes up to a minute.

    `sheet` names one of several; a calendar gives the meetings near `now` (None: this moment);
    of JSON what is at `places`.

    Raises `FileRefused` with one sentence, or `Unavailable` if the child came to no answer.
    """
    if len(data) > FILE_BYTES_LIMIT:
        raise FileRefused(
            "The file is larger than %(most)d MB: leave out what is not shown.",
            values={"most": FILE_BYTES_LIMIT // 1_000_000},
            details={"code": "TOO_LARGE"},
        )
    with tempfile.TemporaryDirectory(prefix="yingbi-table-") as folder:
        work = Path(folder, "work")
        work.mkdir()
        source = Path(folder, "table")
        source.write_bytes(data)
        try:
            answer = child.run(Job("table", str(source), str(work), reader=sheet,
                                   now=now or SystemClock().now(), places=places))  # fmt: skip
        except Refused as refused:
            raise _refusal(refused) from None
        except child.ChildHung:
            raise _refusal(Refused("TOO_HEAVY")) from None
        except child.StepFailed as failed:
            raise _crashed(failed) from failed
        assert isinstance(answer, Made), "this step makes a table"
        table = _decoder.decode((work / TABLE_FILE).read_bytes())
    return TableRead(table, tuple(_both(REMARKS[each]) for each in answer.remarks))


def _crashed(failed: child.StepFailed) -> Exception:
    """A child that the limits killed is the file's fault; anything else is told as ours."""
    if any(word in str(failed) for word in ("SIGXCPU", "SIGKILL", "MemoryError")):
        return _refusal(Refused("TOO_HEAVY"))
    return Unavailable("The table could not be read just now: try again in a minute.")


def _refusal(refused: Refused) -> FileRefused:
    failure = FAILURES[refused.code]
    said = _Spoken(failure.sentence("en", refused.details), failure.sentence("zh", refused.details))
    return FileRefused(said, details={"code": refused.code})


def _both(remark: object) -> Sentence:
    return _Spoken(remark.en, remark.zh)  # type: ignore[attr-defined]  # a `Remark`


class _Spoken(Sentence):
    """A sentence that has its Chinese with it: those of docs/ingest.md are no catalogue's."""

    __slots__ = ("chinese",)

    chinese: str

    def __new__(cls, english: str, chinese: str) -> Self:
        """Say it in English."""
        made = super().__new__(cls, english)
        made.chinese = chinese
        return made

    def local(self) -> str:
        from django.utils.translation import get_language

        return self.chinese if (get_language() or "").startswith("zh") else str(self)
