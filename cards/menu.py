"""The template `menu` 食堂菜单: what is served now, and what comes next (docs/cards.md).  Pure.

A plan of days and meals goes in; what is shown is the meal that is being served, or else the next
one.  A day without a single dish is a hole in the plan: its meals are told without their dishes.
"""

import re
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from cards.dates import dateline, weekday
from cards.lines import line, required
from cards.pictures import NAME_LIMIT, file_names, require_file
from cards.plain_text import spaced
from cards.rows import Column, Row, table
from cards.sheet import SheetData, sheet
from cards.template import CardRefusedError, Face, Template

__all__ = ["MEALS", "MENU", "PICTURES", "Dish", "Menu"]

#: Limits: dishes in the plan, dishes of a meal, and characters.
MAX_DISHES, MAX_MEAL = 500, 60
MAX_NAME, MAX_ALLERGENS, MAX_COUNTER = 30, 40, 20
MAX_PRICE = 9999.0
#: How many dishes of the next meal are named.
NEXT_DISHES = 6
#: The names under which pictures of dishes come.
PICTURES = file_names("picture")

#: Meals in the order of the day, in English, in Chinese, and as the wall names them.
MEALS = {
    "breakfast": ("早餐", "Breakfast"),
    "lunch": ("午餐", "Lunch"),
    "dinner": ("晚餐", "Dinner"),
    "supper": ("夜宵", "Late supper"),
}
_BY_NAME = {name: meal for meal, (name, _) in MEALS.items()} | {meal: meal for meal in MEALS}
_USUAL = ("breakfast", "lunch", "dinner")
_HOURS = re.compile(r"([01]?\d|2[0-3])[:：]([0-5]\d)\s*[-–—~至]\s*([01]?\d|2[0-4])[:：]([0-5]\d)")


