"""What dashboards and reports read: how screens are, what was shown, as CSV that runs nothing."""

import csv
from datetime import date, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.screens.models import Screen
from server.screens.states import ScreenState
from server.telemetry.exports import PLAY_COLUMNS, csv_lines, play_rows
from server.telemetry.selectors import (
    fault_sums,
    faults_by_screen,
    open_faults,
    play_sums,
    plays,
    screen_history,
    screen_standings,
)
from server.telemetry.services import faults_note, heartbeats_save, segments_take
from server.telemetry.values import Beat, FaultNote, Play, ReceiptNote, Segment
from tests.simulators import server_objects as objects
from tests.simulators.server_objects import NOW

pytestmark = pytest.mark.django_db

BEIJING = ZoneInfo("Asia/Shanghai")


@pytest.fixture
def screens():
    department = objects.department()
    return [objects.screen(department, name=f"=cmd()|'{n}'") for n in range(3)]


def a_play(start, seconds=10, asset="a1"):
    return Play("main", "i1", asset, "", start, start + timedelta(seconds=seconds))


def test_a_dashboard_tells_who_is_behind_silent_wrong_or_faulty(
    screens, django_assert_max_num_queries
):
    good, bad, never = screens
    body = {"versions": {"yingbi": "0.2"}, "disk": {"free": 7}, "clock": {"offset_ms": -90_000}}
    beats = [
        Beat(good.pk, NOW, "boot-one", "10.0.0.1", 5, body),
        Beat(bad.pk, NOW - timedelta(hours=3), "boot-two", "10.0.0.2", 4, {}),
    ]
    heartbeats_save(beats=beats, sampled=[good.pk], now=NOW)
    receipt = Segment(good.pk, "x", receipts=(ReceiptNote(5, NOW),))
    segments_take(segments=[receipt], now=NOW)
    notes = [(bad.pk, FaultNote(code, "", "", severity, NOW)) for code, severity in ("AC", "BW")]
    faults_note(notes=notes, now=NOW)
    with django_assert_max_num_queries(3):
        found = screen_standings(Screen.objects.all(), {good.pk: 5, bad.pk: 5, never.pk: 5}, NOW)
    by_pk = {each.screen: each for each in found}
    one, two, three = by_pk[good.pk], by_pk[bad.pk], by_pk[never.pk]
    assert (one.state, one.is_behind, one.receipt_at) == (ScreenState.ONLINE, False, NOW)
    assert one.has_wrong_clock
    assert (one.version, one.free_bytes, one.offline_since) == ("0.2", 7, None)
    assert (two.state, two.is_behind, two.faults, two.worst) == (ScreenState.OFFLINE, True, 2, "C")
    assert two.offline_since == NOW - timedelta(hours=3)
    assert (three.state, three.is_behind) == (ScreenState.NEVER, True)
    assert [fault.screen for fault in open_faults(Screen.objects.all(), NOW)] == [bad, bad]
    sums = fault_sums(Screen.objects.all(), NOW - timedelta(days=1), NOW + timedelta(days=1))
    assert {(each.code, each.times, each.screens) for each in sums} == {("A", 1, 1), ("B", 1, 1)}
    assert screen_history(good, NOW - timedelta(days=1)).count() == 1


def test_what_is_wrong_is_told_by_screen_the_worst_first(screens, django_assert_num_queries):
    one, two, _well = screens
    notes = [
        (one.pk, FaultNote("MEDIA_BAD", "i1", "no picture", "W", NOW)),
        (one.pk, FaultNote("MEDIA_BAD", "i1", "still none", "W", NOW)),
        (two.pk, FaultNote("CLOCK_OFF", "clock", "", "W", NOW)),
        (two.pk, FaultNote("SIGNATURE", "sync", "", "C", NOW)),
    ]
    faults_note(notes=notes[:1], now=NOW)
    faults_note(notes=notes[1:], now=NOW + timedelta(minutes=9))
    with django_assert_num_queries(1):
        worst, other = faults_by_screen(Screen.objects.all(), NOW + timedelta(minutes=9))
    assert (worst.screen, worst.worst) == (two.pk, "C")
    assert [fault.code for fault in worst.faults] == ["SIGNATURE", "CLOCK_OFF"]
    (fault,) = other.faults
    assert (fault.count, fault.reason) == (2, "still none")
    assert (fault.first_seen_at, fault.last_seen_at) == (NOW, NOW + timedelta(minutes=9))
    assert "library" in fault.sentence("en")
    assert "素材库" in fault.sentence("zh")


def test_proof_of_play_is_summed_by_the_day_of_the_place(screens):
    screen = screens[0]
    midnight = NOW.replace(hour=16)  # in Beijing
    before, after = midnight - timedelta(seconds=20), midnight + timedelta(seconds=20)
    shown = (a_play(before), a_play(after), a_play(after + timedelta(seconds=30), 5))
    segments_take(segments=[Segment(screen.pk, "x", plays=shown)], now=NOW)
    around = (NOW - timedelta(days=1), NOW + timedelta(days=2))
    sums = list(play_sums(Screen.objects.all(), *around, BEIJING))
    assert [(each.day, each.times, each.seconds) for each in sums] == [
        (date(2026, 11, 22), 1, 10.0),
        (date(2026, 11, 23), 2, 15.0),
    ]


def test_a_csv_file_runs_nothing_in_a_spreadsheet(screens):
    shown = (a_play(NOW), a_play(NOW + timedelta(minutes=1), asset="-2+3"))
    segments_take(segments=[Segment(screens[0].pk, "x", plays=shown)], now=NOW)
    found = plays(Screen.objects.all(), NOW, NOW + timedelta(days=1))
    text = "".join(csv_lines(PLAY_COLUMNS, play_rows(found, BEIJING)))
    assert text.startswith("\N{BYTE ORDER MARK}screen,zone")
    rows = list(csv.reader(text.splitlines()))
    assert rows[1][0] == "'=cmd()|'0'"
    assert rows[2][3] == "'-2+3"
    assert rows[1][5:] == ["2026-11-22 09:00:00+08:00", "2026-11-22 09:00:10+08:00", "10.0"]


@pytest.mark.parametrize("cell", ["=1", "+1", "-1", "@x", " =1", "\t=1", "\r=1"])
def test_whatever_looks_like_a_formula_is_text(cell):
    _columns, line = csv_lines(["x"], [[cell]])
    (row,) = csv.reader([line]) if "\r=" not in line else [[line.strip('"')]]
    assert row[0].startswith("'")
