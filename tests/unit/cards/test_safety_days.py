"""Days without an accident: counted from a date, rolled by the wall's midnight."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.catalogue import card_for
from cards.safety_days import days_since
from cards.template import Face
from manifest.model import CardAsset

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 12, tzinfo=SHANGHAI)


def face(now: datetime = NOON, **fields: Any) -> Face:
    return card_for(CardAsset("", "safety-days", {"since": "2026-11-20"} | fields), now).face


def facts(**fields: Any) -> dict[str, str]:
    return {fact["name"]: fact["value"] for fact in face(**fields).data["facts"]}


@pytest.mark.parametrize(
    ("since", "days"),
    [("2026-11-23", 0), ("2026-11-22", 1), ("2026-12-01", 0), ("2024-02-29", 998)],
    ids=["on the day itself", "the day after", "before it begins", "over a leap day"],
)
def test_the_day_of_the_accident_is_day_zero(since: str, days: int) -> None:
    assert face(since=since).data["figure"] == f"{days}"


def test_it_rolls_at_midnight_on_the_clock_of_the_wall() -> None:
    before = face(datetime(2026, 11, 23, 23, 59, 59, tzinfo=SHANGHAI))
    assert before.until == datetime(2026, 11, 24, tzinfo=SHANGHAI)
    after = face(before.until)
    assert (before.data["figure"], after.data["figure"]) == ("3", "4")


def test_midnight_comes_when_the_clocks_are_changed_too() -> None:
    berlin = ZoneInfo("Europe/Berlin")
    told = face(datetime(2026, 3, 29, 1, tzinfo=berlin))
    assert told.until is not None
    assert told.until - datetime(2026, 3, 29, 1, tzinfo=SHANGHAI).astimezone(berlin) > timedelta(0)
    assert told.until.date() == date(2026, 3, 30)


@given(st.dates(date(1949, 1, 1), date(2150, 1, 1)), st.integers(0, 40_000))
def test_every_day_counts_once(since: date, ahead: int) -> None:
    today = since + timedelta(days=ahead)
    assert days_since(since, today) == ahead
    assert days_since(since, today + timedelta(days=1)) == ahead + 1


def test_a_longer_run_than_ever_is_a_record_and_grows() -> None:
    assert facts(record_days=3)["历史最长"] == "3 天"
    assert facts(record_days=2)["新纪录"] == "3 天"


def test_the_goal_comes_nearer_and_is_reached() -> None:
    assert facts(goal_days=5)["距目标还有"] == "2 天"
    assert facts(goal_days=3)["目标已达成"] == "3 天"


def test_english_counts_one_day_and_many_days() -> None:
    assert face(language="en", since="2026-11-22").data["unit"] == "day"
    assert face(language="en").data["unit"] == "days"
