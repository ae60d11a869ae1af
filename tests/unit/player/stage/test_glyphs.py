"""Letters that the screens cannot draw are found before anybody sees a box."""

import ast
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import get_args

import pytest

from bench import demo
from bench.demo.programme import cards
from cards.catalogue import card_for
from cards.letters import drawable_runs, is_drawable, texts_of
from player.stage.glyphs import SANS, SERIF, missing_glyphs
from player.stage.slate import _LINES, SlateState

NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)

pytestmark = pytest.mark.usefixtures("qapp")


def words_in_the_pictures() -> dict[str, str]:
    """Every Chinese string of the drawing code, by file and line."""
    constants = [
        (f"{source.name}:{node.lineno}:{node.col_offset}", node.value)
        for source in Path(demo.__file__).parent.glob("*.py")
        for node in ast.walk(ast.parse(source.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    return {place: text for place, text in constants if re.search(r"[\u3400-\u9fff]", text)}


@pytest.mark.parametrize("family", [SANS, SERIF])
def test_everything_the_demonstration_says_can_be_drawn(family: str) -> None:
    texts = words_in_the_pictures()
    for name, asset in cards(NOON.date()).items():
        texts |= texts_of(card_for(asset, NOON).face.data, name)
    assert len(texts) > 40
    assert missing_glyphs(texts, family) == []


def test_everything_the_slate_says_can_be_drawn() -> None:
    said = {
        f"{state}[{n}]": line
        for state in get_args(SlateState)
        for n, line in enumerate(_LINES[state])
    }
    assert missing_glyphs(said) == []


def test_a_letter_without_a_shape_is_named_with_its_field() -> None:
    found = missing_glyphs({"data.title": "欢迎😀光临😀", "data.body": "平安"})
    assert [str(one) for one in found] == [
        (
            "data.title: '😀' (U+1F600, GRINNING FACE) cannot be drawn by the fonts of the screens;"
            " write it otherwise"
        )
    ]


def test_rare_letters_beyond_the_first_plane_are_drawn() -> None:
    assert missing_glyphs({"name": "𠮷野"}) == []


def test_every_string_inside_data_is_found_by_its_path() -> None:
    data = {"a": "x", "b": ["y", {"c": "z"}], "n": 3}
    assert texts_of(data) == {"data.a": "x", "data.b[0]": "y", "data.b[1].c": "z"}


@pytest.mark.parametrize("family", [SANS, SERIF])
def test_every_letter_that_the_server_lets_pass_has_a_shape(qapp: object, family: str) -> None:
    runs = zip(*drawable_runs(), strict=True)
    letters = "".join(chr(code) for first, last in runs for code in range(first, last + 1))
    assert len(letters) > 44_000
    texts = {f"{n}": letters[n : n + 500] for n in range(0, len(letters), 500)}
    assert missing_glyphs(texts, family) == []


@pytest.mark.parametrize("letter", ["😀", "✔", "ก", "\ue000"])
def test_what_the_server_refuses_has_no_shape(qapp: object, letter: str) -> None:
    assert not is_drawable(letter)
    assert missing_glyphs({"said": letter})
