"""Cards with as much as their templates take: for what must hold however much there is.

Not for pictures: rows are made up by counting.  `bench.first_frames` measures them.
"""

from datetime import timedelta
from typing import Any

from tests.golden.case import NOON, SIDE, TALL, WIDE, Case

__all__ = ["FULLEST"]

_WORDS = "安全生产标准化管理体系建设推进工作情况通报表彰大会筹备方案征求意见稿发布实施"


def _text(length: int, n: int = 0) -> str:
    """So many letters, others for each `n`; the number closes them, so that no two are the same."""
    end = str(n)
    start = n % len(_WORDS)  # measures of texts are kept: few alike, as people write them
    return (_WORDS * (length // len(_WORDS) + 2))[start : start + length - len(end)] + end


def _day(n: int) -> str:
    return (NOON.date() + timedelta(days=n)).isoformat()


def _agenda(n: int) -> dict[str, Any]:
    """Of a day: meetings of twelve hours, sixty in a day."""
    hour, minute = 8 + n % 60 // 5, n % 5 * 12
    return {
        "title": _text(60, n), "room": f"会议室{n % 60}", "organizer": _text(20, n),
        "date": _day(n // 60), "starts": f"{hour:02d}:{minute:02d}", "ends": "23:00",
    }  # fmt: skip


def _projects() -> dict[str, Any]:
    return {
        "as_of": _day(-1),
        "projects": [
            {"name": _text(40, n), "owner": _text(20, n), "planned": 50, "actual": 40 + n % 20}
            for n in range(100)
        ],
        "milestones": [
            {"project": _text(40, n % 100), "name": _text(40, n), "due": _day(-20 - n % 50)}
            for n in range(300)
        ],
    }


def _one_project() -> dict[str, Any]:
    return {
        "as_of": _day(-1),
        "projects": [{"name": _text(40), "planned": 50, "actual": 40}],
        "milestones": [{"name": _text(40, n), "due": _day(n - 100)} for n in range(300)],
    }


#: Data by template, as much as it takes.
_DATA: list[tuple[str, dict[str, Any]]] = [
    ("notice", {"title": _text(80), "issuer": _text(40), "date": _day(0),
                "body": "\n".join(_text(49, n) for n in range(80))}),
    ("ranking", {"as_of": _day(-1), "rows": [
        {"name": _text(40, n), "score": 200 - n, "before": n % 20, "note": _text(60, n)}
        for n in range(200)]}),
    ("table", {"as_of": _day(-1), **{f"heading{c}": _text(20, c) for c in range(1, 9)},
               "rows": [{f"value{c}": _text(20, n) if c in (1, 5) else f"{n * c}"
                         for c in range(1, 9)} for n in range(300)]}),
    ("news", {"most": 50, "rows": [
        {"title": _text(200, n), "summary": _text(500, n), "source": f"来源{n}",
         "published": f"{_day(-n % 9)}T08:00:00"} for n in range(200)]}),
    ("menu", {"dishes": [
        {"date": _day(0), "meal": meal, "dish": _text(30, n), "price": 10 + n,
         "allergens": _text(40, n), "counter": f"窗口{n // 6}"}
        for meal in ("breakfast", "lunch", "dinner", "supper") for n in range(60)]}),
    ("agenda", {"meetings": [_agenda(n) for n in range(1000)]}),
    ("progress", _projects()),
    ("progress", _one_project()),
    ("honour", {"people": [
        {"name": _text(30, n), "post": _text(40, n), "deeds": _text(400, n), "quote": _text(80, n)}
        for n in range(50)]}),
    ("birthday", {"members": [
        {"name": f"同志{n}", "branch": _text(30, n),
         "joined": f"{1970 + n % 50}-11-{1 + n % 28:02d}"} for n in range(500)]}),
    ("welcome", {"visits": [
        {"guests": _text(60, n), "host": _text(40, n), "place": _text(40, n),
         "starts": f"{_day(0)}T08:00:00", "ends": f"{_day(0)}T18:00:00"} for n in range(100)]}),
    ("weather", {"place": "矿区", "observed": f"{_day(0)}T11:00:00", "temperature": 3,
                 "condition": "晴", "warning": _text(60), "most": 7, "days": [
                     {"date": _day(n), "condition": "多云", "high": 5, "low": 1}
                     for n in range(40)]}),
]  # fmt: skip

#: The level screen, the upright one, a zone at the side.
_SIZES = (("wide", WIDE, WIDE), ("tall", TALL, TALL), ("side", SIDE, WIDE))

FULLEST = [
    Case(f"{template}-fullest-{shape}-{n}", template, data, size, screen)
    for n, (template, data) in enumerate(_DATA)
    for shape, size, screen in _SIZES
]
