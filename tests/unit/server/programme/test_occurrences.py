"""One occurrence of a series, those from it on, or all of it; and every step taken back."""

from datetime import UTC, datetime

import pytest

from manifest.model import Calendar
from scheduler.agenda import Agenda
from server.errors import Conflict, Invalid
from server.programme.drafts import Where, WindowDraft
from server.programme.entries import entry_change, window_of
from server.programme.models import Entry
from server.programme.occurrences import (
    copied,
    created,
    occurrence_change,
    occurrence_delete,
    occurrence_move,
    step_undo,
)
from server.programme.series import as_window, moved, split, without

START = datetime(2026, 11, 1, tzinfo=UTC)


def dates(*windows, count=12):
    """The days (month-day hour) on which some windows begin."""
    found = []
    for each in windows:
        agenda = Agenda(as_window(each), "UTC", Calendar())
        found += [f"{one.start:%m-%d %H}" for one in agenda.following(START, count)]
    return sorted(found)


@pytest.fixture
def weekly():
    return WindowDraft(
        start="2026-11-23T09:00:00", duration_s=3600, rrule="FREQ=WEEKLY;BYDAY=MO,TH;COUNT=6",
        exdates=("2026-12-03T09:00:00",),
    )  # fmt: skip


def test_a_series_splits_without_losing_or_doubling_a_date(weekly):
    head, tail = split(weekly, "2026-11-30T09:00:00")
    assert dates(head, tail) == dates(weekly)
    assert dates(head) == ["11-23 09", "11-26 09"]
    assert tail.rrule == "FREQ=WEEKLY;BYDAY=MO,TH;COUNT=4"


@pytest.mark.parametrize(
    "rule", ["FREQ=HOURLY;INTERVAL=7;COUNT=9", "FREQ=DAILY;UNTIL=20261130T235959", "FREQ=DAILY"]
)
def test_any_rule_splits_at_any_of_its_dates(rule):
    whole = WindowDraft(start="2026-11-23T09:00:00", duration_s=600, rrule=rule)
    agenda = Agenda(as_window(whole), "UTC", Calendar())
    for each in agenda.following(START, 8)[1:]:
        head, tail = split(whole, f"{each.start:%Y-%m-%dT%H:%M:%S}")
        assert dates(head, tail, count=9)[:9] == dates(whole, count=9)


def test_one_date_is_left_out_and_an_unknown_one_refused(weekly):
    assert "11-26 09" not in dates(without(weekly, "2026-11-26T09:00:00"))
    with pytest.raises(Invalid, match="no such date"):
        without(weekly, "2026-11-25T09:00:00")
    with pytest.raises(Invalid, match="no such date"):
        split(weekly, "tomorrow")


def test_a_weekly_series_moves_to_other_weekdays_with_its_exceptions(weekly):
    to = moved(weekly, "2026-11-23T09:00:00", "2026-11-24T10:30:00", 7200)
    assert to.rrule == "FREQ=WEEKLY;BYDAY=TU,FR;COUNT=6"
    assert to.exdates == ("2026-12-04T10:30:00",)
    assert (to.start, to.duration_s) == ("2026-11-24T10:30:00", 7200)


def test_a_daily_series_keeps_its_days_and_takes_the_hour():
    daily = WindowDraft(
        start="2026-11-02T09:00:00", duration_s=3600, rrule="FREQ=DAILY", days="work"
    )
    to = moved(daily, "2026-11-25T09:00:00", "2026-11-27T11:00:00", 3600)
    assert (to.start, to.rrule, to.days) == ("2026-11-02T11:00:00", "FREQ=DAILY", "work")


def test_a_monthly_series_is_not_dragged_to_other_days():
    monthly = WindowDraft(
        start="2026-11-23T09:00:00", duration_s=3600, rrule="FREQ=MONTHLY;BYMONTHDAY=23"
    )
    with pytest.raises(Invalid, match="move only this one"):
        moved(monthly, "2026-12-23T09:00:00", "2026-12-24T09:00:00", 3600)


