"""What a form says of when something is due becomes a rule and is read back as it was said."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.utils.translation import override
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from manifest.model import Calendar
from manifest.recurrence import rule as read_rule
from scheduler.agenda import Agenda
from server.programme.drafts import WindowDraft
from server.programme.repetition import WEEKDAY_CODES, Repetition, repetition_of, window
from server.programme.repetition_words import words, words_of
from server.programme.series import as_window

DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))
TIMES = st.builds(time, st.integers(0, 23), st.sampled_from([0, 5, 15, 30, 59]))


#: The machine may be busy: what counts is the answer.
QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@st.composite
def repetitions(draw):
    """Anything that the form can say."""
    repeats = draw(st.sampled_from(
        ["once", "daily", "work", "rest", "weekly", "monthly", "monthly-weekday", "yearly"]
    ))  # fmt: skip
    said = {"first": draw(DAYS), "begins": draw(TIMES), "ends": draw(TIMES), "repeats": repeats}
    said["days_later"] = draw(st.integers(0, 3))
    if repeats == "once":
        return Repetition(**said)
    if repeats not in {"work", "rest"}:
        said["every"] = draw(st.integers(1, 4))
        choices = ["any", "work", "rest"] if repeats != "daily" or said["every"] > 1 else ["any"]
        said["on"] = draw(st.sampled_from(choices))
    if repeats == "weekly":
        said["weekdays"] = tuple(sorted(
            draw(st.sets(st.sampled_from(WEEKDAY_CODES), min_size=1)), key=WEEKDAY_CODES.index
        ))  # fmt: skip
    if repeats == "monthly":
        said["month_day"] = draw(st.sampled_from([*range(1, 32), -1]))
    if repeats == "monthly-weekday":
        said["nth"] = draw(st.sampled_from([1, 2, 3, 4, -1]))
        said["weekdays"] = (draw(st.sampled_from(WEEKDAY_CODES)),)
    endings = ["never", "until"] + (["count"] if said.get("on") == "any" else [])
    said["ending"] = draw(st.sampled_from(endings))
    if said["ending"] == "until":
        said["until"] = said["first"] + timedelta(days=draw(st.integers(0, 900)))
    if said["ending"] == "count":
        said["count"] = draw(st.integers(1, 50))
    return Repetition(**said)


def settled(said):
    """As it is read back: it begins on the first day that fits, and ends that many days later."""
    made = window(said)
    start = datetime.fromisoformat(made.start)
    later = ((start + timedelta(seconds=made.duration_s)).date() - start.date()).days
    on = said.repeats if said.repeats in {"work", "rest"} else said.on
    return replace(said, first=start.date(), days_later=later, on=on)


@QUICK
@given(repetitions())
def test_what_is_said_is_read_back(said):
    read = repetition_of(window(said))
    assert replace(read, month_day=1, on="any") == replace(settled(said), month_day=1, on="any")
    assert read.repeats != "monthly" or read.month_day == said.month_day
    assert window(read) == window(said)


@QUICK
@given(repetitions())
def test_every_rule_is_one_that_the_manifest_takes(said):
    made = window(said)
    assert not made.rrule or read_rule(made.rrule)


@QUICK
@given(repetitions(), repetitions())
def test_two_that_differ_are_never_said_alike(one, other):
    one, other = settled(one), settled(other)
    assume(window(one) != window(other))
    for language in ("zh-hans", "en"):
        with override(language):
            assert words(one) != words(other)


@QUICK
@given(repetitions())
def test_it_begins_on_a_day_that_its_rule_names(said):
    """DTSTART is an occurrence whether it fits or not: a Monday series begins on a Monday."""
    made = window(said)
    start = datetime.fromisoformat(made.start)
    if said.repeats in {"weekly", "monthly-weekday"}:
        assert WEEKDAY_CODES[start.weekday()] in said.weekdays
    if said.repeats == "monthly" and said.month_day > 0:
        assert start.day == said.month_day


@QUICK
@given(repetitions())
def test_all_dates_lie_where_the_words_say(said):
    made = window(said)
    assume(said.until is None or made.start[:10] <= f"{said.until}")  # else the form refuses it
    agenda = Agenda(as_window(made), "Asia/Shanghai", Calendar())
    for each in agenda.following(datetime(2025, 1, 1, tzinfo=UTC), 6):
        assert each.start.time() == said.begins
        assert said.until is None or each.start.date() <= said.until
        if said.repeats == "work":
            assert each.start.weekday() < 5
        if said.repeats == "rest":
            assert each.start.weekday() > 4


def test_the_sentence_of_the_issue_is_said_in_both_languages():
    said = Repetition(
        first=date(2026, 11, 23), begins=time(11), ends=time(13), repeats="work",
        ending="until", until=date(2026, 12, 31),
    )  # fmt: skip
    with override("zh-hans"):
        chinese = words(said, with_first=False)
    assert chinese == "每个工作日 11:00–13:00，节假日除外，至 2026-12-31"
    english = "Every working day 11:00–13:00, not on holidays, from 2026-11-23 on, until 2026-12-31"
    with override("en"):
        assert words(said) == english


@pytest.mark.parametrize(
    "rule",
    [
        "FREQ=HOURLY;INTERVAL=2",
        "FREQ=MONTHLY;BYDAY=MO;BYSETPOS=2",
        "FREQ=DAILY;UNTIL=20261231T000000Z",
        "FREQ=WEEKLY;BYDAY=MO;WKST=SU;INTERVAL=2",
        "FREQ=YEARLY;BYMONTH=5;BYMONTHDAY=1",
        "FREQ=WEEKLY;BYDAY=TU",  # begins on a Monday: that is an occurrence too
    ],
)
def test_a_rule_that_the_form_has_no_words_for_stays_as_it_is(rule):
    draft = WindowDraft(start="2026-11-23T09:00:00", duration_s=3600, rrule=rule)
    read = repetition_of(draft)
    assert (read.repeats, read.rule) == ("rule", rule)
    assert window(read) == draft
    assert rule in words_of(draft)


def test_of_a_count_that_also_counts_other_days_the_form_says_nothing():
    draft = WindowDraft(
        start="2026-11-23T09:00:00", duration_s=3600, rrule="FREQ=DAILY;COUNT=10", days="work"
    )
    assert repetition_of(draft).repeats == "rule"


def test_longer_than_a_day_is_said_so():
    draft = WindowDraft(start="2026-11-23T18:00:00", duration_s=2 * 86_400 + 3600)
    with override("en"):
        assert words_of(draft) == "2026-11-23 Mon 18:00–19:00 2 days later"
