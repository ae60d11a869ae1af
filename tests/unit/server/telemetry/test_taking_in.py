"""What screens report is kept once, whole or not at all, and forgotten in time."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from server.configuration import Configuration
from server.errors import NotFound
from server.screens.models import Screen
from server.telemetry.chores import nightly
from server.telemetry.faults import LAST_SILENT, MOMENT_SILENT
from server.telemetry.models import (
    Heartbeat,
    HeartbeatSample,
    LogTail,
    PlayRecord,
    Receipt,
    ReportSegment,
    ScreenFault,
    Wanted,
)
from server.telemetry.selectors import open_faults
from server.telemetry.services import (
    faults_note,
    heartbeats_save,
    log_keep,
    segments_take,
    wanted_ask,
)
from server.telemetry.values import Beat, FaultNote, Play, ReceiptNote, Segment
from tests.simulators import server_objects as objects
from tests.simulators.server_objects import NOW

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


@pytest.fixture
def screen():
    return objects.screen(objects.department())


def a_beat(screen, boot="boot-one", **changes):
    beat = Beat(screen.pk, NOW, boot, "10.0.0.7", 5, {"panel": "on"})
    return replace(beat, **changes)


def a_fault(code="TLS", **changes):
    return replace(FaultNote(code, "sync", "certificate expired", "E", NOW - MINUTE), **changes)


def a_segment(screen, name="000000000001-stage", **parts):
    return Segment(screen.pk, name, **parts)


def plays(number):
    step = timedelta(seconds=10)
    return tuple(
        Play("main", "i1", "a1", "", NOW + n * step, NOW + (n + 1) * step) for n in range(number)
    )


def test_the_newest_heartbeat_takes_the_place_of_the_one_before(screen):
    assert heartbeats_save(beats=[a_beat(screen)], sampled=[screen.pk], now=NOW) == {}
    later = a_beat(screen, "boot-two", received_at=NOW + MINUTE)
    before = heartbeats_save(beats=[later], sampled=[screen.pk], now=NOW + MINUTE)
    assert before == {screen.pk: ("boot-one", "10.0.0.7")}
    assert Heartbeat.objects.get().boot == "boot-two"
    assert HeartbeatSample.objects.count() == 1, "one an hour"


def test_a_screen_that_is_gone_keeps_nobody_else_back(screen):
    gone = replace(a_beat(screen), screen=screen.pk + 1000)
    heartbeats_save(beats=[gone, a_beat(screen)], sampled=[], now=NOW)
    assert Heartbeat.objects.count() == 1
    segments_take(segments=[Segment(screen.pk + 1000, "x"), a_segment(screen)], now=NOW)
    assert ReportSegment.objects.count() == 1


def test_listed_faults_open_last_and_close_with_the_list(screen):
    both = (a_fault(), a_fault("DNS"))
    for _heartbeat in range(3):
        heartbeats_save(beats=[a_beat(screen, faults=both)], sampled=[], now=NOW)
    assert ScreenFault.objects.filter(closed_at=None, count=1).count() == 2
    heartbeats_save(beats=[a_beat(screen, faults=(both[0],))], sampled=[], now=NOW + MINUTE)
    assert ScreenFault.objects.get(closed_at=None).code == "TLS"
    assert ScreenFault.objects.get(code="DNS").closed_at == NOW + MINUTE
    heartbeats_save(beats=[a_beat(screen, faults=None)], sampled=[], now=NOW)
    assert ScreenFault.objects.filter(closed_at=None).count() == 1, "None: as before"


def test_a_segment_that_comes_twice_counts_once(screen):
    parts = {
        "plays": plays(3),
        "receipts": (ReceiptNote(5, NOW),),
        "faults": (a_fault(), a_fault()),
    }
    for _time in range(2):
        segments_take(segments=[a_segment(screen, **parts)] * 2, now=NOW)
    assert PlayRecord.objects.count() == 3
    assert Receipt.objects.count() == 1
    assert ScreenFault.objects.get().count == 2
    assert ReportSegment.objects.get().reports == 6


def test_the_same_play_in_two_segments_counts_once(screen):
    for name in ("000000000001-a", "000000000002-a"):
        segments_take(segments=[a_segment(screen, name, plays=plays(500))], now=NOW)
    assert PlayRecord.objects.count() == 500


def test_a_fault_is_opened_once_counted_and_closed_once(screen):
    opened, closed = a_fault(), a_fault(closed=True, at=NOW)
    segments_take(segments=[a_segment(screen, faults=(opened, opened, closed, closed))], now=NOW)
    fault = ScreenFault.objects.get()
    assert (fault.count, fault.opened_at, fault.closed_at) == (2, NOW - MINUTE, NOW)
    segments_take(segments=[a_segment(screen, "x", faults=(opened,))], now=NOW)
    assert ScreenFault.objects.filter(closed_at=None).count() == 1


def test_a_fault_that_closes_before_it_opened_was_a_moment(screen):
    backwards = a_fault(closed=True, at=NOW - timedelta(days=900))
    segments_take(segments=[a_segment(screen, faults=(a_fault(), backwards))], now=NOW)
    fault = ScreenFault.objects.get()
    assert fault.closed_at == fault.opened_at


def test_what_was_asked_for_is_asked_once_and_over_when_it_comes(screen):
    editor = objects.editor(screen.department)
    for _time in range(2):
        wanted_ask(screen=screen, kind=Wanted.Kind.LOG, actor=editor, now=NOW)
    assert Wanted.objects.count() == 1
    for text in ("old", "new"):
        log_keep(screen=screen.pk, text=text, now=NOW)
    assert LogTail.objects.get().text == "new"
    assert not Wanted.objects.exists()
    stranger = objects.editor(objects.department())
    with pytest.raises(NotFound):
        wanted_ask(screen=screen, kind=Wanted.Kind.LOG, actor=stranger, now=NOW)


def test_what_is_old_is_forgotten_and_what_is_not_stays(screen):
    kept = Configuration().retention
    old = NOW - timedelta(days=max(kept.play_records_days, kept.faults_days) + 1)
    ancient = Play("main", "i1", "a1", "", old, old + MINUTE)
    segments_take(segments=[a_segment(screen, plays=(*plays(2), ancient))], now=NOW)
    heartbeats_save(beats=[a_beat(screen, received_at=old)], sampled=[screen.pk], now=old)
    heartbeats_save(beats=[a_beat(screen)], sampled=[screen.pk], now=NOW)
    faults_note(notes=[(screen.pk, a_fault("OLD"))], now=NOW - LAST_SILENT - MINUTE)
    faults_note(notes=[(screen.pk, a_fault("NEW"))], now=NOW)
    nightly(Configuration(), NOW)
    assert PlayRecord.objects.count() == 2
    assert HeartbeatSample.objects.count() == 1
    assert ScreenFault.objects.get(closed_at=None).code == "NEW"
    assert ScreenFault.objects.get(code="OLD").closed_at == NOW - LAST_SILENT - MINUTE


def open_codes(now=NOW):
    return {fault.code for fault in open_faults(Screen.objects.all(), now)}


def test_a_moment_fades_after_a_day_and_what_lasts_after_a_week(screen):
    moment, lasting = a_fault("CRASHED", momentary=True), a_fault("QUARANTINE")
    segments_take(segments=[a_segment(screen, faults=(moment, lasting))], now=NOW)
    assert open_codes(NOW + MOMENT_SILENT) == {"CRASHED", "QUARANTINE"}
    assert open_codes(NOW + MOMENT_SILENT + MINUTE) == {"QUARANTINE"}
    assert open_codes(NOW + LAST_SILENT + MINUTE) == set()


def test_a_fault_that_comes_again_after_it_faded_is_another(screen):
    moment = a_fault("CRASHED", momentary=True)
    faults_note(notes=[(screen.pk, moment)], now=NOW)
    later = NOW + timedelta(days=3)
    again = replace(moment, at=later)
    faults_note(notes=[(screen.pk, again), (screen.pk, again)], now=later)
    first, second = ScreenFault.objects.order_by("opened_at")
    assert (first.count, first.closed_at) == (1, NOW)
    assert (second.count, second.opened_at, second.closed_at) == (2, later, None)


def test_a_box_that_starts_anew_ends_what_it_saw_before(screen):
    later = NOW + 3 * MINUTE
    heartbeats_save(beats=[a_beat(screen, faults=(a_fault("TLS"),))], sampled=[], now=NOW)
    seen = (a_fault("MEDIA_BAD"), a_fault("DUP_IDENTITY", momentary=True))
    segments_take(segments=[a_segment(screen, faults=seen)], now=NOW)
    heartbeats_save(beats=[a_beat(screen, received_at=NOW + MINUTE)], sampled=[], now=NOW + MINUTE)
    assert open_codes() == {"TLS", "MEDIA_BAD", "DUP_IDENTITY"}, "the same start: nothing ends"
    after = a_fault("CRASHED", momentary=True)  # told before the first heartbeat of the new start
    segments_take(segments=[a_segment(screen, "x", faults=(after,))], now=NOW + 2 * MINUTE)
    anew = a_beat(screen, "boot-two", received_at=later)
    heartbeats_save(beats=[anew], sampled=[], now=later)
    assert open_codes(later) == {"TLS", "CRASHED", "DUP_IDENTITY"}
    assert ScreenFault.objects.get(code="MEDIA_BAD").closed_at == later
