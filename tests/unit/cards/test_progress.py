"""Key projects: plan against actual as of one day, and what the clock alone may change."""

from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cards.catalogue import card_for
from cards.projects import PlanPoint, Project, gathered, planned_on
from cards.template import CardRefusedError, Face
from manifest.model import CardAsset

HERE = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 23, 12, tzinfo=HERE)
AS_OF = "2026-11-20"


def face(*projects: dict[str, Any], now: datetime = NOON, **data: Any) -> Face:
    told = {"as_of": AS_OF, "projects": projects} | data
    return card_for(CardAsset("a card", "progress", told), now).face


def project(name: str = "选煤厂", **more: Any) -> dict[str, Any]:
    return {"name": name, "planned": 52, "actual": 46} | more


def plain(text: str) -> str:
    return text.replace("\u2060", "").replace("\xa0", " ")


def rows(shown: Face) -> list[list[str]]:
    return [[plain(cell) for cell in row["cells"]] for row in shown.data["rows"]]


def refusal(*projects: dict[str, Any], **data: Any) -> str:
    with pytest.raises(CardRefusedError) as refused:
        face(*projects, **data)
    return str(refused.value)


@pytest.mark.parametrize(
    ("planned", "actual", "zh", "en"),
    [
        (52, 46, "比计划落后 6 个百分点", "6 points behind plan"),
        (52, 51, "比计划落后 1 个百分点", "1 point behind plan"),
        (33.5, 40, "比计划超前 6.5 个百分点", "6.5 points ahead of plan"),
        (46, 46, "与计划持平", "On plan"),
        (46, 100, "已全部完成", "Completed"),
        (46, None, "未报进度", "No figure reported"),
        (None, 46, "", ""),
    ],
)
def test_how_far_plan_and_actual_are_apart_is_said_in_points(
    planned: float | None, actual: float | None, zh: str, en: str
) -> None:
    one = project(planned=planned, actual=actual)
    assert plain(face(one).data["verdict"]) == zh
    assert face(one, language="en").data["verdict"] == en


def test_the_difference_is_that_of_the_figures_as_they_are_shown() -> None:
    data = face(project(planned=52.46, actual=46.04)).data
    assert (data["figure"], data["planned"], plain(data["verdict"])) == (
        "46.0",
        "计划 52.5%",
        "比计划落后 6.5 个百分点",
    )
    assert data["bar"] == {"actual": 46.0, "plan": 52.5}


@pytest.mark.parametrize(("actual", "shown"), [(99.96, "99.9"), (99.94, "99.9"), (100, "100.0")])
def test_nothing_is_rounded_up_to_done(actual: float, shown: str) -> None:
    assert face(project(actual=actual, planned=50.5)).data["figure"] == shown


def test_the_plan_is_that_of_the_day_of_the_data_and_today_s_is_said_besides() -> None:
    one = {"name": "矿井", "actual": 40, "starts": "2026-11-01", "ends": "2026-12-11"}
    shown = face(one, as_of="2026-11-21").data
    assert (plain(shown["planned"]), plain(shown["verdict"])) == (
        "按工期 50%",
        "比计划落后 10 个百分点",
    )
    assert plain(shown["lines"][0]) == "按计划今天应为 55%"
    later = face(one, as_of="2026-11-21", now=NOON + timedelta(days=4)).data
    assert later["verdict"] == shown["verdict"]
    assert plain(later["lines"][0]) == "按计划今天应为 65%"


def test_a_plan_grows_evenly_between_its_points_and_holds_after_the_last_one() -> None:
    told = Project(name="矿井", starts=date(2026, 1, 1))
    points = [
        PlanPoint(date=date(2026, 3, 2), percent=50),
        PlanPoint(date=date(2026, 1, 31), percent=10),
    ]
    (found,) = gathered([told], [], points)
    days = ["2025-12-01", "2026-01-01", "2026-01-16", "2026-01-31", "2026-02-15", "2027-01-01"]
    assert [planned_on(found, date.fromisoformat(day)) for day in days] == [0, 0, 5, 10, 30, 50]


