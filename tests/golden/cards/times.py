"""The clock, countdowns and welcomes."""

from datetime import timedelta
from typing import Any

from tests.golden.case import CORNER, NOON, TALL, Case, in_all_shapes

_COUNTDOWN = {
    "event": "全国安全生产月启动仪式",
    "on": "2027-06-01",
    "at": "09:00",
    "issuer": "安全环保部",
}
_TODAY = {"event": "职工运动会", "on": "2026-11-23", "at": "14:00", "after": "职工运动会今日开幕"}
_ENGLISH = {"event": "the spring festival", "on": "2027-02-06", "language": "en"}
_WELCOME: dict[str, Any] = {
    "family": "party",
    "visits": [
        {"guests": "省应急管理厅检查组", "starts": "2026-11-23T09:00:00",
         "ends": "2026-11-23T17:00:00",
         "host": "安全环保部", "place": "一号楼三层会议室"},
        {"guests": "中国矿业大学师生代表团", "starts": "2026-11-23T10:00:00",
         "ends": "2026-11-23T16:30:00", "place": "科技展厅"},
    ],
    "issuer": "综合办公室",
}  # fmt: skip
_GUESTS = {
    "language": "en",
    "visits": [
        {"guests": "the delegation of the Institute of Mining Engineers",
         "starts": "2026-11-23T09:00:00", "ends": "2026-11-23T17:00:00", "host": "General Office"},
    ],
}  # fmt: skip
_LONG = _WELCOME | {
    "visits": [_WELCOME["visits"][0] | {"guests": "全国煤炭行业安全高效矿井建设现场推进会" * 3}]
}

CASES = [
    *in_all_shapes("clock", {}),
    Case("clock-english", "clock", {"language": "en"}),
    Case(
        "clock-term",
        "clock",
        {"issuer": "总部大楼", "family": "party"},
        at=NOON - timedelta(days=1),
    ),
    *in_all_shapes("countdown", _COUNTDOWN),
    Case("countdown-today", "countdown", _TODAY),
    Case("countdown-reached", "countdown", _TODAY, at=NOON + timedelta(hours=4)),
    Case("countdown-english", "countdown", _ENGLISH),
    *in_all_shapes("welcome", _WELCOME),
    Case("welcome-nobody", "welcome", _WELCOME, at=NOON + timedelta(days=3)),
    Case("welcome-english", "welcome", _GUESTS),
    Case("welcome-overfull-corner", "welcome", _LONG, CORNER),
    Case("welcome-overfull-tall", "welcome", _LONG, TALL, TALL),
]
