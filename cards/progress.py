"""The template `progress` 重点项目: plan against actual, and the milestones (docs/cards.md).  Pure.

One project is told large, several are a list.  Plan and actual are compared as they were on the day
of the data: a plan that has gone on since then shows no delay that nobody has measured.
"""

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from typing import Annotated, Any, Literal

from msgspec import Meta, Struct

from cards.dates import dateline, day_ends, short_date
from cards.lines import Headline, headline, line
from cards.milestones import Stand, most_telling, of_days, stand_of, timetable
from cards.plain_text import unbroken
from cards.projects import KeyProject, Milestone, PlanPoint, Project, gathered, planned_on
from cards.rows import Bar, Column, Row, table
from cards.sheet import SheetData, sheet
from cards.template import Face, Template

__all__ = ["PROGRESS", "Progress"]

#: Limits: rows.
MAX_PROJECTS, MAX_MILESTONES, MAX_POINTS = 100, 300, 600
#: In days.
MAX_FRESH = 366


class Progress(SheetData, frozen=True, kw_only=True):
    """`progress`: the projects; their milestones and plans, by the projects' names.

    `as_of` is the day of the data, unless a project says another; older than `fresh_days` it is
    told how old it is.
    """

    projects: Annotated[tuple[Project, ...], Meta(max_length=MAX_PROJECTS)] = ()
    milestones: Annotated[tuple[Milestone, ...], Meta(max_length=MAX_MILESTONES)] = ()
    plan: Annotated[tuple[PlanPoint, ...], Meta(max_length=MAX_POINTS)] = ()
    as_of: date
    fresh_days: Annotated[int, Meta(ge=1, le=MAX_FRESH)] = 7


class _Standing(Struct, frozen=True):
    """A project as it stands: percentages as they are shown, with `decimals`."""

    project: KeyProject
    as_of: date
    actual: float | None
    plan: float | None
    decimals: int
    stands: list[Stand]

    @property
    def told(self) -> Project:
        return self.project.told

    @property
    def state(self) -> Literal["done", "untold", "unplanned", "behind", "ahead", "even"]:
        if self.actual is None:
            return "untold"
        if self.actual >= 100:
            return "done"
        if self.plan is None:
            return "unplanned"
        if self.actual == self.plan:
            return "even"
        return "behind" if self.actual < self.plan else "ahead"

    @property
    def points(self) -> float:
        """How far actual and plan are apart, as they are shown."""
        return abs((self.actual or 0.0) - (self.plan or 0.0))

    def percent(self, value: float | None) -> str:
        """A percentage as all of the card are written."""
        return "—" if value is None else f"{value:.{self.decimals}f}%"


def _face(told: Progress, now: datetime) -> Face:
    zh, today = told.language == "zh", now.date()
    found = gathered(told.projects, told.milestones, told.plan)
    decimals = _decimals(told)
    all_of_them = [_standing(each, told, today, decimals) for each in found]
    as_of = _day_of_most(all_of_them, told.as_of)
    data = sheet(told, ("重点项目进展", "Key projects"), ("进度", "Progress"), as_of)
    if (today - as_of).days > told.fresh_days:
        data |= _old(as_of, told.language, today)
    data["empty"] = "" if found else "暂无项目" if zh else "No projects yet"
    several = _several(all_of_them, as_of, told.language, today)
    data |= _one(all_of_them[0], told, today) | {"shorter": several} if len(found) == 1 else several
    return Face(data, day_ends(now))


def _standing(project: KeyProject, card: Progress, today: date, decimals: int) -> _Standing:
    told = project.told
    as_of = told.as_of or card.as_of
    plan = planned_on(project, as_of) if told.planned is None else told.planned
    stands = [stand_of(each, as_of, today) for each in project.milestones]
    actual, plan = _shown(told.actual, decimals), _shown(plan, decimals)
    return _Standing(project, as_of, actual, plan, decimals, stands)


def _decimals(told: Progress) -> int:
    """Everybody's percentages have a decimal if somebody told one."""
    given = [value for each in told.projects for value in (each.planned, each.actual)]
    return int(any(value is not None and round(value, 1) % 1 for value in given))


def _shown(value: float | None, decimals: int) -> float | None:
    """Rounded; what is not done is never rounded up to done."""
    if value is None or value >= 100:
        return value
    return round(min(round(value, decimals), 100 - 0.1**decimals), decimals)


def _day_of_most(all_of_them: Sequence[_Standing], as_of: date) -> date:
    """The day that most figures are of, of several the oldest."""
    days = Counter(each.as_of for each in all_of_them)
    return min(days, key=lambda day: (-days[day], day), default=as_of)


def _old(as_of: date, language: str, today: date) -> dict[str, str]:
    """The day of data that is not fresh any more, in full and where there is little room."""
    days, written = (today - as_of).days, dateline(as_of, language, of_data=True)
    if language != "zh":
        return {"dateline": f"{written}, {days:,} days ago", "short": f"Data {days:,} days old"}
    day = f"截至{as_of:%m-%d}" if as_of.year == today.year else f"{as_of:%Y-%m-%d}"
    return {
        "dateline": line(f"{written}，已{days:,}天未更新"),
        "short": line(f"{day}，{days:,}天前"),
    }


def _one(one: _Standing, card: Progress, today: date) -> dict[str, Any]:
    zh, told = card.language == "zh", one.told
    lines = [_today(one, today, zh), _deadline(one, today, card.language), line(told.note)]
    return {
        "title": headline(told.name),
        "aside": "　".join(filter(None, [line(card.title), line(told.owner)])),
        "figure": "" if one.actual is None else f"{one.actual:.{one.decimals}f}",
        "unit": "" if one.actual is None else "%",
        "verdict": _verdict(one, zh),
        "bar": {"actual": one.actual, "plan": one.plan},
        "planned": _planned(one, zh),
        "lines": [Headline(each) for each in lines if each],
        **table(*timetable(one.stands, today, card.language)),
    }


