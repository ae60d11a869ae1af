"""The nightly work: at its time on the organisation's clock, once a night, each for itself."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from server.accounts.models import LoginSession
from server.chores import Chore, Chores, last_due
from server.configuration import Configuration
from tests.simulators.server_objects import NOW

pytestmark = pytest.mark.django_db(transaction=True)

BEIJING = ZoneInfo("Asia/Shanghai")


class Clock:
    def __init__(self, now):
        self.at = now

    def now(self):
        return self.at

    def monotonic(self):
        return 0.0


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2026-11-22T20:00:00+00:00", "2026-11-22T20:00:00+00:00"),
        ("2026-11-22T19:59:59+00:00", "2026-11-21T20:00:00+00:00"),
        ("2026-11-23T19:59:59+00:00", "2026-11-22T20:00:00+00:00"),
    ],
)
def test_four_in_the_morning_is_that_of_the_organisation(now, due):
    instant = datetime.fromisoformat(now)
    assert last_due(time(4), BEIJING, instant) == datetime.fromisoformat(due)


@pytest.mark.parametrize("day", ["2026-03-29", "2026-10-25"])
def test_a_chore_in_the_hour_that_is_skipped_or_comes_twice_is_due_once(day):
    zone = ZoneInfo("Europe/Berlin")
    start = datetime.fromisoformat(f"{day}T00:00:00+00:00") - timedelta(hours=3)
    minutes = [start + timedelta(minutes=n) for n in range(30 * 60)]
    dues = {last_due(time(2, 30), zone, now) for now in minutes}
    assert len(dues) <= 3


def chores(monkeypatch, *made):
    monkeypatch.setattr("server.chores._chores", lambda _configuration: list(made))
    work = Chores(Configuration(), Clock(NOW))
    work.start()
    return work


def test_a_chore_is_done_once_a_night(monkeypatch):
    done = []
    work = chores(monkeypatch, Chore("count", time(4), lambda _c, now: done.append(now)))
    try:
        for hour in range(24 * 3):
            work.do_what_is_due(NOW + timedelta(hours=hour))
    finally:
        assert work.stop(20)
    assert len(done) == 3
    assert {now.astimezone(BEIJING).hour for now in done} == {4}


@pytest.mark.expects_log("the chore broken failed")
def test_a_chore_that_fails_stops_no_other(monkeypatch):
    done = []

    def broken(_configuration, _now):
        raise ValueError("as planned")

    work = chores(
        monkeypatch,
        Chore("broken", time(4), broken),
        Chore("count", time(4), lambda _c, now: done.append(now)),
    )
    try:
        assert work.do_what_is_due(NOW + timedelta(days=1)) == ["broken", "count"]
    finally:
        assert work.stop(20)
    assert len(done) == 1


def test_sessions_that_are_over_go(monkeypatch):
    from server.chores import _logins

    LoginSession.objects.create(pk="old", session_data="", expire_date=NOW - timedelta(seconds=1))
    LoginSession.objects.create(pk="new", session_data="", expire_date=NOW + timedelta(seconds=1))
    _logins(Configuration(), NOW)
    assert list(LoginSession.objects.values_list("pk", flat=True)) == ["new"]


def test_the_end_of_the_audit_is_told_every_night(caplog):
    from django.db import transaction

    from server.audit.services import record
    from server.chores import _audit

    with transaction.atomic():
        row = record(actor=None, action="test.act", now=datetime(2026, 1, 1, tzinfo=UTC))
    with caplog.at_level("INFO"):
        _audit(Configuration(), NOW)
    assert f"the audit has 1 rows and ends with {row.sha256}" in caplog.text


@pytest.mark.expects_log("AUDIT_BROKEN")
def test_a_broken_audit_is_told_every_night():
    from django.db import transaction

    from server.audit.models import AuditRow
    from server.audit.services import record
    from server.chores import _audit

    with transaction.atomic():
        record(actor=None, action="test.act", now=NOW)
    AuditRow.objects.update(actor="somebody")
    _audit(Configuration(), NOW)
