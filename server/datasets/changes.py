"""What is different between two versions, row by row, as people say it.  Pure."""

from collections.abc import Sequence
from difflib import SequenceMatcher
from typing import Literal

import msgspec
from msgspec import Struct

from server.datasets.tables import Row

__all__ = ["Change", "Changes", "changes_between"]


class Change(Struct, frozen=True):
    """A row that is new, gone or another one; `number` counts from 1, of the newer version."""

    kind: Literal["added", "gone", "changed"]
    number: int
    before: Row | None
    after: Row | None


class Changes(Struct, frozen=True):
    """All changes in order, and how many rows stay."""

    changes: list[Change]
    same: int

    def count(self, kind: str) -> int:
        """How many of a kind."""
        return sum(each.kind == kind for each in self.changes)

    @property
    def added(self) -> int:
        """Rows that are new."""
        return self.count("added")

    @property
    def gone(self) -> int:
        """Rows that go."""
        return self.count("gone")

    @property
    def changed(self) -> int:
        """Rows with another cell."""
        return self.count("changed")


def changes_between(before: Sequence[Row], after: Sequence[Row]) -> Changes:
    """The rows that differ; where as many go as come, each is told as changed."""
    old = [msgspec.json.encode(row, order="sorted") for row in before]
    new = [msgspec.json.encode(row, order="sorted") for row in after]
    found: list[Change] = []
    same = 0
    for tag, i, i_end, j, j_end in SequenceMatcher(None, old, new).get_opcodes():
        if tag == "equal":
            same += i_end - i
            continue
        paired = min(i_end - i, j_end - j)
        found += [
            Change("changed", j + at + 1, before[i + at], after[j + at]) for at in range(paired)
        ]
        found += [Change("gone", j + paired, each, None) for each in before[i + paired : i_end]]
        found += [Change("added", at + 1, None, after[at]) for at in range(j + paired, j_end)]
    return Changes(found, same)
