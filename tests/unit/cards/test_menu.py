"""The canteen's menu: the right meal by time, what comes next, and what if a day is missing."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cards.catalogue import card_for
from cards.menu import MAX_MEAL
from cards.template import CardRefusedError, Face
from manifest.model import CardAsset

SHANGHAI = ZoneInfo("Asia/Shanghai")


def at(clock: str, day: int = 23) -> datetime:
    hour, minute = map(int, clock.split(":"))
    return datetime(2026, 11, day, hour, minute, tzinfo=SHANGHAI)


def dish(meal: str, name: str, day: int = 23, **more: Any) -> dict[str, Any]:
    return {"date": f"2026-11-{day}", "meal": meal, "dish": name, **more}


PLAN = [
    dish("早餐", "小米粥"), dish("午餐", "红烧肉", price=12), dish("晚餐", "牛肉面"),
    dish("早餐", "豆浆", 24), dish("午餐", "鱼", 24),
]  # fmt: skip


def face(now: datetime, dishes: list[dict[str, Any]] = PLAN, **fields: Any) -> Face:
    return card_for(CardAsset("", "menu", {"dishes": dishes} | fields), now).face


def shown(now: datetime, dishes: list[dict[str, Any]] = PLAN, **fields: Any) -> tuple[str, str]:
    told = face(now, dishes, **fields).data
    return told["label"], "、".join(row["cells"][0].replace("\u2060", "") for row in told["rows"])


@pytest.mark.parametrize(
    ("clock", "meal", "dishes"),
    [
        ("00:10", "早餐", "小米粥"),
        ("08:29", "早餐", "小米粥"),
        ("08:30", "午餐", "红烧肉"),
        ("12:59", "午餐", "红烧肉"),
        ("13:00", "晚餐", "牛肉面"),
        ("19:00", "早餐", "豆浆"),
    ],
)
def test_the_meal_is_the_one_that_is_served_or_comes_next(
    clock: str, meal: str, dishes: str
) -> None:
    assert shown(at(clock)) == (meal, dishes)


def test_the_face_ends_when_the_meal_begins_and_when_it_ends() -> None:
    assert face(at("10:00")).until == at("11:00")
    assert face(at("11:00")).until == at("13:00")
    assert face(at("19:00")).until == at("6:30", 24)


def test_it_says_when_and_whether_it_is_being_served() -> None:
    assert face(at("12:00")).data["aside"] == "正在供应 11:00—13:00"
    assert face(at("10:00")).data["aside"] == "11:00—13:00"
    assert face(at("20:00")).data["aside"] == "明天 06:30—08:30"


def test_what_comes_next_is_named_over_a_meal_without_dishes() -> None:
    told = face(at("12:00", 24)).data["next"]
    assert told is None
    told = face(at("18:00")).data["next"]
    assert (told["label"], told["text"]) == ("接下来  明天 早餐  06:30", "豆浆")


def test_a_meal_that_its_day_does_not_have_is_left_out() -> None:
    assert shown(at("13:30", 24))[0] == "早餐", "the 24th has no dinner: breakfast of the next day"


def test_a_missing_day_is_told_calmly() -> None:
    told = face(at("12:00", 25))
    assert (told.data["rows"], told.data["label"]) == ([], "午餐")
    assert told.data["empty"] == "今日午餐以窗口公示为准"
    assert told.until == at("13:00", 25)


def test_an_empty_plan_still_knows_the_meals() -> None:
    assert shown(at("12:00"), []) == ("午餐", "")


def test_a_supper_may_go_beyond_midnight() -> None:
    late = [dish("夜宵", "馄饨"), dish("夜宵", "饺子", 24)]
    assert shown(at("00:30", 24), late, supper="22:00-01:00") == ("夜宵", "馄饨")
    assert shown(at("01:00", 24), late, supper="22:00-01:00") == ("夜宵", "饺子")


def test_prices_of_a_meal_are_written_alike() -> None:
    dishes = [dish("午餐", "鱼", price=15), dish("午餐", "面", price=9.5), dish("午餐", "汤")]
    cells = [row["cells"][1] for row in face(at("12:00"), dishes).data["rows"]]
    assert cells == ["¥15.00", "¥9.50", ""]


def test_dishes_stand_under_their_counters() -> None:
    dishes = [dish("午餐", name, counter=counter) for name, counter in
              (("鱼", "二号"), ("面", ""), ("肉", "一号"), ("菜", "二号"))]  # fmt: skip
    assert shown(at("12:00"), dishes)[1] == "面、二号、鱼、菜、一号、肉"


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"lunch": "noon"}, 'data.lunch: "noon" are no hours; write them like 11:00-13:00'),
        ({"dishes": [dish("午餐", " ")]}, "data.dishes[0].dish: empty; it is always shown"),
        (
            {"dishes": [dish("点心", "糕")]},
            (
                'data.dishes[0].meal: "点心" is none of '
                "breakfast, lunch, dinner, supper, 早餐, 午餐, 晚餐, 夜宵"
            ),
        ),
        (
            {"dishes": [dish("午餐", "鱼", prise=3)]},
            (
                "data.dishes[0]: there is no prise; there are date, meal, dish, price, allergens, "
                "counter, picture"
            ),
        ),
        (
            {"dishes": [dish("午餐", "鱼", price=-1)]},
            "data.dishes[0].price: -1 is out of range; at least 0",
        ),
        (
            {"dishes": [dish("午餐", "鱼", picture="a.png")]},
            "data.dishes[0].picture: there are picture1 to picture12",
        ),
        (
            {"dishes": [dish("午餐", f"{n}") for n in range(MAX_MEAL + 1)]},
            "data.dishes[60]: more than 60 dishes for lunch on 2026-11-23",
        ),
    ],
)
def test_a_plan_that_cannot_be_shown_is_refused(fields: dict[str, Any], sentence: str) -> None:
    with pytest.raises(CardRefusedError) as refused:
        card_for(CardAsset("", "menu", fields), at("12:00"))
    assert str(refused.value) == sentence
