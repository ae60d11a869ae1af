"""Did this takeover, entry or default get the screen, and why: a code, its values, and a sentence.

`scheduler.explain` makes verdicts; commands print the sentence, pages say the same in their
reader's words by the code.  Pure.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Literal

from msgspec import Struct

from scheduler.wallclock import written

__all__ = ["TEMPLATES", "Verdict"]

#: A sentence for each code.  `id` is the one that the verdict is on; instants are in UTC.
TEMPLATES: Mapping[str, str] = {
    "TAKEOVER_WON": "Takeover {id} has the screen until {until} or until a stronger one.",
    "TAKEOVER_NEVER": "Takeover {id} never has the screen: it ends before it begins.",
    "TAKEOVER_TO_COME": "Takeover {id} lost: it begins only at {since}.",
    "TAKEOVER_OVER": "Takeover {id} lost: it ended at {until}.",
    "TAKEOVER_EMPTY": "Takeover {id} lost: nothing in its layout {layout} can be shown now.",
    "TAKEOVER_WEAKER": (
        "Takeover {id} lost to {holder_kind} {holder}, whose priority is {above}, above {priority}."
    ),
    "TAKEOVER_EARLIER": (
        "Takeover {id} lost to {holder_kind} {holder}, which has the same priority and began"
        " later, at {since}."
    ),
    "TAKEOVER_LARGER_ID": (
        "Takeover {id} lost to {holder_kind} {holder}, which has the same priority and beginning,"
        " and the smaller id."
    ),
    "ENTRY_ALONE": (
        "Entry {id} has the screen: of the active entries with something to show it alone has the"
        " highest priority, {priority}; it counts from {since}."
    ),
    "ENTRY_TURN": (
        "Entry {id} has the screen: {turns} entries of priority {priority} take turns from"
        " {since}, and it is its turn until {until}."
    ),
    "ENTRY_CLOSED": ("Entry {id} lost: its window closed at {closed} and opens next at {opens}."),
    "ENTRY_TO_COME": (
        "Entry {id} lost: its window has not been open yet and opens next at {opens}."
    ),
    "ENTRY_OVER": (
        "Entry {id} lost: its window closed at {closed} and does not open in the next {days} days."
    ),
    "ENTRY_FAR": (
        "Entry {id} lost: its window has not been open yet and does not open in the next"
        " {days} days."
    ),
    "ENTRY_EMPTY": (
        "Entry {id} lost: its window is open, but nothing in its layout {layout} can be shown now."
    ),
    "ENTRY_TAKEN_OVER": (
        "Entry {id} lost to {holder_kind} {holder}: a takeover goes before every entry."
    ),
    "ENTRY_WEAKER": (
        "Entry {id} lost to {holder_kind} {holder}, whose priority is {above}, above {priority}."
    ),
    "ENTRY_WAITS": (
        "Entry {id} waits for its turn: {holder_kind} {holder} of the same priority has the screen"
        " until {until}."
    ),
    "DEFAULT_WON": (
        "The default layout {layout} has the screen: no takeover and no active entry has something"
        " to show; it counts from {since}."
    ),
    "DEFAULT_COVERED": "The default layout {layout} lost to {holder_kind} {holder}.",
    "DEFAULT_EMPTY": (
        "The default layout {layout} lost: nothing in it can be shown now; the player shows its"
        " slate."
    ),
}


class Verdict(Struct, frozen=True):
    """A verdict on the takeover, entry or default (no id); `values` fill the code's template."""

    kind: Literal["takeover", "entry", "default"]
    id: str | None
    won: bool
    code: str
    values: Mapping[str, object]

    @property
    def sentence(self) -> str:
        """The verdict in English, instants in UTC with milliseconds."""
        words = {
            name: written(value) if isinstance(value, datetime) else value
            for name, value in self.values.items()
        }
        return TEMPLATES[self.code].format(id=self.id, **words)