class Dish(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row of the plan."""

    date: date
    meal: Literal["breakfast", "lunch", "dinner", "supper", "早餐", "午餐", "晚餐", "夜宵"]
    dish: Annotated[str, Meta(max_length=MAX_NAME)]
    price: Annotated[float, Meta(ge=0, le=MAX_PRICE)] | None = None
    allergens: Annotated[str, Meta(max_length=MAX_ALLERGENS)] = ""
    counter: Annotated[str, Meta(max_length=MAX_COUNTER)] = ""
    picture: Annotated[str, Meta(max_length=NAME_LIMIT)] = ""


Hours = Annotated[str, Meta(max_length=16)]


class Menu(SheetData, frozen=True, kw_only=True):
    """`menu`: the plan, and from when till when each meal is served."""

    dishes: Annotated[tuple[Dish, ...], Meta(max_length=MAX_DISHES)] = ()
    breakfast: Hours = "06:30-08:30"
    lunch: Hours = "11:00-13:00"
    dinner: Hours = "17:00-19:00"
    supper: Hours = "22:00-23:30"


class _Serving(Struct, frozen=True, order=True):
    """A meal of a day, from when till when, and its dishes."""

    starts: datetime
    ends: datetime
    meal: str
    dishes: tuple[Dish, ...]


def _face(menu: Menu, now: datetime) -> Face:
    _require_sound(menu)
    coming = [each for each in _servings(menu, now) if each.ends > now]
    shown = coming[0]
    following = next((each for each in coming[1:] if each.dishes), None)
    zh = menu.language == "zh"
    name = MEALS[shown.meal][0 if zh else 1]
    data = sheet(menu, ("食堂菜单", "Canteen menu"), MEALS[shown.meal])
    day = shown.starts.date()
    data |= {
        "aside": _when(shown, now, zh),
        "short": spaced(f"{day.month}月{day.day}日") if zh else f"{day:%Y-%m-%d}",
        "dateline": f"{dateline(day, menu.language)}  {weekday(day, menu.language)}",
        "empty": f"今日{name}以窗口公示为准" if zh else f"{name}: please see the counters",
        "next": _next(following, now, zh),
        **table(*_rows(shown.dishes, "含" if zh else "Contains")),
    }
    return Face(data, shown.starts if shown.starts > now else shown.ends)


def _require_sound(menu: Menu) -> None:
    for meal in MEALS:
        _hours(menu, meal)
    counts: dict[tuple[date, str], int] = {}
    for n, dish in enumerate(menu.dishes):
        required(dish.dish, f"dishes[{n}].dish")
        require_file(dish.picture, PICTURES, f"dishes[{n}].picture")
        of = (dish.date, _BY_NAME[dish.meal])
        counts[of] = counts.get(of, 0) + 1
        if counts[of] > MAX_MEAL:
            raise CardRefusedError(
                f"data.dishes[{n}]: more than {MAX_MEAL} dishes for {of[1]} on {of[0]}"
            )


def _hours(menu: Menu, meal: str) -> tuple[time, time]:
    told: str = getattr(menu, meal)
    found = _HOURS.fullmatch(told.strip())
    if found is None:
        raise CardRefusedError(f'data.{meal}: "{told}" are no hours; write them like 11:00-13:00')
    first = time(int(found[1]), int(found[2]))
    return first, time(int(found[3]) % 24, int(found[4]))


def _servings(menu: Menu, now: datetime) -> list[_Serving]:
    """The meals from yesterday on, a fortnight long, as they follow one another."""
    return sorted(
        serving
        for ahead in range(-1, 14)
        for serving in _of_day(menu, now.date() + timedelta(days=ahead), now)
    )


def _of_day(menu: Menu, day: date, now: datetime) -> Iterator[_Serving]:
    dishes = [dish for dish in menu.dishes if dish.date == day]
    source = dishes or menu.dishes
    meals = {_BY_NAME[dish.meal] for dish in source} or set(_USUAL)
    for meal in MEALS:
        if meal in meals:
            first, last = _hours(menu, meal)
            ends_on = day if last > first else day + timedelta(days=1)
            yield _Serving(
                datetime.combine(day, first, now.tzinfo),
                datetime.combine(ends_on, last, now.tzinfo),
                meal,
                tuple(dish for dish in dishes if _BY_NAME[dish.meal] == meal),
            )


def _when(serving: _Serving, now: datetime, zh: bool) -> str:
    hours = f"{serving.starts:%H:%M}—{serving.ends:%H:%M}"
    if serving.starts <= now:
        return f"正在供应 {hours}" if zh else f"Being served {hours}"
    return f"{_day_word(serving, now, zh)}{hours}"


def _day_word(serving: _Serving, now: datetime, zh: bool) -> str:
    day = serving.starts.date()
    ahead = (day - now.date()).days
    if ahead < 2:
        words = ("", "明天 ") if zh else ("", "Tomorrow ")
        return words[max(0, ahead)]
    return weekday(day, "zh" if zh else "en") + " "


def _next(serving: _Serving | None, now: datetime, zh: bool) -> dict[str, Any] | None:
    if serving is None:
        return None
    named = [line(dish.dish) for dish in serving.dishes[:NEXT_DISHES]]
    texts = [_some(named[:count], len(serving.dishes), zh) for count in range(len(named), 0, -1)]
    meal = MEALS[serving.meal][0 if zh else 1]
    return {
        "label": ("接下来  " if zh else "Next  ")
        + f"{_day_word(serving, now, zh)}{meal}  {serving.starts:%H:%M}",
        "text": texts[0],
        # The same, with fewer and fewer dishes: a narrow zone takes the first that fits.
        "shorter": texts[1:],
    }


def _some(named: Sequence[str], of: int, zh: bool) -> str:
    more = "" if len(named) == of else "\u2060 等" if zh else "\u2060 …"
    return ("、" if zh else ", ").join(named) + more


def _rows(dishes: tuple[Dish, ...], contains: str) -> tuple[list[Column], list[Row]]:
    has_pictures = any(dish.picture for dish in dishes)
    has_prices = any(dish.price is not None for dish in dishes)
    columns = [Column("grow")]
    if has_pictures:
        columns.insert(0, Column("picture"))
    if has_prices:
        columns.append(Column("number"))
    whole = all(dish.price is None or dish.price == int(dish.price) for dish in dishes)
    rows, counter = list[Row](), ""
    for dish in sorted(dishes, key=lambda each: _counters(dishes).index(each.counter)):
        if dish.counter != counter:
            counter = dish.counter
            rows.append(Row([counter] + [""] * (len(columns) - 1), is_heading=True))
        cells = [dish.picture, dish.dish] if has_pictures else [dish.dish]
        if has_prices:
            cells.append(_price(dish.price, whole))
        rows.append(Row(cells, dish.allergens and f"{contains} {dish.allergens}"))
    return columns, rows


def _counters(dishes: tuple[Dish, ...]) -> list[str]:
    """The counters in the order in which they come; dishes of none come first."""
    return sorted(dict.fromkeys(dish.counter for dish in dishes), key=bool)


def _price(price: float | None, whole: bool) -> str:
    if price is None:
        return ""
    return f"¥{price:.0f}" if whole else f"¥{price:.2f}"


MENU = Template("menu", "Menu.qml", Menu, _face, frozenset(PICTURES))
