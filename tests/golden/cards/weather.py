"""The weather: now, the coming days, warnings, old and missing reports, every sign."""

from datetime import timedelta
from typing import Any

from tests.golden.case import CORNER, NOON, SIDE, TALL, Case, in_all_shapes

_FIRST = NOON.date()


def _days(*told: tuple[str, float, float]) -> list[dict[str, Any]]:
    return [
        {"date": str(_FIRST + timedelta(n)), "condition": condition, "low": low, "high": high}
        for n, (condition, low, high) in enumerate(told)
    ]


_WEEK = _days(
    ("多云转晴", -2, 9), ("晴", -4, 7), ("霾", -1, 8), ("小雨", 2, 6), ("雨夹雪", -3, 3),
    ("大风", -8, 0), ("晴", -9, 1),
)  # fmt: skip

_WEATHER: dict[str, Any] = {
    "place": "大同",
    "issuer": "大同市气象台",
    "observed": "2026-11-23T11:20",
    "temperature": 6,
    "condition": "多云",
    "wind": "西北风 3 级",
    "humidity": 42,
    "air": "62",
    "days": _WEEK,
}
_WARNED = _WEATHER | {
    "warning": "市气象台 8 时发布大风蓝色预警：阵风可达 7 级，高处作业请停止",
    "warning_level": "蓝",
    "condition": "大风",
    "temperature": -3,
}
_STORM = _WEATHER | {
    "place": "深圳", "condition": "暴雨", "temperature": 27, "wind": "东南风 5 级", "humidity": 96,
    "warning": "暴雨红色预警信号", "air": "28", "most": 7, "issuer": "深圳市气象台",
    "days": _days(("暴雨", 24, 28), ("雷阵雨", 25, 30), ("大雨", 24, 29), ("阵雨", 25, 31),
                  ("多云", 26, 33), ("晴", 27, 34), ("阴", 26, 32)),
}  # fmt: skip
_ENGLISH = _WEATHER | {
    "place": "Datong", "issuer": "Datong Observatory", "wind": "4", "language": "en",
    "warning": "Gales of up to 62 km/h until the evening", "warning_level": "yellow",
}  # fmt: skip

#: Each sign once, in lists of seven.
_SIGNS = [
    ["晴", "多云", "阴", "大风", "霾", "雾", "浮尘"],
    ["小雨", "阵雨", "中雨", "大雨", "暴雨", "雷阵雨", "冻雨"],
    ["雨夹雪", "小雪", "中雪", "大雪", "冰雹", "沙尘暴", "火山灰"],
]

#: A third of a screen, and low.
LOW = (634, 324)


def _signs(n: int) -> dict[str, Any]:
    days = _days(*((word, -3, 8) for word in _SIGNS[n]))
    return _WEATHER | {"condition": _SIGNS[n][0], "days": days, "most": 7}


CASES = [
    *in_all_shapes("weather", _WEATHER),
    *(Case(f"weather-signs-{n + 1}", "weather", _signs(n)) for n in range(3)),
    Case("weather-english", "weather", _ENGLISH),
    Case("weather-english-side", "weather", _ENGLISH, SIDE),
    Case("weather-warned", "weather", _WARNED),
    Case("weather-warned-corner", "weather", _STORM, CORNER),
    Case("weather-overfull", "weather", _STORM),
    Case("weather-overfull-tall", "weather", _STORM | {"warning": "暴雨橙色预警信号"}, TALL, TALL),
    Case("weather-overfull-side", "weather", _STORM, SIDE),
    Case("weather-night", "weather", _WEATHER | {"condition": "晴", "days": []},
         at=NOON.replace(hour=13, minute=40)),
    Case("weather-night-corner", "weather", _WEATHER | {"observed": "2026-11-23T20:20"}, CORNER,
         at=NOON.replace(hour=21)),
    Case("weather-old", "weather", _WEATHER, at=NOON + timedelta(hours=6)),
    Case("weather-old-corner", "weather", _WEATHER, CORNER, at=NOON + timedelta(hours=6)),
    Case("weather-unknown-corner", "weather", _WEATHER | {"condition": "火山灰"}, CORNER),
    Case("weather-low", "weather", _WEATHER, LOW),
    Case("weather-warned-low", "weather", _STORM, LOW),
    Case("weather-empty", "weather", _WEATHER, at=NOON + timedelta(days=30)),
    Case("weather-empty-corner", "weather", {"place": "大同"}, CORNER),
]  # fmt: skip
