"""Codes to scan."""

from typing import Any

from tests.golden.case import CORNER, Case, in_all_shapes

_SERVED = {"link": "https://signage.example.com/q/17/", "key": "k" * 32, "screen": "hq/lobby-1"}
_SIGN_IN: dict[str, Any] = {
    "title": "安全培训签到",
    "text": "扫码签到，开课后二十分钟截止",
    "note": "培训中心 2 号教室　14:00—16:00",
    "address": "https://training.example.com/sign-in?at={screen}&day={period}&code={code}",
    "issuer": "安全环保部",
    "served": _SERVED,
}
_SCREEN = {"opens": "screen", "issuer": "党委宣传部", "served": _SERVED}
_ENGLISH = {
    "title": "Tell us what you think",
    "text": "Three questions about the canteen, one minute",
    "address": "https://forms.example.com/canteen",
    "language": "en",
}
_LONG = _SIGN_IN | {
    "title": "关于进一步加强全员安全生产教育培训考勤管理的签到",
    "text": "请全体参训人员使用手机扫码签到，未签到者按缺勤处理，如遇问题请联系培训中心值班老师",
    "note": "培训中心 2 号教室、3 号教室　14:00—16:00　联系电话 010-0000 1234　请提前十分钟到场",
    "address": "https://training.example.com/sign-in/" + "a" * 30,
}

CASES = [
    *in_all_shapes("qr", _SIGN_IN),
    Case("qr-screen", "qr", _SCREEN | {"family": "party"}),
    Case("qr-english", "qr", _ENGLISH),
    Case("qr-english-corner", "qr", _ENGLISH, CORNER),
    Case("qr-overfull", "qr", _LONG),
    Case("qr-overfull-corner", "qr", _LONG, CORNER),
    Case("qr-empty", "qr", {"opens": "screen"}),
    Case("qr-english-low", "qr", _ENGLISH, (640, 300)),
    Case("qr-low", "qr", _SIGN_IN, (960, 270)),
]
