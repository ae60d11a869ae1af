"""Key projects: one large, several as a list; behind, ahead, overdue, untold, very many."""

from typing import Any

from tests.golden.case import CORNER, SIDE, TALL, Case, in_all_shapes

_TOLD = [
    ("选煤厂智能化改造", "机电部", 52, 46, "2025-12-01", "2027-06-30"),
    ("3 号井延深工程", "基建部", 61, 64, "2025-03-01", "2027-12-31"),
    ("矿区铁路专用线", "运销公司", 88, 88, "2024-08-01", "2026-12-20"),
    ("瓦斯综合利用电站", "新能源公司", 40, 33.5, "2026-01-15", "2027-10-31"),
    ("职工公寓二期", "后勤服务中心", 100, 100, "2025-04-01", "2026-11-10"),
]


_FIELDS = ("name", "owner", "planned", "actual", "starts", "ends")

_PROJECTS: list[dict[str, Any]] = [dict(zip(_FIELDS, each, strict=True)) for each in _TOLD]
_MILESTONES = [
    {"project": _TOLD[0][0], "name": "方案评审", "due": "2026-03-20", "done": "2026-03-18"},
    {"project": _TOLD[0][0], "name": "主厂房设备安装", "due": "2026-09-30", "done": "2026-10-12"},
    {"project": _TOLD[0][0], "name": "集控系统联调", "due": "2026-11-15"},
    {"project": _TOLD[0][0], "name": "带煤试运行", "due": "2027-03-31"},
    {"project": _TOLD[1][0], "name": "马头门施工", "due": "2026-12-10"},
    {"project": _TOLD[2][0], "name": "静态验收", "due": "2026-12-05"},
    {"project": _TOLD[3][0], "name": "主机到货", "due": "2026-11-05"},
]
_LIST = {
    "title": "集团重点项目进展",
    "as_of": "2026-11-20",
    "issuer": "规划发展部",
    "projects": _PROJECTS,
    "milestones": _MILESTONES,
}
_ONE = _LIST | {
    "title": "集团重点项目",
    "projects": [_PROJECTS[0] | {"note": "浮选系统设备到货晚于合同，已向供方发函"}],
    "milestones": _MILESTONES[:4],
}
_ENGLISH = {
    "title": "Key projects",
    "as_of": "2026-11-20",
    "issuer": "Planning",
    "language": "en",
    "projects": [
        {"name": "Intelligent preparation plant", "owner": "Engineering", "planned": 52,
         "actual": 46},
        {"name": "Deepening of shaft 3", "owner": "Construction", "planned": 61, "actual": 64},
        {"name": "Railway siding", "owner": "Sales", "planned": 88, "actual": 88},
        {"name": "Power from mine gas", "owner": "Energy", "planned": 40},
    ],
    "milestones": [
        {"project": "Intelligent preparation plant", "name": "Control system", "due": "2026-11-15"},
        {"project": "Deepening of shaft 3", "name": "Inset", "due": "2026-12-10"},
    ],
}  # fmt: skip
_ENGLISH_ONE = _ENGLISH | {
    "projects": [
        {"name": "Intelligent preparation plant", "owner": "Engineering", "actual": 46,
         "starts": "2025-12-01", "ends": "2027-06-30"},
    ],
    "milestones": [
        {"name": "Design review", "due": "2026-03-20", "done": "2026-03-18"},
        {"name": "Main building equipped", "due": "2026-09-30", "done": "2026-10-12"},
        {"name": "Control system", "due": "2026-11-15"},
    ],
}  # fmt: skip


def _many(count: int) -> dict[str, Any]:
    return _LIST | {
        "projects": [
            _PROJECTS[n % 5] | {"name": f"{_TOLD[n % 5][0]}{n // 5 + 1}标段"} for n in range(count)
        ],
        "milestones": [],
    }


_MANY_EVENTS = [
    {"name": f"第 {n} 节点：{_MILESTONES[n % 7]['name']}", "due": f"2026-{n % 12 + 1:02}-15"}
    | ({"done": f"2026-{n % 12 + 1:02}-1{n % 9}"} if n % 12 < 9 else {})
    for n in range(24)
]

CASES = [
    *in_all_shapes("progress", _LIST),
    Case("progress-one-level", "progress", _ONE),
    Case("progress-one-tall", "progress", _ONE, TALL, TALL),
    Case("progress-one-side", "progress", _ONE, SIDE),
    Case("progress-one-corner", "progress", _ONE, CORNER),
    Case("progress-one-bare", "progress", _ONE | {"milestones": [], "family": "party"}),
    Case("progress-one-events", "progress", _ONE | {"milestones": _MANY_EVENTS, "page_s": 10},
         offset_ms=10_000),
    Case("progress-one-untold", "progress", _ONE | {"as_of": "2026-11-01", "projects": [
        {"name": _TOLD[0][0], "owner": "机电部", "starts": "2025-12-01", "ends": "2026-11-10"}]}),
    Case("progress-one-english", "progress", _ENGLISH_ONE),
    Case("progress-english", "progress", _ENGLISH),
    Case("progress-stale", "progress", _LIST | {"as_of": "2026-10-31", "family": "party"}),
    Case("progress-stale-side", "progress", _LIST | {"as_of": "2026-10-31"}, SIDE),
    Case("progress-english-side", "progress", _ENGLISH, SIDE),
    Case("progress-overfull", "progress", _many(40) | {"page_s": 10}, offset_ms=10_000),
    Case("progress-overfull-side", "progress", _many(40), SIDE),
    Case("progress-one-events-side", "progress", _ONE | {"page_s": 10}, SIDE, offset_ms=10_000),
    Case("progress-empty", "progress", {"as_of": "2026-11-20"}),
    Case("progress-empty-corner", "progress", {"as_of": "2026-11-20"}, CORNER),
    Case("progress-many-tall", "progress", _many(12), TALL, TALL),
]  # fmt: skip
