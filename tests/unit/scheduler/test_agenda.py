"""Occurrences one by one, and who has the screen when: the same that the scheduler decides by."""

from datetime import UTC, date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from manifest.model import Calendar, Entry, Playlist, Window
from scheduler.agenda import Agenda, can_show, first_fitting, tenures
from scheduler.timeline import on_screen_at
from scheduler.wallclock import WallClock, to_ms
from scheduler.windows import WindowIndex
from scheduler.working_days import WorkingDays
from tests.unit.scheduler.programmes import item, programme, utc, wall, window

RULES = st.sampled_from([
    None, "FREQ=DAILY", "FREQ=WEEKLY;BYDAY=MO,FR", "FREQ=WEEKLY;INTERVAL=2;BYDAY=WE",
    "FREQ=MONTHLY;BYMONTHDAY=-1", "FREQ=MONTHLY;BYDAY=2TU;COUNT=4", "FREQ=HOURLY;INTERVAL=5",
    "FREQ=DAILY;UNTIL=20261201T235959", "FREQ=YEARLY",
])  # fmt: skip
ZONES = st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York", "UTC"])
STARTS = st.datetimes(wall("2026-01-01T00:00:00"), wall("2027-03-01T00:00:00")).map(
    lambda at: at.replace(microsecond=0)
)
CALENDAR = Calendar(rest=frozenset({date(2026, 10, 1)}), work=frozenset({date(2026, 10, 10)}))


WINDOWS = st.builds(
    Window, STARTS, st.integers(600, 200_000), RULES, days=st.sampled_from(["any", "work", "rest"])
)


@settings(max_examples=60, deadline=None)
@given(WINDOWS, STARTS, ZONES)
def test_occurrences_together_are_the_runs_of_the_window(one, look, zone):
    begin, end = look.replace(tzinfo=UTC), look.replace(tzinfo=UTC) + timedelta(days=9)
    index = WindowIndex(one, WallClock(zone), WorkingDays(CALENDAR))
    found = list(Agenda(one, zone, CALENDAR).between(begin, end))
    for t in (begin + timedelta(minutes=37 * n) for n in range(200)):
        is_open, _changes = index.boundaries(to_ms(t), to_ms(t) + 1)
        assert is_open == any(each.since <= t < each.until for each in found), t


def test_each_occurrence_has_the_wall_time_that_exdates_would_name():
    one = window("2026-11-02T22:00:00", hours=8, rrule="FREQ=DAILY")
    agenda = Agenda(one, "Asia/Shanghai", Calendar())
    found = [
        each.start
        for each in agenda.between(utc("2026-11-22T16:00:00"), utc("2026-11-23T16:00:00"))
    ]
    assert found == [wall("2026-11-22T22:00:00"), wall("2026-11-23T22:00:00")]
    assert agenda.has(found[0])
    assert not agenda.has(wall("2026-11-22T21:00:00"))


def test_in_the_hour_that_a_switch_skips_an_occurrence_moves_forward():
    one = window("2026-03-29T02:30:00", hours=1)
    (found,) = Agenda(one, "Europe/Berlin", Calendar()).following(utc("2026-03-01T00:00:00"), 5)
    assert (found.since, found.until) == (utc("2026-03-29T01:30:00"), utc("2026-03-29T02:30:00"))


def test_the_next_occurrences_begin_with_the_instant_asked_for():
    agenda = Agenda(window("2026-11-23T11:00:00", rrule="FREQ=WEEKLY"), "UTC", Calendar())
    found = agenda.following(utc("2026-11-23T11:00:00"), 2)
    assert [each.start for each in found] == [
        wall("2026-11-23T11:00:00"),
        wall("2026-11-30T11:00:00"),
    ]
    leap = Agenda(window("2024-02-29T11:00:00", rrule="FREQ=YEARLY"), "UTC", Calendar())
    assert leap.following(utc("2026-01-01T00:00:00"), 1)[0].start == wall("2028-02-29T11:00:00")


def test_a_series_is_counted_from_its_first_occurrence():
    agenda = Agenda(window("2026-11-23T11:00:00", rrule="FREQ=DAILY"), "UTC", Calendar())
    assert agenda.number_before(wall("2026-11-30T11:00:00"), wall("2026-11-23T11:00:00")) == 7


def test_the_first_day_that_a_rule_names_is_found():
    assert first_fitting("FREQ=WEEKLY;BYDAY=MO", wall("2026-11-24T11:00:00")) == wall(
        "2026-11-30T11:00:00"
    )
    assert first_fitting("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", wall("2026-11-24T11:00:00")) is None


@pytest.fixture
def lunch():
    """Lunch covers the news from 11 to 13; an entry of nothing at all covers nobody."""
    return programme(
        {"p0": Playlist((item("logo"),)), "p1": Playlist((item("news"),)),
         "p2": Playlist((item("menu"),)), "p3": Playlist(())},
        entries=(
            Entry("news", "p1", 10, window("2026-11-23T08:00:00", hours=10)),
            Entry("lunch", "p2", 20, window("2026-11-23T11:00:00", hours=2)),
            Entry("nothing", "p3", 90, window("2026-11-23T12:00:00", hours=1)),
        ),
        zone="UTC",
    )  # fmt: skip


def test_who_has_the_screen_is_told_span_by_span(lunch):
    spans = list(tenures(lunch, utc("2026-11-23T00:00:00"), utc("2026-11-24T00:00:00")))
    told = [(f"{each.since:%H}", *(one.id for one in each.holders)) for each in spans]
    assert told == [("00", None), ("08", "news"), ("11", "lunch"), ("13", "news"), ("18", None)]
    assert all(one.until == other.since for one, other in pairwise(spans))


def test_spans_agree_with_the_picture_at_every_minute(lunch):
    for span in tenures(lunch, utc("2026-11-23T00:00:00"), utc("2026-11-24T00:00:00")):
        at = span.since
        while at < span.until:
            assert on_screen_at(lunch, at).because.id in {each.id for each in span.holders}
            at += timedelta(minutes=7)


def test_a_layout_of_nothing_can_show_nothing(lunch):
    at = utc("2026-11-23T12:00:00")
    assert can_show(lunch, "p1", at)
    assert not can_show(lunch, "p3", at)