def test_before_a_plan_that_has_no_start_nothing_is_planned() -> None:
    (found,) = gathered([Project(name="矿井")], [], [PlanPoint(date=date(2026, 3, 2), percent=50)])
    assert planned_on(found, date(2026, 3, 1)) is None
    (found,) = gathered([Project(name="矿井", ends=date(2026, 3, 2))], [], [])
    assert planned_on(found, date(2026, 3, 1)) is None


@given(st.integers(1, 4000), st.integers(-500, 4500))
def test_a_plan_from_start_to_end_never_leaves_the_scale(span: int, day: int) -> None:
    starts = date(2026, 1, 1)
    (found,) = gathered([Project(name="a", starts=starts, ends=starts + timedelta(span))], [], [])
    planned = planned_on(found, starts + timedelta(day))
    assert planned is not None
    assert 0 <= planned <= 100


@pytest.mark.parametrize(
    ("due", "done", "said"),
    [
        ("2026-11-15", None, "逾期 8 天"),
        ("2026-11-20", None, "到期 3 天未报"),
        ("2026-11-23", None, "今天到期"),
        ("2026-12-01", None, "还有 8 天"),
        ("2026-11-15", "2026-11-15", "按期完成"),
        ("2026-11-15", "2026-11-18", "晚 3 天完成"),
        ("2026-11-15", "2026-11-12", "提前 3 天完成"),
        ("2026-11-15", "2026-11-24", "逾期 8 天"),
    ],
)
def test_a_milestone_is_overdue_if_the_data_says_so_and_unreported_if_it_is_older(
    due: str, done: str | None, said: str
) -> None:
    shown = face(project(), milestones=[{"name": "联调", "due": due, "done": done}])
    assert rows(shown)[0][-1] == said
    assert shown.data["rows"][0]["strong"] is said.startswith("逾期")


def test_open_milestones_come_first_then_those_that_are_done_the_last_first() -> None:
    shown = face(
        project(),
        milestones=[
            {"name": "一", "due": "2026-01-10", "done": "2026-01-10"},
            {"name": "四", "due": "2027-01-10"},
            {"name": "三", "due": "2026-11-10"},
            {"name": "二", "due": "2026-02-10", "done": "2026-02-12"},
        ],
    )
    assert [row[0] for row in rows(shown)] == ["三", "四", "二", "一"]
    assert rows(shown)[2] == ["二", "2 月 10 日", "2 月 12 日", "晚 2 天完成"]


def test_several_are_a_list_on_one_scale_with_those_behind_standing_out() -> None:
    shown = face(
        project("选煤厂", owner="机电部"),
        project("矿井", actual=60.5),
        project("铁路", actual=None),
        milestones=[{"project": "选煤厂", "name": "联调", "due": "2026-11-15"}],
    )
    assert rows(shown) == [
        ["选煤厂", "52.0%", "46.0%", "落后 6 个百分点"],
        ["矿井", "52.0%", "60.5%", "超前 8.5 个百分点"],
        ["铁路", "52.0%", "—", "未报进度"],
    ]
    assert [row["strong"] for row in shown.data["rows"]] == [True, False, False]
    assert [row["bar"] for row in shown.data["rows"]] == [
        {"actual": 46, "plan": 52},
        {"actual": 60.5, "plan": 52},
        {"actual": None, "plan": 52},
    ]
    assert plain(shown.data["rows"][0]["note"]) == "机电部　联调 逾期 8 天"
    assert plain(shown.data["aside"]) == "3 项，1 项落后，1 项未报，1 个节点逾期"


def test_the_day_of_the_data_is_that_of_most_and_the_others_say_their_own() -> None:
    shown = face(
        project("甲", as_of="2026-11-18"), project("乙", as_of="2026-11-18"), project("丙")
    )
    assert plain(shown.data["dateline"]) == "数据截至 2026 年 11 月 18 日"
    assert [plain(row["note"]) for row in shown.data["rows"]] == ["", "", "截至 2026-11-20"]


