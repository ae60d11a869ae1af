"""Cells of any data, each in the format of its column."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cards.catalogue import card_for
from cards.template import CardRefusedError
from manifest.model import CardAsset

NOON = datetime(2026, 11, 22, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def drawn(**data: Any) -> dict[str, Any]:
    return card_for(CardAsset("a card", "table", data), NOON).face.data


@pytest.mark.parametrize(
    ("written", "value", "cell"),
    [
        ("number", "128400", "128,400"),
        ("number-1", "1,234.56", "1,234.6"),
        ("percent-1", "85.5%", "85.5%"),
        ("money-2", "-12.5", "−¥12.50"),
        ("date", "2026-11-23", "2026-11-23"),
        ("number", "", ""),
    ],
)
def test_a_cell_is_written_in_its_format(written: str, value: str, cell: str) -> None:
    rows = drawn(heading2="列", format2=written, rows=[{"value1": "甲", "value2": value}])["rows"]
    assert rows[0]["cells"][1].replace("\u2060", "") == cell


@pytest.mark.parametrize("value", ["约三千", "nan", "inf", "1e400"])
def test_what_is_no_number_is_refused_with_its_place(value: str) -> None:
    with pytest.raises(CardRefusedError, match=r"data\.rows\[1\]\.value1: .* is not a number"):
        drawn(format1="number", rows=[{"value1": "1"}, {"value1": value}])


def test_columns_without_a_heading_and_a_value_are_left_out() -> None:
    columns = drawn(heading2="产量", format2="number", rows=[{"value5": "备注"}])["columns"]
    assert [column["kind"] for column in columns] == ["number", "grow"]


def test_the_main_column_and_the_growing_one_are_never_spared() -> None:
    titles = {f"heading{n}": f"{n}" for n in range(1, 5)}
    spared = [column["spare"] for column in drawn(**titles, main=4)["columns"]]
    assert spared == [False, True, True, False]
