"""The canteen's menu."""

from datetime import timedelta
from typing import Any

from tests.golden.case import NOON, SIDE, TALL, Case, in_all_shapes
from tests.golden.drawings import dish_picture

_TODAY, _TOMORROW = "2026-11-23", "2026-11-24"


def _dish(meal: str, dish: str, price: float | None = None, **more: Any) -> dict[str, Any]:
    return {"date": _TODAY, "meal": meal, "dish": dish, "price": price, **more}


_LUNCH = [
    _dish("午餐", "红烧肉", 12, allergens="大豆", counter="一号窗口"),
    _dish("午餐", "清蒸鲈鱼", 15, allergens="鱼", counter="一号窗口"),
    _dish("午餐", "宫保鸡丁", 9.5, allergens="花生、大豆", counter="一号窗口"),
    _dish("午餐", "番茄炒蛋", 6, allergens="蛋", counter="一号窗口"),
    _dish("午餐", "蒜蓉西兰花", 5, counter="二号窗口"),
    _dish("午餐", "酸辣土豆丝", 4, counter="二号窗口"),
    _dish("午餐", "麻婆豆腐", 5, allergens="大豆", counter="二号窗口"),
    _dish("午餐", "紫菜蛋花汤", 2, allergens="蛋", counter="二号窗口"),
    _dish("午餐", "兰州牛肉面", 13, allergens="麸质", counter="面食窗口"),
    _dish("午餐", "扬州炒饭", 10, allergens="蛋、虾", counter="面食窗口"),
]
_DINNER = [
    _dish("晚餐", dish, 8)
    for dish in ("鱼香肉丝", "回锅肉", "手撕包菜", "冬瓜排骨汤", "葱油饼", "小米粥", "凉拌木耳")
]
_MENU = {"title": "第一食堂", "dishes": _LUNCH + _DINNER, "issuer": "后勤服务中心"}
_ENGLISH = {
    "title": "Canteen one",
    "language": "en",
    "issuer": "Catering",
    "dishes": [
        _dish("lunch", "Braised pork belly", 12, allergens="soya"),
        _dish("lunch", "Steamed sea bass", 15, allergens="fish"),
        _dish("lunch", "Kung pao chicken", 9.5, allergens="peanuts, soya"),
        _dish("lunch", "Garlic broccoli", 5),
        _dish("dinner", "Beef noodle soup", 13, allergens="gluten"),
    ],
}
_FULL = _MENU | {
    "dishes": [_dish("午餐", f"{name}{n}", 8 + n) for n in range(1, 7) for name in
               ("红烧狮子头", "糖醋里脊", "干锅花菜", "水煮牛肉",
                "地三鲜", "清炒时蔬", "葱爆羊肉", "白切鸡")],
}  # fmt: skip
_FEW = _MENU | {
    "dishes": [_dish("午餐", "红烧牛肉套餐", 18, allergens="大豆"), _dish("午餐", "素食套餐", 12)]
}
_HOLE = _MENU | {"dishes": [dish | {"date": _TOMORROW} for dish in _LUNCH]}
_PICTURED = _MENU | {
    "dishes": [
        dish | {"counter": "", "picture": f"picture{n}"} for n, dish in enumerate(_LUNCH[:6], 1)
    ]
}
# The last one is missing.
_PICTURES = {f"picture{n}": str(dish_picture(n)) for n in range(1, 6)}

CASES = [
    *in_all_shapes("menu", _MENU),
    Case("menu-english", "menu", _ENGLISH),
    Case("menu-before", "menu", _MENU, at=NOON + timedelta(hours=3)),
    Case("menu-overfull", "menu", _FULL | {"page_s": 10}, offset_ms=10_000),
    Case("menu-overfull-side", "menu", _FULL, SIDE),
    Case("menu-few", "menu", _FEW),
    Case("menu-missing-day", "menu", _HOLE),
    Case("menu-empty", "menu", _MENU | {"dishes": []}),
    Case("menu-pictures-missing", "menu", _PICTURED),
    Case("menu-pictures", "menu", _PICTURED, files=_PICTURES),
    Case("menu-pictures-tall", "menu", _PICTURED, TALL, TALL, files=_PICTURES),
]
