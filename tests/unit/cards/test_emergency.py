"""The card of an emergency: it says whether it is a drill, and only what fits onto one page."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cards.catalogue import card_for
from cards.emergency import DRILL_LINES, DRILL_MARK
from cards.template import CardRefusedError
from manifest.model import CardAsset

NOON = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Asia/Shanghai"))

FIRE = {
    "drill": True,
    "title": "三号楼火警",
    "body": "请从楼梯疏散。",
    "issuer": "总值班室",
    "since": "2026-11-22T09:28:00",
    "hazard": "fire",
}


def made(**changes: Any) -> dict[str, Any]:
    return card_for(CardAsset("a card", "emergency", FIRE | changes), NOON).face.data


def refusal(data: dict[str, Any]) -> str:
    with pytest.raises(CardRefusedError) as refused:
        card_for(CardAsset("a card", "emergency", data), NOON)
    return str(refused.value)


def test_a_card_that_does_not_say_whether_it_is_a_drill_is_refused() -> None:
    data = {name: value for name, value in FIRE.items() if name != "drill"}
    assert refusal(data) == "data: drill is missing"


def test_the_mark_of_a_drill_is_there_in_both_languages_and_only_then() -> None:
    drill, real = made(language="en"), made(drill=False)
    assert (drill["mark"], drill["band"]) == (DRILL_MARK, list(DRILL_LINES))
    assert (real["mark"], real["band"]) == ("", [])
    assert {"演", "练"} <= set(DRILL_MARK)
    assert "DRILL" in DRILL_MARK


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"title": "长" * 25}, "data.title: as long as 25 letters, at most 24"),
        ({"body": "字" * 121}, "data.body: as long as 121 letters, at most 120"),
        ({"body": "\n".join("一二三四五六七")}, "data.body: more than 6 lines; join some"),
        ({"title": " "}, "data.title: empty; it is always shown"),
        ({"hazard": "rain"}, 'data.hazard: "rain" is none of general, fire'),
    ],
)
def test_what_cannot_be_read_in_passing_is_refused(changes: dict[str, Any], sentence: str) -> None:
    assert refusal(FIRE | changes).startswith(sentence)


def test_latin_letters_take_less_room() -> None:
    assert made(title="Fire in building three: leave now"[:38], language="en")
