"""Headlines of one source and of several, none and many."""

from typing import Any

from tests.golden.case import SIDE, Case, in_all_shapes

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
]