def test_old_data_says_how_old_it_is() -> None:
    week, more = date(2026, 11, 16), date(2026, 11, 15)
    assert "未更新" not in face(project(), as_of=week.isoformat()).data["dateline"]
    old = face(project(), as_of=more.isoformat())
    assert plain(old.data["dateline"]) == "数据截至 2026 年 11 月 15 日，已 8 天未更新"
    assert plain(old.data["short"]) == "截至 11-15，8 天前"
    assert plain(face(project(), as_of="2025-11-23").data["short"]) == "2025-11-23，365 天前"
    assert "未更新" not in face(project(), as_of=more.isoformat(), fresh_days=8).data["dateline"]
    assert face(project(), as_of=more.isoformat(), language="en").data["dateline"] == (
        "As of 15 November 2026, 8 days ago"
    )


@pytest.mark.parametrize(
    ("ends", "said"),
    [
        ("2026-11-30", "计划 2026 年 11 月 30 日完工，还有 7 天"),
        ("2026-11-23", "计划 2026 年 11 月 23 日完工，就在今天"),
        ("2026-11-20", "已过计划完工日 3 天"),
    ],
)
def test_the_end_is_told_and_how_far_it_is(ends: str, said: str) -> None:
    assert plain(face(project(ends=ends)).data["lines"][0]) == said


def test_at_midnight_it_has_another_face() -> None:
    late = NOON.replace(hour=23, minute=59)
    events = [{"name": "联调", "due": "2026-11-15"}]
    shown = face(project(), now=late, milestones=events)
    assert shown.until == datetime(2026, 11, 24, tzinfo=HERE)
    assert rows(face(project(), now=shown.until, milestones=events))[0][-1] == "逾期 9 天"


def test_rows_of_one_name_are_one_project_as_a_flat_sheet_tells_it() -> None:
    shown = face(
        project("选煤厂", owner="机电部"),
        {"name": "选 煤厂"},
        {},
        project("选煤厂", ends="2027-06-30"),
        milestones=[
            {"project": "选煤厂", "name": "联调", "due": "2026-11-15"},
            {"project": "选煤厂"},
            {"project": "选煤厂", "name": "试运行", "due": "2027-03-31"},
        ],
    )
    assert plain(shown.data["title"]) == "选煤厂"
    assert [row[0] for row in rows(shown)] == ["联调", "试运行"]
    assert len(shown.data["lines"]) == 1


def test_a_single_project_that_is_a_row_where_there_is_no_room_says_the_same() -> None:
    (row,) = face(project()).data["shorter"]["rows"]
    assert plain(" ".join(row["cells"])) == "选煤厂 52% 46% 落后 6 个百分点"


def test_without_a_project_a_calm_word_stands_there() -> None:
    assert face().data["empty"] == "暂无项目"


@pytest.mark.parametrize(
    ("projects", "data", "sentence"),
    [
        ([{"owner": "机电部"}], {}, "data.projects[0].name: empty; it is always shown"),
        ([project(actual=101)], {}, "data.projects[0].actual: 101 is out of range; at most 100"),
        (
            [project(), project(actual=47)],
            {},
            'data.projects[1].actual: an earlier row of "选煤厂" says otherwise',
        ),
        (
            [project(starts="2026-01-02", ends="2026-01-02")],
            {},
            "data.projects[0].ends: not after its start",
        ),
        (
            [project()],
            {"milestones": [{"project": "矿井", "name": "联调", "due": "2026-11-15"}]},
            'data.milestones[0].project: "矿井" is none of the projects',
        ),
        (
            [project()],
            {"milestones": [{"name": "联调"}]},
            "data.milestones[0].due: missing; say when it is due",
        ),
        (
            [project()],
            {"plan": [{"percent": 5}]},
            "data.plan[0]: missing; write a day and a percentage",
        ),
    ],
)
def test_what_contradicts_itself_is_refused_at_its_place(
    projects: list[dict[str, Any]], data: dict[str, Any], sentence: str
) -> None:
    assert refusal(*projects, **data) == sentence
