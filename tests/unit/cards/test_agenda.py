"""What takes place when: now, later, tomorrow; and at the door of one room."""

from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cards.catalogue import card_for
from cards.template import CardRefusedError, Face
from manifest.model import CardAsset

HERE = ZoneInfo("Asia/Shanghai")
DAY = "2026-11-23"


def at(clock: str, day: str = DAY) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=HERE)


def face(now: datetime, *meetings: dict[str, Any], **data: Any) -> Face:
    return card_for(CardAsset("a card", "agenda", data | {"meetings": meetings}), now).face


def meeting(starts: str, ends: str, title: str = "例会", **more: Any) -> dict[str, Any]:
    return {"date": DAY, "starts": starts, "ends": ends, "title": title} | more


def plain(text: str) -> str:
    return text.replace("\u2060", "").replace("\xa0", " ")


def rows(shown: Face) -> list[list[str]]:
    return [[plain(cell) for cell in row["cells"]] for row in shown.data["rows"]]


def titles(shown: Face) -> list[str]:
    return [row[1] for row in rows(shown)]


def door(now: datetime, *meetings: dict[str, Any], **data: Any) -> tuple[str, str]:
    sign = face(now, *meetings, **{"room": "A301"} | data).data["door"]
    return sign["state"], plain(sign["until"])


def test_what_is_on_comes_first_and_what_is_over_is_gone() -> None:
    shown = face(
        at("11:40"),
        meeting("14:00", "15:00", "later"),
        meeting("09:00", "10:00", "over"),
        meeting("11:00", "12:00", "on"),
    )
    assert titles(shown) == ["on", "later"]
    assert [row["strong"] for row in shown.data["rows"]] == [True, False]
    assert shown.until == at("12:00")


@pytest.mark.parametrize(
    ("clock", "state", "is_lit", "until"),
    [
        ("10:00", None, False, "10:45"),
        ("10:45", "即将开始", False, "11:00"),
        ("11:00", "刚刚开始", True, "11:10"),
        ("11:10", "进行中", False, "12:00"),
    ],
)
def test_a_meeting_is_announced_stands_out_when_it_begins_and_ends_to_the_moment(
    clock: str, state: str | None, is_lit: bool, until: str
) -> None:
    shown = face(at(clock), meeting("11:00", "12:00"))
    assert rows(shown)[0][2:] == ([] if state is None else [state])
    assert shown.data["rows"][0]["lit"] is is_lit
    assert shown.until == at(until)


def test_when_today_is_over_tomorrow_is_told_under_its_name() -> None:
    today, tomorrow = (
        meeting("09:00", "10:00"),
        meeting("09:30", "10:00", "next", date="2026-11-24"),
    )
    shown = face(at("10:00"), today, tomorrow)
    assert plain(shown.data["aside"]) == "11 月 24 日  星期二"
    assert plain(shown.data["dateline"]) == "今日会议已结束"
    assert shown.data["label"] == "明天"
    assert shown.data["rows"][0]["heading"]
    assert titles(shown)[1:] == ["next"]
    assert shown.until == at("00:00", "2026-11-24")
    assert titles(face(at("00:00", "2026-11-24"), today, tomorrow)) == ["next"]


def test_an_empty_day_says_so_and_what_comes_next() -> None:
    shown = face(at("08:00"), meeting("14:00", "15:00", "签约", date="2026-11-26", room="多功能厅"))
    assert (shown.data["rows"], plain(shown.data["empty"])) == ([], "今日无会议")
    assert plain(shown.data["next"]["label"]) == "下一场  11 月 26 日  星期四  14:00"
    assert shown.data["next"]["text"] == "签约　多功能厅"
    nothing = face(at("08:00"), language="en")
    assert (nothing.data["empty"], nothing.data["next"]) == ("No meetings today", None)
    assert nothing.until == at("00:00", "2026-11-24")


def test_a_meeting_over_midnight_is_there_on_both_days() -> None:
    late = meeting("22:00", "01:00", "盘点")
    assert rows(face(at("23:00"), late))[0][0] == "22:00—次日 01:00"
    after = face(at("00:30", "2026-11-24"), late)
    assert rows(after)[0][0] == "11-23 22:00—次日 01:00"
    assert after.until == at("01:00", "2026-11-24")
    assert rows(face(at("23:00"), meeting("22:00", "24:00")))[0][0] == "22:00—24:00"


def test_a_day_alone_is_all_of_it_and_does_not_stand_out() -> None:
    shown = face(at("09:00"), {"starts": DAY, "ends": "2026-11-25", "title": "开放日"})
    assert rows(shown) == [["全天", "开放日"]]
    assert not shown.data["rows"][0]["strong"]
    assert shown.until == at("00:00", "2026-11-24")
    assert titles(face(at("09:00", "2026-11-24"), {"starts": DAY, "ends": "2026-11-25"})) == [
        "已占用"
    ]
    assert face(at("09:00", "2026-11-25"), {"starts": DAY, "ends": "2026-11-25"}).data["rows"] == []


