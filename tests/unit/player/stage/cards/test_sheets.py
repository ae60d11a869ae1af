"""What holds for all cards on a sheet, on both screens, with little and with much to say."""

from datetime import timedelta
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from tests.unit.player.stage.cards.conftest import NOON, Show
from tests.unit.player.stage.cards.ink import inks, over_the_foot, overlapping
from tests.unit.player.stage.cards.test_look import assert_plain_and_legible, place_of

SIZES = [
    ((1920, 1080), 1080),
    ((1080, 1920), 1920),
    ((640, 980), 1080),
    ((720, 405), 1080),
    ((480, 270), 1080),
    ((640, 320), 1080),
    ((485, 240), 1080),
    ((1280, 980), 1080),
    ((1920, 980), 1080),
]

LONG = "一二三四五六七八九十" * 4

#: One of them is on, whenever the test is.
MEETINGS = [
    {"date": f"{2020 + n}-01-01", "starts": "09:00", "ends": f"{2090 + n}-01-02T09:00",
     "title": LONG * 5, "room": LONG[:40], "organizer": LONG * 2} for n in range(9)
]  # fmt: skip

#: Conditions that nobody knows stand beside those that have signs.
WEATHER = {
    "place": LONG[:20], "observed": NOON.isoformat(), "temperature": -40,
    "condition": LONG[:20], "wind": LONG[:20], "humidity": 100, "air": LONG[:12],
    "warning": LONG + LONG[:20], "warning_level": "red", "most": 7,
    "days": [{"date": str(NOON.date() + timedelta(n)), "condition": LONG[:20] if n % 2 else "暴雨",
              "low": -40, "high": -30} for n in range(9)],
}  # fmt: skip

#: Little, and much.
CARDS: dict[str, tuple[str, dict[str, Any]]] = {
    "safety-days bare": ("safety-days", {"since": "2026-11-22"}),
    "safety-days full": (
        "safety-days",
        {"since": "1950-01-01", "place": LONG[:30], "record_days": 36525, "goal_days": 36525,
         "slogan": LONG, "issuer": LONG, "title": LONG},
    ),
    "menu empty": ("menu", {}),
    "menu full": (
        "menu",
        {"title": LONG, "issuer": LONG, "dishes": [
            {"date": "2026-11-22", "meal": "午餐", "dish": LONG[:30], "price": 9999,
             "allergens": LONG, "counter": LONG[:20]} for _ in range(20)]},
    ),
    "ranking empty": ("ranking", {"as_of": "2026-11-22"}),
    "ranking full": (
        "ranking",
        {"title": LONG, "as_of": "2026-11-22", "issuer": LONG, "unit": "积分", "rows": [
            {"name": LONG, "score": 98, "before": 9, "note": LONG + LONG[:20]} for _ in range(9)]},
    ),
    "news empty": ("news", {}),
    "news full": (
        "news",
        {"title": LONG, "issuer": LONG, "rows": [
            {"title": LONG * 5, "summary": LONG * 12, "source": f"{n}" + LONG * 4,
             "published": "2025-11-22T09:00:00Z"} for n in range(5)]},
    ),
    "boards with notes": (
        "ranking",
        {"title": "文明宿舍红黑榜", "as_of": "2026-11-22", "style": "red-black", "issuer": "后勤",
         "rows": [{"name": f"{n}号楼{n}0{n}室", "score": 90 + n, "note": "卫生检查三次满分",
                   "board": "black" if n > 3 else "red"} for n in range(1, 7)]},
    ),
    "agenda empty": ("agenda", {}),
    "agenda full": ("agenda", {"title": LONG, "issuer": LONG, "meetings": MEETINGS}),
    "progress empty": ("progress", {"as_of": "2026-11-20"}),
    "progress full": (
        "progress",
        {"title": LONG, "issuer": LONG, "as_of": "2026-09-20", "projects": [
            {"name": f"{n}" + LONG[:39], "owner": LONG, "planned": 99.9, "actual": 9.5 * n,
             "ends": "2026-10-01", "note": LONG * 2} for n in range(6)],
         "milestones": [{"project": f"{n}" + LONG[:39], "name": LONG, "due": "2026-09-01"}
                        for n in range(6)]},
    ),
    "project bare": ("progress", {"as_of": "2026-11-20", "projects": [{"name": "选煤厂"}]}),
    "project usual": (
        "progress",
        {"title": "集团重点项目", "as_of": "2026-11-20", "issuer": "规划发展部", "projects": [
            {"name": "选煤厂智能化改造", "owner": "机电部", "planned": 52, "actual": 46,
             "ends": "2027-06-30"}],
         "milestones": [{"name": f"节点{n}", "due": f"2026-1{n}-15"} for n in range(3)]},
    ),
    "project full": (
        "progress",
        {"title": LONG, "issuer": LONG, "as_of": "2026-09-20", "projects": [
            {"name": LONG, "owner": LONG, "planned": 100, "actual": 99.9, "starts": "2020-01-01",
             "ends": "2026-10-01", "note": LONG * 2}],
         "milestones": [{"name": LONG, "due": "2026-09-01", "done": "2026-09-11"},
                        *({"name": f"{n}" + LONG[:39], "due": "2026-09-01"} for n in range(9))]},
    ),
    "door": ("agenda", {"room": LONG[:40], "issuer": LONG, "meetings": MEETINGS}),
    "weather empty": ("weather", {}),
    "weather": ("weather", WEATHER | {"condition": "暴雨", "warning": "", "issuer": LONG[:12]}),
    "weather full": ("weather", WEATHER | {"issuer": LONG}),
    "weather warning": ("weather", {"warning": LONG + LONG[:20], "warning_until": "2999-01-01"}),
    "boards": (
        "ranking",
        {"as_of": "2026-11-22", "style": "red-black", "rows": [
            {"name": LONG, "score": n, "board": "black"} for n in range(9)]},
    ),
    "table empty": ("table", {}),
    "table full": (
        "table",
        {"title": LONG, "issuer": LONG, "as_of": "2026-11-22", "main": 8}
        | {f"heading{n}": LONG[:20] for n in range(1, 9)}
        | {"rows": [{f"value{n}": (LONG + LONG)[:60] for n in range(1, 9)}] * 3},
    ),
    "honour full": (
        "honour",
        {"title": LONG, "issuer": LONG, "people": [
            {"name": LONG[:30], "post": LONG, "deeds": LONG * 10, "quote": LONG * 2,
             "portrait": "portrait1"}] * 2},
    ),
    "birthday nobody": ("birthday", {"otherwise": LONG}),
    "birthday full": (
        "birthday",
        {"title": LONG, "issuer": LONG, "pledge": LONG, "members": [
            {"name": LONG[:20], "joined": "1960-11-22", "branch": LONG[:30]}] * 9},
    ),
    "clock": ("clock", {"issuer": LONG}),
    "countdown usual": (
        "countdown", {"event": "安全生产月", "on": "2027-06-01", "issuer": "安全环保部"},
    ),
    "countdown": ("countdown", {"event": LONG, "on": "2199-01-01", "at": "09:00", "issuer": LONG}),
    "countdown over": ("countdown", {"event": LONG, "on": "2026-11-01"}),
    "qr empty": ("qr", {"opens": "screen"}),
    "qr bare": ("qr", {"address": "http://a.cn"}),
    "qr full": (
        "qr",
        {"title": LONG, "issuer": LONG, "text": LONG + LONG[:20], "note": LONG + LONG[:20],
         "address": "https://a.example.cn/" + "long-winded/" * 20},
    ),
    "welcome nobody": ("welcome", {"otherwise": LONG}),
    "welcome full": (
        "welcome",
        {"issuer": LONG, "greeting": LONG, "visits": [
            {"guests": LONG + LONG[:20], "starts": "2026-11-22T09:00:00",
             "ends": "2026-11-22T19:00:00", "host": LONG, "place": LONG}] * 3},
    ),
}  # fmt: skip


