"""Rankings, stars, red and black boards."""

from typing import Any

from tests.golden.case import SIDE, TALL, Case, in_all_shapes

_NAMES = ["综采一队", "综采二队", "掘进一队", "机电队", "运输队", "通风队", "选煤厂", "供应科"]


def _rows(count: int) -> list[dict[str, Any]]:
    return [
        {
            "name": _NAMES[n % len(_NAMES)]
            + ("" if n < len(_NAMES) else f"第{n // len(_NAMES)}班组"),
            "score": [98.5, 97, 97, 93.5, 91, 90, 88.5, 86][n % 8] - n // 8 * 0.5,
            "before": [2, 1, 4, 3, 5, 0, 7, 6][n % 8],
        }
        for n in range(count)
    ]


_RANKING = {
    "title": "十一月安全积分排行榜",
    "rows": _rows(8),
    "as_of": "2026-11-22",
    "unit": "积分",
    "subject": "区队",
    "issuer": "安全环保部",
}
_ENGLISH = {
    "title": "Output in November",
    "as_of": "2026-11-22",
    "unit": "Tonnes",
    "subject": "Team",
    "language": "en",
    "issuer": "Dispatch",
    "rows": [
        {"name": "Longwall one", "score": 128400, "before": 1},
        {"name": "Longwall two", "score": 119250, "before": 3, "note": "since 12 November"},
        {"name": "Development", "score": 119250, "before": 2},
        {"name": "Preparation plant", "score": 90110, "before": 0},
    ],
}
_STARS = {
    "title": "星级班组评定",
    "style": "stars",
    "as_of": "2026-11-22",
    "subject": "班组",
    "rows": [{"name": name, "score": 5 - n // 2} for n, name in enumerate(_NAMES)],
    "family": "party",
}
_BOARDS = {
    "title": "十一月文明宿舍红黑榜",
    "style": "red-black",
    "as_of": "2026-11-22",
    "rows": [
        *({"name": f"{n}号楼{n}0{n}室", "score": 99 - n, "board": "红榜"} for n in range(1, 6)),
        *({"name": f"{n}号楼30{n}室", "score": 60 + n, "board": "黑榜"} for n in range(1, 5)),
    ],
    "issuer": "后勤服务中心",
}

CASES = [
    *in_all_shapes("ranking", _RANKING),
    Case("ranking-english", "ranking", _ENGLISH),
    Case(
        "ranking-overfull",
        "ranking",
        _RANKING | {"rows": _rows(64), "page_s": 10},
        offset_ms=10_000,
    ),
    Case("ranking-overfull-side", "ranking", _RANKING | {"rows": _rows(64)}, SIDE),
    Case("ranking-empty", "ranking", _RANKING | {"rows": []}),
    Case("ranking-stars", "ranking", _STARS),
    Case("ranking-boards", "ranking", _BOARDS),
    Case("ranking-boards-tall", "ranking", _BOARDS, TALL, TALL),
]
