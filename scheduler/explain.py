"""Why the screen shows what it shows: a sentence for every takeover, every entry and the default.

For `yingbi-timeline --explain` and for the pages of staff.  It decides nothing: it tells what
`scheduler.selection` decided.
"""

from collections.abc import Iterator
from datetime import datetime

from manifest.model import Entry, Manifest
from scheduler.picture import Reason
from scheduler.selection import Programme, Selection, Stretch, TakeoverSpan
from scheduler.timeline import Timeline
from scheduler.verdicts import Verdict
from scheduler.wallclock import DAY_MS, from_ms, to_ms
from scheduler.windows import NEVER

__all__ = ["explain"]

#: How far ahead the next opening of a window is looked for.
LOOK_AHEAD_DAYS = 8


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
            yield self._of_takeover(span, won)
        for place, entry in enumerate(self._programme.activity.entries):
            won = self._is_holder("entry", entry.id)
            yield self._of_entry(place, entry, won)
        yield self._of_default()

    def _is_holder(self, kind: str, name: str | None) -> bool:
        return self._holder is not None and (self._holder.kind, self._holder.id) == (kind, name)

    def _of_takeover(self, span: TakeoverSpan, won: bool) -> Verdict:
        def say(code: str, **values: object) -> Verdict:
            return Verdict("takeover", span.takeover.id, won, code, values)

        if won:
            return say("TAKEOVER_WON", until=from_ms(span.until))
        if span.until <= span.since:
            return say("TAKEOVER_NEVER")
        if self._t < span.since:
            return say("TAKEOVER_TO_COME", since=from_ms(span.since))
        if self._t >= span.until:
            return say("TAKEOVER_OVER", until=from_ms(span.until))
        if not self._selection.is_eligible(span.takeover.layout, self._t):
            return say("TAKEOVER_EMPTY", layout=span.takeover.layout)
        holder = self._holder
        assert holder is not None  # an eligible takeover is active: somebody has the screen
        stronger = {"holder_kind": holder.kind, "holder": holder.id}
        if holder.priority != span.takeover.priority:
            above = {"above": holder.priority, "priority": span.takeover.priority}
            return say("TAKEOVER_WEAKER", **stronger, **above)
        if to_ms(holder.anchor) != span.since:
            return say("TAKEOVER_EARLIER", **stronger, since=holder.anchor)
        return say("TAKEOVER_LARGER_ID", **stronger)

    def _of_entry(self, place: int, entry: Entry, won: bool) -> Verdict:
        def say(code: str, **values: object) -> Verdict:
            return Verdict("entry", entry.id, won, code, values)

        if won:
            turns, since = len(self._stretch.contenders), from_ms(self._stretch.anchor)
            if turns == 1:
                return say("ENTRY_ALONE", priority=entry.priority, since=since)
            until = from_ms(self._holds_until)
            return say("ENTRY_TURN", turns=turns, priority=entry.priority, since=since, until=until)
        if place not in self._active:
            code, values = self._when_open(place)
            return say(code, **values)
        if not self._selection.is_eligible(entry.layout, self._t):
            return say("ENTRY_EMPTY", layout=entry.layout)
        holder = self._holder
        assert holder is not None  # an eligible active entry is there: somebody has the screen
        stronger = {"holder_kind": holder.kind, "holder": holder.id}
        if holder.kind == "takeover":
            return say("ENTRY_TAKEN_OVER", **stronger)
        if holder.priority != entry.priority:
            return say("ENTRY_WEAKER", **stronger, above=holder.priority, priority=entry.priority)
        return say("ENTRY_WAITS", **stronger, until=from_ms(self._holds_until))

    def _when_open(self, place: int) -> tuple[str, dict[str, object]]:
        window = self._programme.activity.window(place)
        closed = window.latest_end(self._t, NEVER)
        ahead = self._t + LOOK_AHEAD_DAYS * DAY_MS
        opens = next((start for start, _end in window.runs(self._t, ahead)), None)
        values: dict[str, object] = {"days": LOOK_AHEAD_DAYS}
        if closed != NEVER:
            values["closed"] = from_ms(closed)
        if opens is not None:
            values["opens"] = from_ms(opens)
        if closed == NEVER:
            return "ENTRY_FAR" if opens is None else "ENTRY_TO_COME", values
        return "ENTRY_OVER" if opens is None else "ENTRY_CLOSED", values

    def _of_default(self) -> Verdict:
        layout = self._programme.default_layout
        won = self._is_holder("default", None)
        if won:
            since = from_ms(self._stretch.anchor)
            return Verdict("default", None, won, "DEFAULT_WON", {"layout": layout, "since": since})
        if self._holder is None:
            return Verdict("default", None, won, "DEFAULT_EMPTY", {"layout": layout})
        stronger = {"holder_kind": self._holder.kind, "holder": self._holder.id}
        return Verdict("default", None, won, "DEFAULT_COVERED", {"layout": layout, **stronger})
