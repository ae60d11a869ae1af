"""The template `safety-days` 安全生产天数: how long nothing has happened (docs/cards.md).  Pure.

The count is a function of the date: the day of the last accident is day 0, the next day 1.  It
rolls at midnight on the clock of the screen's site; nothing is published for it.
"""

from datetime import date, datetime
from typing import Annotated

from msgspec import Meta

from cards.dates import dateline, day_ends
from cards.lines import headline, line
from cards.sheet import SheetData, sheet
from cards.template import Face, Template

__all__ = ["SAFETY_DAYS", "SafetyDays", "days_since"]

#: Limits, in characters.
MAX_PLACE, MAX_SLOGAN = 30, 40
#: In days: a century.
MAX_DAYS = 36_525


class SafetyDays(SheetData, frozen=True, kw_only=True):
    """`safety-days`: since when, where, how long it was at the longest, how long it shall be."""

    since: date
    place: Annotated[str, Meta(max_length=MAX_PLACE)] = ""
    record_days: Annotated[int, Meta(ge=0, le=MAX_DAYS)] | None = None
    goal_days: Annotated[int, Meta(ge=1, le=MAX_DAYS)] | None = None
    slogan: Annotated[str, Meta(max_length=MAX_SLOGAN)] = ""


def days_since(since: date, today: date) -> int:
    """How many days have passed since `since`; 0 on that day, and before it."""
    return max(0, (today - since).days)


def _face(told: SafetyDays, now: datetime) -> Face:
    days, zh = days_since(told.since, now.date()), told.language == "zh"
    place = line(told.place)
    titles = (
        f"{place}安全生产天数",
        f"{place}: days without an accident".lstrip(": ").capitalize(),
    )
    data = sheet(told, titles, ("安全", "Safety"))
    data |= {
        "figure": f"{days}",
        "unit": "天" if zh else "day" if days == 1 else "days",
        "facts": _facts(told, days),
        "slogan": headline(told.slogan),
        "dateline": dateline(now.date(), told.language),
        "short": f"{now:%Y-%m-%d}",
    }
    return Face(data, day_ends(now))


def _facts(told: SafetyDays, days: int) -> list[dict[str, str | bool]]:
    zh = told.language == "zh"
    facts = [_fact("起算日期" if zh else "Counted from", dateline(told.since, told.language))]
    if told.record_days is not None:
        broken = days > told.record_days
        best = max(days, told.record_days)
        name = ("新纪录" if zh else "New record") if broken else ("历史最长" if zh else "Longest")
        facts.append(_fact(name, _in_days(best, zh), is_strong=broken))
    if told.goal_days is not None:
        left = told.goal_days - days
        name = ("距目标还有" if zh else "To the goal") if left > 0 else (
            "目标已达成" if zh else "Goal reached"
        )  # fmt: skip
        facts.append(_fact(name, _in_days(left if left > 0 else told.goal_days, zh)))
    return facts


def _fact(name: str, value: str, *, is_strong: bool = False) -> dict[str, str | bool]:
    return {"name": name, "value": value, "strong": is_strong}


def _in_days(days: int, zh: bool) -> str:
    if zh:
        return f"{days:,} 天"
    return f"{days:,} day{'' if days == 1 else 's'}"


SAFETY_DAYS = Template("safety-days", "SafetyDays.qml", SafetyDays, _face, reviewed=True)
