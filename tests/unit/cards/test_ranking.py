"""A ranking: places are reckoned, ties share one, arrows say what changed."""

from datetime import UTC, datetime
from typing import Any

import pytest

from cards.catalogue import card_for
from cards.template import CardRefusedError
from manifest.model import CardAsset

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def boards(rows: list[dict[str, Any]], **fields: Any) -> list[dict[str, Any]]:
    data = {"rows": rows, "as_of": "2026-11-22"} | fields
    found = card_for(CardAsset("", "ranking", data), NOON).face.data["boards"]
    assert isinstance(found, list)
    return found


def cells(rows: list[dict[str, Any]], **fields: Any) -> list[list[str]]:
    return [row["cells"] for row in boards(rows, **fields)[0]["rows"]]


def rows(*scores: float, **more: Any) -> list[dict[str, Any]]:
    return [{"name": chr(65 + n), "score": score} | more for n, score in enumerate(scores)]


def test_equal_figures_share_a_place_and_the_next_one_is_left_out() -> None:
    places = [(place, name) for place, name, _ in cells(rows(7, 9, 9, 3))]
    assert places == [("1", "B"), ("1", "C"), ("3", "A"), ("4", "D")]


def test_the_lowest_may_be_the_best() -> None:
    assert [name for _, name, _ in cells(rows(7, 9, 3), best="lowest")] == ["C", "A", "B"]


def test_all_figures_of_a_board_have_as_many_decimals() -> None:
    assert [score for *_, score in cells(rows(12345, 7.25, -3.5))] == ["12,345.00", "7.25", "−3.50"]
    assert [score for *_, score in cells(rows(3, 2.0))] == ["3", "2"]


@pytest.mark.parametrize(
    ("before", "said"), [(3, "▲ 2"), (1, "—"), (0, "新"), (None, "")],
    ids=["rose", "stayed", "is new", "unknown"],
)  # fmt: skip
def test_an_arrow_says_what_changed_since_before(before: int | None, said: str) -> None:
    leader = {"name": "A", "score": 9, "before": before}
    assert cells([leader, {"name": "B", "score": 5, "before": 1}])[0][2] == said


def test_who_fell_is_marked() -> None:
    assert (
        cells([{"name": "A", "score": 9, "before": 2}, {"name": "B", "score": 5, "before": 1}])[1][
            2
        ]
        == "▼ 1"
    )


def test_stars_are_drawn_not_counted() -> None:
    assert [stars for *_, stars in cells(rows(5, 2), style="stars")] == ["★★★★★", "★★☆☆☆"]


def test_halves_of_stars_are_refused() -> None:
    with pytest.raises(CardRefusedError, match=r"^data.rows\[0\].score: 2.5 stars; write a whole"):
        boards(rows(2.5), style="stars")


def test_the_red_board_begins_with_the_best_and_the_black_one_with_the_worst() -> None:
    red, black = boards(rows(90, 95, board="红榜") + rows(60, 40, board="black"), style="red-black")
    assert [row["cells"][2] for row in red["rows"]] == ["95", "90"]
    assert [row["cells"][2] for row in black["rows"]] == ["40", "60"]
    assert (red["name"], black["name"]) == ("红榜", "黑榜")


def test_the_date_of_the_data_always_stands_there() -> None:
    asset = CardAsset("", "ranking", {"as_of": "2026-11-22", "language": "en"})
    assert card_for(asset, NOON).face.data["dateline"] == "As of 22 November 2026"
