"""JSON of any shape: what pointers lead to, what they cannot, and a weather card fed by it."""

import json
from datetime import datetime

import pytest
from django.utils import translation

from cards.catalogue import card_for
from manifest.model import CardAsset
from server.accounts.models import Role
from server.datasets import services, versions
from server.datasets.columns import Column, Kind
from server.datasets.errors import FileRefused
from server.datasets.fed_cards import card_bind
from server.datasets.importing import read_table
from server.datasets.models import Dataset, DatasetVersion
from server.datasets.places import JsonPlace, JsonPlaces, places_read, places_set
from server.datasets.tables import typed
from server.errors import Invalid, RightMissing
from server.library.ingest.failures import Refused
from server.library.ingest.table_cells import ColumnPlace, Odd, Places
from server.library.ingest.table_pointers import is_pointer, pointed
from server.library.ingest.table_text import read_text

TOLD = {
    "now": {"obsTime": "2026-11-23T11:20+08:00", "temp": "6", "text": "多云"},
    "daily": [
        {"fxDate": "2026-11-23", "textDay": "晴", "tempMax": "9", "tempMin": "-2"},
        {"fxDate": "2026-11-24", "textDay": "小雨", "tempMax": 7, "tempMin": None},
    ],
    "warning": [],
    "hourly": {"time": ["a", "b", "c"], "rain": [1, 2]},
    "odd": {"a/b": {"m~n": 1}, " ": 2, "": 3, "0": 4},
}


def cells(rows, *columns, told=TOLD, may_miss=False):
    places = Places(rows, tuple(ColumnPlace(at or "", at, may_miss) for at in columns))
    return pointed(told, places, 5_000).rows[1:]


def code(rows, *columns, **more):
    with pytest.raises(Refused) as caught:
        cells(rows, *columns, **more)
    return caught.value.code, caught.value.details


def test_each_row_has_its_own_and_what_the_document_says_once():
    assert cells("/daily", "/fxDate", "/tempMin", "#/now/temp") == [
        ["2026-11-23", "-2", "6"], ["2026-11-24", None, "6"]
    ]  # fmt: skip


def test_lists_that_stand_side_by_side_are_columns():
    found = cells("/hourly/time", "", "#/hourly/rain", "#/hourly/time")
    assert found == [["a", 1, "a"], ["b", 2, "b"], ["c", None, "c"]]


def test_one_object_is_one_row():
    assert cells("/now", "/temp", "#/daily/1/tempMax") == [["6", 7]]
    assert cells("", "/now/text", told=TOLD) == [["多云"]]


@pytest.mark.parametrize(
    ("at", "value"),
    [("#/odd/a~1b/m~0n", 1), ("#/odd/%20", 2), ("#/odd/", 3), ("#/odd/0", 4), ("/odd/ ", 2)],
)
def test_pointers_are_those_of_rfc_6901(at, value):
    assert cells("", at) == [[value]]


@pytest.mark.parametrize("at", ["/daily/01", "/daily/-", "/daily/2", "/daily/-1", "/now/temp/0",
                                "/now/Temp", "/daily/99999999999", "/"])  # fmt: skip
def test_what_leads_nowhere_is_refused_by_its_pointer(at):
    assert code("", at) == ("TABLE_POINTER", {"column": at, "pointer": at})
    assert cells("", at, may_miss=True) == [[None]]


def test_the_refusal_names_the_whole_pointer():
    assert code("/daily", "/hihg")[1]["pointer"] == "/daily/0/hihg"
    assert code("/daily", "#/nwo/temp")[1]["pointer"] == "#/nwo/temp"
    assert code("/dialy", "/fxDate") == ("TABLE_POINTER_ROWS", {"pointer": "/dialy"})
    assert code("/now/temp", "/x") == ("TABLE_POINTER_ROWS", {"pointer": "/now/temp"})
    assert code("", "/x", told="text") == ("TABLE_POINTER_ROWS", {"pointer": "#"})


def test_a_list_without_rows_is_an_empty_table():
    assert cells("/warning", "/title", "#/nowhere") == []


def test_what_is_no_value_of_a_cell_is_told_as_such():
    assert cells("", "/now", "/hourly/time") == [[Odd("nested", "{…}"), Odd("nested", "[…]")]]


def test_too_many_rows_are_refused():
    with pytest.raises(Refused, match="too long: at most 10 rows"):
        pointed([1] * 11, Places("", (ColumnPlace("a", ""),)), 10)


@pytest.mark.parametrize("text", ["daily", "#daily", "/a~", "/a~2", "##/a", " /a"])
def test_what_is_no_pointer_is_refused(text):
    assert not is_pointer(text)


# --- data sets --------------------------------------------------------------------------------

COLUMNS = (
    Column("day", "日期", Kind.DATE), Column("what", "天气"),
    Column("high", "最高气温", Kind.WHOLE), Column("low", "最低气温", Kind.WHOLE),
    Column("seen", "观测时间"), Column("temp", "气温", Kind.WHOLE), Column("now", "实况"),
    Column("warning", "预警"), Column("note", "备注"),
)  # fmt: skip

PLACES = JsonPlaces("/daily", {
    "day": JsonPlace("/fxDate"), "what": JsonPlace("/textDay"), "high": JsonPlace("/tempMax"),
    "low": JsonPlace("/tempMin"), "seen": JsonPlace("#/now/obsTime"),
    "temp": JsonPlace("#/now/temp"), "now": JsonPlace("#/now/text"),
    "warning": JsonPlace("#/warning/0/title", may_miss=True),
})  # fmt: skip


