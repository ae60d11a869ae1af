"""How many steps of review a screen needs: the rule of the nearest department counts.

A rule is for a department (None: for everywhere) and a level of screen.  Without any rule no review
is asked for.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.conf import settings

from server.accounts.models import Department
from server.programme.models import CalendarDay
from server.review.deadlines import WorkingDays, due_after
from server.review.models import Counts, ReviewRule, Submission
from server.screens.models import Screen

__all__ = [
    "NO_REVIEW",
    "Required",
    "due_in",
    "last_due",
    "required",
    "steps_of_department",
    "unguarded",
]


class Required(NamedTuple):
    """Steps of review (0: none), and the hours that each may take; `is_ruled`: a rule says so."""

    steps: int
    hours: int
    counts: str = Counts.CLOCK
    urgent_hours: int = 24
    is_ruled: bool = False

    def due(self, now: datetime, *, is_urgent: bool) -> datetime:
        """When a step that is asked for now should be done."""
        if is_urgent:
            return due_after(now, self.urgent_hours)
        return due_in(now, self.hours, self.counts)


def due_in(now: datetime, hours: int, counts: str) -> datetime:
    """The same, by the hours and the way of counting of a submission."""
    return due_after(now, hours, working_days() if counts == Counts.WORKING else None)


def last_due(submission: Submission) -> datetime:
    """When its last step should be done, if each takes all the time that it may."""
    due = submission.due_at
    for _step in range(submission.step, submission.steps):
        due = due_in(due, submission.hours, submission.counts)
    return due


def working_days() -> WorkingDays:
    """The organisation's calendar."""
    kinds = CalendarDay.objects.values_list("kind", "date")
    return WorkingDays(
        ZoneInfo(settings.TIME_ZONE),
        frozenset(day for kind, day in kinds if kind == CalendarDay.Kind.REST),
        frozenset(day for kind, day in kinds if kind == CalendarDay.Kind.WORK),
    )


NO_REVIEW = Required(0, 24)


def required(screens: Iterable[Screen]) -> dict[int, Required]:
    """What each screen (by primary key) needs."""
    rules = _rules()
    if not rules:
        return {screen.pk: NO_REVIEW for screen in screens}
    parents = dict(Department.objects.values_list("pk", "parent_id"))
    return {
        screen.pk: _nearest(rules, parents, screen.department_id, screen.level)
        for screen in screens
    }


def unguarded() -> list[Screen]:
    """The screens of which no rule says anything: whatever is arranged there is shown unseen."""
    screens = list(Screen.objects.filter(retired_at=None).order_by("name"))
    needs = required(screens)
    return [each for each in screens if not needs[each.pk].is_ruled]


def _rules() -> dict[tuple[int | None, str], Required]:
    return {
        (rule.department_id, rule.level): Required(
            rule.steps, rule.hours, rule.counts, rule.urgent_hours, is_ruled=True
        )
        for rule in ReviewRule.objects.all()
    }


def _nearest(
    rules: Mapping[tuple[int | None, str], Required],
    parents: Mapping[int, int | None],
    department: int,
    level: str,
) -> Required:
    for each in (*_upwards(department, parents), None):
        found = rules.get((each, level))
        if found is not None:
            return found
    return NO_REVIEW


def _upwards(department: int, parents: Mapping[int, int | None]) -> Iterator[int]:
    seen: set[int] = set()
    at: int | None = department
    while at is not None and at not in seen:  # a ring would be a fault in the rows, not a hang here
        yield at
        seen.add(at)
        at = parents.get(at)


def steps_of_department(department: int) -> int:
    """The most steps that a screen of this department would need, whatever its level."""
    rules = _rules()
    parents = dict(Department.objects.values_list("pk", "parent_id"))
    return max(_nearest(rules, parents, department, level).steps for level in Screen.Level.values)