def _planned(one: _Standing, zh: bool) -> str:
    if one.plan is None:
        return ""
    label = ("计划", "按工期") if zh else ("Plan", "Even plan")
    told = one.told.planned is not None or one.project.has_points
    return f"{label[0 if told else 1]} {one.percent(one.plan)}"


def _verdict(one: _Standing, zh: bool) -> str:
    words = {
        "done": ("已全部完成", "Completed"),
        "untold": ("未报进度", "No figure reported"),
        "unplanned": ("", ""),
        "even": ("与计划持平", "On plan"),
        "behind": (f"比计划落后{_points(one, zh)}", f"{_points(one, zh)} behind plan"),
        "ahead": (f"比计划超前{_points(one, zh)}", f"{_points(one, zh)} ahead of plan"),
    }
    return line(words[one.state][0 if zh else 1])


def _points(one: _Standing, zh: bool) -> str:
    said = f"{round(one.points, 1):g}"
    if zh:
        return f"{said}个百分点"
    return f"{said} point{'' if one.points == 1 else 's'}"


def _today(one: _Standing, today: date, zh: bool) -> str:
    """A plan goes on where the data does not: what it asks for today."""
    if one.told.planned is not None or one.state == "done":
        return ""
    now, then = _shown(planned_on(one.project, today), one.decimals), one.plan
    if now is None or now == then:
        return ""
    return line(f"按计划今天应为 {one.percent(now)}") if zh else f"Plan today: {one.percent(now)}"


def _deadline(one: _Standing, today: date, language: str) -> str:
    if one.told.ends is None or one.state == "done":
        return ""
    zh, left = language == "zh", (one.told.ends - today).days
    if left < 0:
        days = of_days(-left, zh)
        return line(f"已过计划完工日{days}") if zh else f"{days} past the planned end"
    day = dateline(one.told.ends, language)
    if left == 0:
        return line(f"计划{day}完工，就在今天") if zh else f"Planned end: {day}, today"
    days = of_days(left, zh)
    return line(f"计划{day}完工，还有{days}") if zh else f"Planned end: {day}, in {days}"


def _several(
    all_of_them: Sequence[_Standing], as_of: date, language: str, today: date
) -> dict[str, Any]:
    zh = language == "zh"
    has_plan = any(each.plan is not None for each in all_of_them)
    columns = [Column("grow", "项目" if zh else "Project")]
    columns += [Column("number", "计划" if zh else "Plan", sign="tick")] if has_plan else []
    columns += [Column("number", "实际" if zh else "Actual", is_main=True, sign="bar")]
    columns += [Column("time", _compared(has_plan, zh))]
    rows = []
    for each in all_of_them:
        plan = [each.percent(each.plan)] if has_plan else []
        cells = [each.told.name, *plan, each.percent(each.actual), _beside(each, zh)]
        note = _note(each, as_of, language, today)
        bar = Bar(each.actual, each.plan)
        rows.append(Row(cells, note, is_strong=each.state == "behind", bar=bar))
    return {"aside": _summary(all_of_them, zh), "bar": None, **table(columns, rows)}


def _compared(has_plan: bool, zh: bool) -> str:
    if has_plan:
        return "比计划" if zh else "Against plan"
    return "情况" if zh else "State"


def _beside(one: _Standing, zh: bool) -> str:
    words = {
        "done": ("已完成", "completed"),
        "untold": ("未报进度", "not reported"),
        "unplanned": ("—", "—"),
        "even": ("持平", "on plan"),
        "behind": (f"落后{_points(one, zh)}", f"{_points(one, zh)} behind"),
        "ahead": (f"超前{_points(one, zh)}", f"{_points(one, zh)} ahead"),
    }
    return words[one.state][0 if zh else 1]


def _note(one: _Standing, as_of: date, language: str, today: date) -> str:
    day = "" if one.as_of == as_of else short_date(one.as_of, language)
    is_over = one.told.ends is not None and one.told.ends < today
    parts = [
        line(one.told.owner),
        _deadline(one, today, language) if is_over else "",
        most_telling(one.stands, language),
        line(one.told.note),
        day if language == "zh" or not day else f"as of {day}",
    ]
    return "　".join(map(unbroken, filter(None, parts)))


def _summary(all_of_them: Sequence[_Standing], zh: bool) -> str:
    """What there is to know of all: how many, how many of them are behind, what is overdue."""
    count = len(all_of_them)
    states = Counter(each.state for each in all_of_them)
    late = sum(stand.state == "overdue" for each in all_of_them for stand in each.stands)
    if count == 0:
        return ""
    said = [f"{count}项" if zh else f"{count} projects"]
    if states["behind"]:
        said.append(f"{states['behind']}项落后" if zh else f"{states['behind']} behind plan")
    elif not states["untold"] and not states["unplanned"]:
        said.append("全部达到计划" if zh else "none behind plan")
    if states["untold"]:
        said.append(f"{states['untold']}项未报" if zh else f"{states['untold']} not reported")
    if late:
        many = "" if late == 1 else "s"
        said.append(f"{late}个节点逾期" if zh else f"{late} milestone{many} overdue")
    return line("，".join(said)) if zh else ", ".join(said)


PROGRESS = Template("progress", "Progress.qml", Progress, _face)