@pytest.mark.parametrize(("size", "screen"), SIZES)
@pytest.mark.parametrize(("template", "data"), CARDS.values(), ids=CARDS)
def test_a_card_is_legible_and_inside_its_zone_on_every_page(
    show_card: Show, template: str, data: dict[str, Any], size: tuple[int, int], screen: int
) -> None:
    shown = show_card(template, data | {"page_s": 3}, size, screen)
    for page in range(min(3 if size[0] > 1000 else 2, shown["pageCount"])):
        shown["offsetMs"] = page * 3000
        assert shown["page"] == page
        assert_plain_and_legible(shown, screen)
        for text in shown.texts():
            place = place_of(text, shown.root)
            assert place.left() >= -1, text.property("text")
            assert place.right() <= size[0] + 1, text.property("text")
            drawn = text.property("lineCount") * text.property("font").pixelSize() * 1.2
            half = min(text.property("contentHeight"), drawn) / 2
            assert place.center().y() - half >= -2, text.property("text")
            assert place.center().y() + half <= size[1] + 2, text.property("text")
        found = inks(shown)
        assert overlapping(found) == []
        assert over_the_foot(shown, found) == []


def test_every_row_stands_on_exactly_one_page(show_card: Show) -> None:
    rows = [{"name": f"第{n}名", "score": -n} for n in range(50)]
    shown = show_card("ranking", {"as_of": "2026-11-22", "rows": rows, "page_s": 3})
    seen: list[str] = []
    for page in range(shown["pageCount"]):
        shown["offsetMs"] = page * 3000
        names = [text.property("text") for text in shown.texts()]
        seen += [name for name in names if name.startswith("第")]
    assert shown["pageCount"] > 1
    assert len(seen) == len(set(seen)) == 50


def test_a_card_takes_new_data_in_its_place(show_card: Show, qtbot: QtBot) -> None:
    shown = show_card("clock", {"language": "en", "lunar": False})
    data = dict(shown["cardData"])
    shown["cardData"] = data | {"time": "12:01"}
    qtbot.waitUntil(lambda: "12:01" in [text.property("text") for text in shown.texts()])
