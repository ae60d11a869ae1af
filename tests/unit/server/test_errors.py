"""What services refuse is one sentence, which can be said in another language, values and all."""

import ast
import re
from pathlib import Path

import pytest

from server import errors
from server.errors import ApplicationError, Conflict
from server.publishing import errors as publishing_errors

SERVER = Path(__file__).parents[3] / "server"
APPS = ("publishing", "programme")
_PLACE = re.compile(r"%\((\w+)\)[sd]")
_REFUSALS = {*errors.__all__, *publishing_errors.__all__, "CalendarError"}


def test_a_sentence_with_values_can_be_said_in_another_language() -> None:
    error = Conflict(
        "“%(title)s” is on %(number)d screens.", values={"title": "100 %", "number": 3}
    )
    assert str(error) == error.message == "“100 %” is on 3 screens."
    assert error.in_words(
        {error.template: "%(number)d 块屏幕正在播放“%(title)s”。"}.__getitem__
    ) == ("3 块屏幕正在播放“100 %”。")


def test_programs_are_told_the_values_too_and_forms_are_not() -> None:
    error = Conflict("%(path)s", values={"path": Path("/keys"), "n": 3}, details={"n": 4})
    assert error.as_json()["error"]["details"] == {"path": "/keys", "n": 4}
    assert error.details == {"n": 4}, "a form would take the name of a value for that of a field"


def test_a_sentence_without_values_may_hold_any_sign() -> None:
    assert ApplicationError("100 % of %(this)s").message == "100 % of %(this)s"


def refusals() -> list[tuple[str, ast.Call]]:
    """Every place where one of these apps refuses something, and what it says."""
    return [
        (f"{app}/{path.name}:{node.lineno}", node)
        for app in APPS
        for path in sorted((SERVER / app).glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") in _REFUSALS
    ]


def template_of(node: ast.Call) -> str | None:
    """The text that goes through `_`, None if it does not go plainly."""
    first = node.args[0]
    if not (isinstance(first, ast.Call) and getattr(first.func, "id", "") == "_"):
        return None
    text = first.args[0]
    return text.value if isinstance(text, ast.Constant) and isinstance(text.value, str) else None


#: Sentences that are put together of sentences that were translated already.
_TOGETHER = {"programme/checks.py", "programme/calendar_days.py"}


@pytest.mark.parametrize(
    ("where", "node"), [pytest.param(*each, id=each[0]) for each in refusals()]
)
def test_every_refusal_can_be_translated(where: str, node: ast.Call) -> None:
    if isinstance(node.args[0], ast.BinOp):  # _("…") % {…}: said in the language of the page
        node = ast.Call(node.func, [node.args[0].left], [])
        assert template_of(node), where
        return
    if where.partition(":")[0] in _TOGETHER:
        return
    template = template_of(node)
    assert template is not None, f"{where}: give a template and its values, not a finished text"
    given = {each.arg for each in node.keywords}
    for each in node.keywords:
        if each.arg == "values" and isinstance(each.value, ast.Dict):
            given |= {key.value for key in each.value.keys if isinstance(key, ast.Constant)}
    assert set(_PLACE.findall(template)) <= given, where
