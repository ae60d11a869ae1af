"""The programme of some screens as it is arranged now, compiled for the scheduler to be asked.

Screens that are due the same share one manifest (a `Wall`).  What is over for good is left aside:
of five years of entries only those that can still be due are looked at.  Nothing is published or
written.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from msgspec import Struct
from msgspec.structs import replace

from manifest.model import Manifest
from scheduler.agenda import is_over
from server.publishing.compile import Sheet, compiled, sheet_of
from server.publishing.facts import EntryFacts, Facts
from server.publishing.loader import load_facts
from server.screens.models import Screen

__all__ = ["Standing", "Wall", "standing_of", "with_entry", "with_layout", "without_entry"]

#: So many different programmes are looked at for one group; of the others nothing is said.
MOST_WALLS = 12

#: So many of the programmes that were looked at last are kept: what the scheduler has worked out
#: of one serves the next look at it, at another week or by somebody else.
_MOST_KEPT = 16

#: Clocks differ by less than this.
_CLOCKS = timedelta(days=1)


class Wall(Struct, frozen=True):
    """A manifest, and the screens (primary keys) that it is for."""

    manifest: Manifest
    screens: tuple[int, ...]


class Standing(Struct, frozen=True):
    """What some screens are due.  `left_out` screens are of none of the walls: there are too many.

    `since` is the instant from which on it counts: what ended before is not there.
    """

    facts: Facts
    walls: tuple[Wall, ...]
    since: datetime
    left_out: int = 0


def standing_of(screens: Iterable[Screen], since: datetime) -> Standing:
    """Read and compile the programme of these screens."""
    facts = load_facts([each.pk for each in screens])
    day = (since - _CLOCKS).date()
    to_come = tuple(each for each in facts.entries if not is_over(each.window, day))
    return _standing(replace(facts, entries=to_come), since)


def with_layout(standing: Standing, drawn: Facts) -> Standing:
    """The same with a layout in its facts, and all that it plays; no screen shows it yet."""
    facts = standing.facts
    known = replace(
        facts,
        layouts=facts.layouts | drawn.layouts,
        playlists=facts.playlists | drawn.playlists,
        assets=facts.assets | drawn.assets,
    )
    return replace(standing, facts=known)


def with_entry(standing: Standing, entry: EntryFacts) -> Standing:
    """The same with one entry more, or another in its place."""
    others = tuple(each for each in standing.facts.entries if each.pk != entry.pk)
    facts = replace(standing.facts, entries=(*others, entry))
    return _standing(facts, standing.since)


def without_entry(standing: Standing, pk: int) -> Standing:
    """The same without one entry."""
    others = tuple(each for each in standing.facts.entries if each.pk != pk)
    return _standing(replace(standing.facts, entries=others), standing.since)


def _standing(facts: Facts, since: datetime) -> Standing:
    by_sheet: dict[Sheet, list[int]] = {}
    for pk, screen in sorted(facts.screens.items()):
        by_sheet.setdefault(sheet_of(facts, screen, since), []).append(pk)
    looked_at = list(by_sheet.items())[:MOST_WALLS]
    walls = tuple(Wall(_known(compiled(facts, sheet)), tuple(pks)) for sheet, pks in looked_at)
    left_out = len(facts.screens) - sum(len(each.screens) for each in walls)
    return Standing(facts, walls, since, left_out)


#: The latest last; replaced as a whole, so that threads may share it.
_kept: tuple[Manifest, ...] = ()


def _known(manifest: Manifest) -> Manifest:
    """The manifest that is kept, if it says the same: its timeline is known by identity."""
    global _kept  # noqa: PLW0603  (a memory, not a state: it may be lost at any time)
    found = next((each for each in _kept if each == manifest), manifest)
    others = [each for each in _kept if each is not found]
    _kept = (*others, found)[-_MOST_KEPT:]
    return found
