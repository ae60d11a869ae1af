"""Statement by statement, TOML means what it means as a whole; and lines are those of the file."""

import tomllib
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.statements import BadLine, Statement, split

_NAMES = st.text("abc-_", min_size=1, max_size=3)
_ATOMS = st.one_of(
    st.integers(-(2**63), 2**63 - 1).map(str),
    st.booleans().map(lambda flag: str(flag).lower()),
    st.sampled_from(
        [
            '"x # y"',
            "'[a]'",
            '"""\ntwo\nlines = 1\n"""',
            "'''\n[no table]\n'''",
            "1979-05-27",
            "0.5",
        ]
    ),
)
_VALUES = st.one_of(
    _ATOMS,
    st.lists(_ATOMS, max_size=3).map(lambda items: "[\n  " + ",  # one\n  ".join(items) + "\n]"),
    st.dictionaries(_NAMES, st.integers().map(str), max_size=2).map(
        lambda items: "{ " + ", ".join(f"{name} = {value}" for name, value in items.items()) + " }"
    ),
)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A valid document: no key twice, no table twice."""
    text = ""
    tables = draw(st.lists(_NAMES, max_size=3, unique=True))
    for table in ["", *(f"t{name}" for name in tables)]:
        if table:
            text += f"\n[{table}]  # a table\n"
        for name in draw(st.lists(_NAMES, max_size=4, unique=True)):
            text += f"# about {name}\n{name} = {draw(_VALUES)}\n"
    return text


def flat(document: Mapping[str, Any], above: tuple[str, ...] = ()) -> dict[tuple[str, ...], Any]:
    found: dict[tuple[str, ...], Any] = {}
    for name, value in document.items():
        if isinstance(value, dict) and value:
            found.update(flat(value, (*above, name)))
        else:
            found[*above, name] = value
    return found


@given(documents())
def test_a_valid_document_means_what_tomllib_says(text: str) -> None:
    statements = list(split(text))
    assert not [bad for bad in statements if isinstance(bad, BadLine)]
    ours = {each.path: each.value for each in statements if isinstance(each, Statement)}
    theirs = {path: value for path, value in flat(tomllib.loads(text)).items() if value != {}}
    assert {path: value for path, value in ours.items() if value != {}} == theirs


@given(documents())
def test_each_statement_knows_its_line(text: str) -> None:
    lines = text.split("\n")
    for each in split(text):
        assert isinstance(each, Statement)
        assert any(lines[each.line - 1].startswith(name) for name in each.path)


def test_two_bad_lines_are_both_reported_and_the_rest_is_read() -> None:
    text = "a = 1\nb = oops\nc = 3\nd = [1,\n\ne = 5\n"
    bad = [each.line for each in split(text) if isinstance(each, BadLine)]
    good = [each.path[0] for each in split(text) if isinstance(each, Statement)]
    assert (bad, good) == ([2, 4], ["a", "c", "e"])


@pytest.mark.parametrize("header", ["[stage", "[stage]]", "stage]", "[sta ge]"])
def test_the_keys_under_a_bad_header_are_not_taken_for_those_of_another_table(header: str) -> None:
    text = f"[log]\nlevel = 'info'\n{header}\nlevel = 'debug'\n"
    paths = [each.path for each in split(text) if isinstance(each, Statement)]
    assert paths.count(("log", "level")) == 1 + (not header.startswith("["))
