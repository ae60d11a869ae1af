"""How old news is, in words; which are shown, and in which order."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from cards.catalogue import card_for
from cards.news import SUMMARY_SHOWN, age
from cards.template import CardRefusedError, Face
from manifest.model import CardAsset

HERE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 12, tzinfo=HERE)


def face(rows: list[dict[str, Any]], **data: Any) -> Face:
    return card_for(CardAsset("a card", "news", data | {"rows": rows}), NOON).face


@pytest.mark.parametrize(
    ("published", "zh", "en", "until"),
    [
        ("2026-11-23T11:55", "刚刚", "just now", "2026-11-23T12:05"),
        ("2026-11-23T12:30", "刚刚", "just now", "2026-11-23T12:40"),
        ("2026-11-23T11:50", "10 分钟前", "10 min ago", "2026-11-23T12:10"),
        ("2026-11-23T11:01", "50 分钟前", "50 min ago", "2026-11-23T12:01"),
        ("2026-11-23T11:00", "1 小时前", "1 h ago", "2026-11-23T13:00"),
        ("2026-11-23T00:00", "12 小时前", "12 h ago", "2026-11-23T13:00"),
        ("2026-11-22T23:59", "昨天", "yesterday", "2026-11-24T00:00"),
        ("2026-11-20T10:00", "11 月 20 日", "20 Nov", "2026-11-24T00:00"),
        ("2025-12-30T10:00", "2025-12-30", "2025-12-30", "2026-11-24T00:00"),
        ("2026-11-23T14:00", "11 月 23 日", "23 Nov", "2026-11-23T13:00"),
    ],
)
def test_the_age_is_said_in_words_that_hold_until_they_change(
    published: str, zh: str, en: str, until: str
) -> None:
    at = datetime.fromisoformat(published).replace(tzinfo=HERE)
    ends = datetime.fromisoformat(until).replace(tzinfo=HERE)
    said, holds = age(at, NOON, "zh")
    assert (said.replace("\u00a0", " "), holds) == (zh, ends)
    assert age(at, NOON, "en") == (en, ends)
    assert holds > NOON


def test_a_minute_before_midnight_is_half_an_hour_ago_and_not_yesterday() -> None:
    now = datetime(2026, 11, 23, 0, 20, tzinfo=HERE)
    said, _ = age(datetime(2026, 11, 22, 23, 50, tzinfo=HERE), now, "en")
    assert said == "30 min ago"


def test_the_newest_are_shown_and_those_without_an_instant_come_last() -> None:
    rows = [
        {"title": "a"},
        {"title": "b", "published": "2026-11-21"},
        {"title": "c", "published": "2026-11-23T03:00:00Z"},
        {"title": "d", "published": "2026-11-23T09:00:00"},
    ]
    shown = [row["cells"][0] for row in face(rows, most=3).data["rows"]]
    assert shown == ["c", "d", "b"]
    assert [row["cells"][0] for row in face(rows).data["rows"]][-1] == "a"


def test_one_source_stands_at_the_foot_and_several_stand_in_their_rows() -> None:
    one = face([{"title": "a", "source": "工会"}, {"title": "b", "source": "工会"}]).data
    two = face([{"title": "a", "source": "工会"}, {"title": "b", "source": "团委"}]).data
    assert (one["issuer"], len(one["columns"])) == ("工会", 2)
    assert (two["issuer"], [row["cells"][1] for row in two["rows"]]) == (
        "",
        ["工\u2060会", "团\u2060委"],
    )


def test_without_any_source_there_is_no_column_of_them() -> None:
    columns = face([{"title": "a"}, {"title": "b"}]).data["columns"]
    assert [column["kind"] for column in columns] == ["grow", "number"]


def test_a_headline_names_one_of_the_files_and_others_beside_it_have_an_empty_cell() -> None:
    data = face([{"title": "a", "picture": "picture12", "source": "A"},
                 {"title": "b", "source": "A"}]).data  # fmt: skip
    assert [column["kind"] for column in data["columns"]] == ["picture", "grow", "number"]
    assert [row["cells"][:2] for row in data["rows"]] == [["picture12", "a"], ["", "b"]]


def test_pictures_of_headlines_that_are_not_shown_take_no_place() -> None:
    rows = [{"title": "a", "published": "2026-11-23"}, {"title": "b", "picture": "picture1"}]
    assert face(rows, most=1).data["columns"][0]["kind"] == "grow"
    assert face(rows, most=2).data["columns"][0]["kind"] == "picture"


@pytest.mark.parametrize("name", ["picture13", "picture0", "a.png"])
def test_a_file_that_no_card_of_news_has_is_refused_with_its_row(name: str) -> None:
    with pytest.raises(
        CardRefusedError, match=r"^data\.rows\[1\]\.picture: there are picture1 to picture12$"
    ):
        face([{"title": "a"}, {"title": "b", "picture": name}])


def test_a_long_summary_is_cut() -> None:
    (row,) = face([{"title": "a", "summary": "字" * 200}]).data["rows"]
    assert row["note"] == "字" * (SUMMARY_SHOWN - 2) + "\u2060字…"


@pytest.mark.parametrize("published", ["yesterday", "9999-12-31T23:59:59", "0001-01-01"])
def test_what_is_no_instant_is_refused_with_its_row(published: str) -> None:
    with pytest.raises(CardRefusedError, match=r"^data\.rows\[1\]\.published: no instant; "):
        face([{"title": "a"}, {"title": "b", "published": published}])


def test_without_news_the_card_is_calm_and_never_changes() -> None:
    empty = face([])
    assert (empty.data["empty"], empty.until) == ("暂无新闻", None)
