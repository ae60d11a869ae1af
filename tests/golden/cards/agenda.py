"""Meetings of a house and of one room: on, to come, over, none, and very many."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from tests.golden.case import CORNER, NOON, SIDE, TALL, Case, in_all_shapes

_DAY = "2026-11-23"

_TOLD = [
    ("11:00", "12:00", "安全生产例会", "第一会议室", "安全环保部"),
    ("11:35", "12:30", "数字化车间项目评审", "A301", "信息中心"),
    ("11:50", "12:20", "", "A302", ""),
    ("14:00", "15:30", "集团与三所高校联合实验室签约仪式", "多功能厅", "科技部"),
    ("14:30", "16:00", "青年职工座谈会", "B205", "团委"),
    ("16:00", "17:30", "四季度预算协调会", "第一会议室", "财务部"),
    ("19:00", "20:30", "夜班班组长培训", "培训中心 2 号教室", "人力资源部"),
]


def _meeting(starts: str, ends: str, title: str, room: str, organizer: str) -> dict[str, Any]:
    return {"date": _DAY, "starts": starts, "ends": ends, "title": title, "room": room,
            "organizer": organizer}  # fmt: skip


_TODAY = [_meeting(*each) for each in _TOLD]
_TOMORROW = [dict(each, date="2026-11-24") for each in _TODAY]
_ROOM = [
    _meeting("10:00", "11:30", "党委理论学习中心组学习", "A301", "党委办公室"),
    _meeting("11:30", "12:30", "数字化车间项目评审", "A301", "信息中心"),
    _meeting("14:00", "15:00", "", "A301", ""),
    _meeting("15:30", "17:00", "供应商年度评审会", "A301", "采购部"),
]
_ENGLISH = [
    _meeting("11:00", "12:00", "Safety meeting", "Room 1", "Safety"),
    _meeting("11:35", "12:30", "Review of the digital workshop", "A301", "IT centre"),
    _meeting("11:50", "12:20", "", "A302", ""),
    _meeting("14:00", "15:30", "Joint laboratory: signing with three universities", "Hall",
             "Research"),
    _meeting("16:00", "17:30", "Budget for the fourth quarter", "Room 1", "Finance"),
]  # fmt: skip


def _many(count: int) -> list[dict[str, Any]]:
    return [
        _meeting(f"{8 + n // 6:02}:{n % 6 * 10:02}", f"{9 + n // 6:02}:{n % 6 * 10:02}",
                 _TOLD[n % len(_TOLD)][2], f"{'ABC'[n % 3]}{300 + n}", _TOLD[n % len(_TOLD)][4])
        for n in range(count)
    ]  # fmt: skip


def _at(clock: str) -> datetime:
    return datetime.fromisoformat(f"{_DAY}T{clock}").replace(tzinfo=ZoneInfo("Asia/Shanghai"))


_BOARD = {"meetings": _TODAY, "issuer": "集团办公室"}
_DOOR = {"meetings": _ROOM, "room": "A301", "title": "A301 会议室"}
_EVENING = _at("21:00")
_THURSDAY = [dict(_TODAY[3], date="2026-11-26")]

CASES = [
    *in_all_shapes("agenda", _BOARD),
    Case("agenda-english", "agenda", {"meetings": _ENGLISH, "language": "en"}),
    Case("agenda-tomorrow", "agenda", _BOARD | {"meetings": _TODAY + _TOMORROW}, at=_EVENING),
    Case("agenda-tomorrow-corner", "agenda", {"meetings": _TOMORROW}, CORNER),
    Case("agenda-empty", "agenda", _BOARD | {"meetings": _THURSDAY}),
    Case("agenda-empty-tall", "agenda", {"meetings": []}, TALL, TALL),
    Case("agenda-overfull", "agenda", _BOARD | {"meetings": _many(60), "page_s": 10},
         offset_ms=10_000),
    Case("agenda-overfull-side", "agenda", _BOARD | {"meetings": _many(60)}, SIDE),
    Case("agenda-door-busy", "agenda", _DOOR),
    Case("agenda-door-free", "agenda", _DOOR, at=_at("13:00")),
    Case("agenda-door-soon", "agenda", _DOOR, at=NOON.replace(hour=13, minute=50)),
    Case("agenda-door-tall", "agenda", _DOOR, TALL, TALL),
    Case("agenda-door-side", "agenda", _DOOR, SIDE),
    Case("agenda-door-corner", "agenda", _DOOR, CORNER),
    Case("agenda-door-empty", "agenda", _DOOR | {"meetings": []}),
    Case("agenda-door-english", "agenda", {"meetings": _ENGLISH, "language": "en",
         "room": "A301", "title": "Meeting room A301"}),
]  # fmt: skip
