"""Sets of days hold what looking at each day by itself finds."""

from calendar import monthrange
from datetime import date, datetime, time, timedelta
from random import Random

import pytest

from scheduler.recurrence import Recurrence
from scheduler.rrule import RuleParts
from scheduler.year_days import (
    days_back_in,
    days_in,
    every,
    january_1,
    kind_of,
    month_days,
    months,
    numbered_weekdays,
    week_days,
    weekdays,
    year_days,
)
from tests.oracles.random_programmes import random_rule

#: Each kind of year there is, neighbours of leap years and of centuries among them.
YEARS = [1, 1896, 1900, 1904, *range(1999, 2030), 2099, 2100, 2101, 9999]


def all_days(year):
    first = date(year, 1, 1)
    return [first + timedelta(days=at) for at in range(kind_of(year).length)]


def check(days, year, is_in):
    assert days_in(days, year) == [on.toordinal() for on in all_days(year) if is_in(on)]
    assert list(days_back_in(days, year)) == days_in(days, year)[::-1]


@pytest.mark.parametrize("year", YEARS)
def test_a_part_of_a_rule_is_the_set_of_its_days(year):
    kind = kind_of(year)
    length, first = kind.length, kind.first_weekday
    assert january_1(year) == date(year, 1, 1).toordinal()
    check(months(frozenset({2, 12}), length), year, lambda on: on.month in (2, 12))
    check(
        month_days(frozenset({1, 29, 31, -1, -30}), length),
        year,
        lambda on: (
            on.day in (1, 29, 31) or on.day - monthrange(on.year, on.month)[1] - 1 in (-1, -30)
        ),
    )
    check(
        year_days(frozenset({60, 366, -366, -1}), length),
        year,
        lambda on: on.timetuple().tm_yday in (60, 366, length, length - 365),
    )
    check(weekdays(frozenset({0, 6}), first, length), year, lambda on: on.weekday() in (0, 6))


@pytest.mark.parametrize("year", YEARS)
def test_a_numbered_weekday_is_counted_in_its_month_or_year(year):
    kind = kind_of(year)
    wanted = frozenset({(5, 0), (-1, 4), (0, 6)})
    of_months = numbered_weekdays(wanted, kind.first_weekday, kind.length, by_month=True)
    of_year = numbered_weekdays(wanted, kind.first_weekday, kind.length, by_month=False)

    def is_in(on, at, length):
        fifth = on.weekday() == 0 and (at - 1) // 7 == 4
        last = on.weekday() == 4 and at + 7 > length
        return fifth or last or on.weekday() == 6

    check(of_months, year, lambda on: is_in(on, on.day, monthrange(on.year, on.month)[1]))
    check(of_year, year, lambda on: is_in(on, on.timetuple().tm_yday, kind.length))


@pytest.mark.parametrize("year", [year for year in YEARS if 1 < year < 9999])
def test_weeks_that_begin_on_monday_are_those_of_iso_8601(year):
    def is_in(on):
        of_year, number, _weekday = on.isocalendar()
        last = date(of_year, 12, 28).isocalendar()[1]
        return number in (1, 20, 53) or number == last

    check(week_days(frozenset({1, 20, 53, -1}), 0, kind_of(year)), year, is_in)


def test_every_so_many_days():
    assert every(7, 3, 20) == 1 << 3 | 1 << 10 | 1 << 17
    assert every(999_999_999, 3, 20) == 1 << 3
    assert every(999_999_999, 20, 20) == 0


@pytest.mark.parametrize("seed", range(60))
def test_a_year_is_counted_as_its_days_are(seed):
    random = Random(seed)
    rule, _back = random_rule(random)
    start = date(2019, random.randint(1, 12), random.randint(1, 28))
    recurrence = Recurrence(RuleParts.of(rule), datetime.combine(start, time(9, 30)))
    for year in (2020, 2021, 2026):
        days = range(january_1(year), january_1(year + 1))
        counted = sum(len(recurrence.seconds_on(day)) for day in days)
        assert recurrence.number_in(year) in (None, counted), rule


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=MINUTELY;INTERVAL=77",
        "FREQ=HOURLY;INTERVAL=5;BYMINUTE=0,30",
        "FREQ=MINUTELY;INTERVAL=50;BYDAY=MO",
        "FREQ=HOURLY;INTERVAL=7;BYHOUR=1,2,3",
        "FREQ=DAILY;INTERVAL=9;BYHOUR=1,2",
    ],
)
def test_a_year_of_a_rule_by_the_clock_is_counted_at_once(rule):
    recurrence = Recurrence(RuleParts.of(rule), datetime.combine(date(2019, 5, 6), time(9, 31)))
    for year in (2020, 2021, 2026):
        days = range(january_1(year), january_1(year + 1))
        assert recurrence.number_in(year) == sum(len(recurrence.seconds_on(day)) for day in days)
