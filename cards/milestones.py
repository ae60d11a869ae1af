"""How a milestone stands on a day, and the words for it.  Pure; for the card `progress`.

What was open on the day of the data though it was due is overdue; what fell due since then nobody
has told of: that is no delay, and no success either.
"""

from collections.abc import Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

from cards.dates import near_day
from cards.lines import line
from cards.projects import Milestone
from cards.rows import Column, Row

__all__ = ["Stand", "most_telling", "of_days", "stand_of", "timetable"]

State = Literal["overdue", "unreported", "coming", "done"]


class Stand(Struct, frozen=True):
    """A milestone on a day: `days` since it was due or till it is; of one done, how late it was."""

    milestone: Milestone
    due: date
    state: State
    days: int


def stand_of(milestone: Milestone, as_of: date, today: date) -> Stand:
    """How it stands `today` by data of the day `as_of`; a day of doing to come is none yet."""
    due, done = milestone.due, milestone.done
    assert due is not None, "one without is refused"
    if done is not None and done <= today:
        return Stand(milestone, due, "done", (done - due).days)
    if due >= today:
        return Stand(milestone, due, "coming", (due - today).days)
    return Stand(milestone, due, "overdue" if due < as_of else "unreported", (today - due).days)


def most_telling(stands: Sequence[Stand], language: str) -> str:
    """What is overdue, else what nobody has told of; "": all is as it should be."""
    zh = language == "zh"
    for state in ("overdue", "unreported"):
        found = [each for each in stands if each.state == state]
        if found:
            more = _and_more(len(found) - 1, zh)
            return line(f"{found[0].milestone.name} {_words(found[0], zh)}{more}")
    return ""


def _and_more(count: int, zh: bool) -> str:
    if count == 0:
        return ""
    return f"，另有{count}个节点如此" if zh else f", and {count} more"


def timetable(
    stands: Sequence[Stand], today: date, language: str
) -> tuple[list[Column], list[Row]]:
    """The milestones as a table: the open ones first, then those that are done, the last first."""
    zh = language == "zh"
    done = [each for each in stands if each.state == "done"]
    labels = ("节点", "计划", "完成", "情况") if zh else ("Milestone", "Due", "Done", "State")
    columns = [Column("grow", labels[0]), Column("time", labels[1])]
    columns += [Column("time", labels[2], spare=True)] if done else []
    columns += [Column("time", labels[3])]
    rows = []
    for each in [each for each in stands if each.state != "done"] + done[::-1]:
        was = each.milestone.done if each.state == "done" else None
        days = [near_day(each.due, today, language)]
        days += [near_day(was, today, language) if was else "—"] if done else []
        is_late = each.state == "overdue"
        rows.append(Row([each.milestone.name, *days, _words(each, zh)], is_strong=is_late))
    return columns, rows


def _words(stand: Stand, zh: bool) -> str:
    days = of_days(abs(stand.days), zh)
    if stand.state == "overdue":
        return f"逾期{days}" if zh else f"{days} overdue"
    if stand.state == "unreported":
        return f"到期{days}未报" if zh else f"due {days} ago, no report"
    if stand.state == "coming":
        if stand.days == 0:
            return "今天到期" if zh else "due today"
        return f"还有{days}" if zh else f"in {days}"
    if stand.days == 0:
        return "按期完成" if zh else "on time"
    if stand.days > 0:
        return f"晚{days}完成" if zh else f"{days} late"
    return f"提前{days}完成" if zh else f"{days} early"


def of_days(days: int, zh: bool) -> str:
    """So many days."""
    if zh:
        return f"{days:,}天"
    return f"{days:,} day{'' if days == 1 else 's'}"
