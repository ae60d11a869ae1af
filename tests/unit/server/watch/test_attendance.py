"""Who is missed and who is back, as a function of heartbeats, hours and the clock."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from manifest.model import Calendar
from server.watch.attendance import FRESH, STEADY, Seen, step
from server.watch.hours import Hours

T = datetime(2026, 11, 23, 0, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
GRACE = timedelta(minutes=10)
ALWAYS = T - timedelta(days=8)


def walk(beats, *, opens=None, starts=(), minutes=600, grace=GRACE):
    """Each minute of a day: `beats` says in which it is heard, `opens` since when it is open.

    `starts` are minutes in which the server comes back from an outage of half an hour, in which
    nobody looks.  Returns what was told, as (minute, kind).
    """
    seen, told, heard_at, up_since = Seen(), [], T - MINUTE, T - timedelta(days=1)
    for minute in range(minutes):
        now = T + minute * MINUTE
        is_away = any(start - 30 <= minute < start for start in starts)
        if minute in starts:
            up_since = now
        if is_away:
            continue
        if beats(minute):
            heard_at = now
        since = ALWAYS if opens is None else opens(minute)
        seen, event = step(
            seen, heard_at=heard_at, up_since=up_since, open_since=since, grace=grace, now=now
        )
        if event is not None:
            told.append((minute, event.kind))
    return told


def test_one_that_is_heard_is_never_missed():
    assert walk(lambda _minute: True) == []


def test_one_that_is_silent_is_missed_once_after_its_grace_and_its_return_is_told_once():
    told = walk(lambda minute: not 100 <= minute < 200)
    assert told == [(109, "gone"), (202, "back")]


def test_silence_outside_of_the_hours_is_nobodys_alarm_and_counts_from_the_morning():
    def opens(minute):
        if 60 <= minute < 400:
            return None
        return ALWAYS if minute < 60 else T + 400 * MINUTE

    assert walk(lambda minute: minute < 50 or minute >= 405, opens=opens) == [
        (59, "gone"),
        (407, "back"),
    ]
    assert walk(lambda minute: minute < 59 or minute >= 405, opens=opens) == []
    assert walk(lambda minute: minute < 59, opens=opens) == [(410, "gone")]


def test_the_servers_own_outage_is_nobodys_alarm():
    assert walk(lambda _minute: True, starts=[200]) == []
    negative = walk(lambda minute: minute < 165, starts=[200])
    assert negative == [(210, "gone")], "what is silent still is missed after its grace"


def test_a_loose_plug_makes_a_few_messages():
    told = walk(lambda minute: minute % 25 < 12, minutes=1440)
    assert 2 <= len(told) <= 12
    calm = walk(lambda minute: minute % 25 < 12, minutes=1440, grace=timedelta(minutes=30))
    assert calm == []


@st.composite
def silences(draw):
    """Some spans of minutes in which nothing is heard, and one in which the place is closed."""
    spans = draw(st.lists(st.tuples(st.integers(0, 599), st.integers(1, 120)), max_size=8))
    closed = draw(st.tuples(st.integers(0, 599), st.integers(0, 400)))
    start = draw(st.lists(st.integers(30, 599), max_size=2))
    return spans, closed, start


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(silences())
def test_whatever_happens_messages_alternate_and_none_comes_early(world):
    spans, (shut, length), starts = world

    def beats(minute):
        return not any(begin <= minute < begin + long for begin, long in spans)

    def opens(minute):
        if shut <= minute < shut + length:
            return None
        return ALWAYS if minute < shut or not length else T + (shut + length) * MINUTE

    told = walk(beats, opens=opens, starts=starts)
    kinds = [kind for _minute, kind in told]
    assert kinds[::2] == ["gone"] * len(kinds[::2])
    assert kinds[1::2] == ["back"] * len(kinds[1::2])
    for minute, kind in told:
        silent = [back for back in range(10) if beats(minute - back)]
        if kind == "gone":
            assert opens(minute) is not None, "closed"
            assert not [back for back in silent if back < 10 - 1], "it was heard within its grace"
            assert not [start for start in starts if start <= minute < start + 10], "just started"
        else:
            assert beats(minute) or beats(minute - 1) or beats(minute - 2)
    for (before, _), (after, kind) in pairwise(told):
        if kind == "back":
            assert after - before >= STEADY / MINUTE


WORKDAYS = [
    {
        "start": "2026-11-02T08:00:00", "duration_s": 36_000, "rrule": "FREQ=DAILY",
        "days": "work",
    }
]  # fmt: skip


def at(text):
    return datetime.fromisoformat(text + "+08:00").astimezone(UTC)


def test_hours_are_those_of_working_days_with_the_days_worked_in_exchange():
    from datetime import date

    calendar = Calendar(rest=frozenset({date(2026, 11, 24)}), work=frozenset({date(2026, 11, 28)}))
    hours = Hours(WORKDAYS, "Asia/Shanghai", calendar)
    assert hours.open_since(at("2026-11-23T09:00")) == at("2026-11-23T08:00")
    assert hours.open_since(at("2026-11-23T07:59")) is None
    assert hours.open_since(at("2026-11-23T18:00")) is None, "the end is not part of it"
    assert hours.open_since(at("2026-11-24T09:00")) is None, "a holiday"
    assert hours.open_since(at("2026-11-28T09:00")) == at("2026-11-28T08:00"), "a worked Saturday"


def test_no_hours_are_always_and_none_at_all_is_never():
    now = at("2026-11-23T09:00")
    assert Hours(None, "Asia/Shanghai", Calendar()).open_since(now) < now - timedelta(days=7)
    assert Hours([], "Asia/Shanghai", Calendar()).open_since(now) is None


def test_windows_that_touch_are_one_run():
    night = {"start": "2026-11-02T18:00:00", "duration_s": 50_400, "rrule": "FREQ=DAILY"}
    day = {"start": "2026-11-02T08:00:00", "duration_s": 36_000, "rrule": "FREQ=DAILY"}
    found = Hours([night, day], "Asia/Shanghai", Calendar()).open_since(at("2026-11-23T09:00"))
    assert found <= at("2026-11-16T09:00")
    assert FRESH < GRACE
