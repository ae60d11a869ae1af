"""From rows to the data of a card: which column fills which field, rows grouped into lists.  Pure.

A field outside of lists takes the first row.  A list of records has a record for each row; if its
records hold lists themselves (a menu: days, meals, dishes), rows with the same values above belong
together, in the order in which they come.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any

from server.datasets.columns import PICTURES, Column
from server.datasets.shapes import Field, Group, fields_of, takes
from server.datasets.tables import Row
from server.errors import Invalid
from server.sentences import listed

__all__ = ["FILES", "check_mapping", "filled"]

#: In a mapping: `files.photo` is the template's file `photo`, filled by a column of pictures; those
#: that rows name are filled by the column of their field.
FILES = "files."

#: Between several words in one cell.
_BETWEEN = re.compile(r"\s*[、，,;；/|]\s*")

#: What people write for the words of templates; a test counts that no word lacks a Chinese one.
_WORDS: Mapping[str, tuple[str, ...]] = {
    "breakfast": ("早餐", "早", "早饭", "早点"),
    "lunch": ("午餐", "午", "中餐", "午饭", "中", "中饭"),
    "dinner": ("晚餐", "晚", "晚饭"),
    "supper": ("夜宵", "宵夜", "夜", "夜餐"),
    "red": ("红榜", "红"),
    "black": ("黑榜", "黑"),
    "places": ("名次", "排名"),
    "stars": ("星级", "星"),
    "red-black": ("红黑榜",),
    "address": ("网址", "地址"),
    "screen": ("本屏", "本屏内容"),
    "daily": ("每天", "每日"),
    "weekly": ("每周",),
    "monthly": ("每月",),
    "highest": ("最高", "高", "由高到低", "降序"),
    "lowest": ("最低", "低", "由低到高", "升序"),
    "party": ("党建", "党务"),
    "safety": ("安全",),
    "service": ("服务",),
    "zh": ("中文", "汉语"),
    "en": ("英文", "英语"),
    "notice": ("通知",),
    "announcement": ("公告",),
    "urgent": ("紧急",),
    "evacuate": ("疏散", "紧急疏散"),
    "fire": ("火警", "火灾"),
    "gas": ("瓦斯", "瓦斯超限"),
    "general": ("一般", "紧急通知"),
    "power": ("停电",),
    "quake": ("地震",),
    "water": ("停水",),
    "weather": ("天气", "恶劣天气"),
    "text": ("文字", "文本"),
    "number": ("数字", "整数"),
    "number-1": ("一位小数",),
    "number-2": ("两位小数",),
    "percent": ("百分比", "百分数"),
    "percent-1": ("百分比一位小数",),
    "money": ("金额", "元"),
    "money-2": ("金额到分", "元角分"),
    "date": ("日期",),
    "day": ("当天", "当日"),
    "month": ("当月", "本月"),
    "words": ("文字描述", "词语"),
    "cma": ("气象局代码", "中国气象局代码"),
    "wmo": ("WMO代码", "世界气象组织代码"),
}


def check_mapping(
    mapping: Mapping[str, str], shape: Group, files: frozenset[str], columns: Sequence[Column]
) -> None:
    """Raise `Invalid` unless every field is the template's, and its column can fill it."""
    fields = {each.path: each for each in fields_of(shape)}
    by_key = {each.key: each for each in columns}
    if not mapping:
        raise Invalid("Say which column fills which field of the card.")
    for path, key in mapping.items():
        column = by_key.get(key)
        if column is None:
            raise Invalid("There is no column %(key)s.", values={"key": key})
        if path.startswith(FILES) and path.removeprefix(FILES) in files:
            is_right = column.kind in PICTURES
        elif path in fields:
            is_right = takes(fields[path], column.kind)
        else:
            raise Invalid(
                "The template has no field %(path)s; it has %(names)s.",
                values={"path": path, "names": listed(sorted(fields))},
            )
        if not is_right:
            raise Invalid(
                "The column “%(column)s” (%(kind)s) cannot fill the field %(path)s.",
                values={"column": column.title, "kind": column.kind.value, "path": path},
            )


def filled(
    shape: Group, mapping: Mapping[str, str], fixed: Mapping[str, Any], rows: Sequence[Row]
) -> dict[str, Any]:
    """The data of the card.  Raises `Invalid` for a word that is no choice of its field."""
    data = _record(shape, mapping, list(enumerate(rows, start=1)), depth=0)
    return data | {name: value for name, value in fixed.items() if name not in data}


_Numbered = list[tuple[int, Row]]


def _record(
    group: Group, mapping: Mapping[str, str], rows: _Numbered, depth: int
) -> dict[str, Any]:
    made: dict[str, Any] = {}
    for name, field in group.fields.items():
        key = mapping.get(field.path)
        if key is None:
            continue
        if field.is_list:
            made[name] = _several(field, key, rows, depth)
        elif rows and rows[0][1].get(key) is not None:
            made[name] = _value(field, rows[0][1][key], rows[0][0])
    for name, below in group.groups.items():
        if any(field.path in mapping for field in fields_of(below)):
            made[name] = [
                _record(below, mapping, each, depth + 1) for each in _parts(below, mapping, rows)
            ]
    return made


def _parts(group: Group, mapping: Mapping[str, str], rows: _Numbered) -> list[_Numbered]:
    """Which rows make one record: each its own, or those that agree in what is above a list."""
    deeper = any(
        field.path in mapping for below in group.groups.values() for field in fields_of(below)
    )
    if not deeper:
        return [[each] for each in rows]
    own = [mapping[each.path] for each in group.fields.values() if each.path in mapping]
    found: dict[tuple[Any, ...], _Numbered] = {}
    for number, row in rows:
        found.setdefault(tuple(row.get(key) for key in own), []).append((number, row))
    return list(found.values())


def _several(field: Field, key: str, rows: _Numbered, depth: int) -> list[Any]:
    """Of a list at the top one value a row; within records the words of a cell."""
    made: list[Any] = []
    for number, row in rows:
        value = row.get(key)
        if value is None:
            continue
        parts = _BETWEEN.split(value) if depth and isinstance(value, str) else [value]
        made += [_value(field, each, number) for each in parts if each != ""]
    return made


def _value(field: Field, value: Any, row: int) -> Any:
    if field.kind == "choice":
        return _choice(field, str(value), row)
    if field.kind == "number":
        return float(value)
    if field.kind == "time":
        return f"{value}:00"
    if field.kind == "moment":
        return f"{value}T00:00:00"
    if field.kind == "text":
        return ("是" if value else "否") if isinstance(value, bool) else str(value)
    return value


def _choice(field: Field, text: str, row: int) -> str:
    wanted = text.strip().casefold()
    for word in field.words:
        if wanted == word or wanted in _WORDS.get(word, ()):
            return word
    raise Invalid(
        "Row %(row)d: “%(text)s” is none of %(words)s.",
        values={"row": row, "text": text[:20], "words": listed(_known(field))},
    )


def _known(field: Field) -> list[str]:
    return [f"{each} ({_WORDS[each][0]})" if each in _WORDS else each for each in field.words]
