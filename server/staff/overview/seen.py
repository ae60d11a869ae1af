"""Every screen as the wall shows it: how it is, its last picture, what should be on it now."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from enum import StrEnum

from django.db.models import Max, QuerySet
from msgspec import Struct

from server.publishing.glass import Due, due_on, is_as_due, manifest_of, ready
from server.publishing.selectors import Told, told
from server.screens.models import Screen
from server.screens.states import ScreenState
from server.telemetry.models import Screenshot
from server.telemetry.selectors import ScreenStanding, screen_standings

__all__ = ["LAGS_AFTER", "Care", "Seen", "counted", "narrowed", "standings_of"]

#: What was published arrives within minutes; after so long somebody has to look.
LAGS_AFTER = timedelta(hours=1)


class Care(StrEnum):
    """How the wall is narrowed: by what a screen asks of people."""

    #: Something is to be done about it.
    NEEDED = "needed"
    ONLINE = "online"
    LATE = "late"
    OFFLINE = "offline"
    #: It is heard of, and does not show what is due.
    DIFFERENT = "different"


class Seen(Struct, frozen=True):
    """A screen, how it is, its newest picture of the glass (None: none), and what is due on it.

    `due` is None where nothing was published.  `differs`: it says that it shows something else.
    `told_at` is when something was published for it last, where it does not show that yet;
    `lags`: and that is long ago.
    """

    standing: ScreenStanding
    shot: int | None
    shot_at: datetime | None = None
    due: Due | None = None
    differs: bool = False
    told_at: datetime | None = None
    lags: bool = False

    @property
    def fetches(self) -> bool:
        """Is it on its way to what was published a moment ago?"""
        return self.told_at is not None and not self.lags

    @property
    def cares(self) -> frozenset[Care]:
        """Which of the filters it passes."""
        state = self.standing.state
        found = {
            Care.ONLINE: state is ScreenState.ONLINE,
            Care.LATE: state is ScreenState.LATE,
            Care.OFFLINE: state in {ScreenState.OFFLINE, ScreenState.NEVER},
            Care.DIFFERENT: self.differs,
            Care.NEEDED: self.needs_care,
        }
        return frozenset(care for care, holds in found.items() if holds)

    @property
    def needs_care(self) -> bool:
        """Is there anything to be done about it?"""
        each = self.standing
        is_well = each.state is ScreenState.ONLINE and each.newest is not None
        is_faulty = each.worst in {"E", "C"} or each.has_wrong_clock
        return not is_well or is_faulty or self.differs or self.lags

    @property
    def mark(self) -> str:
        """Changes with what the tile shows: a tile of the same mark is left as it is."""
        each = self.standing
        return f"{each.state}.{self.shot}.{self.differs:d}.{each.faults}.{self.title}"

    @property
    def title(self) -> str:
        """What is due in its largest zone."""
        return self.due.title if self.due else ""


def standings_of(screens: QuerySet[Screen], at: datetime) -> list[Seen]:
    """How each of these screens is at `at`, those that need care first, then by name.

    Six queries, however many screens there are.
    """
    pks = [each.pk for each in screens]
    newest = told(pks)
    ready(newest.values())
    standings = screen_standings(screens, {pk: each.version for pk, each in newest.items()}, at)
    shots = _shots(pks)
    found = [_seen(each, newest.get(each.screen), shots.get(each.screen), at) for each in standings]
    return sorted(found, key=lambda each: not each.needs_care)


def _shots(screens: Iterable[int]) -> dict[int, tuple[int, datetime]]:
    """The key of the newest picture of each screen, and when it was taken."""
    rows = Screenshot.objects.filter(screen__in=screens)
    newest = rows.values("screen").annotate(newest=Max("pk")).values("newest")
    found = Screenshot.objects.filter(pk__in=newest).values_list("screen_id", "pk", "taken_at")
    return {screen: (pk, taken_at) for screen, pk, taken_at in found}


def _seen(
    standing: ScreenStanding,
    publication: Told | None,
    shot: tuple[int, datetime] | None,
    at: datetime,
) -> Seen:
    pk, taken_at = shot or (None, None)
    if publication is None:
        return Seen(standing, pk, taken_at)
    manifest = manifest_of(publication)
    is_comparable = (
        standing.state is ScreenState.ONLINE
        and not standing.is_behind
        and standing.heard_at is not None
        and standing.picture is not None
    )
    differs = is_comparable and not is_as_due(manifest, standing.picture, standing.heard_at or at)
    is_behind = standing.state is ScreenState.ONLINE and standing.is_behind
    told_at = publication.issued_at if is_behind else None
    lags = told_at is not None and told_at < at - LAGS_AFTER
    return Seen(standing, pk, taken_at, due_on(manifest, at), differs, told_at, lags)


def narrowed(seen: Iterable[Seen], care: str) -> list[Seen]:
    """Those of one filter; all for a filter that there is not."""
    return [each for each in seen if care not in set(Care) or care in each.cares]


def counted(seen: Iterable[Seen]) -> Mapping[str, int]:
    """How many screens pass each filter."""
    found = dict.fromkeys((care.value for care in Care), 0)
    for each in seen:
        for care in each.cares:
            found[care.value] += 1
    return found
