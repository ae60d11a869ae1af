"""Sums that the database keeps: rows are made once, then added to, whatever may be NULL."""

from datetime import date

import pytest

from server.rollup import ADD, AT_A_TIME, BITS, KEEP, LEAST, MOST, NEWEST_TEXT, roll_up
from server.watch.models import DayHealth
from tests.simulators import server_objects as objects

pytestmark = pytest.mark.django_db

KEYS = ("screen_id", "day")
FOLDS = {
    "looked": ADD, "heard": BITS, "restarts": KEEP, "temperature_c": MOST, "free_share": LEAST,
    "boot": NEWEST_TEXT,
}  # fmt: skip
DAY = date(2026, 3, 2)


@pytest.fixture
def screen(enterprise):
    return objects.screen(enterprise.department, enterprise.site).pk


def kept(screen):
    return DayHealth.objects.filter(screen=screen).values_list(*FOLDS).get()


def test_the_first_row_is_as_it_came(screen):
    roll_up(DayHealth, KEYS, FOLDS, [(screen, DAY, 3, 4, 5, None, 0.5, "")])
    assert kept(screen) == (3, 4, 5, None, 0.5, "")


def test_further_rows_are_folded_into_it_also_within_one_call(screen):
    rows = [
        (screen, DAY, 1, 0b001, 7, None, 0.5, "first"),
        (screen, DAY, 1, 0b100, 9, 41.0, 0.6, ""),
        (screen, DAY, 1, 0b100, 9, 40.0, 0.4, "second"),
        (screen, DAY, 1, 0b100, 9, None, None, ""),
    ]
    roll_up(DayHealth, KEYS, FOLDS, rows[:1])
    roll_up(DayHealth, KEYS, FOLDS, rows[1:])
    assert kept(screen) == (4, 0b101, 7, 41.0, 0.4, "second")


def test_more_than_one_transaction_of_rows_counts_in_full(screen):
    roll_up(DayHealth, KEYS, FOLDS, [(screen, DAY, 1, 0, 0, None, None, "")] * (AT_A_TIME + 1))
    assert kept(screen)[0] == AT_A_TIME + 1


def test_no_row_is_no_work(screen, django_assert_num_queries):
    with django_assert_num_queries(0):
        roll_up(DayHealth, KEYS, FOLDS, [])
