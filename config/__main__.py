"""`yingbi-config`: checks a settings file, shows what is in force, explains a key."""

import json
import os
import sys
from argparse import Namespace
from collections.abc import Sequence
from datetime import time
from difflib import get_close_matches
from pathlib import Path

from command import CommandParser, Failed, run
from config.addresses import Secret
from config.errors import ConfigError, ConfigProblem
from config.explanation import explain, in_toml, meanings
from config.loader import DEFAULT_PATH, LoadedSettings, load_for_player, read_file
from config.model import KEYS
from config.reading import read

__all__ = ["main"]


def _parser() -> CommandParser:
    parser = CommandParser(
        "yingbi-config",
        "Check, show and explain the settings of a box.",
        "yingbi-config check /etc/yingbi/player.toml",
    )
    commands = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    check = commands.add_parser(
        "check",
        help="name every problem of a settings file",
        description="Name every problem of a settings file, each with its line and its cure.",
        example="yingbi-config check player.toml",
    )
    show = commands.add_parser(
        "show",
        help="print the settings in force, and where each comes from",
        description="Print the settings in force, as TOML, and where each value comes from.",
        example="yingbi-config show --last-good /var/lib/yingbi/last-good.toml",
    )
    for subparser in (check, show):
        subparser.add_argument(
            "file",
            nargs="?",
            type=Path,
            default=DEFAULT_PATH,
            metavar="FILE",
            help=f"the settings file (default: {DEFAULT_PATH})",
        )
        subparser.add_argument("--json", action="store_true", help="print JSON, for programs")
    show.add_argument(
        "--last-good",
        type=Path,
        metavar="FILE",
        help="the last good copy, which stands in for what cannot be used",
    )
    explanation = commands.add_parser(
        "explain",
        help="say what a key means, its default and what is allowed",
        description="Say what a key means, its default and what is allowed; all keys without KEY.",
        example="yingbi-config explain stage.render",
    )
    explanation.add_argument("key", nargs="?", metavar="KEY", help="a key, such as stage.render")
    return parser


def _check(options: Namespace) -> int:
    """Print every problem; status 78 if there is any."""
    try:
        problems = read(read_file(options.file), str(options.file)).problems
    except ConfigError as error:
        problems = error.problems
    if options.json:
        print(json.dumps([_problem(problem) for problem in problems], ensure_ascii=False, indent=2))
    else:
        for problem in problems:
            print(problem)
        errors = sum(problem.is_error for problem in problems)
        print(_verdict(options.file, errors, len(problems) - errors), file=sys.stderr)
    return os.EX_CONFIG if problems else os.EX_OK


def _verdict(file: Path, errors: int, warnings: int) -> str:
    if not errors and not warnings:
        return f"{file}: nothing is wrong"
    return f"{file}: {errors} to correct, {warnings} to look at; the screen goes on meanwhile"


def _show(options: Namespace) -> int:
    """Print the settings in force; status 78 if something is wrong with them."""
    loaded = load_for_player(options.file, options.last_good)
    if options.json:
        print(json.dumps(_in_json(loaded), ensure_ascii=False, indent=2))
    else:
        _print_toml(loaded)
    for problem in loaded.problems:
        print(problem, file=sys.stderr)
    return os.EX_CONFIG if loaded.problems else os.EX_OK


def _print_toml(loaded: LoadedSettings) -> None:
    table = ""
    for path, key in KEYS.items():
        if key.table != table:
            print(f"{table and chr(10)}[{key.table}]")
            table = key.table
        setting = f"{key.name} = {in_toml(_shown_value(loaded, path))}"
        print(f"{setting:<50} # {_origin(loaded, path)}")


def _shown_value(loaded: LoadedSettings, path: str) -> object:
    """The value, or, of a secret, only that there is one."""
    value = loaded.settings.value_of(path)
    return "(set)" if isinstance(KEYS[path].rule, Secret) and value else value


def _origin(loaded: LoadedSettings, path: str) -> str:
    origin = loaded.origins[path]
    return f"line {loaded.lines[path]}" if origin == "file" else origin


def _in_json(loaded: LoadedSettings) -> dict[str, object]:
    """Return the settings as JSON has them, each with its origin."""
    return {
        "source": loaded.source,
        "settings": {
            path: {
                "value": _plain(_shown_value(loaded, path)),
                "origin": _origin(loaded, path),
            }
            for path in KEYS
        },
        "problems": [_problem(problem) for problem in loaded.problems],
    }


def _plain(value: object) -> object:
    if isinstance(value, bool | int | float) or value is None:
        return value
    if isinstance(value, time):
        return f"{value:%H:%M}"
    return [str(entry) for entry in value] if isinstance(value, tuple) else str(value)


def _problem(problem: ConfigProblem) -> dict[str, object]:
    return {
        "file": problem.file,
        "line": problem.line,
        "key": problem.key,
        "severity": "error" if problem.is_error else "warning",
        "what": problem.what,
        "cure": problem.cure,
    }


def _explain(options: Namespace) -> int:
    if options.key is None:
        for path, meaning in meanings().items():
            print(f"{path:<32} {meaning.partition('. ')[0].rstrip('.')}")
        return os.EX_OK
    if options.key not in KEYS:
        near = get_close_matches(options.key, KEYS, 1, 0.5)
        hint = f"; did you mean {near[0]}?" if near else "; yingbi-config explain lists all keys"
        raise Failed(f"there is no key {options.key!r}{hint}", os.EX_USAGE)
    print(explain(options.key))
    return os.EX_OK


def _run(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    actions = {"check": _check, "show": _show, "explain": _explain}
    return actions[options.command](options)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command and return its exit status."""
    return run("yingbi-config", _run, arguments)


if __name__ == "__main__":
    sys.exit(main())
