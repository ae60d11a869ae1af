"""The parts of an RRULE (RFC 5545, 3.3.10), taken from its text and completed from DTSTART.

`manifest.codec` has refused what is not a rule: nothing is checked here.  For the modules of
`scheduler` only.
"""

from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

__all__ = ["RuleParts"]

_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


class RuleParts(Struct, frozen=True):
    """The parts of an RRULE as written (RFC 5545, 3.3.10); an absent list is empty."""

    freq: str
    interval: int
    count: int | None
    until: str | None
    week_start: int
    months: frozenset[int]
    weeks: frozenset[int]
    year_days: frozenset[int]
    month_days: frozenset[int]
    weekdays: frozenset[tuple[int, int]]
    hours: frozenset[int]
    minutes: frozenset[int]
    seconds: frozenset[int]
    positions: frozenset[int]

    @classmethod
    def of(cls, rule: str) -> "RuleParts":
        """Take a rule apart; ValueError for what the codec would have refused."""
        given = dict(part.split("=", 1) for part in rule.upper().split(";") if part)

        def numbers(name: str) -> frozenset[int]:
            return frozenset(int(number) for number in given.get(name, "").split(",") if number)

        return cls(
            freq=given["FREQ"],
            interval=int(given.get("INTERVAL", "1")),
            count=int(given["COUNT"]) if "COUNT" in given else None,
            until=given.get("UNTIL"),
            week_start=_WEEKDAYS.index(given.get("WKST", "MO")),
            months=numbers("BYMONTH"),
            weeks=numbers("BYWEEKNO"),
            year_days=numbers("BYYEARDAY"),
            month_days=numbers("BYMONTHDAY"),
            weekdays=frozenset(
                (int(name[:-2] or 0), _WEEKDAYS.index(name[-2:]))
                for name in given.get("BYDAY", "").split(",")
                if name
            ),
            hours=numbers("BYHOUR"),
            minutes=numbers("BYMINUTE"),
            # Without leap seconds 60 means 59 (RFC 5545, 3.3.12).
            seconds=frozenset(min(second, 59) for second in numbers("BYSECOND")),
            positions=numbers("BYSETPOS"),
        )

    @staticmethod
    def until_of(rule: str) -> str | None:
        """UNTIL alone, as `of` finds it: for whoever goes through years of old rules."""
        parts = (part.split("=", 1) for part in rule.upper().split(";") if part)
        return next((said for name, said in parts if name == "UNTIL"), None)

    def from_start(self, start: datetime) -> "RuleParts":
        """The rule with what it leaves open taken from DTSTART (RFC 5545, 3.3.10)."""
        parts = self
        if not (self.weeks or self.year_days or self.month_days or self.weekdays):
            if self.freq == "YEARLY":
                parts = replace(
                    parts,
                    months=self.months or frozenset({start.month}),
                    month_days=frozenset({start.day}),
                )
            elif self.freq == "MONTHLY":
                parts = replace(parts, month_days=frozenset({start.day}))
            elif self.freq == "WEEKLY":
                parts = replace(parts, weekdays=frozenset({(0, start.weekday())}))
        if self.freq not in {"HOURLY", "MINUTELY"}:
            parts = replace(parts, hours=self.hours or frozenset({start.hour}))
        if self.freq != "MINUTELY":
            parts = replace(parts, minutes=self.minutes or frozenset({start.minute}))
        return replace(parts, seconds=self.seconds or frozenset({start.second}))
