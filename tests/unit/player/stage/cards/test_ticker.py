"""A ticker: no seam, no jump, no more items than are in sight."""

from typing import Any

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QImage
from pytestqt.qtbot import QtBot

from tests.unit.player.stage.cards.conftest import Show, Shown

SIZE, SCREEN = (1280, 66), 720

LINES = [
    {"text": "演练改至16:00", "source": "调度室", "urgent": True},
    {"text": "今日小雪", "source": "安全提示"},
]
MESSAGES: dict[str, dict[str, Any]] = {
    "one short": {"messages": ["欢迎光临"]},
    "one letter": {"messages": ["福"]},
    "several": {"messages": ["今日小雪，路面湿滑", "Visitors: please sign in", "图书120册"]},
    "priority": {"messages": ["今日小雪"], "priority": ["15:00消防演练"], "label": "提示"},
    "very long": {"messages": ["通勤班车3号线因道路施工改停东门，请提前10分钟到达。" * 185]},
    "sources": {"lines": LINES},
    "fifty": {"messages": ["福"] * 50},
}


def at(shown: Shown, ms: float) -> QImage:
    shown["offsetMs"] = ms
    return shown.picture()


def round_ms(shown: Shown) -> float:
    return float(shown["period"]) / float(shown["speed"]) * 1000


def strip(image: QImage, left: int, right: int) -> QImage:
    """The moving letters between `left` and `right`, clear of the shaded edges."""
    return image.copy(left, 0, right - left, image.height())


@pytest.mark.parametrize("data", MESSAGES.values(), ids=MESSAGES)
def test_the_wrap_is_a_step_like_any_other(show_card: Show, data: dict[str, Any]) -> None:
    shown = show_card("ticker", data, SIZE, SCREEN)
    pixel = 1000 / shown["speed"]
    whole = round_ms(shown) + (shown["lead"] + 0.5) * pixel
    before = at(shown, whole - 40 * pixel)
    assert shown["scroll"] == shown["period"] - 40
    after = at(shown, whole)
    assert shown["scroll"] == 0
    left, right = 300, SIZE[0] - 100
    moved = strip(before, left + 40, right)
    assert moved == strip(after, left, right - 40)
    unmoved = strip(before, left + 39, right - 1)
    assert data == MESSAGES["one letter"] or unmoved != strip(after, left, right - 40)


@pytest.mark.parametrize("data", MESSAGES.values(), ids=MESSAGES)
def test_the_belt_is_never_empty_and_holds_few_items(show_card: Show, data: dict[str, Any]) -> None:
    shown = show_card("ticker", data, SIZE, SCREEN)
    for part in range(12):
        at(shown, round_ms(shown) * part / 12)
        letters = [
            text
            for text in shown.texts()
            if text.property("text")
            and -text.width() < text.mapToItem(shown.root, QPointF(0, 0)).x() < SIZE[0]
        ]
        assert letters
    assert shown["slots"] <= 60


def test_where_it_stands_is_a_matter_of_time_alone(show_card: Show) -> None:
    first = show_card("ticker", MESSAGES["several"], SIZE, SCREEN, offsetMs=12_345)
    other = show_card("ticker", MESSAGES["several"], SIZE, SCREEN)
    at(other, 98_765)
    assert at(other, 12_345) == first.picture()
    assert at(other, 12_345 + 30 * round_ms(other)) == first.picture()


def test_a_zone_that_changes_its_size_goes_on_where_it_should(
    show_card: Show, qtbot: QtBot
) -> None:
    late = 0.9
    fresh = show_card("ticker", MESSAGES["several"], (640, 66), SCREEN)
    at(fresh, round_ms(fresh) * late)
    resized = show_card("ticker", MESSAGES["several"], SIZE, SCREEN, offsetMs=fresh["offsetMs"])
    resized.view.resize(640, 66)
    qtbot.waitUntil(
        lambda: (resized["scroll"], resized["first"]) == (fresh["scroll"], fresh["first"])
    )
    assert resized.picture() == fresh.picture()


def test_years_after_its_beginning_it_still_moves_by_single_pixels(show_card: Show) -> None:
    shown = show_card("ticker", MESSAGES["several"], SIZE, SCREEN)
    year_ms = round(365 * 86_400_000 / round_ms(shown)) * round_ms(shown)
    places = []
    for pixel in range(10):
        at(shown, year_ms + (shown["lead"] + pixel + 0.5) * 1000 / shown["speed"])
        places.append(shown["scroll"])
    assert places == list(range(places[0], places[0] + 10))


def test_the_first_message_begins_inside_the_zone(show_card: Show) -> None:
    shown = show_card("ticker", MESSAGES["several"], SIZE, SCREEN)
    (first,) = (text for text in shown.texts() if "小雪" in text.property("text"))
    assert 0.2 < first.mapToItem(shown.root, QPointF(0, 0)).x() / SIZE[0] < 0.5


def test_speed_is_in_letters_a_second(show_card: Show) -> None:
    shown = show_card("ticker", MESSAGES["several"] | {"characters_per_s": 3}, SIZE, SCREEN)
    assert shown["speed"] == 3 * shown["size"]


def test_it_runs_while_it_is_told_to_and_stands_still_when_not(
    show_card: Show, qtbot: QtBot
) -> None:
    shown = show_card("ticker", MESSAGES["several"], SIZE, SCREEN)
    shown["running"] = True
    began = shown["scroll"]
    qtbot.waitUntil(lambda: shown["scroll"] - began > 20)
    shown["running"] = False
    shown.picture()
    stands = shown["scroll"]
    frames: list[int] = []

    def count() -> None:
        frames.append(1)

    qtbot.wait(100)
    shown.view.frameSwapped.connect(count)
    qtbot.wait(300)
    shown.view.frameSwapped.disconnect(count)
    assert (shown["scroll"], frames) == (stands, [])


def test_the_letters_of_a_priority_message_are_amber(show_card: Show) -> None:
    shown = show_card("ticker", MESSAGES["priority"], SIZE, SCREEN)
    colours = {text.property("text"): text.property("color").name() for text in shown.texts()}
    assert colours["15:00\u00a0消防演练"] == "#ffc24b"
    assert colours["今日小雪"] == "#f4f1ea"


def test_where_a_message_is_from_stands_before_it_in_the_colour_of_the_card(
    show_card: Show,
) -> None:
    shown = show_card("ticker", MESSAGES["sources"] | {"family": "party"}, (1920, 66), SCREEN)
    places = {
        text.property("text"): (text.x(), text.property("color").name()) for text in shown.texts()
    }
    assert places["安全提示　"][0] < places["今日小雪"][0]
    assert places["安全提示　"][1] == shown["colours"]["glow"].lower()
    assert next(place[1] for text, place in places.items() if "演练" in text) == "#ffc24b"
