"""How many steps of review a screen needs: the rule of the nearest department counts.

A rule is for a department (None: for everywhere) and a level of screen.  Without any rule no review
is asked for.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from server.accounts.models import Department
from server.review.models import ReviewRule
from server.screens.models import Screen

__all__ = ["NO_REVIEW", "Required", "required", "steps_of_department"]


class Required(NamedTuple):
    """Steps of review (0: none), and the hours that each may take."""

    steps: int
    hours: int


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


def _rules() -> dict[tuple[int | None, str], Required]:
    return {
        (department, level): Required(steps, hours)
        for department, level, steps, hours in ReviewRule.objects.values_list(
            "department_id", "level", "steps", "hours"
        )
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
