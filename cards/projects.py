"""Projects as tables tell them: what is planned till when, what is done, which milestones.  Pure.

For the card `progress`; knows nothing of how it looks.  A table may tell a project on several rows,
one for each milestone: rows of one name are one project.
"""

import re
from collections.abc import Sequence
from datetime import date
from typing import Annotated

from msgspec import Meta, Struct, structs

from cards.lines import line, required
from cards.refusal import quoted
from cards.template import CardRefusedError

__all__ = ["KeyProject", "Milestone", "PlanPoint", "Project", "gathered", "planned_on"]

#: Limits, in characters.
MAX_NAME, MAX_OWNER, MAX_NOTE = 40, 40, 80

#: The field `date` would hide it.
_Day = date

Name = Annotated[str, Meta(max_length=MAX_NAME)]
#: From none of the work to all of it.
Percent = Annotated[float, Meta(ge=0, le=100)]


class Project(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row.  `actual` is of the day `as_of`, and so is `planned`; without that the plan is
    reckoned from `starts`, `ends` and the points of the plan."""

    name: Name = ""
    owner: Annotated[str, Meta(max_length=MAX_OWNER)] = ""
    planned: Percent | None = None
    actual: Percent | None = None
    starts: date | None = None
    ends: date | None = None
    as_of: date | None = None
    note: Annotated[str, Meta(max_length=MAX_NOTE)] = ""


class Milestone(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row: what of which project is due when, and when it was done."""

    project: Name = ""
    name: Name = ""
    due: date | None = None
    done: date | None = None


class PlanPoint(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A row: how much of a project shall be done on a day."""

    project: Name = ""
    date: _Day | None = None
    percent: Percent | None = None


class KeyProject(Struct, frozen=True):
    """A project with what belongs to it: milestones by the day on which they are due, and its plan
    as (day, percent), by the day; without points of its own that is its span, evenly."""

    told: Project
    milestones: tuple[Milestone, ...]
    plan: tuple[tuple[date, float], ...]
    has_points: bool


def gathered(
    projects: Sequence[Project], milestones: Sequence[Milestone], plan: Sequence[PlanPoint]
) -> list[KeyProject]:
    """Every project once, as they come, with what is its own.

    Raises `CardRefusedError` for rows of one project that contradict each other, and for a
    milestone or a point of a plan that is of no project or of no day.
    """
    found = _once(projects)
    events: dict[str, list[Milestone]] = {key: [] for key in found}
    points: dict[str, list[tuple[date, float]]] = {key: [] for key in found}
    for n, each in enumerate(milestones):
        if each.name or each.due or each.done:
            where = f"milestones[{n}]"
            required(each.name, f"{where}.name")
            if each.due is None:
                raise CardRefusedError(f"data.{where}.due: missing; say when it is due")
            events[_owner(each.project, found, where)].append(each)
    for n, point in enumerate(plan):
        if point.date is not None or point.percent is not None:
            where = f"plan[{n}]"
            if point.date is None or point.percent is None:
                raise CardRefusedError(f"data.{where}: missing; write a day and a percentage")
            points[_owner(point.project, found, where)].append((point.date, point.percent))
    return [
        KeyProject(told, tuple(sorted(events[key], key=_due)), _whole(told, points[key]),
                   has_points=bool(points[key]))
        for key, told in found.items()
    ]  # fmt: skip


def planned_on(project: KeyProject, day: date) -> float | None:
    """How much shall be done by `day`, in percent; None: no plan says so.

    Between two days of the plan it grows evenly; before the first nothing is said, unless that is
    the beginning; after the last day that one's percentage holds.
    """
    plan = project.plan
    if not plan or (day < plan[0][0] and plan[0][1] > 0):
        return None
    before = [each for each in plan if each[0] <= day]
    after = [each for each in plan if each[0] > day]
    if not before or not after:
        return (before[-1] if before else after[0])[1]
    (first, low), (last, high) = before[-1], after[0]
    return low + (high - low) * (day - first).days / (last - first).days


def _once(projects: Sequence[Project]) -> dict[str, Project]:
    found: dict[str, Project] = {}
    for n, row in enumerate(projects):
        if row == Project():
            continue
        required(row.name, f"projects[{n}].name")
        key = _plain(row.name)
        found[key] = _joined(found[key], row, n) if key in found else row
        told = found[key]
        if told.starts and told.ends and told.ends <= told.starts:
            raise CardRefusedError(f"data.projects[{n}].ends: not after its start")
    return found


def _joined(first: Project, row: Project, n: int) -> Project:
    """What two rows say of one project."""
    more = {}
    for field in structs.fields(Project)[1:]:
        was, says = getattr(first, field.name), getattr(row, field.name)
        if says == field.default:
            continue
        if was not in (field.default, says):
            raise CardRefusedError(
                f"data.projects[{n}].{field.name}: an earlier row of {quoted(line(row.name))}"
                " says otherwise"
            )
        more[field.name] = says
    return structs.replace(first, **more)


def _owner(name: str, found: dict[str, Project], where: str) -> str:
    """Whose it is: what names none is of the only one that there is."""
    key = _plain(name)
    if not key and len(found) == 1:
        return next(iter(found))
    if key not in found:
        raise CardRefusedError(
            f"data.{where}.project: {quoted(line(name))} is none of the projects"
        )
    return key


def _whole(told: Project, points: list[tuple[date, float]]) -> tuple[tuple[date, float], ...]:
    """The points between the beginning, nothing, and the end, all of it; one alone is no plan."""
    plan = sorted(points)
    if told.starts and (not plan or told.starts < plan[0][0]):
        plan.insert(0, (told.starts, 0.0))
    if told.ends and (not plan or told.ends > plan[-1][0]):
        plan.append((told.ends, 100.0))
    return tuple(plan) if points or len(plan) > 1 else ()


def _due(milestone: Milestone) -> date:
    assert milestone.due is not None, "one without is refused"
    return milestone.due


def _plain(name: str) -> str:
    return re.sub(r"\s+", "", line(name)).casefold()