# --- the services --------------------------------------------------------------------------------

pytestmark = pytest.mark.django_db


@pytest.fixture
def entry(enterprise, weekly):
    screen = enterprise.lobby()
    return enterprise.entry(
        enterprise.layout(), screen, name="Lunch", start=weekly.start,
        duration_s=3600, rrule=weekly.rrule, exdates=list(weekly.exdates),
    )  # fmt: skip


def by(enterprise):
    return {"actor": enterprise.administrator, "now": enterprise.now}


def state():
    return sorted(
        (row.pk, row.name, window_of(row), row.priority, *row.screens.values_list("pk"))
        for row in Entry.objects.all()
    )  # fmt: skip


def test_one_occurrence_is_moved_and_all_others_stay(enterprise, entry, weekly):
    step = occurrence_move(
        entry=entry, version=1, at="2026-11-26T09:00:00", to="2026-11-27T14:00:00",
        duration_s=5400, scope="one", **by(enterprise),
    )  # fmt: skip
    series, single = Entry.objects.order_by("pk")
    assert dates(window_of(series), window_of(single)) == sorted(
        [*(each for each in dates(weekly) if each != "11-26 09"), "11-27 14"]
    )
    assert (single.name, single.duration_s) == ("Lunch", 5400)
    assert list(single.screens.all()) == list(series.screens.all())
    assert step.entry == single.pk


@pytest.mark.parametrize("scope", ["one", "onward", "all"])
@pytest.mark.parametrize("act", ["move", "delete", "change"])
def test_every_step_is_taken_back_as_if_it_had_not_been(enterprise, entry, scope, act):
    before = state()
    if act == "move":
        step = occurrence_move(
            entry=entry, version=1, at="2026-11-30T09:00:00", to="2026-11-30T10:00:00",
            duration_s=600, scope=scope, **by(enterprise),
        )  # fmt: skip
    elif act == "delete":
        step = occurrence_delete(
            entry=entry, version=1, at="2026-11-30T09:00:00", scope=scope, **by(enterprise)
        )
    else:
        step = occurrence_change(
            entry=entry, version=1, at="2026-11-30T09:00:00", scope=scope, priority=70,
            window=WindowDraft(start="2026-11-30T09:00:00", duration_s=60), **by(enterprise),
        )  # fmt: skip
    assert state() != before
    step_undo(step=step, **by(enterprise))
    assert state() == before


def test_a_step_is_not_taken_back_over_somebody_elses_change(enterprise, entry):
    step = occurrence_delete(
        entry=entry, version=1, at="2026-11-30T09:00:00", scope="one", **by(enterprise)
    )
    entry_change(entry=entry, version=2, name="Dinner", **by(enterprise))
    with pytest.raises(Conflict, match="changed again meanwhile"):
        step_undo(step=step, **by(enterprise))
    assert Entry.objects.get().name == "Dinner"


def test_who_looks_at_an_old_version_deletes_nothing(enterprise, entry):
    with pytest.raises(Conflict):
        occurrence_delete(entry=entry, version=0, at="", scope="all", **by(enterprise))
    assert Entry.objects.count() == 1


def test_an_entry_is_made_and_copied_as_steps(enterprise, entry):
    fields = {"name": "New", "department": enterprise.department, "layout": entry.layout}
    step = created(where=Where(), window=window_of(entry), **fields, **by(enterprise))
    step_undo(step=step, **by(enterprise))
    assert Entry.objects.count() == 1
    window = WindowDraft(start="2026-12-24T09:00:00", duration_s=60)
    copied(copies=[(entry, window, None)], **by(enterprise))
    assert [each.start for each in Entry.objects.order_by("pk")][1:] == ["2026-12-24T09:00:00"]
    with pytest.raises(Invalid, match="nothing to copy"):
        copied(copies=[], **by(enterprise))
