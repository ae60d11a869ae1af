"""A public notice says which day of its period it is, and what it is owed."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest

from cards.catalogue import card_for
from cards.public_notice import period_day
from cards.template import CardRefusedError
from manifest.model import CardAsset

DATA = {
    "title": "公示", "body": "接受监督。", "issuer": "组织部", "date": "2026-11-20",
    "first": "2026-11-21", "last": "2026-11-27", "contact": "纪委办公室", "phone": "1234",
}  # fmt: skip
ZONE = ZoneInfo("Asia/Shanghai")


def face(day: int, **changes):
    now = datetime(2026, 11, day, 23, 59, 59, tzinfo=ZONE)
    return card_for(CardAsset("", "public-notice", DATA | changes, {}), now).face


def state(day: int) -> str:
    said = face(day).data["aside"].replace("\u2060", "").replace("\u00a0", " ")
    period, _space, shown = said.partition("　")
    assert period == "公示期 2026-11-21 至 2026-11-27"
    return shown


def test_the_day_of_the_period_is_a_function_of_the_date() -> None:
    said = {day: state(day) for day in (20, 21, 23, 27, 28)}
    assert said == {
        20: "尚未开始", 21: "第 1 天 / 共 7 天", 23: "第 3 天 / 共 7 天",
        27: "第 7 天 / 共 7 天", 28: "公示期满",
    }  # fmt: skip


def test_its_face_changes_at_midnight_until_it_is_over() -> None:
    assert face(27).until == datetime(2026, 11, 28, tzinfo=ZONE)
    assert face(28).until is None


def test_it_ends_with_who_hears_objections() -> None:
    last = face(23).data["blocks"][-1]
    assert (last["label"], last["text"]) == ("异议受理：", "纪委办公室　1234")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"last": "2026-11-20"}, "data.last: before the first day"),
        ({"last": "2027-12-01"}, "data.last: more than 366 days"),
        ({"hours": "08:30-18:00"}, 'data.hours: "08:30-18:00" are no hours'),
        ({"hours": "18:00-08:00"}, "are no hours"),
        ({"hours": "daytime"}, "are no hours"),
        ({"contact": " "}, "data.contact: empty"),
        ({"body": "\n"}, "data.body: nothing to read"),
    ],
)
def test_what_is_no_period_is_refused(changes: dict[str, str], why: str) -> None:
    with pytest.raises(CardRefusedError, match=why):
        face(23, **changes)


def test_hours_may_end_at_midnight() -> None:
    assert face(23, hours="00:00-24:00").data["label"] == "公示"


def test_no_day_is_counted_out_of_the_period() -> None:
    first, last = date(2026, 11, 21), date(2026, 11, 27)
    assert [period_day(first, last, date(2026, m, 1)) for m in (1, 12)] == [0, 8]
