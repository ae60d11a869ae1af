"""Cells are what their column says or are told with their address, all at once; nothing is lost."""

import pytest

from server.datasets.cells import Wrong, read_cell
from server.datasets.columns import Column, Kind, checked
from server.datasets.tables import FAULTS_LIMIT, columns_guessed, letters, rows_typed, typed
from server.errors import Invalid
from server.library.ingest.table_cells import ROWS_LIMIT, Odd, RawTable

DISH, PRICE, DAY = (
    Column("dish", "菜品", Kind.TEXT, is_required=True),
    Column("price", "价格", Kind.MONEY),
    Column("day", "日期", Kind.DATE),
)
MENU = (DISH, PRICE, DAY)


def value(cell, kind, **more):
    return read_cell(cell, Column("a", "A", kind, **more))


@pytest.mark.parametrize(
    ("cell", "kind", "expected"),
    [
        (" 米饭 ", Kind.TEXT, "米饭"),
        (13800138000, Kind.TEXT, "13800138000"),
        (12.0, Kind.WHOLE, 12),
        ("1,234", Kind.WHOLE, 1234),
        ("１２．５", Kind.MONEY, "12.50"),
        ("¥12元", Kind.MONEY, "12.00"),
        ("33.5 ％", Kind.DECIMAL, "33.50"),
        (0.1 + 0.2, Kind.DECIMAL, "0.30"),
        (12.3, Kind.MONEY, "12.30"),
        ("-0.5", Kind.DECIMAL, "-0.50"),
        (Odd("date", "2026-11-22T00:00:00"), Kind.DATE, "2026-11-22"),
        ("2026年11月2日", Kind.DATE, "2026-11-02"),
        ("2026/11/2", Kind.DATE, "2026-11-02"),
        (46348, Kind.DATE, "2026-11-22"),
        ("7:05", Kind.TIME, "07:05"),
        ("12点30分", Kind.TIME, "12:30"),
        (0.5, Kind.TIME, "12:00"),
        ("是", Kind.YES_NO, True),
        (0, Kind.YES_NO, False),
        ("#12", Kind.PICTURE, 12),
        ("  ", Kind.MONEY, None),
        (None, Kind.DATE, None),
    ],
)
def test_a_cell_is_read_as_people_write_it(cell, kind, expected):
    assert value(cell, kind) == expected


@pytest.mark.parametrize(
    ("cell", "kind", "why"),
    [
        ("十二", Kind.MONEY, "is no number: “十二”"),
        ("1,23", Kind.WHOLE, "is no number"),
        ("12.345", Kind.MONEY, "more than 2 digits"),
        ("1e5", Kind.DECIMAL, "is no number"),
        ("nan", Kind.DECIMAL, "is no number"),
        (1 << 60, Kind.WHOLE, "too large"),
        (1.5, Kind.WHOLE, "no whole number"),
        (True, Kind.WHOLE, "is no number"),
        ("2026-02-30", Kind.DATE, "is no date"),
        (12, Kind.DATE, "is no date"),
        ("25:00", Kind.TIME, "is no time"),
        ("maybe", Kind.YES_NO, "neither yes nor no"),
        ("cat.png", Kind.PICTURE, "no number of a picture"),
        (Odd("error", "#REF!"), Kind.TEXT, "an error of its formula (#REF!)"),
        (Odd("formula", ""), Kind.MONEY, "a formula without a stored value"),
        (Odd("nested", "[…]"), Kind.TEXT, "not one value"),
        ("a\x00", Kind.TEXT, "a character that is none"),
    ],
)
def test_what_it_is_not_is_said(cell, kind, why):
    with pytest.raises(Wrong) as wrong:
        value(cell, kind)
    assert why in str(wrong.value.said)


def test_every_bad_cell_is_told_with_the_address_it_has_in_the_sheet():
    table = RawTable([["一周菜单"], ["日期", "菜品", "价格"], ["2026-11-23", "米饭", "贵"],
                      ["周一", None, 2]])  # fmt: skip
    found = typed(table, MENU)
    assert [str(each.said) for each in found.faults] == [
        "C3 is no number: “贵”.",
        "A4 is no date such as 2026-11-22: “周一”.",
        "B4 is empty, and must not be.",
    ]


def test_bad_cells_are_counted_beyond_those_that_are_told():
    found = rows_typed([{"price": "x"}] * (FAULTS_LIMIT + 5), (PRICE,))
    assert (len(found.faults), found.faults_count) == (FAULTS_LIMIT, FAULTS_LIMIT + 5)


def test_columns_are_found_by_name_wherever_they_stand_and_others_are_named():
    table = RawTable([["备注", "价 格", "菜品", "日期"], ["x", 3, "面", None], [], [None, 4, "饭"]])
    found = typed(table, MENU)
    assert found.ignored == ("备注",)
    assert found.rows == [
        {"price": "3.00", "dish": "面", "day": None},
        {"price": "4.00", "dish": "饭", "day": None},
    ]


def test_a_missing_or_doubled_column_is_told_by_its_name():
    with pytest.raises(Invalid, match="no column “日期”"):
        typed(RawTable([["菜品", "价格"], ["饭", 1]]), MENU)
    with pytest.raises(Invalid, match="two columns “菜品”"):
        typed(RawTable([["菜品", "菜品"], ["饭", 1]]), MENU)


def test_records_are_addressed_by_number_and_field():
    table = RawTable([["dish", "price", "day"], ["饭", "x", None]], style="records")
    assert typed(table, MENU).faults[0].address == "1 · 价格"


def test_columns_of_a_new_set_are_guessed_from_what_is_there():
    table = RawTable(
        [["一周菜单"], ["日期", "Dish", "价格", "人数", "清真", "电话"],
         [Odd("date", "2026-11-23T00:00:00"), "饭", 1.5, 3, "是", "0101234"]]
    )  # fmt: skip
    told = columns_guessed(table)
    assert [(each.title, each.kind) for each in told] == [
        ("日期", Kind.DATE), ("Dish", Kind.TEXT), ("价格", Kind.DECIMAL), ("人数", Kind.WHOLE),
        ("清真", Kind.YES_NO), ("电话", Kind.TEXT),
    ]  # fmt: skip
    assert told[1].key == "dish"


def test_a_row_with_a_column_that_there_is_not_is_refused():
    with pytest.raises(Invalid, match="Row 1 has “prize”"):
        rows_typed([{"prize": 1}], MENU)


def test_more_rows_than_a_set_holds_are_refused():
    with pytest.raises(Invalid, match="At most"):
        rows_typed([{}] * (ROWS_LIMIT + 1), (PRICE,))


def test_columns_have_a_name_each_of_their_own():
    with pytest.raises(Invalid, match="same title"):
        checked([Column("a", "价格"), Column("b", "价 格")])
    with pytest.raises(Invalid, match="at least one"):
        checked([])


def test_columns_are_lettered_as_in_a_sheet():
    assert [letters(each) for each in (0, 25, 26, 51, 52)] == ["A", "Z", "AA", "AZ", "BA"]
