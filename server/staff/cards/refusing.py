"""Why a template refuses a card, at its place, in the reader's language.

`cards` says it in English for every reader of manifests; the sentences it can say are few and stand
here as patterns.  One that is not known is shown as it is.
"""

import re
from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from server.errors import ApplicationError
from server.staff.refusals import sentence_of

__all__ = ["Refused", "refusal_of"]


class Refused(Struct, frozen=True):
    """What is refused: its place in the data (`dishes[3].price`), and why."""

    place: str
    text: str


#: `data.PLACE: why` or `data: FIELD is missing`.
_PLACED = re.compile(r"data(?:\.(?P<place>[\w.\[\]]+))?: (?P<why>.*)", re.DOTALL)

#: What `cards` says (refusal.py and the templates), as the reader hears it.
_WHY: Mapping[str, Any] = {
    r"[\d,]+ characters(?: together)?, at most (?P<most>[\d,]+); .*": _(
        "Too long: at most %(most)s characters."
    ),
    r"[\d,]+ entries, at most (?P<most>[\d,]+); .*": _("Too many: at most %(most)s rows."),
    r"[\d,]+ paragraphs, at most (?P<most>\d+); .*": _(
        "Too many paragraphs: at most %(most)s; join some."
    ),
    r"empty; .*|nothing to read; .*|\w+ is missing": _("Write something here."),
    r".* is out of range; at least (?P<least>[\d.e+]+)": _("At least %(least)s."),
    r".* is out of range; at most (?P<most>[\d.e+]+)": _("At most %(most)s."),
    r".* is no time of day; .*": _("Write the time like 14:00."),
    r".* is no address; .*": _("Write the address like https://example.org/sign-in."),
    r".* are no hours; .*": _("Write hours like 11:00-13:00."),
    r".* are no hours of the day; .*": _("Write full hours like 08:00-18:00."),
    r".* is no date; .*|.* is not a day like .*": _("Write the day like 2026-11-23."),
    r".* is not a number; .*": _(
        "This is no number: correct it, or choose “Text” as the column's format."
    ),
    r"before the first day; .*": _("The last day is before the first one."),
    r"more than (?P<most>\d+) days; .*": _("More than %(most)s days: make the period shorter."),
    r"not after its start": _("It ends before it starts."),
    r".* stars; write a whole number to (?P<most>\d+)": _("Stars: a whole number to %(most)s."),
    r"more than (?P<most>\d+) dishes for .*": _(
        "More than %(most)s dishes for this meal of the day."
    ),
    r"missing; say when it is due": _("Say when it is due."),
    r"missing; write a day and a percentage": _("Write a day and a percentage."),
    r".* is none of the projects": _("There is no project of this name: write it as above."),
    r"an earlier row of .* says otherwise": _(
        "An earlier row of this project says something else: correct one of them."
    ),
    r"there are (?P<first>\w+) to (?P<last>\w+)": _("There are %(first)s to %(last)s."),
}


def refusal_of(error: ApplicationError) -> Refused | None:
    """What a card was refused for; None: something else was."""
    values = error.message.values
    if error.reason_code == "NOT_DRAWN":
        return Refused(str(values["field"]).removeprefix("data").lstrip("."), sentence_of(error))
    found = _PLACED.fullmatch(str(values.get("reason", "")))
    if found is None:
        return None
    why, place = found["why"], found["place"] or ""
    missing = re.fullmatch(r"(\w+) is missing", why)
    if missing:
        place = f"{place}.{missing[1]}".lstrip(".")
    return Refused(place, _in_words(why))


def _in_words(why: str) -> str:
    for pattern, sentence in _WHY.items():
        found = re.fullmatch(pattern, why, re.DOTALL)
        if found:
            return str(sentence) % found.groupdict()
    return str(_("The card cannot be shown like this: %(why)s.")) % {"why": why}
