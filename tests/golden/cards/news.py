"""Headlines of one source and of several, none and many, with pictures and without."""

from typing import Any

from tests.golden.case import CORNER, SIDE, TALL, Case, in_all_shapes
from tests.golden.drawings import place_picture

_TOLD = [
    ("安全生产“双百日”行动全面启动", "首批 12 家单位签订责任书，重点整治高处作业和有限空间作业。",
     "2026-11-23T03:35:00Z"),
    ("数字化车间通过验收，人均效率提高 30%", "", "2026-11-23T03:05:00Z"),
    ("公司与三所高校共建联合实验室", "方向是新能源装备与工业软件，首批课题下月开题。",
     "2026-11-23T00:30:00Z"),
    ("冬季供暖保障工作会议召开", "", "2026-11-22T09:00:00Z"),
    ("青年职工技能竞赛落幕，八人获技术能手称号", "竞赛历时两个月，共有 416 人报名。",
     "2026-11-20T02:00:00Z"),
    ("去年度社会责任报告发布", "", "2025-12-30T02:00:00Z"),
]  # fmt: skip


def _rows(count: int, *sources: str) -> list[dict[str, Any]]:
    return [
        {
            "title": _TOLD[n % len(_TOLD)][0],
            "summary": _TOLD[n % len(_TOLD)][1],
            "published": _TOLD[n % len(_TOLD)][2],
            "source": sources[n % len(sources)],
        }
        for n in range(count)
    ]


_NEWS = {"title": "集团要闻", "rows": _rows(6, "集团新闻中心")}
_ENGLISH = {
    "title": "Company news",
    "language": "en",
    "rows": [
        {"title": "A hundred days of safety begin", "published": "2026-11-23T03:35:00Z",
         "summary": "Twelve sites have signed; work at height comes first.", "source": "Group"},
        {"title": "Joint laboratory with three universities", "source": "Research",
         "published": "2026-11-23T00:30:00Z"},
        {"title": "Ready for the heating season", "published": "2026-11-22T09:00:00Z",
         "source": "Energy"},
        {"title": "Skills contest ends with eight winners", "source": "Group",
         "published": "2026-11-20T02:00:00Z"},
    ],
}  # fmt: skip

# The second and the fifth have none, and the last one's is missing.  One is upright, one lies.
_PICTURED = _NEWS | {
    "rows": [
        row | {"picture": "" if n in {2, 5} else f"picture{n}"}
        for n, row in enumerate(_rows(6, "集团新闻中心"), 1)
    ]
}
_PICTURES = {
    "picture1": str(place_picture(1)),
    "picture3": str(place_picture(2, (400, 640))),
    "picture4": str(place_picture(3, (960, 320))),
}
_ALL_PICTURED = _NEWS | {
    "rows": [row | {"picture": f"picture{n % 12 + 1}"} for n, row in enumerate(_rows(24, "工会"))]
}
_TWELVE = {f"picture{n}": str(place_picture(n)) for n in range(1, 13)}
_ENGLISH_PICTURED = _ENGLISH | {
    "rows": [row | {"picture": f"picture{n}"} for n, row in enumerate(_ENGLISH["rows"], 1)]
}

CASES = [
    *in_all_shapes("news", _NEWS),
    Case("news-english", "news", _ENGLISH),
    Case("news-sources", "news", _NEWS | {"rows": _rows(6, "新闻中心", "工会", "安全环保部")}),
    Case("news-empty", "news", _NEWS | {"rows": []}),
    Case(
        "news-overfull",
        "news",
        _NEWS | {"rows": _rows(48, "集团新闻中心"), "most": 48, "page_s": 10},
        offset_ms=10_000,
    ),
    Case("news-overfull-side", "news", _NEWS | {"rows": _rows(48, "工会", "安全环保部")}, SIDE),
    Case("news-pictures", "news", _PICTURED, files=_PICTURES),
    Case("news-pictures-tall", "news", _PICTURED, TALL, TALL, files=_PICTURES),
    Case("news-pictures-side", "news", _PICTURED, SIDE, files=_PICTURES),
    Case("news-pictures-corner", "news", _PICTURED, CORNER, files=_PICTURES),
    Case("news-pictures-missing", "news", _PICTURED),
    Case("news-pictures-english", "news", _ENGLISH_PICTURED, files=_TWELVE),
    Case("news-pictures-overfull", "news", _ALL_PICTURED | {"most": 24}, files=_TWELVE),
]
