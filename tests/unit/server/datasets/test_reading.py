"""Files as people and their enemies make them end in a table, or in one clear sentence."""

import io
import json
import re
import zipfile
from datetime import date, datetime, time

import openpyxl
import pytest
from django.utils import translation

from server.datasets.errors import FileRefused
from server.datasets.importing import read_table
from server.library.ingest.table_cells import ROWS_LIMIT, Odd


def workbook(*rows, change=None, save=True):
    book = openpyxl.Workbook()
    sheet = book.active
    for each in rows:
        sheet.append(each)
    if change:
        change(book, sheet)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def with_part(data, name, text):
    """The workbook with one of its parts replaced."""
    out = io.BytesIO()
    with (
        zipfile.ZipFile(io.BytesIO(data)) as old,
        zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for each in old.namelist():
            new.writestr(each, text if each == name else old.read(each))
    return out.getvalue()


def rows_of(data, **more):
    return read_table(data, **more).table.rows


def refused(data, **more):
    with pytest.raises(FileRefused) as caught:
        read_table(data, **more)
    with translation.override("zh-hans"):
        said = caught.value.message.local()
    assert re.search(r"[一-鿿]", said), "the editor is not told in Chinese"
    assert "{" not in said
    return caught.value.details["code"]


# --- workbooks --------------------------------------------------------------------------------


def test_a_workbook_is_read_with_its_dates_times_and_numbers():
    data = workbook(
        ["日期", "餐", "价格"], [date(2026, 11, 23), time(7, 30), 2.5], [46348, "午餐", None]
    )
    head, first, second = rows_of(data)
    assert head == ["日期", "餐", "价格"]
    assert first == [Odd("date", "2026-11-23T00:00:00"), Odd("time", "07:30:00"), 2.5]
    assert second == [46348, "午餐"]


def test_a_percentage_is_the_number_that_people_see():
    def change(_book, sheet):
        for row, how in enumerate(["0%", "0.0%", '0"%"', "0\\%", "General"], start=2):
            sheet.cell(row, 2).number_format = how

    data = workbook(
        ["项目", "进度"], ["甲", 0.46], ["乙", 0.335], ["丙", 88], ["丁", 90], ["戊", 0.5],
        change=change,
    )  # fmt: skip
    assert [row[1] for row in rows_of(data)[1:]] == [46, 33.5, 88, 90, 0.5]


def test_a_formula_without_a_stored_value_and_an_error_are_told_as_what_they_are():
    def change(_book, sheet):
        sheet["A2"] = "=1+1"
        sheet["B2"] = "#REF!"

    rows = rows_of(workbook(["甲", "乙"], change=change))
    assert rows[1] == [Odd("formula", ""), Odd("error", "#REF!")]


def test_a_formula_gives_the_value_that_was_stored_with_it():
    data = workbook(["甲"], ["=1+1"])
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml").decode()
    stored = (
        sheet.replace("<v></v>", "<v>2</v>")
        .replace("<v />", "<v>2</v>")
        .replace("<v/>", "<v>2</v>")
    )
    assert stored != sheet
    assert rows_of(with_part(data, "xl/worksheets/sheet1.xml", stored))[1] == [2]


def test_cells_merged_downwards_have_their_value_each_and_the_editor_is_told():
    data = workbook(["日期", "菜品"], ["周一", "粥"], [None, "饭"],
                    change=lambda _book, sheet: sheet.merge_cells("A2:A3"))  # fmt: skip
    read = read_table(data)
    assert [row[0] for row in read.table.rows] == ["日期", "周一", "周一"]
    assert any("merged" in each for each in read.remarks)


def test_hidden_sheets_are_left_out_and_that_is_told_but_can_be_asked_for():
    def change(book, sheet):
        sheet.sheet_state = "hidden"
        book.create_sheet("今日").append(["甲"])

    data = workbook(["秘密"], change=change)
    read = read_table(data)
    assert (read.table.sheet, read.table.rows) == ("今日", [["甲"]])
    assert any("Hidden" in each for each in read.remarks)
    assert rows_of(data, sheet="Sheet") == [["秘密"]]
    assert refused(data, sheet="没有") == "TABLE_NO_SHEET"


def test_a_bomb_of_xml_is_refused_before_a_parser_sees_it():
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>'
        "<worksheet>&b;</worksheet>"
    )
    data = workbook(["甲"])
    assert refused(with_part(data, "xl/worksheets/sheet1.xml", bomb)) == "TABLE_XML"
    assert refused(with_part(data, "xl/workbook.xml", bomb.encode("utf-16"))) == "TABLE_XML"


