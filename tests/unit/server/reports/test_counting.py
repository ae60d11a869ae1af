"""Plays counted into days: each once, on the day of its screen's clock, whole or cut short."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db.models import Sum

from server.publishing.services import publish
from server.reports import counting
from server.reports.chores import often
from server.reports.counting import count_plays
from server.reports.coverage import coverage, of_campaign
from server.reports.models import PlayDay, ScreenDay
from server.reports.selectors import (
    Period,
    hours_by_day,
    hours_by_screen,
    play_rows,
    play_totals,
)
from server.screens.models import Screen
from server.telemetry.models import HeartbeatSample, PlayRecord
from tests.simulators import server_objects as objects

pytestmark = pytest.mark.django_db

#: Christmas Eve, eight in the evening in Beijing.
EVENING = datetime(2026, 12, 24, 12, 0, tzinfo=UTC)
TODAY = date(2026, 12, 24)
ALL = Period(date(2026, 12, 1), date(2026, 12, 31))
S, H = timedelta(seconds=1), timedelta(hours=1)


def play(screen, start, seconds=10, item="i1", asset="a1", **more):
    return PlayRecord.objects.create(
        screen=screen, zone="main", item=item, asset=asset, start=start,
        end=start + timedelta(seconds=seconds), **more,
    )  # fmt: skip


def count():
    """Two looks: the first notes what there is, the second counts it."""
    count_plays(EVENING)
    return count_plays(EVENING)


@pytest.fixture
def screen():
    return objects.screen(objects.department())


def test_a_play_is_counted_once_however_often_the_chore_comes(screen):
    for n in range(7):
        play(screen, EVENING + 10 * n * S)
    assert count() == 7
    assert count() == 0
    row = PlayDay.objects.get()
    assert (row.full, row.cut, row.other, row.ms) == (0, 0, 7, 70_000)


def test_what_came_late_is_added_to_its_day(screen):
    play(screen, EVENING)
    count()
    play(screen, EVENING - timedelta(days=20))
    play(screen, EVENING + 20 * S)
    count()
    assert [(row.day, row.other) for row in PlayDay.objects.order_by("day")] == [
        (TODAY - timedelta(days=20), 1), (TODAY, 2),
    ]  # fmt: skip


def test_a_day_is_that_of_the_screens_clock(screen):
    abroad = objects.screen(screen.department, timezone="America/New_York")
    at = datetime(2026, 12, 24, 16, 30, tzinfo=UTC)  # half past midnight in Beijing
    play(screen, at)
    play(abroad, at)
    count()
    days = dict(PlayDay.objects.values_list("screen", "day"))
    assert days == {screen.pk: date(2026, 12, 25), abroad.pk: TODAY}


def test_a_play_across_midnight_counts_once_and_its_time_where_it_was(screen):
    play(screen, datetime(2026, 12, 24, 15, 59, 50, tzinfo=UTC), seconds=30)
    count()
    rows = PlayDay.objects.order_by("day").values_list("day", "other", "ms")
    assert list(rows) == [(TODAY, 1, 10_000), (date(2026, 12, 25), 0, 20_000)]


def test_an_item_shown_for_less_than_it_was_due_is_cut_short(enterprise):
    asset = enterprise.picture("Poster")
    screen = enterprise.lobby(asset)
    publish(screens=[screen], actor=None, reason="First.", now=enterprise.now)
    version = screen.publications.get().version
    item = f"i{screen.default_layout.zones.get().playlist.items.get().pk}"
    for seconds in (10, 9.5, 3):
        play(screen, EVENING + seconds * H, seconds, item, f"a{asset.pk}", manifest_version=version)
    play(screen, EVENING, 10, "i999", "a999", manifest_version=version)
    count()
    full, cut, other = PlayDay.objects.aggregate(
        full=Sum("full"), cut=Sum("cut"), other=Sum("other")
    ).values()
    assert (full, cut, other) == (2, 1, 1)
    rows, _fresh = play_rows(Screen.objects.all(), ALL, "item")
    assert {row.name for row in rows} == {"Poster", "a999"}


@pytest.mark.parametrize("by", ["item", "screen", "day"])
def test_a_report_is_the_same_before_and_after_the_chore(screen, by):
    other = objects.screen(screen.department)
    for n in range(20):
        play(screen if n % 3 else other, EVENING + 10 * n * S, item=f"i{n % 2}", asset=f"a{n % 2}")
    before, is_fresh = play_rows(Screen.objects.all(), ALL, by)
    assert is_fresh
    count()
    after, _fresh = play_rows(Screen.objects.all(), ALL, by)
    assert [(row.key, row.times, row.ms) for row in before] == [
        (row.key, row.times, row.ms) for row in after
    ]
    assert play_totals(Screen.objects.filter(pk=other.pk), ALL).times == 7


def test_too_much_that_is_not_counted_is_told_and_not_waited_for(screen, monkeypatch):
    monkeypatch.setattr(counting, "FRESH_MOST", 2)
    for n in range(3):
        play(screen, EVENING + 10 * n * S)
    rows, is_fresh = play_rows(Screen.objects.all(), ALL, "day")
    assert (rows, is_fresh) == ([], False)


def test_of_an_hour_without_a_sign_nothing_is_known(enterprise):
    screen = enterprise.lobby()
    panel = {"start": "2026-01-01T08:00:00", "duration_s": 12 * 3600, "rrule": "FREQ=DAILY"}
    screen.panel_on = [panel]
    screen.save()
    publish(screens=[screen], actor=None, reason="First.", now=enterprise.now)
    beijing_ten = datetime(2026, 12, 24, 2, 0, tzinfo=UTC)
    HeartbeatSample.objects.create(screen=screen, hour=beijing_ten, body={})
    HeartbeatSample.objects.create(screen=screen, hour=beijing_ten - 6 * H, body={})  # not due
    play(screen, beijing_ten + H)
    count()
    often(None, EVENING)
    (hours,) = hours_by_screen(Screen.objects.all(), Period(TODAY, TODAY), EVENING)
    assert (hours.due, hours.heard, hours.known, hours.unknown) == (12, 1, 2, 10)
    earlier = hours_by_screen(Screen.objects.all(), Period(TODAY, TODAY), EVENING - 8 * H)
    assert earlier[0].due == 4  # only hours that are over
    days = hours_by_day(Screen.objects.all(), Period(TODAY - timedelta(1), TODAY), EVENING)
    assert [day.due for day in days] == [12, 12]


def test_a_campaign_is_held_against_what_the_scheduler_had_due(enterprise):
    one, two = enterprise.picture(), enterprise.picture()
    screen = enterprise.lobby(one, two)
    yesterday = enterprise.now - timedelta(days=2)
    publish(screens=[screen], actor=None, reason="First.", now=yesterday)
    playlist = screen.default_layout.zones.get().playlist
    item = playlist.items.get(asset=one)
    day = datetime(2026, 12, 23, 2, 0, tzinfo=UTC)
    version = screen.publications.get().version
    for n in range(360):
        play(screen, day + 20 * n * S, 10, f"i{item.pk}", f"a{one.pk}", manifest_version=version)
    count()
    often(None, EVENING)
    period = Period(date(2026, 12, 23), date(2026, 12, 23))
    everywhere = Screen.objects.all()
    (covered,) = coverage(everywhere, period, of_campaign("playlist", [playlist.pk]), EVENING)
    assert covered.planned_ms == 24 * 3_600_000
    assert covered.ms == 3_600_000
    (covered,) = coverage(everywhere, period, of_campaign("asset", [one.pk]), EVENING)
    assert covered.planned_ms == 12 * 3_600_000
    assert covered.share == pytest.approx(1 / 12)
    assert covered.hours.known == 2
    assert ScreenDay.objects.filter(is_planned=True).exists()
    often(None, EVENING)
    assert PlayDay.objects.aggregate(all=Sum("planned_ms"))["all"] == 24 * 3_600_000
