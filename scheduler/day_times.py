"""The times that a recurrence rule names within one day (for `scheduler.recurrence` only)."""

from functools import lru_cache

from scheduler.rrule import RuleParts

__all__ = ["chosen_places", "times_of_day"]

#: How many are shared by equal rules: a day may have 1,440 times.
_SHARED_PATTERNS = 256


@lru_cache(maxsize=_SHARED_PATTERNS)
def times_of_day(rule: RuleParts, phase: int) -> tuple[int, ...]:
    """The times of a day at whose midnight `phase` of the rule's periods are past."""
    first = -phase % rule.interval
    if rule.freq == "MINUTELY":
        slots = [
            [minute * 60 + second for second in rule.seconds]
            for minute in range(first, 1440, rule.interval)
            if (not rule.hours or minute // 60 in rule.hours)
            and (not rule.minutes or minute % 60 in rule.minutes)
        ]
    else:
        hourly = rule.freq == "HOURLY"
        hours = range(first, 24, rule.interval) if hourly else sorted(rule.hours)
        slots = [
            [
                hour * 3600 + minute * 60 + second
                for minute in rule.minutes
                for second in rule.seconds
            ]
            for hour in hours
            if not hourly or not rule.hours or hour in rule.hours
        ]
    if rule.positions and rule.freq in {"HOURLY", "MINUTELY"}:
        slots = [
            [sorted(slot)[at] for at in chosen_places(len(slot), rule.positions)] for slot in slots
        ]
    return tuple(sorted(second for slot in slots for second in slot))


def chosen_places(length: int, positions: frozenset[int]) -> list[int]:
    """Which places of a sorted list BYSETPOS names, in order."""
    wanted = {at - 1 if at > 0 else length + at for at in positions}
    return sorted(at for at in wanted if 0 <= at < length)