def test_a_bomb_of_zip_is_refused_by_what_it_announces():
    data = with_part(workbook(["甲"]), "xl/worksheets/sheet1.xml", b" " * 160_000_000)
    assert len(data) < 1_000_000
    assert refused(data) in {"TABLE_TOO_LONG", "DOCUMENT_TOO_BIG"}


def sheet_xml(rows):
    return (
        '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
        + "".join(rows) + "</sheetData></worksheet>"
    )  # fmt: skip


def test_a_million_rows_are_refused_at_once():
    rows = (f'<row r="{n}"><c r="A{n}"><v>{n}</v></c></row>' for n in range(1, 1_000_001))
    data = with_part(workbook(["甲"]), "xl/worksheets/sheet1.xml", sheet_xml(rows))
    assert refused(data) == "TABLE_TOO_LONG"


def test_a_last_row_far_below_is_not_left_out_in_silence():
    rows = [
        '<row r="1"><c r="A1"><v>1</v></c></row>',
        '<row r="1048576"><c r="A1048576"><v>1</v></c></row>',
    ]
    data = with_part(workbook(["甲"]), "xl/worksheets/sheet1.xml", sheet_xml(rows))
    assert refused(data) == "TABLE_TOO_LONG"


@pytest.mark.parametrize(
    "sheet",
    [
        "<worksheet><sheetData><row r='1'><c r='A1'",
        "no xml at all",
        sheet_xml(['<row r="x"><c r="A1"><v>1</v></c></row>']),
        sheet_xml(['<row r="1"><c r="A1" t="s"><v>99</v></c></row>']),
        sheet_xml(['<row r="1"><c r="A1" t="n"><v>many</v></c></row>']),
    ],
)
def test_a_workbook_that_is_broken_inside_is_damaged_and_no_crash(sheet):
    data = with_part(workbook(["甲"]), "xl/worksheets/sheet1.xml", sheet)
    assert refused(data) in {"DAMAGED", "TABLE_EMPTY"}


def test_files_that_are_no_tables_are_told_as_what_they_are():
    assert refused(b"") == "EMPTY"
    assert refused(bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600) == "TABLE_OLD_EXCEL"
    assert refused(workbook(["甲"])[:-200]) in {"CUT_OFF", "DAMAGED"}
    assert refused(b"<html><table></table></html>") == "TABLE_UNKNOWN"
    assert refused(b"\x89PNG\r\n\x1a\n\x00\x00") in {"TABLE_UNKNOWN", "TABLE_ENCODING"}
    assert refused(workbook([None])) == "TABLE_EMPTY"
    assert refused(workbook(["x"] * 60)) == "TABLE_TOO_WIDE"
    assert refused(workbook(["x" * 3000])) == "TABLE_CELL_TOO_LONG"


# --- text -------------------------------------------------------------------------------------

LINES = [["日期", "菜品", "价格"], ["2026-11-23", "麻婆豆腐, 大份", "8.50"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "gbk", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_csv_is_read_in_every_usual_encoding_and_with_every_usual_separator(encoding, separator):
    from pathlib import Path
    from tempfile import TemporaryDirectory

    from server.library.ingest.table_text import read_text

    text = "\r\n".join(
        separator.join(f'"{cell}"' if "," in cell else cell for cell in row) for row in LINES
    )
    with TemporaryDirectory() as folder:
        path = Path(folder, "table.csv")
        path.write_bytes(text.encode(encoding))
        assert read_text(path).rows == LINES


def test_csv_with_an_open_quotation_mark_or_no_encoding_is_told():
    assert refused(('a,b\n"' + "x,y\n" * 20_000).encode()) == "TABLE_CELL_TOO_LONG"
    assert refused(b"a,b\n\xff\xff\xfa,1") == "TABLE_ENCODING"
    assert refused(b"a,b\n" + b"1,2\n" * (ROWS_LIMIT + 50)) == "TABLE_TOO_LONG"


def test_json_keeps_numbers_as_they_are_written():
    told = {"menu": [{"dish": "饭", "price": 3.50}, {"dish": "面", "hot": True, "tags": ["x"]}]}
    rows = rows_of(json.dumps(told).replace("3.5", "3.50").encode())
    assert rows == [
        ["dish", "price", "hot", "tags"],
        ["饭", "3.50"],
        ["面", None, True, Odd("nested", "[…]")],
    ]


@pytest.mark.parametrize("text", ["[1, 2]", '{"a": 1}', "[{", "[" * 100_000, '[{"a": NaN}]'])
def test_json_that_is_no_list_of_records_is_told(text):
    assert refused(text.encode()) == "TABLE_JSON"


def test_a_moment_is_read_with_its_day():
    data = workbook(["t"], [datetime(2026, 11, 23, 7, 30)])  # noqa: DTZ001  (a wall time, as in Excel)
    assert rows_of(data)[1] == [Odd("date", "2026-11-23T07:30:00")]
