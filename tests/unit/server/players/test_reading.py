"""From what boxes send to what is kept: each report stands or falls alone."""

import contextlib
from datetime import UTC, datetime, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from server.players import wire
from server.players.reading import instant, listed_of, segment_of

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)

PLAYED = {
    "kind": "played",
    "item": "i1",
    "asset": "a1.2",
    "zone": "main",
    "from": "2026-11-22T02:59:00Z",
    "until": "2026-11-22T02:59:10.500Z",
}
FAULT = {"kind": "fault", "code": "MEDIA_BAD", "subject": "i1", "reason": "no first frame"}


def read(*reports):
    body = msgspec.json.encode({"segment": "000000000001-stage", "reports": reports})
    return segment_of(7, msgspec.json.decode(body, type=wire.Reports), NOW)


def test_each_kind_of_report_is_taken_in():
    receipt = {"kind": "receipt", "version": 3, "activated_at": "2026-11-22T02:00:00Z"}
    segment, refused = read(PLAYED, FAULT, receipt, {"kind": "reports-lost", "records": 4})
    assert refused == 0
    assert segment.plays[0].end - segment.plays[0].start == timedelta(seconds=10.5)
    assert [fault.code for fault in segment.faults] == ["MEDIA_BAD", "REPORTS_LOST"]
    assert segment.receipts[0].version == 3


@pytest.mark.parametrize(
    "changes",
    [
        {"until": PLAYED["from"]},
        {"until": "2026-12-22T03:00:00Z"},
        {"from": "yesterday"},
        {"from": "2026-11-22T02:59:00"},
        {"from": "0001-01-01T00:00:00+23:59"},
        {"zone": "../../etc"},
        {"item": "x" * 65},
        {"item": 7},
        {"kind": "dance"},
    ],
)
def test_a_report_that_is_not_as_described_does_not_keep_the_others_back(changes):
    segment, refused = read(PLAYED, {**PLAYED, **changes}, FAULT)
    assert (segment.reports, refused) == (2, 1)


def test_the_time_of_a_box_whose_clock_is_at_1970_is_a_time():
    assert instant("1970-01-01T00:00:00Z").year == 1970


def test_a_fault_is_never_later_than_our_clock():
    segment, _refused = read({**FAULT, "at": "2036-01-01T00:00:00Z"})
    assert segment.faults[0].at == NOW


def test_a_fault_lasts_until_it_is_closed_or_was_a_moment():
    states = ({}, {"state": "closed"}, {"state": "event"})
    segment, refused = read(*({**FAULT, **state} for state in states))
    assert refused == 0
    assert [(fault.closed, fault.momentary) for fault in segment.faults] == [
        (False, False),
        (True, False),
        (False, True),
    ]


def test_a_fault_that_a_heartbeat_lists_twice_counts_once():
    fault = {"code": "TLS", "subject": "sync", "reason": "a\nb" * 2000}
    body = msgspec.json.encode({"boot": "12345678", "faults": [fault, fault]})
    with pytest.raises(msgspec.ValidationError):
        msgspec.json.decode(body, type=wire.Heartbeat)
    fault["reason"] = "a\nb" * 1000
    body = msgspec.json.encode({"boot": "12345678", "faults": [fault, fault]})
    (listed,) = listed_of(msgspec.json.decode(body, type=wire.Heartbeat), NOW)
    assert len(listed.reason) <= 1000
    assert "\n" not in listed.reason


@given(st.text(max_size=40))
def test_any_text_is_an_instant_of_our_time_or_refused(text):
    with contextlib.suppress(ValueError):
        assert instant(text).tzinfo is UTC
