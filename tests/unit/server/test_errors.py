"""What services refuse is one sentence, which can be said in another language, values and all."""

from pathlib import Path

from django.utils import translation

from server.errors import ApplicationError, Conflict

_TEMPLATE = "“%(title)s” is no card: upload the file anew."
_CHINESE = "“100 %”不是卡片：请重新上传文件。"


def test_a_sentence_with_values_can_be_said_in_another_language() -> None:
    error = Conflict(
        "“%(title)s” is on %(number)d screens.", values={"title": "100 %", "number": 3}
    )
    assert str(error) == error.message == "“100 %” is on 3 screens."
    assert error.as_json()["error"]["message"] == error.message
    with translation.override("zh-hans"):
        assert Conflict(_TEMPLATE, values={"title": "100 %"}).message.local() == _CHINESE


def test_programs_are_told_the_values_too_and_forms_are_not() -> None:
    error = Conflict("%(path)s %(n)d", values={"path": Path("/keys"), "n": 3}, details={"n": 4})
    assert error.as_json()["error"]["details"] == {"path": "/keys", "n": 4}
    assert error.details == {"n": 4}, "a form would take the name of a value for that of a field"


def test_a_sentence_without_values_may_hold_any_sign() -> None:
    assert ApplicationError("100 % of %(this)s").message == "100 % of %(this)s"
