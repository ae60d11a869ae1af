"""Rows become the data of a card by a mapping that is checked against the template's shape."""

from typing import Annotated, Literal

import pytest
from msgspec import Meta, Struct

from cards.template import CardData
from cards.ticker import Ticker
from server.datasets.columns import Column, Kind
from server.datasets.feeding import check_mapping, filled
from server.datasets.shapes import fields_of, tree_of
from server.errors import Invalid


class Dish(Struct):
    name: str
    price: float | None = None
    allergens: tuple[Literal["egg", "milk"], ...] = ()


class Meal(Struct):
    meal: Literal["breakfast", "lunch"]
    dishes: Annotated[list[Dish], Meta(max_length=20)]


class Day(Struct):
    date: Annotated[str, Meta(min_length=10)]
    meals: list[Meal]


class Plan(CardData, frozen=True, kw_only=True):
    title: str
    days: list[Day]


MENU = tree_of(Plan)
MAPPING = {
    "days.date": "day", "days.meals.meal": "meal", "days.meals.dishes.name": "dish",
    "days.meals.dishes.price": "price", "days.meals.dishes.allergens": "has",
}  # fmt: skip


def row(day, meal, dish, price, has=None):
    return {"day": day, "meal": meal, "dish": dish, "price": price, "has": has}


def test_a_week_of_rows_becomes_days_with_meals_with_dishes():
    rows = [
        row("2026-11-23", "早餐", "粥", "1.00"),
        row("2026-11-23", "午餐", "面", "8.00", "蛋、milk"),
        row("2026-11-23", "午餐", "饭", None),
        row("2026-11-24", "早餐", "粥", "1.00"),
    ]
    data = filled(MENU, MAPPING, {"title": "一周菜单"}, rows)
    assert data["title"] == "一周菜单"
    assert [day["date"] for day in data["days"]] == ["2026-11-23", "2026-11-24"]
    breakfast, lunch = data["days"][0]["meals"]
    assert breakfast == {
        "meal": "breakfast", "dishes": [{"name": "粥", "price": 1.0, "allergens": []}]
    }  # fmt: skip
    assert [each["name"] for each in lunch["dishes"]] == ["面", "饭"]
    assert lunch["dishes"][0]["allergens"] == ["egg", "milk"]
    assert "price" not in lunch["dishes"][1]


def test_a_list_at_the_top_has_a_value_of_each_row():
    data = filled(
        tree_of(Ticker), {"messages": "a"}, {"label": "今日"}, [{"a": "小心，地滑"}, {"a": None}]
    )
    assert data == {"messages": ["小心，地滑"], "label": "今日"}


def test_a_word_that_is_no_choice_is_told_with_its_row():
    with pytest.raises(Invalid, match=r"Row 1: “早点” is none of breakfast \(早餐\)"):
        filled(MENU, MAPPING, {}, [row("2026-11-23", "早点", "粥", None)])


COLUMNS = [
    Column("dish", "菜品"),
    Column("price", "价格", Kind.MONEY),
    Column("pic", "图", Kind.PICTURE),
]


@pytest.mark.parametrize(
    ("mapping", "why"),
    [
        ({}, "which column"),
        ({"days.meals.dishes.name": "gone"}, "no column gone"),
        ({"days.nothing": "dish"}, "no field days.nothing"),
        ({"days.meals.dishes.price": "dish"}, "cannot fill"),
        ({"days.meals.dishes.name": "pic"}, "cannot fill"),
        ({"files.photo": "dish"}, "cannot fill"),
        ({"files.cover": "pic"}, "no field files.cover"),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused(mapping, why):
    with pytest.raises(Invalid, match=why):
        check_mapping(mapping, MENU, frozenset({"photo"}), COLUMNS)


def test_every_template_tells_its_fields():
    from cards.catalogue import TEMPLATES

    for template in TEMPLATES.values():
        paths = [each.path for each in fields_of(tree_of(template.shape))]
        assert paths
        assert len(paths) == len(set(paths))
