"""What the stage writes down: plays, receipts, and faults that open once and close once."""

import pytest
from msgspec.structs import replace

from content_cache.disk import RealDisk
from player.ledger import STAGE_FAULTS, read_open_faults
from player.stage.breadcrumb import Breadcrumb
from player.stage.journal import StageJournal
from tests.simulators.director_desk import three
from tests.simulators.moved_clock import NOON, MovedClock
from tests.simulators.stage_programmes import programme


class AtOnce:
    """A clerk that keeps nobody waiting."""

    def do(self, task, then=None):
        task()


@pytest.fixture
def written():
    return []


@pytest.fixture
def journal(tmp_path, written):
    """Opens a journal, as a player does that starts."""

    def open_():
        def append(kind, record):
            written.append({"kind": kind, **record})

        crumb = Breadcrumb(tmp_path / "stage")
        return StageJournal(crumb, AtOnce(), append, MovedClock(NOON), tmp_path)

    return open_


def told(written):
    return [(each["state"], each["code"], each["subject"]) for each in written]


def test_a_fault_opens_once_and_closes_once_across_restarts_too(journal, written):
    for _start in range(3):
        journal().fault("MEDIA_BAD", "b (b)", "torn")
    for _start in range(3):
        journal().well("b (b)")
    assert told(written) == [("opened", "MEDIA_BAD", "b (b)"), ("closed", "MEDIA_BAD", "b (b)")]
    assert written[0]["severity"] == "W"


def test_another_reason_is_told(journal, written):
    one = journal()
    for reason in ("torn", "too large"):
        one.fault("MEDIA_BAD", "b (b)", reason)
    assert [each["reason"] for each in written] == ["torn", "too large"]


def test_what_happens_at_an_instant_is_over_with_it(journal, written):
    journal().fault("CLOCK_STEP", "clock", "stepped by +30.0 s")
    assert told(written) == [("opened", "CLOCK_STEP", "clock"), ("closed", "CLOCK_STEP", "clock")]


def test_the_codes_that_go_on_stay_open(journal, written, tmp_path):
    one = journal()
    for code in ("STREAM_LOST", "MEDIA_BAD"):
        one.fault(code, "s (s)", "x")
    one.well("s (s)", {"STREAM_LOST"})
    assert [fault.code for fault in read_open_faults(tmp_path / STAGE_FAULTS, RealDisk())] == [
        "STREAM_LOST"
    ]


def test_nothing_is_wrong_with_what_is_not_in_the_programme_any_more(journal, written):
    one = journal()
    one.fault("CRASHED", "gone (gone)", "x")
    one.fault("CRASHED", "b (b)", "x")
    one.taken_up(programme(three()), NOON)
    one.tick()
    assert told(written)[2:] == [("closed", "CRASHED", "gone (gone)")]


def test_a_receipt_is_written(journal, written):
    one = journal()
    made = replace(programme(three()), sha256="f" * 64)
    one.taken_up(made, NOON)
    assert written == [
        {
            "kind": "receipt",
            "version": 1,
            "sha256": "f" * 64,
            "activated_at": "2026-11-22T04:00:00.000Z",
            "shown_at": "2026-11-22T04:00:00.000Z",
        }
    ]
