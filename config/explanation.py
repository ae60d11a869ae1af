"""What each key means, in the words of `player.example.toml`, and values as TOML writes them."""

import json
from datetime import time
from pathlib import PurePath

from config.loader import example
from config.model import KEYS
from config.statements import Statement, split

__all__ = ["explain", "in_toml", "meanings"]


def meanings() -> dict[str, str]:
    """Return the comment above each key of the example file, by the key's dotted path."""
    text = example()
    lines = text.split("\n")
    return {
        ".".join(statement.path): _comment_above(lines, statement.line - 1)
        for statement in split(text)
        if isinstance(statement, Statement)
    }


def explain(path: str) -> str:
    """Return what a key means, its default and what is allowed; `KeyError` if there is none."""
    key = KEYS[path]
    applies = "at once" if key.live else "after a restart"
    return (
        f"{path}\n  {meanings()[path]}\n"
        f"  default: {in_toml(key.default)}\n"
        f"  allowed: {key.rule.allowed}\n"
        f"  a change applies {applies}"
    )


def in_toml(value: object) -> str:
    """Return a value of the settings the way the file writes it."""
    if value is None:
        return '""'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return str(value)
    if isinstance(value, tuple):
        return f"[{', '.join(in_toml(entry) for entry in value)}]"
    if isinstance(value, PurePath):
        value = str(value)
    if isinstance(value, time):
        value = f"{value:%H:%M}"
    return json.dumps(str(value), ensure_ascii=False)


def _comment_above(lines: list[str], at: int) -> str:
    above: list[str] = []
    while at and lines[at - 1].startswith("#"):
        at -= 1
        above.insert(0, lines[at].removeprefix("#").strip())
    return " ".join(above)
