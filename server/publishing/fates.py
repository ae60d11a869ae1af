"""What becomes of an occurrence: is it shown, in turns, in part, or hidden, and by whom.

Asks `scheduler.agenda` who has the screen when, and decides nothing.  For the week of the staff
pages and for scripts, which say the same.  Pure.
"""

from bisect import bisect_right
from collections.abc import Sequence
from datetime import datetime, timedelta

from msgspec import Struct

from manifest.model import Entry, Manifest, Takeover
from scheduler.agenda import Occurrence, Tenure, can_show

__all__ = ["Fate", "fate_of"]


class Fate(Struct, frozen=True):
    """What becomes of one occurrence: of its time, how much is shown, and who has the rest.

    `state` is shown, turns, partly, hidden or empty; `by` are ids ("": the fallback).
    """

    state: str
    by: tuple[str, ...]
    shown: tuple[tuple[datetime, datetime], ...]


def fate_of(
    entry: Entry | Takeover, manifest: Manifest, spans: Sequence[Tenure], one: Occurrence,
    within: tuple[datetime, datetime],
) -> Fate:  # fmt: skip
    """The fate of an occurrence of `entry`, as far as it lies in `within` (half-open).

    `spans` say who has the screen then, in order.
    """
    since, until = max(one.since, within[0]), min(one.until, within[1])
    shown: list[tuple[datetime, datetime]] = []
    by: dict[str, None] = {}
    takes_turns = False
    first = max(0, bisect_right(spans, since, key=lambda each: each.since) - 1)
    for span in spans[first:]:
        if span.since >= until:
            break
        part = max(span.since, since), min(span.until, until)
        if any(each.id == entry.id for each in span.holders):
            shown.append(part)
            takes_turns = takes_turns or len(span.holders) > 1
        else:
            by |= {each.id or "": None for each in span.holders}
    whole = sum((b - a for a, b in shown), timedelta()) >= until - since
    if whole:
        return Fate("turns" if takes_turns else "shown", (), tuple(shown))
    if not shown and not can_show(manifest, entry.layout, since):
        return Fate("empty", (), ())
    return Fate("partly" if shown else "hidden", tuple(by), tuple(shown))
