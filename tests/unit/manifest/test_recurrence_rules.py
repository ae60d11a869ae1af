"""The grammar of `rrule`: RFC 5545, 3.3.10, without SECONDLY and without foreign parts."""

from datetime import UTC, datetime

import pytest
from dateutil.rrule import rrulestr
from hypothesis import given

from manifest.errors import ManifestFormatError
from manifest.recurrence import MAX_RULE_CHARACTERS, rule, times_a_day
from tests.strategies import rules

SIXTY = ",".join(map(str, range(60)))

#: The examples of RFC 5545, 3.8.5.3, that have a DTSTART of the type that windows have.
EXAMPLES = [
    "FREQ=DAILY;COUNT=10",
    "FREQ=DAILY;UNTIL=19971224T000000Z",
    "FREQ=DAILY;INTERVAL=2",
    "FREQ=YEARLY;UNTIL=20000131T140000Z;BYMONTH=1;BYDAY=SU,MO,TU,WE,TH,FR,SA",
    "FREQ=WEEKLY;INTERVAL=2;WKST=SU",
    "FREQ=WEEKLY;COUNT=10;WKST=SU;BYDAY=TU,TH",
    "FREQ=MONTHLY;COUNT=10;BYDAY=1FR",
    "FREQ=MONTHLY;INTERVAL=2;COUNT=10;BYDAY=1SU,-1SU",
    "FREQ=MONTHLY;BYMONTHDAY=-3",
    "FREQ=MONTHLY;COUNT=10;BYMONTHDAY=1,-1",
    "FREQ=YEARLY;INTERVAL=3;COUNT=10;BYYEARDAY=1,100,200",
    "FREQ=YEARLY;BYDAY=20MO",
    "FREQ=YEARLY;BYWEEKNO=20;BYDAY=MO",
    "FREQ=MONTHLY;BYDAY=SA;BYMONTHDAY=7,8,9,10,11,12,13",
    "FREQ=MONTHLY;COUNT=3;BYDAY=TU,WE,TH;BYSETPOS=3",
    "FREQ=MONTHLY;BYDAY=MO,TU,WE,TH,FR;BYSETPOS=-2",
    "FREQ=HOURLY;INTERVAL=3;UNTIL=19970902T170000Z",
    "FREQ=MINUTELY;INTERVAL=20;BYHOUR=9,10,11,12,13,14,15,16",
    "FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,20,40;BYSECOND=0,60",
    "FREQ=DAILY;UNTIL=20261231T235959",
    "FREQ=MINUTELY",
    f"FREQ=DAILY;BYHOUR=1,2,3;BYMINUTE={SIXTY};BYSECOND={SIXTY}",
    "BYDAY=+1MO;FREQ=MONTHLY",
]


