"""Which days and times a rule names, with the cases of RFC 5545 and of its neighbours."""

from datetime import date, datetime, timedelta

import pytest

from manifest.model import Calendar, Window
from scheduler.wallclock import LAST_DAY, WallClock, from_ms, to_ms
from scheduler.windows import NEVER, WindowIndex
from scheduler.working_days import WorkingDays
from tests.unit.scheduler.programmes import utc, wall

NOBODY_RESTS = WorkingDays(Calendar())


def starts(rule, start, span, zone="UTC", working_days=NOBODY_RESTS, **more):
    """The beginnings in UTC of the occurrences in so many (`span`) days from the start on."""
    index = WindowIndex(Window(wall(start), 1, rule, **more), WallClock(zone), working_days)
    begin = to_ms(utc(start)) - 86_400_000
    runs = index.runs(begin, begin + (span + 1) * 86_400_000)
    return [f"{from_ms(begin):%Y-%m-%dT%H:%M}" for begin, _end in runs]


def days(*args, **more):
    return [one[:10] for one in starts(*args, **more)]


def test_daily_ten_times():
    assert days("FREQ=DAILY;COUNT=10", "1997-09-02T09:00:00", 60) == [
        f"1997-09-{day:02}" for day in range(2, 12)
    ]


def test_every_other_week_counts_from_the_week_start():
    # RFC 5545's own example of what WKST changes.
    rule = "FREQ=WEEKLY;INTERVAL=2;COUNT=4;BYDAY=TU,SU;WKST="
    start = "1997-08-05T09:00:00"
    assert days(rule + "MO", start, 60) == ["1997-08-05", "1997-08-10", "1997-08-19", "1997-08-24"]
    assert days(rule + "SU", start, 60) == ["1997-08-05", "1997-08-17", "1997-08-19", "1997-08-31"]


def test_the_last_working_day_of_each_month():
    rule = "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-1"
    assert days(rule, "2026-01-30T09:00:00", 95) == [
        "2026-01-30", "2026-02-27", "2026-03-31", "2026-04-30",
    ]  # fmt: skip


def test_friday_the_13th():
    rule = "FREQ=MONTHLY;BYDAY=FR;BYMONTHDAY=13"
    assert days(rule, "1998-02-13T09:00:00", 400) == ["1998-02-13", "1998-03-13", "1998-11-13"]


def test_leap_days_come_in_leap_years_only():
    found = days("FREQ=YEARLY", "2096-02-29T12:00:00", 3500)
    assert found == ["2096-02-29", "2104-02-29"]


def test_week_53_and_week_1():
    assert days("FREQ=YEARLY;BYWEEKNO=53;BYDAY=MO", "2020-12-28T09:00:00", 2400) == [
        "2020-12-28",
        "2026-12-28",
    ]
    assert days("FREQ=YEARLY;BYWEEKNO=1;BYDAY=MO", "2024-12-30T09:00:00", 400) == [
        "2024-12-30",
        "2025-12-29",
    ]


def test_numbered_and_plain_weekdays_add_up():
    rule = "FREQ=MONTHLY;BYDAY=MO,1TU"
    assert days(rule, "2026-11-01T09:00:00", 16)[1:] == [
        "2026-11-02",
        "2026-11-03",
        "2026-11-09",
        "2026-11-16",
    ]


def test_the_start_is_an_occurrence_even_if_the_rule_does_not_name_it():
    # Sunday; COUNT counts it.
    assert days("FREQ=WEEKLY;BYDAY=MO;COUNT=3", "2026-11-22T09:00:00", 60) == [
        "2026-11-22",
        "2026-11-23",
        "2026-11-30",
    ]


def test_minutes_and_hours_follow_the_wall_clock():
    # Clocks in Berlin go from 02:00 to 03:00; the skipped 02:30 moves to 03:30 (3.3).
    found = starts("FREQ=MINUTELY;INTERVAL=30;COUNT=5", "2026-03-29T01:30:00", 1, "Europe/Berlin")
    assert found == ["2026-03-29T00:30", "2026-03-29T01:00", "2026-03-29T01:30"]
    assert starts("FREQ=HOURLY;COUNT=3", "2026-10-25T01:30:00", 1, "Europe/Berlin") == [
        "2026-10-24T23:30",
        "2026-10-25T00:30",
        "2026-10-25T02:30",
    ]


def test_half_an_hour_is_a_switch_as_well():
    found = starts("FREQ=DAILY;COUNT=3", "2026-10-03T02:15:00", 3, "Australia/Lord_Howe")
    assert found == ["2026-10-02T15:45", "2026-10-03T15:45", "2026-10-04T15:15"]


def test_until_is_inclusive_as_a_wall_time_and_as_an_instant():
    start = "2026-11-20T09:00:00"
    assert days("FREQ=DAILY;UNTIL=20261122T090000", start, 9)[-1] == "2026-11-22"
    assert days("FREQ=DAILY;UNTIL=20261122T085959", start, 9)[-1] == "2026-11-21"
    there = "Asia/Shanghai"
    assert starts("FREQ=DAILY;UNTIL=20261122T010000Z", start, 9, there)[-1] == "2026-11-22T01:00"
    assert starts("FREQ=DAILY;UNTIL=20261122T005959Z", start, 9, there)[-1] == "2026-11-21T01:00"


