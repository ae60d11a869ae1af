"""What is wrong, told once for all screens of which the same is wrong, the worst first."""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from msgspec import Struct

from server.screens.models import Screen
from server.staff.overview.seen import Seen
from server.staff.troubles import Trouble, troubles_of

__all__ = ["Wrong", "all_wrong", "wrongs"]

#: Screens that are named at once; the others are behind a click.
NAMED = 4


class Wrong(Struct, frozen=True):
    """One sentence, and where it holds."""

    severity: str
    sentence: str
    troubles: list[Trouble]

    @property
    def named(self) -> list[Trouble]:
        """The first screens."""
        return self.troubles[:NAMED]

    @property
    def others(self) -> list[Trouble]:
        """The screens that do not fit beside the sentence."""
        return self.troubles[NAMED:]


def wrongs(troubles: Iterable[Trouble]) -> list[Wrong]:
    """Gather what reads alike; errors first, then what holds on most screens."""
    found: dict[tuple[str, str], list[Trouble]] = {}
    for each in troubles:
        found.setdefault((each.severity, each.sentence), []).append(each)
    gathered = [Wrong(severity, sentence, each) for (severity, sentence), each in found.items()]
    return sorted(gathered, key=lambda each: (each.severity == "W", -len(each.troubles)))


def all_wrong(seen: Collection[Seen], screens: QuerySet[Screen], at: datetime) -> list[Trouble]:
    """Everything that is wrong with these screens: the same wherever it is told."""
    found = troubles_of([each.standing for each in seen], screens, at)
    return [*found, *_wrong_pictures(seen), *_laggards(seen)]


def _wrong_pictures(seen: Iterable[Seen]) -> Iterator[Trouble]:
    """Screens that say that they show something else than is due."""
    for each in seen:
        if each.differs:
            said = _(
                "It says that it shows something else than is due now. Look whether its clock is"
                " right; else restart its player."
            )
            yield Trouble(each.standing.screen, each.standing.name, "E", said)


def _laggards(seen: Iterable[Seen]) -> Iterator[Trouble]:
    """Screens that are heard of, and have not taken in for long what was published."""
    for each in seen:
        if each.lags:
            said = _(
                "It does not show yet what was published over an hour ago. Look at its network, or"
                " have it fetch the programme anew."
            )
            yield Trouble(each.standing.screen, each.standing.name, "W", said, each.told_at)
