"""Public notices: what stands for a legal period."""

from tests.golden.case import Case, in_all_shapes

_NOTICE = {
    "title": "关于拟推荐优秀共产党员人选的公示",
    "body": "经各支部推荐、党委研究，拟推荐以下人选，现予公示，接受监督。\n"
    "**生产技术部：** 一人\n**机电部：** 一人\n**安全环保部：** 一人",
    "issuer": "党委组织部",
    "date": "2026-11-20",
    "first": "2026-11-21",
    "last": "2026-11-27",
    "contact": "纪委办公室",
    "phone": "010-0000 1234",
    "family": "party",
}
_ENGLISH = _NOTICE | {
    "title": "Candidates for the safety award",
    "body": "These teams are proposed for this year's award.\n- Shaft three\n- Workshop two",
    "issuer": "Safety and Environment",
    "contact": "Audit office, room 204",
    "language": "en",
    "family": "service",
}

CASES = [
    *in_all_shapes("public-notice", _NOTICE),
    Case("public-notice-english", "public-notice", _ENGLISH),
    Case("public-notice-over", "public-notice", _NOTICE | {"last": "2026-11-22"}),
    Case(
        "public-notice-overfull",
        "public-notice",
        _NOTICE | {"body": "\n".join([_NOTICE["body"]] * 8)},
    ),
]
