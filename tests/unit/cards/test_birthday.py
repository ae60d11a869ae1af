"""Whose years in the Party come round on which day, and how many they are."""

import re
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cards.catalogue import card_for
from cards.template import Face
from manifest.model import CardAsset

HERE = ZoneInfo("Asia/Shanghai")


def face(day: str, joined: list[str], **more: Any) -> Face:
    data = {"members": [{"name": each, "joined": each} for each in joined], **more}
    now = datetime.fromisoformat(f"{day}T23:59:59").replace(tzinfo=HERE)
    return card_for(CardAsset("a card", "birthday", data), now).face


def years(found: Face) -> list[str]:
    return [re.sub(r"\D", "", row["cells"][2]) for row in found.data["rows"]]


def test_those_of_this_month_stand_by_their_days() -> None:
    found = face("2026-11-23", ["2001-11-30", "1996-11-02", "1996-10-31"])
    assert years(found) == ["30", "25"]
    assert found.until == datetime(2026, 11, 24, tzinfo=HERE)


def test_of_a_day_only_those_of_that_day_are_shown() -> None:
    assert years(face("2026-11-23", ["2001-11-23", "2001-11-24"], span="day")) == ["25"]


@pytest.mark.parametrize(
    ("day", "shown"), [("2027-02-28", 1), ("2028-02-28", 0), ("2028-02-29", 1)]
)
def test_a_leap_day_comes_round_every_year(day: str, shown: int) -> None:
    assert len(years(face(day, ["2000-02-29"], span="day"))) == shown


def test_whoever_joined_this_year_has_no_years_yet() -> None:
    assert years(face("2026-11-23", ["2026-11-23", "2030-11-23"])) == []
