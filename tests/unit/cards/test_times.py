"""The clock, countdowns and welcomes: what they say when, and until when that is right."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cards.catalogue import card_for
from cards.lunar import lunar_day, lunar_year, solar_term, terms_ahead
from cards.template import CardRefusedError, Face
from manifest.model import CardAsset

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 22, 9, 28, 31, tzinfo=SHANGHAI)


def face(template: str, now: datetime = NOW, **fields: Any) -> Face:
    return card_for(CardAsset("", template, fields), now).face


#: New years, a leap month, and the one of 2033 that old tables had in the wrong place.
ALMANAC = {
    date(2025, 1, 29): ("正月初一", "乙巳蛇年"),
    date(2025, 8, 1): ("闰六月初八", "乙巳蛇年"),
    date(2026, 2, 16): ("腊月廿九", "乙巳蛇年"),
    date(2026, 2, 17): ("正月初一", "丙午马年"),
    date(2026, 9, 25): ("八月十五", "丙午马年"),
    date(2033, 12, 22): ("闰冬月初一", "癸丑牛年"),
}


@pytest.mark.parametrize(("day", "said"), ALMANAC.items(), ids=str)
def test_the_day_of_the_chinese_calendar_is_that_of_the_tables_in_print(
    day: date, said: tuple[str, str]
) -> None:
    assert (lunar_day(day), lunar_year(day)) == said


@pytest.mark.parametrize(
    ("day", "term"),
    [
        (date(2026, 11, 22), "小雪"),
        (date(2026, 4, 5), "清明"),
        (date(2026, 12, 22), "冬至"),
        (date(2026, 11, 23), ""),
    ],
)
def test_a_solar_term_stands_on_its_day(day: date, term: str) -> None:
    assert solar_term(day) == term


def test_the_next_term_is_at_most_seventeen_days_ahead() -> None:
    day = date(2026, 1, 1)
    ahead = [terms_ahead(day + timedelta(days=n)) for n in range(366)]
    assert {len(name) for name, _ in ahead} == {2}
    assert max(days for _, days in ahead) <= 17
    assert terms_ahead(date(2026, 11, 22)) == ("大雪", 15)


def test_years_out_of_the_tables_are_left_out_not_wrong() -> None:
    assert lunar_day(date(2150, 1, 1)) == lunar_year(date(1800, 1, 1)) == ""
    assert face("clock", NOW.replace(year=2150)).data["lunar"] == ""


def test_the_clock_is_right_until_the_next_minute() -> None:
    told = face("clock")
    assert (told.data["time"], told.until) == ("09:28", NOW.replace(minute=29, second=0))
    assert told.data["term"] == "今日小雪"
    assert face("clock", lunar=False).data["lunar"] == ""


def countdown(now: datetime, **fields: Any) -> tuple[str, str, datetime | None]:
    told = face("countdown", now, event="开工", on="2026-11-24", **fields)
    return told.data["figure"], told.data["unit"], told.until


def test_days_to_go_are_counted_by_midnights() -> None:
    assert countdown(NOW) == ("2", "天", datetime(2026, 11, 23, tzinfo=SHANGHAI))


def test_on_the_day_hours_and_minutes_count_down_to_the_time() -> None:
    day = datetime(2026, 11, 24, 13, 58, 30, tzinfo=SHANGHAI)
    assert countdown(day, at="14:00") == ("0:02", "", day.replace(minute=59, second=0))
    assert countdown(day.replace(hour=9, minute=0, second=0), at="14:00")[0] == "5:00"


def test_what_has_come_is_told_and_stays() -> None:
    day = datetime(2026, 11, 24, 14, tzinfo=SHANGHAI)
    assert countdown(day, at="14:00", after="今日开工")[0] == "今日开工"
    assert countdown(day + timedelta(days=9)) == ("开\u2060工", "", None)


def test_a_time_that_is_none_is_refused() -> None:
    with pytest.raises(CardRefusedError, match=r'^data.at: "25:00" is no time of day; write it'):
        countdown(NOW, at="25:00")


VISITS = [
    {"guests": "甲", "starts": "2026-11-22T09:00:00", "ends": "2026-11-22T10:00:00"},
    {"guests": "乙", "starts": "2026-11-22T09:30:00", "ends": "2026-11-22T11:00:00"},
]


@pytest.mark.parametrize(
    ("clock", "guests", "until"),
    [
        ((8, 59), ["欢迎光临"], (9, 0)),
        ((9, 0), ["甲"], (9, 30)),
        ((9, 45), ["甲", "乙"], (10, 0)),
        ((10, 0), ["乙"], (11, 0)),
        ((11, 0), ["欢迎光临"], None),
    ],
)
def test_guests_are_welcomed_while_they_are_expected(
    clock: tuple[int, int], guests: list[str], until: tuple[int, int] | None
) -> None:
    told = face("welcome", datetime(2026, 11, 22, *clock, tzinfo=SHANGHAI), visits=VISITS)
    assert [page["guests"] for page in told.data["pages"]] == guests
    assert told.until == (until and datetime(2026, 11, 22, *until, tzinfo=SHANGHAI))


def test_a_visit_that_ends_before_it_begins_is_refused() -> None:
    wrong = VISITS[0] | {"ends": "2026-11-22T08:00:00"}
    with pytest.raises(CardRefusedError, match=r"^data.visits\[0\].ends: not after its start$"):
        face("welcome", visits=[wrong])
