"""What is wrong, screen by screen, in plain words with what to do: for overview and screen pages.

A screen is in order when it is heard of, has something published, its clock is right and its box
reports no fault.  Only then a page may say that nothing is wrong.
"""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from msgspec import Struct

from server.screens.models import Screen
from server.screens.states import ScreenState
from server.staff.unplayable import ITEM_FAULTS, title_in
from server.telemetry.fault_words import Language
from server.telemetry.selectors import OpenFault, ScreenStanding, faults_by_screen

__all__ = ["Trouble", "language", "troubles_of"]

#: Faults that say themselves that a clock is wrong.
CLOCK_FAULTS = frozenset({"CLOCK_SUSPECT", "CLOCK_OFF"})


class Trouble(Struct, frozen=True):
    """One thing that is wrong on a screen: how bad (`E`, `W`), since when, what and what to do.

    `about` is the title of the item that it concerns, "" for none; `says` is the box's own word.
    Both are text of a box, to be escaped.  `is_unpublished`: publishing mends it.
    """

    screen: int
    name: str
    severity: str
    sentence: str
    since: datetime | None = None
    says: str = ""
    about: str = ""
    is_unpublished: bool = False


def language() -> Language:
    """The language of this page, as the tables of words know it."""
    return "zh" if (get_language() or "").startswith("zh") else "en"


def troubles_of(
    standings: Iterable[ScreenStanding], screens: QuerySet[Screen], now: datetime
) -> list[Trouble]:
    """Everything that is wrong on these screens, the worst first.  One query."""
    faults = {each.screen: each.faults for each in faults_by_screen(screens, now)}
    found = [
        trouble
        for standing in standings
        for trouble in _troubles(standing, faults.get(standing.screen, ()))
    ]
    return sorted(found, key=lambda each: (each.severity == "W", each.name))


def _troubles(standing: ScreenStanding, faults: tuple[OpenFault, ...]) -> Iterator[Trouble]:
    screen = (standing.screen, standing.name)
    match standing.state:
        case ScreenState.OFFLINE:
            yield Trouble(*screen, "E", _(
                "Nothing is heard of it; it goes on showing what it has."
                " Look whether its box has power and network."
            ), standing.heard_at)  # fmt: skip
        case ScreenState.LATE:
            yield Trouble(*screen, "W", _(
                "Its signs of life are late. If this goes on for ten minutes, look at its network."
            ), standing.heard_at)  # fmt: skip
        case ScreenState.NEVER:
            yield Trouble(*screen, "W", _(
                "No box has ever been heard of: pair its box by the six digits that it shows."
            ))  # fmt: skip
    if standing.newest is None:
        yield Trouble(*screen, "W", _(
            "Nothing has been published for it, so it shows the slate: publish its programme."
        ), is_unpublished=True)  # fmt: skip
    if standing.has_wrong_clock and not CLOCK_FAULTS & {each.code for each in faults}:
        yield Trouble(*screen, "W", _(
            "The clock of its box is wrong, so that times may be missed: set it, or let the box"
            " reach a time server."
        ))  # fmt: skip
    for each in faults:
        yield Trouble(
            *screen,
            "W" if each.severity in {"W", "I"} else "E",
            each.sentence(language()),
            each.first_seen_at,
            each.reason,
            # whoever reads it looks for the item in the library
            title_in(each.subject) if each.code in ITEM_FAULTS else "",
        )