@pytest.fixture
def editor(enterprise):
    return enterprise.staff("forecaster", Role.EDITOR)


@pytest.fixture
def dataset(enterprise, editor):
    made = services.dataset_create(
        name="天气", columns=COLUMNS, department=enterprise.department, actor=editor,
        now=enterprise.now,
    )  # fmt: skip
    return places_set(dataset=made, places=PLACES, actor=editor, now=enterprise.now)


def read(dataset, told):
    data = json.dumps(told).encode()
    return typed(read_table(data, places=places_read(dataset)).table, COLUMNS)


def test_weather_of_a_service_fills_the_card(dataset, enterprise, editor):
    found = read(dataset, TOLD)
    assert found.faults == []
    assert found.rows[1]["low"] is None
    assert found.rows[0]["note"] is None
    versions.rows_put(
        dataset=dataset, rows=found, origin=DatasetVersion.Origin.URL, actor=editor,
        now=enterprise.now,
    )  # fmt: skip
    mapping = {
        "days.date": "day", "days.condition": "what", "days.high": "high", "days.low": "low",
        "observed": "seen", "temperature": "temp", "condition": "now", "warning": "warning",
    }  # fmt: skip
    card = card_bind(
        dataset=Dataset.objects.get(pk=dataset.pk), title="天气", template="weather",
        mapping=mapping, fixed={"place": "大同"}, department=enterprise.department, actor=editor,
        now=enterprise.now,
    )  # fmt: skip
    at = datetime.fromisoformat("2026-11-23T12:00+08:00")
    face = card_for(CardAsset("a card", "weather", card.content["data"]), at).face.data
    assert (face["now"]["figure"], face["now"]["sky"], face["warning"]) == ("6°", "cloudy", None)
    assert [(each["word"], each["low"], each["high"]) for each in face["days"]] == [
        ("晴", "−2°", "9°"), ("小雨", "", "7°")
    ]  # fmt: skip


def test_a_bad_cell_is_told_with_its_pointer(dataset):
    places = places_read(dataset)
    assert places is not None
    daily = [TOLD["daily"][0], TOLD["daily"][0] | {"tempMax": "warm"}]
    told = TOLD | {"daily": daily, "now": TOLD["now"] | {"temp": "?"}}
    found = typed(pointed(told, places, 5_000), COLUMNS)
    assert [each.address for each in found.faults] == [
        "气温 #/now/temp", "最高气温 /daily/1/tempMax", "气温 #/now/temp"
    ]  # fmt: skip


def test_a_pointer_that_leads_nowhere_is_one_sentence_in_both_languages(dataset):
    with pytest.raises(FileRefused) as caught:
        read(dataset, TOLD | {"now": {}})
    said = caught.value.message
    assert str(said).startswith("There is nothing at #/now/obsTime in the JSON, where “观测时间”")
    with translation.override("zh-hans"):
        assert said.local().startswith("JSON 中 #/now/obsTime 处没有“观测时间”。")


def test_files_that_are_no_json_are_read_as_ever(dataset, tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("日期,天气\n2026-11-23,晴\n", "utf-8")
    assert read_text(path, places=places_read(dataset)).rows[1] == ["2026-11-23", "晴"]


def test_without_a_place_json_is_a_list_again(dataset, enterprise, editor):
    plain = places_set(
        dataset=dataset, places=JsonPlaces("/daily"), actor=editor, now=enterprise.now
    )
    assert (plain.places, places_read(plain)) == ({}, None)


@pytest.mark.parametrize(
    ("places", "said"),
    [
        (JsonPlaces("daily", {"day": JsonPlace("/x")}), "“daily” is no JSON pointer"),
        (JsonPlaces("", {"day": JsonPlace("x")}), "“x” is no JSON pointer"),
        (JsonPlaces("#/daily", {"day": JsonPlace("/x")}), "write /daily, without #"),
        (JsonPlaces("", {"nobody": JsonPlace("/x")}), "no column nobody"),
        (JsonPlaces("", {"day": JsonPlace("/" + "x" * 200)}), "is no JSON pointer"),
    ],
)
def test_what_cannot_be_a_place_is_refused_when_it_is_said(
    dataset, enterprise, editor, places, said
):
    with pytest.raises(Invalid, match=said):
        places_set(dataset=dataset, places=places, actor=editor, now=enterprise.now)
    dataset.refresh_from_db()
    assert dataset.places["rows"] == "/daily"


def test_only_who_may_fill_it_says_where_it_is(dataset, enterprise):
    reader = enterprise.staff("reader", Role.AUDITOR)
    with pytest.raises(RightMissing):
        places_set(dataset=dataset, places=PLACES, actor=reader, now=enterprise.now)


def test_what_was_typed_stays_on_the_page_where_it_is_refused(dataset, editor, client):
    client.force_login(editor)
    sent = {"rows_at": "/daily", "at-day": "fxDate", "at-what": "/textDay", "may_miss-what": "on"}
    page = client.post(f"/data/{dataset.pk}/places/", sent)
    assert page.status_code == 422
    told = page.content.decode()
    assert 'value="fxDate"' in told
    assert 'name="may_miss-what" checked' in told
    dataset.refresh_from_db()
    assert dataset.places["columns"]["day"] == {"at": "/fxDate", "may_miss": False}
    sent["at-day"] = "/day"
    assert client.post(f"/data/{dataset.pk}/places/", sent).status_code == 302
    dataset.refresh_from_db()
    assert dataset.places == {
        "rows": "/daily",
        "columns": {"day": {"at": "/day", "may_miss": False},
                    "what": {"at": "/textDay", "may_miss": True}},
    }  # fmt: skip
