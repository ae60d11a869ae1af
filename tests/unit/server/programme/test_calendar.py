"""Public holidays come from a file once a year, or not at all: never half of it."""

from datetime import date

import pytest

from server.accounts.models import Role
from server.errors import Forbidden, Invalid, NotFound
from server.programme.calendar_file import CalendarError, Day, read_calendar
from server.programme.models import CalendarDay
from server.programme.services import (
    calendar_clear,
    calendar_import,
    calendar_set,
    calendar_year,
)
from server.publishing.selectors import manifest_in
from server.publishing.services import plan, publish
from tests.simulators.enterprise import Enterprise

ICS = """BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//holidays//ZH\r
BEGIN:VEVENT\r
UID:1\r
DTSTART;VALUE=DATE:20261001\r
DTEND;VALUE=DATE:20261004\r
SUMMARY:国庆节(休)\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:2\r
DTSTART;VALUE=DATE:20261010\r
SUMMARY:国庆节(班)\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:3\r
DTSTART;VALUE=DATE:20261019\r
DTEND;VALUE=DATE:20261020\r
SUMMARY:重阳节\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:4\r
DTSTART;VALUE=DATE:20260920\r
SUMMARY:中秋节\r
X-APPLE-SPECIAL-DAY:ALTERNATE-WORKDAY\r
END:VEVENT\r
END:VCALENDAR\r
"""


def as_pairs(days: list[Day]) -> list[tuple[str, str]]:
    return [(day.date.isoformat(), day.kind) for day in days]


def test_an_icalendar_gives_days_off_and_days_worked_in_exchange() -> None:
    assert as_pairs(read_calendar(ICS.encode())) == [
        ("2026-09-20", "work"),
        ("2026-10-01", "rest"),
        ("2026-10-02", "rest"),
        ("2026-10-03", "rest"),
        ("2026-10-10", "work"),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_a_spreadsheet_is_read_as_it_was_saved(encoding: str) -> None:
    text = (
        "日期,类型,名称\r\n2026-10-01,休,国庆节\r\n2026/10/10,班\r\n\r\n2026年1月1日,休息,元旦\r\n"
    )
    days = read_calendar(text.encode(encoding))
    assert as_pairs(days) == [
        ("2026-01-01", "rest"), ("2026-10-01", "rest"), ("2026-10-10", "work"),
    ]  # fmt: skip
    assert [day.name for day in days] == ["元旦", "国庆节", ""]


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "no day"),
        (b"2026-10-01,rest\n2026-13-01,rest\n", "Line 2: “2026-13-01” is no date"),
        (b"2026-10-01,rest\n2026-10-02\n", "Line 2: write 休"),
        ("2026-10-01,调休\n".encode(), "Line 1: write 休"),
        (b"2026-10-01,rest\n2026-10-01,work\n", "both a day off and a working day"),
        (b"BEGIN:VCALENDAR\nBEGIN:VEVENT\nSUMMARY:\xe4\xbc\x91\nEND:VEVENT\n", "no iCalendar"),
        (b"\xff\xff\xff,rest\n", "neither UTF-8 nor GB 18030"),
        (ICS.replace("20261004", "20271004").encode(), "lasts 368 days"),
        (b" " * (2 * 2**20 + 1), "more than 2,097,152 bytes"),
    ],
)
def test_a_file_that_is_not_understood_is_refused_with_its_place(
    content: bytes, sentence: str
) -> None:
    with pytest.raises(CalendarError, match=sentence):
        read_calendar(content)


def test_an_import_says_what_it_changed_and_keeps_the_rest(enterprise: Enterprise) -> None:
    admin, now = enterprise.administrator, enterprise.now
    calendar_set(
        days=[Day(date(2026, 1, 1), "rest"), Day(date(2026, 10, 1), "work")], actor=admin, now=now
    )
    assert calendar_import(data=ICS.encode(), actor=admin, now=now) == (4, 1, 0)
    assert calendar_import(data=ICS.encode(), actor=admin, now=now) == (0, 0, 5)
    assert CalendarDay.objects.count() == 6
    calendar_clear(day=date(2026, 1, 1), actor=admin, now=now)
    assert CalendarDay.objects.count() == 5


def test_a_bad_file_changes_nothing(enterprise: Enterprise) -> None:
    with pytest.raises(Invalid, match="Line 2"):
        calendar_import(data=b"2026-10-01,rest\nnever,rest\n", actor=None, now=enterprise.now)
    assert not CalendarDay.objects.exists()


def test_only_an_administrator_changes_the_calendar(enterprise: Enterprise) -> None:
    editor = enterprise.staff("editor", Role.EDITOR)
    with pytest.raises((Forbidden, NotFound)):
        calendar_import(data=ICS.encode(), actor=editor, now=enterprise.now)


NEW_YEAR, LABOUR_DAY = date(2026, 1, 1), date(2026, 5, 1)


def test_a_year_is_set_as_a_whole_and_other_years_stay(enterprise: Enterprise) -> None:
    admin, now = enterprise.administrator, enterprise.now
    last_year = Day(date(2025, 10, 1), "rest")
    calendar_set(
        days=[last_year, Day(NEW_YEAR, "rest"), Day(LABOUR_DAY, "work")], actor=admin, now=now
    )
    wanted = [Day(LABOUR_DAY, "rest", "劳动节"), Day(date(2026, 5, 9), "work")]
    assert calendar_year(year=2026, days=wanted, actor=admin, now=now) == ((1, 1, 0), 1)
    assert calendar_year(year=2026, days=wanted, actor=admin, now=now) == ((0, 0, 2), 0)
    rows = CalendarDay.objects.order_by("date").values_list("date", "kind", "name")
    assert [Day(*row) for row in rows] == [last_year, *wanted]


@pytest.mark.parametrize(
    ("days", "sentence"),
    [
        ([Day(date(2027, 1, 1), "rest")], "2027-01-01 is not a day of 2026"),
        ([Day(NEW_YEAR, "rest"), Day(NEW_YEAR, "work")], "2026-01-01 is said to be both"),
    ],
)
def test_a_year_that_cannot_be_is_refused_and_changes_nothing(
    enterprise: Enterprise, days: list[Day], sentence: str
) -> None:
    calendar_set(days=[Day(LABOUR_DAY, "rest")], actor=None, now=enterprise.now)
    with pytest.raises(Invalid, match=sentence):
        calendar_year(year=2026, days=days, actor=None, now=enterprise.now)
    assert CalendarDay.objects.get().date == LABOUR_DAY


def test_a_day_worked_in_exchange_reaches_the_wall_with_the_next_publication(
    enterprise: Enterprise,
) -> None:
    screen = enterprise.lobby()
    publish(screens=[screen], actor=None, reason="", now=enterprise.now)
    days = [Day(date(2026, 10, 1), "rest"), Day(date(2026, 10, 10), "work")]
    calendar_year(year=2026, days=days, actor=enterprise.administrator, now=enterprise.later())
    (planned,) = plan([screen], enterprise.now).changed
    assert [each.code for each in planned.changes] == ["CALENDAR"]
    release = publish(screens=[screen], actor=None, reason="", now=enterprise.now)
    assert release is not None
    calendar = manifest_in(release.publications.get().envelope).calendar
    assert (calendar.rest, calendar.work) == ({date(2026, 10, 1)}, {date(2026, 10, 10)})