@pytest.mark.parametrize("written", EXAMPLES)
def test_a_rule_of_the_standard_is_accepted(written: str) -> None:
    assert rule(written) == written


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ("", "each part one of FREQ"),
        ("FREQ=SECONDLY", "FREQ one of YEARLY, MONTHLY, WEEKLY, DAILY, HOURLY, MINUTELY"),
        ("FREQ=FORTNIGHTLY", "FREQ one of"),
        ("FREQ=", "FREQ one of"),
        ("FREQ", "FREQ one of"),
        ("freq=DAILY", "each part one of"),
        ("FREQ=daily", "FREQ one of"),
        ("RRULE:FREQ=DAILY", "each part one of"),
        ("DTSTART:20261122T110000\nRRULE:FREQ=DAILY", "each part one of"),
        ("FREQ=DAILY;DTSTART=20261122T110000", "each part one of"),
        ("FREQ=YEARLY;BYEASTER=0", "each part one of"),
        ("RSCALE=CHINESE;FREQ=YEARLY", "each part one of"),
        ("FREQ=DAILY;X-OURS=1", "each part one of"),
        ("FREQ=DAILY;", "each part one of"),
        (" FREQ=DAILY", "each part one of"),
        ("FREQ=DAILY ", "FREQ one of"),
        ("FREQ=DAILY;FREQ=DAILY", "FREQ once"),
        ("INTERVAL=2", "a FREQ"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL an integer ≥ 1"),
        ("FREQ=DAILY;INTERVAL=-1", "INTERVAL an integer ≥ 1"),
        ("FREQ=DAILY;INTERVAL=" + "9" * 5000, "an RFC 5545 recurrence rule like"),
        ("FREQ=DAILY;INTERVAL=" + "9" * 500, "INTERVAL an integer ≥ 1 of at most 9 digits"),
        ("FREQ=DAILY;COUNT=0", "COUNT an integer ≥ 1"),
        ("FREQ=DAILY;COUNT=1.5", "COUNT an integer ≥ 1"),
        ("FREQ=DAILY;COUNT=٣", "COUNT an integer ≥ 1"),
        ("FREQ=DAILY;COUNT=2;UNTIL=20261231T000000", "UNTIL or COUNT, not both"),
        ("FREQ=DAILY;UNTIL=20261231", "UNTIL like 20261231T235959, or with Z"),
        ("FREQ=DAILY;UNTIL=20260230T000000", "UNTIL like"),
        ("FREQ=DAILY;UNTIL=20261231T240000", "UNTIL like"),
        ("FREQ=DAILY;UNTIL=20261231T235960", "UNTIL like"),
        ("FREQ=DAILY;UNTIL=2026-12-31T00:00:00Z", "UNTIL like"),
        ("FREQ=DAILY;BYHOUR=24", "BYHOUR of 0–23"),
        ("FREQ=DAILY;BYHOUR=-1", "BYHOUR of 0–23"),
        ("FREQ=DAILY;BYHOUR=+1", "BYHOUR of 0–23"),
        ("FREQ=DAILY;BYHOUR=", "BYHOUR of 0–23"),
        ("FREQ=DAILY;BYHOUR=1,,2", "BYHOUR of 0–23"),
        ("FREQ=DAILY;BYMINUTE=60", "BYMINUTE of 0–59"),
        ("FREQ=DAILY;BYSECOND=61", "BYSECOND of 0–60"),
        ("FREQ=DAILY;BYMONTH=13", "BYMONTH of 1–12"),
        ("FREQ=MONTHLY;BYMONTHDAY=0", "BYMONTHDAY of ±1–31"),
        ("FREQ=MONTHLY;BYMONTHDAY=-32", "BYMONTHDAY of ±1–31"),
        ("FREQ=YEARLY;BYYEARDAY=367", "BYYEARDAY of ±1–366"),
        ("FREQ=YEARLY;BYWEEKNO=54", "BYWEEKNO of ±1–53"),
        ("FREQ=DAILY;WKST=1MO", "WKST one of MO"),
        ("FREQ=WEEKLY;BYDAY=XX", "BYDAY of MO, TU, WE, TH, FR, SA, SU"),
        ("FREQ=MONTHLY;BYDAY=0MO", "BYDAY of"),
        ("FREQ=MONTHLY;BYDAY=54MO", "BYDAY of"),
        ("FREQ=MONTHLY;BYDAY=MO+1", "BYDAY of"),
        ("FREQ=WEEKLY;BYDAY=1MO", "numbers in BYDAY only with FREQ=MONTHLY"),
        ("FREQ=YEARLY;BYWEEKNO=1;BYDAY=1MO", "numbers in BYDAY only with"),
        ("FREQ=MONTHLY;BYWEEKNO=1", "BYWEEKNO only with FREQ=YEARLY"),
        ("FREQ=MONTHLY;BYYEARDAY=1", "no BYYEARDAY with FREQ=MONTHLY"),
        ("FREQ=WEEKLY;BYMONTHDAY=1", "no BYMONTHDAY with FREQ=WEEKLY"),
        ("FREQ=MONTHLY;BYSETPOS=1", "BYSETPOS only beside another BY part"),
        ("FREQ=MONTHLY;BYDAY=MO;BYSETPOS=0", "BYSETPOS of ±1–366"),
    ],
    ids=lambda value: value[:30],
)
def test_what_is_no_rule_is_refused_with_the_reason(written: str, complaint: str) -> None:
    with pytest.raises(ManifestFormatError) as refused:
        rule(written)
    assert complaint in str(refused.value)


@pytest.mark.parametrize("value", [None, 1, True, [], {}, b"FREQ=DAILY"])
def test_what_is_no_string_is_refused(value: object) -> None:
    with pytest.raises((ManifestFormatError, TypeError)):
        rule(value)


def test_a_rule_may_be_long_and_not_longer() -> None:
    days = ",".join(str(day) for day in range(1, 367))
    written = f"FREQ=YEARLY;BYYEARDAY={days}"
    assert rule(written)
    with pytest.raises(ManifestFormatError):
        rule(written.ljust(MAX_RULE_CHARACTERS + 1, "1"))


def refusal_by_dateutil(written: str) -> str:
    """Why dateutil cannot read a rule; empty if it can."""
    try:
        rrulestr(written, dtstart=datetime(2026, 1, 1, 11, tzinfo=UTC))
    except ValueError as error:
        return str(error)
    return ""


@given(rules())
def test_what_editors_make_is_a_rule_to_others_too(written: str) -> None:
    assert rule(written) == written
    wide = written.replace("T120000Z", "T120000").replace("T120000", "T120000Z")
    # FREQ=HOURLY;INTERVAL=24;BYHOUR=5 is valid, and never comes.
    assert refusal_by_dateutil(wide) in ("", "Invalid rrule byxxx generates an empty set.")


@pytest.mark.parametrize(
    ("written", "times"),
    [
        ("FREQ=YEARLY", 1),
        ("FREQ=DAILY;BYHOUR=9,10;BYMINUTE=0,30", 4),
        ("FREQ=HOURLY", 24),
        ("FREQ=MINUTELY;BYHOUR=9", 60),
        ("FREQ=MINUTELY;INTERVAL=7", 1440),
        (f"FREQ=MINUTELY;BYSECOND={SIXTY}", 86_400),
    ],
)
def test_how_often_a_rule_may_come_in_a_day(written: str, times: int) -> None:
    assert times_a_day(written) == times
