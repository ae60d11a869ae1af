"""A screen of many years: what is over leaves its manifest, and nothing on the wall changes."""

from collections.abc import Collection
from datetime import UTC, datetime, timedelta

import pytest
from msgspec import structs

from manifest.codec import MAX_ENTRIES
from manifest.model import Entry, Window
from scheduler.timeline import on_screen_at
from server.publishing.facts import EntryFacts
from server.publishing.in_use import ENTRIES_AT_EASE, entries_in_use
from tests.simulators.manifests import a_manifest

NOON = datetime(2026, 3, 20, 12)  # noqa: DTZ001  (a wall time)
NOW = NOON.replace(tzinfo=UTC)


def entry(pk: int, start: datetime, hours: float = 2, priority: int = 10, **more) -> EntryFacts:
    window = Window(start=start, duration_s=int(hours * 3600), **more)
    return EntryFacts(pk, f"Lunch {pk}", 1, priority, window)


def lunches(count: int) -> list[EntryFacts]:
    """One for each day up to today, as somebody makes them who knows no recurrence."""
    return [entry(n, NOON - timedelta(days=count - n)) for n in range(1, count + 1)]


def test_few_entries_stay_though_they_are_over() -> None:
    entries = lunches(ENTRIES_AT_EASE)
    assert entries_in_use(entries, NOW) == tuple(each.pk for each in entries)


def test_of_years_of_entries_those_of_this_month_stay_and_the_last_before_it() -> None:
    entries = lunches(MAX_ENTRIES + 500)
    kept = entries_in_use(entries, NOW)
    assert len(kept) == 20 + 1  # from the 1st to the 20th, and that of 28 February
    assert kept[-1] == entries[-1].pk


def test_what_may_come_again_stays_however_old_it_is() -> None:
    old = datetime(2001, 1, 1)  # noqa: DTZ001  (a wall time)
    coming = [
        entry(9001, old, rrule="FREQ=YEARLY"),
        entry(9002, old, rrule="FREQ=DAILY;UNTIL=20260315T120000"),
        entry(9003, old, rdates=(NOON + timedelta(days=30),)),
        entry(9004, old, rrule="FREQ=DAILY;COUNT=3"),  # over, but that is not sure by its words
    ]
    kept = entries_in_use([*lunches(MAX_ENTRIES), *coming], NOW)
    assert {each.pk for each in coming} <= set(kept)


LONG = entry(7000, datetime(2020, 1, 1), 24 * 365 * 10, priority=5)  # noqa: DTZ001  (wall)
BESIDE = [entry(7001 + n, NOON - timedelta(days=90 + n), 5.2515, 5) for n in range(3)]
ENTRIES = [LONG, *BESIDE, *lunches(700)]


@pytest.mark.parametrize("hours", [0, 5, 30, 24 * 40])
def test_the_wall_shows_the_same_at_the_same_offset(hours: int) -> None:
    kept = entries_in_use(ENTRIES, NOW)
    assert len(kept) < 50
    assert shown(kept, hours) == shown([each.pk for each in ENTRIES], hours)


def test_negative_control_without_what_ended_last_loops_would_jump() -> None:
    kept = set(entries_in_use(ENTRIES, NOW)) - {each.pk for each in BESIDE}
    assert shown(kept, 5) != shown([each.pk for each in ENTRIES], 5)


def shown(kept: Collection[int], hours: int) -> object:
    entries = [each for each in ENTRIES if each.pk in kept]
    return on_screen_at(_manifest(entries), NOW + timedelta(hours=hours))


def _manifest(entries: list[EntryFacts]):
    whole = a_manifest()
    layout = next(iter(whole.layouts))
    found = tuple(
        Entry(id=f"e{each.pk}", layout=layout, priority=each.priority, window=each.window)
        for each in entries
    )
    return structs.replace(whole, entries=found)
