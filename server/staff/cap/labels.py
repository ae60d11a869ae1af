"""What the words of alerts are called on pages; the words of CAP itself stay beside them."""

from django.utils.translation import gettext_lazy as _

from server.cap.document import CERTAINTIES, SEVERITIES, URGENCIES
from server.cap.models import Drills, Handling, Outcome

__all__ = [
    "CERTAINTY", "DRILLS", "HANDLING", "OUTCOMES", "SEVERITY", "TONES", "URGENCY", "level_named",
]  # fmt: skip

HANDLING = [
    (Handling.RECORD, _("Only record it")),
    (Handling.REVIEW, _("Ask a person first")),
    (Handling.AUTOMATIC, _("Show it at once")),
]
DRILLS = [
    (Drills.NONE, _("Only record them")),
    (Drills.EXERCISE, _("Show “Exercise” as a drill")),
    (Drills.ALL, _("Show “Exercise” and “Test” as drills")),
]
OUTCOMES = {
    Outcome.NEW: _("Being looked at"),
    Outcome.RECORDED: _("Only recorded"),
    Outcome.WAITING: _("Waits for a decision"),
    Outcome.PLANNED: _("Takes effect later"),
    Outcome.SHOWN: _("On the screens"),
    Outcome.ENDED: _("Over"),
    Outcome.DECLINED: _("Not shown"),
}
TONES = {
    Outcome.WAITING: "badge-warn",
    Outcome.PLANNED: "badge-warn",
    Outcome.SHOWN: "badge-bad",
}

_NAMED = {
    "Unknown": _("any"),
    "Minor": _("minor"),
    "Moderate": _("moderate"),
    "Severe": _("severe"),
    "Extreme": _("extreme"),
    "Past": _("past"),
    "Future": _("later"),
    "Expected": _("within the hour"),
    "Immediate": _("now"),
    "Unlikely": _("unlikely"),
    "Possible": _("possible"),
    "Likely": _("likely"),
    "Observed": _("observed"),
}


def _levels(words: tuple[str, ...]) -> list[tuple[int, object]]:
    return [(n, _Level(each)) for n, each in enumerate(words)]


class _Level:
    """A level in the reader's language."""

    def __init__(self, word: str) -> None:
        self.word = word

    def __str__(self) -> str:
        return str(_NAMED[self.word])


def level_named(word: str) -> str:
    """A word of CAP in the reader's language."""
    return str(_NAMED[word])


SEVERITY, URGENCY, CERTAINTY = _levels(SEVERITIES), _levels(URGENCIES), _levels(CERTAINTIES)
