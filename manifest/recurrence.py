"""The grammar of `rrule`: RFC 5545, 3.3.10, without SECONDLY and without foreign parts.

For the codec.  This says whether a rule is one; which wall times it means is `scheduler`'s to say.
"""

import re
from collections.abc import Callable
from datetime import date
from functools import lru_cache

from manifest.parsing import refusal

__all__ = ["MAX_RULE_CHARACTERS", "rule", "times_a_day"]

#: Room for every part with all its values written out.
MAX_RULE_CHARACTERS = 4096

_FREQUENCIES = ("YEARLY", "MONTHLY", "WEEKLY", "DAILY", "HOURLY", "MINUTELY")
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
_COUNT = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)
_NUMBER = re.compile(r"[+-]?[0-9]{1,3}", re.ASCII)
_BY_DAY = re.compile(rf"([+-]?[0-9]{{1,2}})?({'|'.join(_WEEKDAYS)})", re.ASCII)
_UNTIL = re.compile(r"[0-9]{8}T([01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]Z?", re.ASCII)


class _NoRule(Exception):  # noqa: N818  (never leaves this module)
    """What a rule should have had, in words."""


def rule(value: object) -> str:
    """An RFC 5545 recurrence rule as it is written after `RRULE:`, in upper case."""
    if not isinstance(value, str) or len(value) > MAX_RULE_CHARACTERS:
        raise refusal("an RFC 5545 recurrence rule like FREQ=WEEKLY;BYDAY=MO,FR", value)
    complaint = _complaint(value)
    if complaint:
        raise refusal(f"an RFC 5545 recurrence rule ({complaint})", value)
    return value


@lru_cache(maxsize=4096)
def _complaint(written: str) -> str | None:
    try:
        parts = _parts(written)
        for name, value in parts.items():
            _PARTS[name](name, value)
        _check_together(parts)
    except _NoRule as error:
        return str(error)
    return None


def _parts(written: str) -> dict[str, str]:
    parts: dict[str, str] = {}
    for part in written.split(";"):
        name, _, value = part.partition("=")
        if name not in _PARTS:
            raise _NoRule(f"each part one of {', '.join(_PARTS)}, as NAME=value")
        if name in parts:
            raise _NoRule(f"{name} once")
        parts[name] = value
    return parts


def _frequency(_name: str, value: str) -> None:
    if value not in _FREQUENCIES:
        raise _NoRule(f"FREQ one of {', '.join(_FREQUENCIES)}")


def _positive(name: str, value: str) -> None:
    if not _COUNT.fullmatch(value):
        raise _NoRule(f"{name} an integer ≥ 1 of at most 9 digits")


def _until(_name: str, value: str) -> None:
    if not _UNTIL.fullmatch(value) or not _is_date(value[:8]):
        raise _NoRule("UNTIL like 20261231T235959, or with Z")


def _is_date(digits: str) -> bool:
    try:
        date.fromisoformat(digits)
    except ValueError:  # 30 February
        return False
    return True


def _week_start(_name: str, value: str) -> None:
    if value not in _WEEKDAYS:
        raise _NoRule(f"WKST one of {', '.join(_WEEKDAYS)}")


def _numbers(low: int, high: int, *, signed: bool = False) -> Callable[[str, str], None]:
    def check(name: str, value: str) -> None:
        for each in value.split(","):
            number = int(each) if _NUMBER.fullmatch(each) else None
            if number is not None and signed and not each[0].isdigit():
                number = abs(number)
            elif number is not None and not each[0].isdigit():
                number = None
            if number is None or not low <= number <= high:
                sign = "±" if signed else ""
                raise _NoRule(f"{name} of {sign}{low}–{high}")

    return check


def _by_day(name: str, value: str) -> None:
    for each in value.split(","):
        day = _BY_DAY.fullmatch(each)
        if not day or (day[1] is not None and not 1 <= abs(int(day[1])) <= 53):
            raise _NoRule(f"{name} of {', '.join(_WEEKDAYS)}, each with ±1–53 before it or nothing")


_PARTS: dict[str, Callable[[str, str], None]] = {
    "FREQ": _frequency,
    "UNTIL": _until,
    "COUNT": _positive,
    "INTERVAL": _positive,
    "BYSECOND": _numbers(0, 60),
    "BYMINUTE": _numbers(0, 59),
    "BYHOUR": _numbers(0, 23),
    "BYDAY": _by_day,
    "BYMONTHDAY": _numbers(1, 31, signed=True),
    "BYYEARDAY": _numbers(1, 366, signed=True),
    "BYWEEKNO": _numbers(1, 53, signed=True),
    "BYMONTH": _numbers(1, 12),
    "BYSETPOS": _numbers(1, 366, signed=True),
    "WKST": _week_start,
}


def _check_together(parts: dict[str, str]) -> None:
    """Which parts go with which: the table and the notes of RFC 5545, 3.3.10."""
    frequency = parts.get("FREQ")
    if frequency is None:
        raise _NoRule("a FREQ")
    if "UNTIL" in parts and "COUNT" in parts:
        raise _NoRule("UNTIL or COUNT, not both")
    if "BYWEEKNO" in parts and frequency != "YEARLY":
        raise _NoRule("BYWEEKNO only with FREQ=YEARLY")
    if "BYYEARDAY" in parts and frequency in ("DAILY", "WEEKLY", "MONTHLY"):
        raise _NoRule(f"no BYYEARDAY with FREQ={frequency}")
    if "BYMONTHDAY" in parts and frequency == "WEEKLY":
        raise _NoRule("no BYMONTHDAY with FREQ=WEEKLY")
    numbered = any(character.isdigit() for character in parts.get("BYDAY", ""))
    if numbered and (frequency not in ("MONTHLY", "YEARLY") or "BYWEEKNO" in parts):
        raise _NoRule("numbers in BYDAY only with FREQ=MONTHLY, or YEARLY without BYWEEKNO")
    others = parts.keys() - {"BYSETPOS"}
    if "BYSETPOS" in parts and not any(name.startswith("BY") for name in others):
        raise _NoRule("BYSETPOS only beside another BY part")


def times_a_day(written: str) -> int:
    """As often as the BY parts of a sound rule may make a day's times: 1 to 86,400.

    Whatever INTERVAL and BYSETPOS leave of them.
    """
    parts = _parts(written)
    often = {"HOURLY": (24, 1), "MINUTELY": (24, 60)}.get(parts["FREQ"], (1, 1))
    times = 1
    for name, least in zip(("BYHOUR", "BYMINUTE", "BYSECOND"), (*often, 1), strict=True):
        values = parts.get(name)
        times *= least if values is None else len(set(values.split(",")))
    return times
