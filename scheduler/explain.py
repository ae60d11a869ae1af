"""Why the screen shows what it shows: a sentence for every takeover, every entry and the default.

For `yingbi-timeline --explain` and for the preview of the staff.  It decides nothing: it tells what
`scheduler.selection` decided.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from msgspec import Struct

from manifest.model import Entry, Manifest
from scheduler.picture import Reason
from scheduler.selection import Programme, Selection, Stretch, TakeoverSpan
from scheduler.timeline import Timeline
from scheduler.wallclock import DAY_MS, from_ms, to_ms
from scheduler.windows import NEVER

__all__ = ["Verdict", "explain"]

#: How far ahead the next opening of a window is looked for.
_LOOK_AHEAD_DAYS = 8


class Verdict(Struct, frozen=True):
    """Did this takeover, entry or default (no id) get the screen, and why?"""

    kind: Literal["takeover", "entry", "default"]
    id: str | None
    won: bool
    sentence: str


def explain(
    manifest: Manifest, t: datetime, unplayable: frozenset[str] = frozenset()
) -> tuple[Verdict, ...]:
    """A verdict on every takeover and entry, strongest first, and last on the default layout."""
    timeline = Timeline.of(manifest)
    return tuple(
        _Explanation(timeline.programme, timeline.selection(unplayable), to_ms(t)).verdicts()
    )


class _Explanation:
    """Everything there is to say about one instant."""

    def __init__(self, programme: Programme, selection: Selection, t: int) -> None:
        self._programme = programme
        self._selection = selection
        self._t = t
        self._stretch: Stretch = selection.stretch_at(t)
        self._holder: Reason | None = None
        self._holds_until = self._stretch.until
        if self._stretch.contenders:
            contender, _since, self._holds_until = self._stretch.turn_at(t)
            self._holder = contender.reason
        self._active = frozenset(programme.activity.active_at(t))

    def verdicts(self) -> Iterator[Verdict]:
        for span in self._programme.takeovers:
            won = self._is_holder("takeover", span.takeover.id)
            yield Verdict("takeover", span.takeover.id, won, self._of_takeover(span, won))
        for place, entry in enumerate(self._programme.activity.entries):
            won = self._is_holder("entry", entry.id)
            yield Verdict("entry", entry.id, won, self._of_entry(place, entry, won))
        yield Verdict("default", None, self._is_holder("default", None), self._of_default())

    def _is_holder(self, kind: str, name: str | None) -> bool:
        return self._holder is not None and (self._holder.kind, self._holder.id) == (kind, name)

    def _of_takeover(self, span: TakeoverSpan, won: bool) -> str:
        name = f"Takeover {span.takeover.id}"
        if won:
            return f"{name} has the screen until {_instant(span.until)} or until a stronger one."
        if span.until <= span.since:
            return f"{name} never has the screen: it ends before it begins."
        if self._t < span.since:
            return f"{name} lost: it begins only at {_instant(span.since)}."
        if self._t >= span.until:
            return f"{name} lost: it ended at {_instant(span.until)}."
        if not self._selection.is_eligible(span.takeover.layout, self._t):
            return f"{name} lost: {self._nothing_valid(span.takeover.layout)}."
        return f"{name} lost to {self._holder_name()}, {self._why_stronger(span)}."

    def _why_stronger(self, span: TakeoverSpan) -> str:
        """Why the takeover that has the screen goes before this one (4.2)."""
        holder = self._holder
        assert holder is not None  # an eligible takeover is active: somebody has the screen
        if holder.priority != span.takeover.priority:
            return f"whose priority is {holder.priority}, above {span.takeover.priority}"
        if to_ms(holder.anchor) != span.since:
            return (
                f"which has the same priority and began later, at {_instant(to_ms(holder.anchor))}"
            )
        return "which has the same priority and beginning, and the smaller id"

    def _of_entry(self, place: int, entry: Entry, won: bool) -> str:
        name = f"Entry {entry.id}"
        if won:
            return f"{name} has the screen: {self._how_it_won(entry)}."
        if place not in self._active:
            return f"{name} lost: {self._when_open(place)}."
        if not self._selection.is_eligible(entry.layout, self._t):
            return f"{name} lost: its window is open, but {self._nothing_valid(entry.layout)}."
        holder = self._holder
        assert holder is not None  # an eligible active entry is there: somebody has the screen
        if holder.kind == "takeover":
            return f"{name} lost to {self._holder_name()}: a takeover goes before every entry."
        if holder.priority != entry.priority:
            above = f"whose priority is {holder.priority}, above {entry.priority}"
            return f"{name} lost to {self._holder_name()}, {above}."
        return (
            f"{name} waits for its turn: {self._holder_name()} of the same priority has the screen "
            f"until {_instant(self._holds_until)}."
        )

    def _how_it_won(self, entry: Entry) -> str:
        turns = len(self._stretch.contenders)
        since = _instant(self._stretch.anchor)
        if turns == 1:
            return (
                "of the active entries with something to show it alone has the highest priority, "
                f"{entry.priority}; it counts from {since}"
            )
        return (
            f"{turns} entries of priority {entry.priority} take turns from {since}, and it is its "
            f"turn until {_instant(self._holds_until)}"
        )

    def _when_open(self, place: int) -> str:
        window = self._programme.activity.window(place)
        closed = window.latest_end(self._t, NEVER)
        ahead = self._t + _LOOK_AHEAD_DAYS * DAY_MS
        opens = next((start for start, _end in window.runs(self._t, ahead)), None)
        past = "has not been open yet" if closed == NEVER else f"closed at {_instant(closed)}"
        if opens is None:
            return f"its window {past} and does not open in the next {_LOOK_AHEAD_DAYS} days"
        return f"its window {past} and opens next at {_instant(opens)}"

    def _nothing_valid(self, layout: str) -> str:
        return f"nothing in its layout {layout} can be shown now"

    def _holder_name(self) -> str:
        assert self._holder is not None
        return f"{self._holder.kind} {self._holder.id}"

    def _of_default(self) -> str:
        layout = self._programme.default_layout
        if self._is_holder("default", None):
            since = _instant(self._stretch.anchor)
            return (
                f"The default layout {layout} has the screen: no takeover and no active entry has "
                f"something to show; it counts from {since}."
            )
        if self._holder is not None:
            return f"The default layout {layout} lost to {self._holder_name()}."
        return (
            f"The default layout {layout} lost: nothing in it can be shown now; the player shows "
            "its slate."
        )


def _instant(ms: int) -> str:
    return from_ms(ms).isoformat(timespec="milliseconds").replace("+00:00", "Z")
