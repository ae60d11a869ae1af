"""Tables of any data."""

from typing import Any

from tests.golden.case import Case, in_all_shapes

_UNITS = ["一号煤矿", "二号煤矿", "三号煤矿", "选煤厂", "铁路运输公司", "热电厂"]
_REMARKS = ["按计划生产", "检修一天", "工作面搬家", "", "干线限速，分两批装车", "机组满负荷运行"]


def _rows(count: int) -> list[dict[str, str]]:
    return [
        {
            "value1": _UNITS[n % 6],
            "value2": f"{128400 - n * 7350}",
            "value3": f"{101.4 - n * 1.7:.1f}",
            "value4": f"{1234567 - n * 98000}",
            "value5": f"2026-11-{20 - n % 6}",
            "value6": _REMARKS[n % 6],
        }
        for n in range(count)
    ]


_TABLE: dict[str, Any] = {
    "title": "十一月生产经营日报",
    "issuer": "生产调度中心",
    "as_of": "2026-11-22",
    "heading1": "单位",
    "heading2": "产量（吨）",
    "heading3": "完成率",
    "heading4": "产值",
    "heading5": "填报日期",
    "heading6": "备注",
    "format2": "number",
    "format3": "percent-1",
    "format4": "money",
    "format5": "date",
    "main": 3,
    "rows": _rows(6),
}
_ENGLISH = _TABLE | {
    "title": "Output in November",
    "issuer": "Dispatch",
    "language": "en",
    "heading1": "Site",
    "heading2": "Tonnes",
    "heading3": "Of plan",
    "heading4": "Value",
    "heading5": "Reported",
    "heading6": "Remark",
    "rows": [
        {"value1": "Mine one", "value2": "128400", "value3": "101.4", "value4": "1234567"},
        {"value1": "Washery", "value2": "-950", "value3": "97.2", "value6": "one day of repair"},
    ],
}

CASES = [
    *in_all_shapes("table", _TABLE),
    Case("table-english", "table", _ENGLISH),
    Case("table-overfull", "table", _TABLE | {"rows": _rows(40), "page_s": 10}, offset_ms=10_000),
    Case("table-empty", "table", _TABLE | {"rows": []}),
]
