"""The dry run: what publishing would do, screen by screen, without doing it.

For the pages of staff and for `publish --dry-run`.  It compiles exactly what `publish` compiles;
its `digest` lets `publish` refuse if the programme changed after somebody looked (S06, S26).
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Literal

from django.utils.translation import gettext_noop as _
from msgspec import Struct, structs

from manifest.model import Manifest
from scheduler.timeline import Timeline
from server.errors import Busy
from server.publishing.cautions import cautions
from server.publishing.compile import sheet_of
from server.publishing.differences import differences
from server.publishing.naming import names_in
from server.publishing.preparation import Preparation, digest_of, prepare
from server.publishing.reviewing import ReviewStanding, standings
from server.publishing.selectors import manifests_of
from server.publishing.words import Sentence, say
from server.screens.models import Screen

__all__ = ["Coming", "Plan", "ScreenPlan", "plan", "prepared_at_rest"]

#: Pictures that are shown of the programme of now and of the one to come.
PICTURES = 6

#: How far ahead they are looked for.
HORIZON = timedelta(hours=24)

#: How often the programme is read again because it changed while it was read.
ATTEMPTS = 3


class Coming(Struct, frozen=True):
    """A picture that is due: when, and the titles in its zones (None: an empty zone)."""

    at: datetime
    layout: str | None
    titles: dict[str, str | None]


class ScreenPlan(Struct, frozen=True):
    """What publishing would do to one screen, and whether a review stands before it.

    `sha256` is the digest of all that it would be told.
    """

    screen: int
    name: str
    state: Literal["unchanged", "changed", "new"]
    changes: tuple[Sentence, ...] = ()
    cautions: tuple[Sentence, ...] = ()
    now: tuple[Coming, ...] = ()
    then: tuple[Coming, ...] = ()
    review: ReviewStanding = "none"
    sha256: str = ""

    @property
    def looks_alike(self) -> bool:
        """Are the next pictures those that would be shown anyway?"""
        return self.now == self.then


class Plan(Struct, frozen=True):
    """What publishing would do."""

    screens: tuple[ScreenPlan, ...]

    @property
    def digest(self) -> str:
        """What stands for all of it, for whoever publishes what they looked at."""
        return digest_of({each.screen: each.sha256 for each in self.screens})

    def only(self, *standings: ReviewStanding) -> "Plan":
        """The plan of the screens that would change and whose review stands so."""
        return Plan(tuple(each for each in self.changed if each.review in standings))

    @property
    def changed(self) -> tuple[ScreenPlan, ...]:
        """The screens that would be told something else."""
        return tuple(each for each in self.screens if each.state != "unchanged")

    @property
    def to_confirm(self) -> tuple[Sentence, ...]:
        """What somebody must say yes to, each once."""
        found = [each for screen in self.changed for each in screen.cautions]
        return tuple({str(each): each for each in found if each.needs_confirmation}.values())


def plan(screens: Iterable[Screen], now: datetime) -> Plan:
    """The dry run for these screens.  Raises `ProgrammeInvalid`; `Busy` if editors never rest."""
    pks = [each.pk for each in screens if each.retired_at is None]
    prepared = prepared_at_rest(pks, now)
    work = _Planning(prepared, now)
    plans = tuple(work.of(pk) for pk in sorted(prepared.bodies))
    return Plan(plans)


def prepared_at_rest(screens: Collection[int], now: datetime) -> Preparation:
    """What `prepare` finds, read anew if an editor was busy.  Raises `Busy` if they never rest."""
    for _attempt in range(ATTEMPTS):
        try:
            return prepare(screens, now)
        except KeyError:  # what one query found, the next one did not: an editor deleted it
            continue
    raise Busy(_("The programme is being changed at this moment: look again."), retry_after_s=1)


class _Planning:
    """The plans of one preparation; screens with the same before and after share the work."""

    def __init__(self, prepared: Preparation, now: datetime) -> None:
        self._prepared, self._now = prepared, now
        self._known: dict[tuple[str, str], ScreenPlan] = {}
        self._reviews = standings(prepared, now)
        told = [prepared.told[pk] for pk in prepared.changed if pk in prepared.told]
        one_each = {each.content_sha256: each.pk for each in told}
        manifests = manifests_of(one_each.values())
        self._before = {sha256: manifests[pk] for sha256, pk in one_each.items()}
        self._names = names_in(prepared.facts, self._before.values())

    def of(self, pk: int) -> ScreenPlan:
        """The plan of a screen."""
        name, sha256 = self._prepared.facts.screens[pk].name, self._prepared.bodies[pk].sha256
        if pk not in self._prepared.changed:
            return ScreenPlan(pk, name, "unchanged", sha256=sha256)
        told = self._prepared.told.get(pk)
        key = (told.content_sha256 if told else "", self._prepared.bodies[pk].sha256)
        if key not in self._known:
            self._known[key] = self._made(pk, self._before.get(key[0]))
        known = self._known[key]
        review = self._reviews[pk]
        return structs.replace(known, screen=pk, name=name, review=review, sha256=sha256)

    def _made(self, pk: int, before: Manifest | None) -> ScreenPlan:
        facts, after = self._prepared.facts, self._prepared.bodies[pk].manifest
        sheet = sheet_of(facts, facts.screens[pk], self._now)
        changes = [say("NEW_SCREEN")] if before is None else differences(before, after, self._names)
        return ScreenPlan(
            screen=pk,
            name="",
            state="new" if before is None else "changed",
            changes=tuple(changes),
            cautions=tuple(cautions(facts, sheet, after, self._now)),
            now=() if before is None else tuple(self._coming(before)),
            then=tuple(self._coming(after)),
        )

    def _coming(self, manifest: Manifest) -> Iterator[Coming]:
        spans = Timeline.of(manifest).pictures(self._now, self._now + HORIZON)
        for span in islice(spans, PICTURES):
            layout = span.picture.layout
            titles = {
                zone: None if showing is None else manifest.assets[showing.asset].title
                for zone, showing in span.picture.zones.items()
            }
            name = None if layout is None else self._names.get(layout.rpartition(".")[2], layout)
            yield Coming(span.since, name, titles)
