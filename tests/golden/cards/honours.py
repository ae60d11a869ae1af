"""Role models, and the days on which members joined the Party."""

from typing import Any

from msgspec.structs import replace

from tests.golden.case import Case, in_all_shapes
from tests.golden.drawings import portrait

_DEEDS = (
    "扎根井下二十三年，带领班组连续 4018 天安全生产。主持改进液压支架检修工艺 6 项，"
    "单架检修时间由 5 小时缩短到 3 小时；师带徒 27 人，其中 9 人成长为班组长。"
)
_PERSON = {
    "name": "优秀共产党员示例",
    "post": "综采一队　支架检修班班长",
    "deeds": _DEEDS,
    "quote": "把每一颗螺栓都拧到位，就是对工友最大的负责。",
}
_HONOUR: dict[str, Any] = {
    "title": "身边的先锋",
    "issuer": "党委组织部",
    "people": [_PERSON | {"portrait": "portrait1"}, _PERSON],
}
_ENGLISH = {
    "title": "People we look up to",
    "language": "en",
    "people": [
        {
            "name": "A model worker",
            "post": "Longwall team one, shift leader",
            "deeds": "Twenty-three years underground, 4,018 days without an accident. Six better "
            "ways of repairing roof supports; twenty-seven apprentices.",
            "quote": "Every bolt that is tight brings a colleague home.",
        }
    ],
}
_NAMES = ["党员甲", "党员乙", "党员丙", "党员丁", "党员戊", "党员己"]
_BIRTHDAY: dict[str, Any] = {
    "title": "政治生日",
    "issuer": "机关党委",
    "members": [
        {
            "name": name,
            "joined": f"{2019 - n * 6}-{'11' if n < 5 else '07'}-{(3, 11, 18, 23, 29, 1)[n]:02}",
            "branch": f"机关第{'一二三'[n % 3]}党支部",
        }
        for n, name in enumerate(_NAMES)
    ],
}
_MANY = [
    {"name": f"党员{n:02}", "joined": f"19{60 + n}-11-{n % 28 + 1:02}", "branch": "机关第一党支部"}
    for n in range(39)
]

CASES = [
    *in_all_shapes("honour", _HONOUR),
    *(
        replace(case, name=f"{case.name}-portrait", files={"portrait1": str(portrait())})
        for case in in_all_shapes("honour", _HONOUR)[:2]
    ),
    Case("honour-bare", "honour", _HONOUR | {"people": [_PERSON]}),
    Case("honour-english", "honour", _ENGLISH),
    Case(
        "honour-overfull",
        "honour",
        _HONOUR | {"people": [_PERSON | {"deeds": _DEEDS * 4}], "page_s": 10},
        offset_ms=10_000,
    ),
    Case("honour-empty", "honour", {}),
    *in_all_shapes("birthday", _BIRTHDAY),
    Case("birthday-english", "birthday", _BIRTHDAY | {"title": "", "language": "en"}),
    Case(
        "birthday-overfull",
        "birthday",
        _BIRTHDAY | {"members": _MANY, "page_s": 10},
        offset_ms=10_000,
    ),
    Case("birthday-nobody", "birthday", _BIRTHDAY | {"span": "day", "members": []}),
]
