"""Proof of play as CSV, row by row, for spreadsheets that run whatever looks like a formula.

Pure but for the rows that it is given: a view streams what `csv_lines` yields.
"""

import csv
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

from server.telemetry.models import PlayRecord

__all__ = ["PLAY_COLUMNS", "csv_lines", "play_rows"]

PLAY_COLUMNS = ("screen", "zone", "item", "asset", "sha256", "start", "end", "seconds")

#: What makes a spreadsheet take a cell for a formula, white space before it included.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


class _Line:
    """A file of one line, for the csv module."""

    text = ""

    def write(self, text: str) -> int:
        self.text = text
        return len(text)


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a file: a byte order mark (spreadsheets know UTF-8 by it), columns, rows."""
    line = _Line()
    writer = csv.writer(line)
    writer.writerow(columns)
    yield "\N{BYTE ORDER MARK}" + line.text
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
        yield line.text


def play_rows(plays: Iterable[PlayRecord], zone: ZoneInfo) -> Iterator[tuple[object, ...]]:
    """The cells of `PLAY_COLUMNS`; times on the clock of `zone`, to the second."""
    for play in plays:
        yield (
            play.screen.name,
            play.zone,
            play.item,
            play.asset,
            play.sha256,
            _written(play.start, zone),
            _written(play.end, zone),
            round((play.end - play.start).total_seconds(), 3),
        )


def _written(at: datetime, zone: ZoneInfo) -> str:
    return at.astimezone(zone).isoformat(sep=" ", timespec="seconds")


def _harmless(cell: object) -> object:
    """A cell that no spreadsheet runs: text that begins like a formula gets an apostrophe."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA):
        return "'" + cell
    return cell
