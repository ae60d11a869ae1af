"""The documentation tells every flag, status and key that there is, and none that is gone."""

import argparse
import ast
import importlib
import os
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from config.explanation import in_toml
from config.loader import example
from config.model import KEYS

ROOT = Path(__file__).parents[2]
ENTRY_POINTS: dict[str, str] = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"][
    "scripts"
]
#: First words that a command hands to a parser of their own.
OWN_PARSERS = {"yingbi-player": ("grab",)}
#: What `CommandParser` gives every command; told once, at the top of the page.
SHARED_FLAGS = {"-h", "--help", "--version"}


class ParserFound(BaseException):
    """Carries a command's parser out of `main`; no command catches it."""

    def __init__(self, parser: argparse.ArgumentParser) -> None:
        super().__init__()
        self.parser = parser


def parser_of(
    command: str, monkeypatch: pytest.MonkeyPatch, *words: str
) -> argparse.ArgumentParser:
    """Start a command and stop it where it would read its arguments."""

    def stop(parser: argparse.ArgumentParser, *_arguments: Any, **_options: Any) -> None:
        raise ParserFound(parser)

    module_name, _, function = ENTRY_POINTS[command].partition(":")
    module = importlib.import_module(module_name)
    monkeypatch.setattr(argparse.ArgumentParser, "parse_known_args", stop)
    monkeypatch.setattr("sys.argv", [command, *words])
    with pytest.raises(ParserFound) as found:
        getattr(module, function)()
    return found.value.parser


def parsers_of(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> list[tuple[str, argparse.ArgumentParser]]:
    """Every parser of a command: its own, those of its subcommands, by what is typed."""
    words = OWN_PARSERS.get(command, ())
    return [
        *with_subparsers(parser_of(command, monkeypatch), command),
        *((f"{command} {word}", parser_of(command, monkeypatch, word)) for word in words),
    ]


def with_subparsers(
    parser: argparse.ArgumentParser, name: str
) -> Iterator[tuple[str, argparse.ArgumentParser]]:
    yield name, parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for word, subparser in action.choices.items():
                yield from with_subparsers(subparser, f"{name} {word}")


def section_of(command: str) -> str:
    """What docs/commands.md says about a command."""
    page = (ROOT / "docs" / "commands.md").read_text()
    match = re.search(
        rf"^## {re.escape(command)}\n(.*?)(?=^## |\Z)", page, re.MULTILINE | re.DOTALL
    )
    assert match, f"docs/commands.md has no section '## {command}'"
    return match[1]


def flags_of(parsers: list[tuple[str, argparse.ArgumentParser]]) -> set[str]:
    return {
        flag
        for _name, each in parsers
        for action in each._actions
        for flag in action.option_strings
    } - SHARED_FLAGS


@pytest.mark.parametrize("command", ENTRY_POINTS)
def test_every_flag_and_subcommand_stands_in_the_docs_and_no_other(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    parsers = parsers_of(command, monkeypatch)
    section = section_of(command)
    for name, _ in parsers:
        assert re.search(rf"`?{re.escape(name)}\b", section), f"'{name}' is not in the docs"
    told = set(re.findall(r"(?<![\w-])--?[a-z][\w-]*", section)) - SHARED_FLAGS
    flags = flags_of(parsers)
    assert not flags - told, "these flags are not in docs/commands.md"
    long_flags = {flag for flag in told if flag.startswith("--")}
    assert not long_flags - flags, "docs/commands.md tells of flags that do not exist"


@pytest.mark.parametrize("command", ENTRY_POINTS)
def test_help_explains_every_flag_and_ends_with_an_example(
    command: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, parser in parsers_of(command, monkeypatch):
        assert name in (parser.epilog or ""), f"{name} --help has no example that begins so"
        for action in parser._actions:
            if not isinstance(action, argparse._SubParsersAction):
                assert action.help, f"{name}: {action.dest} has no help"


def statuses_in(module_name: str) -> set[int]:
    """The `os.EX_*` that the files beside a command's own module name."""
    spec = importlib.util.find_spec(module_name)
    assert spec is not None, f"{module_name} is named in pyproject.toml and is not there"
    assert spec.origin is not None, f"{module_name} has no file"
    names = {
        node.attr
        for file in Path(spec.origin).parent.glob("*.py")
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute)
    }
    return {getattr(os, name) for name in names if name.startswith("EX_")}


@pytest.mark.parametrize("command", ENTRY_POINTS)
def test_every_exit_status_stands_in_the_docs(command: str) -> None:
    statuses = statuses_in(ENTRY_POINTS[command].partition(":")[0])
    told = {int(number) for number in re.findall(r"\b\d{1,3}\b", section_of(command))}
    assert not statuses - told, f"docs/commands.md does not list these statuses of {command}"


def test_the_documentation_check_sees_a_flag_that_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    parser = parser_of("yingbi-config", monkeypatch)
    parser.add_argument("--not-in-the-docs", help="a flag that nobody wrote about")
    assert "--not-in-the-docs" in flags_of([("yingbi-config", parser)])
    assert "--not-in-the-docs" not in section_of("yingbi-config")


@pytest.mark.parametrize("path", KEYS)
def test_every_key_stands_in_the_docs_with_its_default_and_what_is_allowed(path: str) -> None:
    key = KEYS[path]
    applies = "at once" if key.live else "restart"
    row = f"| `{path}` | `{in_toml(key.default)}` | {key.rule.allowed} | {applies} |"
    assert row in (ROOT / "docs" / "configuration.md").read_text().splitlines()


def test_the_docs_tell_of_no_key_that_does_not_exist() -> None:
    page = (ROOT / "docs" / "configuration.md").read_text()
    assert set(re.findall(r"^\| `(\w+\.\w+)`", page, re.MULTILINE)) == set(KEYS)


def test_every_limit_of_the_settings_stands_in_the_docs_with_its_value() -> None:
    from config.encoding import MAX_FILE_BYTES
    from config.statements import MAX_STATEMENT_LINES

    page = (ROOT / "docs" / "configuration.md").read_text()
    assert f"{MAX_FILE_BYTES} bytes (`MAX_FILE_BYTES`)" in page
    assert re.search(rf"{MAX_STATEMENT_LINES} lines\s+\(`MAX_STATEMENT_LINES`\)", page)


def test_every_limit_of_pictures_stands_in_the_docs_with_its_value() -> None:
    from player.stage.media import animation, frame_times, picture_file, pictures, workers

    page = (ROOT / "docs" / "pictures.md").read_text()
    for module in (picture_file, frame_times):
        for name, value in vars(module).items():
            if name.startswith("MAX_"):
                assert re.search(rf"\| `{name}` \| {value} \w+ \|", page), name
    assert f"`DEADLINE_S` | {pictures.DEADLINE_S:g} s" in page
    assert f"`SEEK_BUDGET_S` ({animation.SEEK_BUDGET_S:g} s)" in page
    assert workers.MAX_ABANDONED_THREADS == 8
    assert "eight times at most (`MAX_ABANDONED_THREADS`)" in page


def test_the_example_is_the_file_that_ships() -> None:
    assert (ROOT / "config" / "player.example.toml").read_text("utf-8") == example()
