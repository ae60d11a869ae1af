"""Rows become the data of a card by a mapping that is checked against the template's shape."""

from datetime import UTC, datetime
from typing import Annotated, Literal

import pytest
from msgspec import Meta, Struct, convert

from cards.catalogue import card_for
from cards.progress import Progress
from cards.template import CardData
from cards.ticker import Ticker
from manifest.model import CardAsset
from server.datasets.columns import Column, Kind
from server.datasets.feeding import check_mapping, filled
from server.datasets.shapes import fields_of, tree_of
from server.errors import Invalid


class Dish(Struct):
    name: str
    price: float | None = None
    allergens: tuple[Literal["red", "black"], ...] = ()


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
        row("2026-11-23", "午餐", "面", "8.00", "红、black"),
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
    assert lunch["dishes"][0]["allergens"] == ["red", "black"]
    assert "price" not in lunch["dishes"][1]


def test_a_list_at_the_top_has_a_value_of_each_row():
    data = filled(
        tree_of(Ticker), {"messages": "a"}, {"label": "今日"}, [{"a": "小心，地滑"}, {"a": None}]
    )
    assert data == {"messages": ["小心，地滑"], "label": "今日"}


def test_a_word_that_is_no_choice_is_told_with_its_row():
    with pytest.raises(Invalid, match=r"Row 1: “茶点” is none of breakfast \(早餐\)"):
        filled(MENU, MAPPING, {}, [row("2026-11-23", "茶点", "粥", None)])


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


def test_a_word_of_any_template_may_be_chinese_in_a_table():
    from cards.catalogue import TEMPLATES
    from server.datasets.feeding import _WORDS

    fields = [each for one in TEMPLATES.values() for each in fields_of(tree_of(one.shape))]
    words = {word for each in fields for word in each.words if word.isascii()}
    assert words == set(_WORDS)


def test_the_rows_of_a_canteen_and_of_a_ranking_fill_the_cards_that_the_wall_draws():
    from cards.catalogue import TEMPLATES

    menu = tree_of(TEMPLATES["menu"].shape)
    kinds = {"date": Kind.DATE, "meal": Kind.TEXT, "dish": Kind.TEXT, "price": Kind.MONEY}
    columns = [Column(key, key, kind) for key, kind in kinds.items()]
    mapping = {f"dishes.{key}": key for key in kinds}
    check_mapping(mapping, menu, frozenset(), columns)
    rows = [
        {"date": "2026-11-23", "meal": "午饭", "dish": "面", "price": "8.00"},
        {"date": "2026-11-23", "meal": "夜宵", "dish": "粥", "price": None},
    ]
    plan = convert(filled(menu, mapping, {"title": "一周菜单"}, rows), TEMPLATES["menu"].shape)
    assert [(each.meal, each.dish, each.price) for each in plan.dishes] == [
        ("lunch", "面", 8.0), ("supper", "粥", None),
    ]  # fmt: skip

    ranking = tree_of(TEMPLATES["ranking"].shape)
    mapping = {"rows.name": "team", "rows.score": "points", "rows.board": "board", "as_of": "day"}
    rows = [
        {"team": "一队", "points": "96.5", "board": "红", "day": "2026-11-22"},
        {"team": "二队", "points": "60.0", "board": "黑榜", "day": "2026-11-22"},
    ]
    data = filled(ranking, mapping, {"style": "red-black"}, rows)
    board = convert(data, TEMPLATES["ranking"].shape)
    assert [(each.name, each.score, each.board) for each in board.rows] == [
        ("一队", 96.5, "red"), ("二队", 60.0, "black"),
    ]  # fmt: skip


def test_a_feed_fills_the_news_that_the_wall_draws():
    from datetime import datetime

    from cards.catalogue import TEMPLATES
    from server.library.ingest.table_feed import read_feed

    feed = (
        "<rss><channel><title>集团要闻</title>"
        "<item><title>旧闻</title></item>"
        "<item><title>供暖</title><description>提前三天</description>"
        "<pubDate>Mon, 23 Nov 2026 08:30:00 +0800</pubDate></item></channel></rss>"
    )
    head, *told = read_feed(feed).rows
    news = TEMPLATES["news"]
    mapping = {f"rows.{key}": key for key in ("title", "summary", "source", "published")}
    check_mapping(mapping, tree_of(news.shape), frozenset(), [Column(key, key) for key in head])
    rows = [dict(zip(head, row, strict=False)) for row in told]
    data = filled(tree_of(news.shape), mapping, {"title": "要闻"}, rows)
    now = datetime.fromisoformat("2026-11-23T11:40:00+08:00")
    face = news.face(convert(data, news.shape), now)
    assert [(row["cells"], row["note"]) for row in face.data["rows"]] == [
        (["供\u2060暖", "3\u00a0小时\u2060前"], "提前三\u2060天"), (["旧\u2060闻", ""], ""),
    ]  # fmt: skip
    assert face.data["issuer"] == "集团要闻"
    assert face.until == datetime.fromisoformat("2026-11-23T12:30:00+08:00")


PROGRESS = {
    "projects.name": "project", "projects.owner": "owner", "projects.planned": "planned",
    "projects.actual": "actual", "as_of": "as_of", "milestones.project": "project",
    "milestones.name": "milestone", "milestones.due": "due", "milestones.done": "done",
}  # fmt: skip


def test_one_sheet_fills_projects_and_their_milestones():
    def told(milestone, due=None, done=None, project="选煤厂", actual="46.0"):
        one = {"project": project, "owner": "机电部", "planned": "52.0", "actual": actual}
        return one | {"as_of": "2026-11-20", "milestone": milestone, "due": due, "done": done}

    rows = [told("设备安装", "2026-09-30", "2026-10-12"), told("联调", "2026-11-15"),
            told(None, project="铁路", actual=None)]  # fmt: skip
    data = filled(tree_of(Progress), PROGRESS, {"title": "重点项目"}, rows)
    now = datetime(2026, 11, 23, 12, tzinfo=UTC)
    shown = card_for(CardAsset("重点项目", "progress", data), now).face.data
    assert [row["cells"][0].replace("\u2060", "") for row in shown["rows"]] == ["选煤厂", "铁路"]
    assert [row["bar"] for row in shown["rows"]] == [
        {"actual": 46, "plan": 52}, {"actual": None, "plan": 52}
    ]  # fmt: skip
    assert "逾\u2060期" in shown["rows"][0]["note"]