def test_exceptions_and_extra_dates():
    found = days(
        "FREQ=DAILY;COUNT=4",
        "2026-11-20T09:00:00",
        30,
        exdates=(wall("2026-11-20T09:00:00"), wall("2026-11-22T08:00:00")),
        rdates=(wall("2026-11-29T09:00:00"), wall("2026-11-21T09:00:00")),
    )
    assert found == ["2026-11-21", "2026-11-22", "2026-11-23", "2026-11-29"]


def test_days_worked_in_exchange_for_holidays():
    # The week of the National Day: 1 to 7 October off, Saturday 10 October worked (调休).
    holidays = frozenset(date(2026, 10, day) for day in range(1, 8))
    working_days = WorkingDays(Calendar(rest=holidays, work=frozenset({date(2026, 10, 10)})))
    more = {"rdates": (wall("2026-10-03T10:00:00"),)}
    start, rule = "2026-09-30T09:00:00", "FREQ=DAILY"
    worked = days(rule, start, 13, working_days=working_days, days="work", **more)
    rested = days(rule, start, 13, working_days=working_days, days="rest", **more)
    assert worked == ["2026-09-30", "2026-10-08", "2026-10-09", "2026-10-10", "2026-10-12"]
    assert rested == [f"2026-10-{day:02}" for day in (1, 2, 3, 3, 4, 5, 6, 7, 11)]


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30",
        "FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30;COUNT=5",
        "FREQ=MINUTELY;INTERVAL=1440;BYHOUR=5",
        "FREQ=HOURLY;BYDAY=MO;BYSETPOS=2",
        "FREQ=YEARLY;INTERVAL=999999999",
        "FREQ=DAILY;UNTIL=19691231T235959",
    ],
)
def test_a_rule_that_never_matches_leaves_the_start_alone(rule):
    start = wall("1970-01-01T00:00:00")
    index = WindowIndex(Window(start, 60, rule), WallClock("Asia/Shanghai"), NOBODY_RESTS)
    for year in (1970, 2026, 2100, 9998):
        t = to_ms(datetime(year, 6, 1, tzinfo=utc("1970-01-01").tzinfo))
        assert index.latest_end(t, NEVER) == to_ms(utc("1969-12-31T16:01:00"))
        assert index.boundaries(t, t + 86_400_000) == (False, [])


def test_a_run_that_never_breaks_began_when_it_began():
    clock = WallClock("Asia/Shanghai")
    for start in ("2024-01-01T00:00:00", "2012-01-01T06:00:00"):
        for rule, seconds in (("FREQ=DAILY", 86_400), ("FREQ=MINUTELY", 60), ("FREQ=HOURLY", 4000)):
            index = WindowIndex(Window(wall(start), seconds, rule), clock, NOBODY_RESTS)
            began = to_ms(utc(start)) - 8 * 3_600_000
            for t in (utc("2026-11-23"), utc("2026-11-22"), utc("2027-11-23")):
                assert index.latest_change(to_ms(t), NEVER) == began
                assert index.latest_change(to_ms(t), began) == began
                assert index.latest_change(to_ms(t), began + 5) == began + 5
                assert index.latest_end(to_ms(t), NEVER) == NEVER


def test_an_exception_breaks_a_run():
    window = Window(
        wall("2020-01-01T00:00:00"), 86_400, "FREQ=DAILY", exdates=(wall("2026-02-03T00:00:00"),)
    )
    index = WindowIndex(window, WallClock("Asia/Shanghai"), NOBODY_RESTS)
    t = to_ms(utc("2026-11-23"))
    assert from_ms(index.latest_change(t, NEVER)) == utc("2026-02-03T16:00:00")
    assert from_ms(index.latest_end(t, NEVER)) == utc("2026-02-02T16:00:00")


def test_a_day_of_25_hours_breaks_a_run_of_24_hours_a_day():
    window = Window(wall("2020-01-01T00:00:00"), 86_400, "FREQ=DAILY")
    index = WindowIndex(window, WallClock("Europe/Berlin"), NOBODY_RESTS)
    t = to_ms(utc("2026-11-23"))
    assert from_ms(index.latest_change(t, NEVER)) == utc("2026-10-25T23:00:00")
    assert from_ms(index.latest_end(t, NEVER)) == utc("2026-10-25T22:00:00")


def test_the_last_days_of_time_have_occurrences():
    window = Window(wall("9999-12-30T00:00:00"), 86_400, "FREQ=DAILY")
    index = WindowIndex(window, WallClock("America/New_York"), NOBODY_RESTS)
    assert date.fromordinal(LAST_DAY) == date(9999, 12, 31)
    t = to_ms(utc("9999-12-31T23:00:00"))
    assert index.boundaries(t, t + int(timedelta(days=3).total_seconds() * 1000))[0]


def test_the_order_of_questions_does_not_matter():
    # The second day is not yet seen to go on from the first; a later one is seen to.
    window = Window(wall("2026-11-01T00:00:00"), 86_400, "FREQ=DAILY")
    index = WindowIndex(window, WallClock("Asia/Shanghai"), NOBODY_RESTS)
    for instant in ("2026-11-01T18:00:00", "2026-11-02T18:00:00", "2026-11-02T01:00:00"):
        t = to_ms(utc(instant))
        assert from_ms(index.latest_change(t, NEVER)) == utc("2026-10-31T16:00:00")
        assert index.latest_end(t, NEVER) == NEVER
    for instant in ("2026-11-03T15:00:00", "2026-11-20T03:00:00", "2026-11-05T03:00:00"):
        assert from_ms(index.latest_change(to_ms(utc(instant)), NEVER)) == utc(
            "2026-10-31T16:00:00"
        )
