"""Calendars as the world writes them, and as its enemies do: meetings, or one clear sentence."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import translation
from msgspec import convert

from cards.catalogue import TEMPLATES
from server.datasets.columns import Kind
from server.datasets.errors import FileRefused
from server.datasets.feeding import filled
from server.datasets.importing import read_table
from server.datasets.shapes import tree_of
from server.datasets.tables import columns_guessed, typed
from server.library.ingest.failures import Refused
from server.library.ingest.table_calendar import AHEAD_DAYS, COLUMNS, MEETINGS_LIMIT
from server.library.ingest.table_calendar_lines import DATES_LIMIT, EVENTS_LIMIT
from server.library.ingest.table_text import read_text

NOW = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)

SHANGHAI = """BEGIN:VTIMEZONE
TZID:China Standard Time
BEGIN:STANDARD
DTSTART:16010101T000000
TZOFFSETFROM:+0800
TZOFFSETTO:+0800
END:STANDARD
END:VTIMEZONE"""


def event(*lines, uid="1", title="例会"):
    return "\n".join(["BEGIN:VEVENT", f"UID:{uid}", f"SUMMARY:{title}", *lines, "END:VEVENT"])


def calendar(*parts):
    told = "\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *parts, "END:VCALENDAR", ""])
    return told.replace("\n", "\r\n").encode()


@pytest.fixture
def read(tmp_path):
    """Read a calendar as the child does, at an instant; its rows without their head."""

    def rows(data, now=NOW):
        source = tmp_path / "calendar"
        source.write_bytes(data)
        head, *told = read_text(source, now).rows
        assert head == list(COLUMNS)
        return told

    return rows


@pytest.fixture
def refused(read):
    def code(data):
        with pytest.raises(Refused) as caught:
            read(data)
        return caught.value.code

    return code


ONCE = ("DTSTART:20261123T010000Z", "DTEND:20261123T020000Z")


def test_a_calendar_through_the_locked_in_child_becomes_columns_of_text():
    told = event(*ONCE, "LOCATION:301", "ORGANIZER;CN=办公室:MAILTO:a@b.example")
    table = read_table(calendar(told), now=NOW).table
    row = ["例会", "301", "办公室", "2026-11-23T01:00:00Z", "2026-11-23T02:00:00Z"]
    assert table.rows == [list(COLUMNS), row]
    assert {each.kind for each in columns_guessed(table)} == {Kind.TEXT}  # A301 may come tomorrow


def test_times_of_all_kinds_keep_what_they_say(read):
    rows = read(
        calendar(
            SHANGHAI,
            event("DTSTART;TZID=China Standard Time:20261123T090000", "DURATION:PT1H", uid="zone"),
            event("DTSTART:20261123T100000", "DTEND:20261123T110000", uid="floating"),
            event("DTSTART;VALUE=DATE:20261123", uid="day"),
            event("DTSTART;TZID=Europe/Berlin:20261124T090000", "DURATION:PT30M", uid="berlin"),
        )
    )
    assert [row[3:] for row in rows] == [
        ["2026-11-23", "2026-11-24"],
        ["2026-11-23T01:00:00Z", "2026-11-23T02:00:00Z"],
        ["2026-11-23T10:00:00", "2026-11-23T11:00:00"],
        ["2026-11-24T08:00:00Z", "2026-11-24T08:30:00Z"],
    ]


def test_a_series_has_its_exceptions_additions_and_moved_meetings(read):
    start = "DTSTART;TZID=Asia/Shanghai:20260105T090000"
    rows = read(
        calendar(
            event(start, "DURATION:PT1H", "RRULE:FREQ=WEEKLY;BYDAY=MO,WE",
                  "EXDATE;TZID=Asia/Shanghai:20261125T090000",
                  "RDATE;TZID=Asia/Shanghai:20261127T150000"),
            event("RECURRENCE-ID;TZID=Asia/Shanghai:20261130T090000",
                  "DTSTART;TZID=Asia/Shanghai:20261130T140000", "DURATION:PT1H",
                  title="改到下午"),
            event("RECURRENCE-ID;TZID=Asia/Shanghai:20261202T090000",
                  "DTSTART;TZID=Asia/Shanghai:20261202T090000", "DURATION:PT1H",
                  "STATUS:CANCELLED"),
        )
    )  # fmt: skip
    told = [(row[0], row[3]) for row in rows][:4]
    assert told == [
        ("例会", "2026-11-23T01:00:00Z"),
        ("例会", "2026-11-27T07:00:00Z"),
        ("改到下午", "2026-11-30T06:00:00Z"),
        ("例会", "2026-12-07T01:00:00Z"),
    ]


@pytest.mark.parametrize("word", ["PRIVATE", "CONFIDENTIAL"])
def test_of_a_private_meeting_nothing_leaves_but_when_and_where(read, word):
    private = event(*ONCE, f"CLASS:{word}", "LOCATION:A301", "ORGANIZER;CN=甲:MAILTO:a@b.example")
    assert read(calendar(private)) == [
        [None, "A301", None, "2026-11-23T01:00:00Z", "2026-11-23T02:00:00Z"]
    ]


def test_what_is_cancelled_or_takes_no_time_or_is_no_meeting_is_left_out(read):
    rows = read(
        calendar(
            event(*ONCE, "STATUS:CANCELLED", uid="a"),
            event(*ONCE, "TRANSP:TRANSPARENT", uid="b"),
            "BEGIN:VTODO\nUID:c\nDTSTART:20261123T010000Z\nEND:VTODO",
            event(*ONCE, "BEGIN:VALARM\nTRIGGER:-PT15M\nACTION:DISPLAY\nEND:VALARM", uid="d"),
        )
    )
    assert len(rows) == 1


def test_a_calendar_without_places_is_that_of_its_room(read):
    assert read(calendar("X-WR-CALNAME:A301", event(*ONCE)))[0][1] == "A301"


def test_a_fold_may_split_a_letter(read):
    folded = calendar(event(*ONCE)).replace("例会".encode(), "例".encode()[:1] + b"\r\n "
                                            + "例".encode()[1:])  # fmt: skip
    assert read(folded)[0][0] == "例"


def test_the_table_is_the_same_all_day_and_looks_a_month_ahead(read):
    data = calendar(event(*ONCE, "RRULE:FREQ=DAILY"))
    rows = read(data)
    assert rows == read(data, NOW + timedelta(hours=20))
    assert rows[0][3] == "2026-11-23T01:00:00Z"
    assert len(rows) == AHEAD_DAYS
    assert read(data, NOW + timedelta(days=9))[0][3] == "2026-12-01T01:00:00Z"  # yesterday's, too


def test_a_busy_house_has_whole_days_as_long_as_there_is_room(read):
    busy = [event(*ONCE, "RRULE:FREQ=DAILY", uid=str(n)) for n in range(300)]
    days = [row[3][:10] for row in read(calendar(*busy))]
    assert {day: days.count(day) for day in days} == dict.fromkeys(
        ["2026-11-23", "2026-11-24", "2026-11-25"], 300
    )


def test_an_empty_calendar_is_an_empty_table_that_the_card_can_show(read):
    table = read_table(calendar("X-WR-CALNAME:A301"), now=NOW).table
    columns = columns_guessed(table)
    agenda = TEMPLATES["agenda"]
    assert typed(table, columns).rows == []
    data = filled(tree_of(agenda.shape), {"meetings.starts": "starts"}, {}, [])
    assert agenda.may_be_empty
    assert (
        agenda.face(convert(data, agenda.shape), NOW).data["empty"].replace("\u2060", "")
        == "今日无会议"
    )


def test_a_calendar_fills_the_card(read):
    rows = [dict(zip(COLUMNS, row, strict=True)) for row in read(calendar(event(*ONCE)))]
    agenda = TEMPLATES["agenda"]
    mapping = {f"meetings.{each}": each for each in COLUMNS}
    data = filled(tree_of(agenda.shape), mapping, {}, rows)
    face = agenda.face(convert(data, agenda.shape), NOW - timedelta(minutes=30))
    assert face.data["rows"][0]["cells"][1].replace("\u2060", "") == "例会"


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ("FREQ=SECONDLY", "TABLE_CALENDAR_RULE"),
        ("FREQ=MINUTELY;INTERVAL=5", "TABLE_CALENDAR_RULE"),
        ("FREQ=DAILY;BYHOUR=1,2;BYMINUTE=" + ",".join(map(str, range(60))), "TABLE_CALENDAR_RULE"),
        ("FREQ=HOURLY;BYMINUTE=0,30", "TABLE_CALENDAR_RULE"),
        ("FREQ=NEVER", "TABLE_CALENDAR_EVENT"),
    ],
)
def test_a_hostile_rule_is_refused_before_it_is_worked_out(refused, rule, code):
    assert refused(calendar(event(*ONCE, f"RRULE:{rule}"))) == code


def test_the_refusal_names_the_meeting_in_chinese_unless_it_is_private():
    every_second = (*ONCE, "RRULE:FREQ=SECONDLY")
    said = []
    for lines in (every_second, (*every_second, "CLASS:PRIVATE")):
        with pytest.raises(FileRefused) as caught:
            read_table(calendar(event(*lines)), now=NOW)
        with translation.override("zh-hans"):
            said.append(caught.value.message.local())
    assert said[0].startswith("日程“例会”一天重复超过 24 次。")
    assert said[1].startswith("日程“…”")


def test_a_calendar_that_is_broken_cut_off_or_endless_is_refused_by_name(refused):
    whole = calendar(event(*ONCE))
    day = ("DTSTART;VALUE=DATE:20261123", "RRULE:FREQ=DAILY")
    assert refused(whole[: len(whole) // 2]) == "TABLE_CALENDAR_DAMAGED"
    assert refused(calendar("END:VEVENT")) == "TABLE_CALENDAR_DAMAGED"
    assert refused(calendar(event("DTSTART:tomorrow"))) == "TABLE_CALENDAR_EVENT"
    assert refused(calendar(event(*ONCE, "RRULE:FREQ=DAILY;UNTIL=x"))) == "TABLE_CALENDAR_EVENT"
    zone = SHANGHAI.replace("END:STANDARD", "RRULE:FREQ=SECONDLY\nEND:STANDARD")
    assert refused(calendar(zone, event(*ONCE))) == "TABLE_CALENDAR_DAMAGED"
    dates = "EXDATE:" + ",".join(["20261123T010000Z"] * (DATES_LIMIT + 1))
    assert refused(calendar(event(*ONCE, dates))) == "TABLE_CALENDAR_TOO_LONG"
    many = event(*day) + "\n"
    assert refused(calendar(many * (EVENTS_LIMIT + 1))) == "TABLE_CALENDAR_TOO_LONG"


def test_more_meetings_than_a_card_shows_by_tomorrow_are_refused(refused):
    hourly = [event(*ONCE, "RRULE:FREQ=HOURLY", uid=str(n)) for n in range(MEETINGS_LIMIT // 40)]
    assert refused(calendar(*hourly)) == "TABLE_CALENDAR_TOO_BUSY"


def test_what_lies_deep_or_is_very_long_is_left_out_unread(read):
    deep = "BEGIN:X\n" * 20_000 + "END:X\n" * 20_000
    long = "DESCRIPTION:" + "长" * 2_000_000
    assert len(read(calendar(deep.strip(), event(*ONCE, long)))) == 1


def test_years_of_meetings_that_are_over_do_not_count(read):
    past = [event("DTSTART:20200101T010000Z", "DTEND:20200101T020000Z", uid=str(n))
            for n in range(EVENTS_LIMIT + 1)]  # fmt: skip
    assert len(read(calendar(*past, event(*ONCE)))) == 1


def test_every_calendar_of_the_world_can_be_read_in_its_own_time(samples, read):
    counts = {}
    for path in sorted((samples / "ics").glob("*.ics")):
        if path.name == "issue42.ics":  # 1.6 MB: seconds
            continue
        events = path.read_text("utf-8").partition("BEGIN:VEVENT")[2]
        found = re.search(r"\nDTSTART[^:\n]*:(\d{8})", events)
        day = datetime.strptime(found[1], "%Y%m%d").replace(tzinfo=UTC) if found else NOW
        counts[path.name] = len(read(path.read_bytes(), day))
    assert len(counts) >= 40
    assert sum(1 for each in counts.values() if each) >= 35, counts
