"""What services say: English to logs and programs, theirs to people; no template is without it."""

import ast
import gettext
import json
import pickle
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation

from server.accounts.models import Department
from server.errors import Conflict, Invalid
from server.sentences import Sentence, joined, local, of_validation
from server.validation import cleaned

SERVER = Path(__file__).parents[3] / "server"
CATALOGUE = SERVER / "locale" / "zh_Hans" / "LC_MESSAGES" / "django.mo"
NAMES = re.compile(r"%\((\w+)\)([sd])")


def modules() -> dict[Path, ast.Module]:
    found = sorted(SERVER.rglob("*.py"))
    return {path: ast.parse(path.read_text()) for path in found if "migrations" not in path.parts}


def speakers(trees: dict[Path, ast.Module]) -> set[str]:
    """The names of `ApplicationError`, of all its leaves, and of `Sentence`."""
    bases = {
        node.name: {each.id for each in node.bases if isinstance(each, ast.Name)}
        for tree in trees.values()
        for node in ast.walk(tree)
        if isinstance(node, ast.ClassDef)
    }
    known = {"ApplicationError", "Sentence"}
    while more := {name for name, its in bases.items() if its & known} - known:
        known |= more
    return known


def literal(node: ast.expr) -> str | None:
    """The text of a literal, which may go through `_` (gettext_noop)."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Call(func=ast.Name(id="_"), args=[ast.Constant(value=str(text))]):
            return text
        case _:
            return None


def templates_in(tree: ast.Module, known: set[str], is_leaves: bool) -> Iterator[tuple[int, str]]:
    """The templates that a module speaks by; what is built of text instead is "" (never right)."""
    values = [
        (target.id, node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    ]
    for node in ast.walk(tree):
        match node:
            case ast.Call(func=ast.Name(id=name), args=[first, *_]) if name in known:
                pass
            case ast.Call(func=ast.Attribute(attr="__init__"), args=[first, *_]) if is_leaves:
                pass
            case _:
                continue
        name = first.id if isinstance(first, ast.Name) else ""
        for given in [value for target, value in values if target == name] or [first]:
            for part in ast.walk(given):
                if isinstance(part, ast.JoinedStr | ast.BinOp):
                    yield node.lineno, ""
            options = [given.body, given.orelse] if isinstance(given, ast.IfExp) else [given]
            for one in options:
                if (text := literal(one)) is not None:
                    yield node.lineno, text


@pytest.fixture(scope="module")
def templates() -> dict[str, str]:
    """Every template of the server, and where it stands."""
    trees = modules()
    known = speakers(trees)
    found = {}
    for path, tree in trees.items():
        part = path.relative_to(SERVER)
        if part.name == "sentences.py":
            continue
        is_leaves = part.name == "errors.py" and len(part.parts) > 1
        for line, text in templates_in(tree, known, is_leaves):
            found[text] = f"{part}:{line}"
    return found


def test_a_template_is_a_literal_and_no_text_that_was_put_together(templates):
    assert templates.get("") is None, "write a literal with named values"
    assert len(templates) > 100


def test_every_template_is_there_in_chinese_with_the_same_values(templates):
    with CATALOGUE.open("rb") as file:
        chinese = gettext.GNUTranslations(file)
    plain = {text for text in templates if NAMES.sub("", text).strip(" :,.\n")}
    missing = sorted(
        f"{templates[text]}: {text}" for text in plain if chinese.gettext(text) == text
    )
    assert missing == []
    differing = [
        text
        for text in plain
        if sorted(NAMES.findall(text)) != sorted(NAMES.findall(chinese.gettext(text)))
    ]
    assert differing == []


def test_a_sentence_is_its_english_and_knows_its_chinese():
    said = Sentence("There is an account %(name)s already; choose another name.", {"name": "wei"})
    assert said == "There is an account wei already; choose another name."
    assert json.loads(json.dumps({"why": said})) == {"why": str(said)}
    with translation.override("zh-hans"):
        assert "wei" in local(said)
        assert local(said) != said
        assert local(pickle.loads(pickle.dumps(said))) == local(said)
        assert local("as it is") == "as it is"


def test_a_value_that_is_a_sentence_is_said_in_the_same_language():
    inner = Sentence("The present password is wrong.")
    both = joined([inner, Sentence("%(field)s: %(why)s", {"field": "password", "why": inner})])
    assert both == f"{inner} password: {inner}"
    with translation.override("zh-hans"):
        assert local(both) == f"{local(inner)} password: {local(inner)}"
        assert local(inner) != inner


def test_a_percent_sign_without_values_stands_for_itself():
    assert Sentence("100% full") == "100% full"
    assert Sentence("100% full").local() == "100% full"


@pytest.mark.parametrize("values", [{"nmae": "wei"}, {"name": "wei", "detials": {}}])
def test_values_that_do_not_fit_the_template_are_our_bug(values):
    with pytest.raises((KeyError, TypeError)):
        assert Conflict("%(name)s is there.", values=values).message.local()


def test_what_django_refuses_is_said_in_the_readers_language():
    with pytest.raises(Invalid) as caught, translation.override("zh-hans"):
        cleaned(Department(name=""), exclude=["parent"])
    said = caught.value
    assert "This field cannot be blank." in said.message
    assert said.details["name"] == "This field cannot be blank."
    with translation.override("zh-hans"):
        answer = said.as_local_json()["error"]
    assert "此字段不能为空" in answer["message"]
    assert "此字段不能为空" in answer["details"]["name"]


def test_a_validation_without_fields_is_one_sentence():
    said = of_validation(ValidationError(["One.", "Two."]))
    assert said == "One. Two."
    assert local(said) == "One. Two."


def test_every_call_gives_the_values_that_its_template_names():
    trees = modules()
    known = speakers(trees)
    lacking = [
        f"{path.relative_to(SERVER)}:{node.lineno}"
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in known
        if node.args
        and {name for name, _kind in NAMES.findall(literal(node.args[0]) or "")} - given(node)
    ]
    assert lacking == []


def given(node: ast.Call) -> set[str]:
    """The names of the values that a call gives in a literal."""
    values = [*node.args[1:], *(each.value for each in node.keywords if each.arg == "values")]
    return {
        key.value
        for each in values
        if isinstance(each, ast.Dict)
        for key in each.keys
        if isinstance(key, ast.Constant)
    }


@pytest.mark.parametrize(
    "code",
    [
        'raise Conflict(f"There is {name} already.")',
        'raise Conflict("There is " + name)',
        'raise Conflict("There is %s" % name)',
        'message = f"There is {name}"; raise Conflict(message)',
        'raise Conflict("Good." if name else f"There is {name}")',
    ],
)
def test_text_that_was_put_together_would_be_seen(code):
    assert "" in [text for _line, text in templates_in(ast.parse(code), {"Conflict"}, False)]