def test_instants_stand_on_the_clock_of_the_wall_and_what_has_no_zone_is_on_it() -> None:
    shown = face(
        at("08:00"),
        {"starts": "2026-11-23T01:00:00Z", "ends": "2026-11-23T02:00:00Z", "title": "a"},
        {"starts": "2026-11-23T10:00", "ends": "2026-11-23T11:00", "title": "b"},
    )
    assert rows(shown) == [["09:00—10:00", "a"], ["10:00—11:00", "b"]]


def test_who_says_nothing_of_a_meeting_has_the_room_all_the_same() -> None:
    assert titles(face(at("09:30"), meeting("09:00", "10:00", ""))) == ["已占用"]
    assert titles(face(at("09:30"), meeting("09:00", "10:00", ""), language="en")) == ["Occupied"]


def test_a_door_shows_only_the_meetings_of_its_room_however_it_is_written() -> None:
    shown = face(
        at("08:00"),
        meeting("09:00", "10:00", "whole", room="a 301"),
        meeting("10:00", "11:00", "one of two", room="B205; A301"),
        meeting("11:00", "12:00", "another", room="A3010"),
        room="A301",
    )
    assert titles(shown) == ["whole", "one of two"]
    assert shown.data["title"] == "A301"


@pytest.mark.parametrize(
    ("clock", "said"),
    [
        ("08:00", ("free", "至 09:00")),
        ("08:45", ("soon", "09:00 开始")),
        ("09:30", ("busy", "至 11:00")),  # the next one follows without a break
        ("11:00", ("free", "至 22:00")),
        ("22:30", ("busy", "至 次日 01:00")),
    ],
)
def test_a_door_says_until_when_its_room_is_free_or_in_use(
    clock: str, said: tuple[str, str]
) -> None:
    told = [
        meeting("09:00", "10:00", room="A301"),
        meeting("10:00", "11:00", room="A301"),
        meeting("22:00", "01:00", room="A301"),
    ]
    assert door(at(clock), *told) == said


def test_a_door_without_another_meeting_is_free_for_the_day() -> None:
    assert door(at("08:00")) == ("free", "今日无预定")
    assert door(at("08:00"), language="en") == ("free", "for the rest of the day")
    days = {"starts": DAY, "ends": "2026-11-26", "room": "A301"}
    assert door(at("08:00"), days) == ("busy", "至 11 月 25 日")


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"starts": "09:00"}, "meetings[0].date: missing; 09:00 is of no day"),
        ({"starts": "soon"}, "meetings[0].starts: no instant; write it like 2026-11-23T09:30"),
        ({}, "meetings[0].starts: no instant"),
        ({"starts": "9999-12-31"}, "meetings[0].starts: no instant"),
        ({"starts": "2026-11-23T10:00", "ends": "2026-11-23T09:00"}, "ends: before its start"),
    ],
)
def test_what_is_no_instant_is_refused_with_its_row(row: dict[str, Any], said: str) -> None:
    with pytest.raises(CardRefusedError, match=r"data\.") as refused:
        face(at("08:00"), row)
    assert said in str(refused.value)


_MINUTES = st.integers(-2_000, 4_000)
_MEETINGS = st.lists(
    st.tuples(_MINUTES, st.integers(0, 1_700), st.sampled_from(["A301", "B205", "A301;B205"])),
    max_size=6,
)


@settings(max_examples=80, deadline=None)
@given(_MEETINGS, st.sampled_from(["", "A301"]), st.integers(0, 1_439),
       st.sampled_from(["Asia/Shanghai", "Europe/Berlin", "America/New_York"]))  # fmt: skip
def test_a_face_is_right_until_it_says_that_it_is_not(
    told: list[tuple[int, int, str]], room: str, minute: int, zone: str
) -> None:
    """Every minute up to `until` has the same face, and at `until` there is another one."""
    midnight = datetime(2026, 10, 25, tzinfo=ZoneInfo(zone))  # a long night in Berlin
    base = midnight.astimezone(UTC)
    meetings = [
        {"starts": (base + timedelta(minutes=start)).isoformat(), "title": str(n), "room": where,
         "ends": (base + timedelta(minutes=start + length)).isoformat()}
        for n, (start, length, where) in enumerate(told)
    ]  # fmt: skip

    def seen(instant: datetime) -> Face:
        return face(instant.astimezone(ZoneInfo(zone)), *meetings, room=room)

    now = base + timedelta(minutes=minute)
    shown = seen(now)
    assert shown.until is not None
    until = shown.until.astimezone(UTC)
    assert now < until <= now + timedelta(hours=25)
    for share in (0.25, 0.5, 0.75, 0.999):
        assert seen(now + (until - now) * share).data == shown.data
    assert seen(until).data != shown.data
