"""What devices say, made fit to keep: bounded in every direction, without what databases refuse.

Everything a box reports is hostile until shown otherwise (S25).  Nothing here makes text safe for a
page: pages escape it; here it is only cut to a size and freed of control characters.  Pure.
"""

from collections.abc import Mapping
from typing import Any

__all__ = ["STRING_LIMIT", "clean", "line", "text"]

#: Characters of a string, entries of a list or object, characters of a key, and levels.
STRING_LIMIT, ENTRIES_LIMIT, KEY_LIMIT, DEPTH_LIMIT = 1000, 64, 64, 6

#: Whole numbers beyond this are no measurement (and no JSON number everywhere).
_LARGEST = 2**53


def clean(value: Any, depth: int = DEPTH_LIMIT) -> Any:
    """The same JSON value within the limits; what is too deep or too large becomes None."""
    if isinstance(value, str):
        return text(value, STRING_LIMIT)
    if isinstance(value, bool) or value is None:
        return value
    if isinstance(value, int | float):
        return value if abs(value) <= _LARGEST else None
    if depth == 0:
        return None
    if isinstance(value, Mapping):
        pairs = list(value.items())[:ENTRIES_LIMIT]
        return {text(str(key), KEY_LIMIT): clean(each, depth - 1) for key, each in pairs}
    if isinstance(value, list | tuple):
        return [clean(each, depth - 1) for each in value[:ENTRIES_LIMIT]]
    return None


def text(value: str, limit: int) -> str:
    """A text of at most `limit` characters; control characters but tab and line feed are spaces."""
    cut = value[:limit]
    if cut.isprintable():  # nearly all that honest boxes say
        return cut
    return "".join(char if char.isprintable() or char in "\t\n" else " " for char in cut)


def line(value: str, limit: int) -> str:
    """The same on one line."""
    return " ".join(text(value[: limit * 2], limit * 2).split())[:limit]
