"""How audit rows are sealed: the digest of a row's canonical JSON and of the row before.  Pure.

Canonical: keys sorted, no blanks, UTF-8, instants in UTC with microseconds, numbers that are no
integers as text (databases disagree on how they give them back).
"""

import hashlib
import json
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct, structs

__all__ = ["GENESIS", "Act", "Break", "Chain", "examine", "sealed"]

#: What the first row has for the digest of the row before.
GENESIS = "0" * 64


class Act(Struct, frozen=True):
    """What a row says, without its seal."""

    number: int
    at: datetime
    actor: str
    actor_name: str
    address: str
    action: str
    subject_kind: str
    subject_id: str
    subject_name: str
    detail: Mapping[str, Any]


class Break(Struct, frozen=True):
    """A place where the chain does not hold, and what that means."""

    number: int
    what: str

    def __str__(self) -> str:
        return f"row {self.number}: {self.what}"


class Chain(Struct, frozen=True):
    """What was found: how many rows, the digest at the end, and where it does not hold."""

    rows: int
    head_sha256: str
    breaks: tuple[Break, ...]

    @property
    def holds(self) -> bool:
        """Is every row the one that was written?"""
        return not self.breaks


def sealed(act: Act, previous_sha256: str) -> dict[str, Any]:
    """Return the columns of the row that follows the one with `previous_sha256`."""
    plain = structs.replace(act, detail=_plain(act.detail))
    columns = {**structs.asdict(plain), "previous_sha256": previous_sha256}
    return {**columns, "sha256": _digest(columns)}


def examine(rows: Iterable[Mapping[str, Any]]) -> Chain:
    """Check every row, in the order of their numbers; at most 100 breaks are told."""
    breaks: list[Break] = []
    previous, number, count = GENESIS, 0, 0
    for row in rows:
        number += 1
        count += 1
        breaks += _faults_of(row, number, previous)
        previous, number = row["sha256"], row["number"]
    return Chain(count, previous, tuple(breaks[:100]))


def _faults_of(row: Mapping[str, Any], expected: int, previous_sha256: str) -> list[Break]:
    faults = []
    if row["number"] != expected:
        missing = row["number"] - expected
        faults.append(Break(expected, f"{missing} rows are missing before row {row['number']}"))
    elif row["previous_sha256"] != previous_sha256:
        faults.append(Break(expected, "does not follow the row before: one was put in or changed"))
    columns = {key: row[key] for key in (*Act.__struct_fields__, "previous_sha256")}
    if _digest(columns) != row["sha256"]:
        faults.append(Break(row["number"], "is not what was written: it was changed"))
    return faults


def _digest(columns: Mapping[str, Any]) -> str:
    at: datetime = columns["at"]
    plain = {**columns, "at": at.astimezone(UTC).isoformat(timespec="microseconds")}
    text = json.dumps(plain, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(text.encode("ascii")).hexdigest()


def _plain(value: Any) -> Any:
    """Return a value that both databases give back as it was put in."""
    if isinstance(value, Mapping):
        return {str(key): _plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_plain(inner) for inner in value]
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    text = str(value).replace("\0", "\N{REPLACEMENT CHARACTER}")
    return text.encode("utf-8", "replace").decode("utf-8")  # lone surrogates
