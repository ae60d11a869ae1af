"""TOML text, statement by statement: the line of each key, and a bad line costs only itself.

`tomllib` reads a document whole or not at all and forgets where a key stood.  A person who made
two typos wants to hear of both, and a screen wants the other keys meanwhile.  So the text is cut
into statements (a line, or the lines of a list or of a long string), and each is read by `tomllib`
alone.  For a valid document the result is exactly that of `tomllib`; a property test holds that.
"""

import re
import tomllib
from collections.abc import Iterator

from msgspec import Struct

__all__ = ["BadLine", "Statement", "split"]

#: A list or a long string may go on for this many lines.
MAX_STATEMENT_LINES = 100

_BEGINS = r"""\s*(?:\[|[\w."'-][\w .\"'-]*=|\#|$)"""
_FULL_WIDTH = {
    "“": '"',
    "”": '"',
    "＂": '"',
    "‘": "'",
    "’": "'",
    "＝": "=",
    "［": "[",
    "］": "]",
    "，": ",",
    "＃": "#",
}


class Statement(Struct, frozen=True):
    """One key and its value; `path` starts at the root of the document."""

    line: int
    path: tuple[str, ...]
    value: object


class BadLine(Struct, frozen=True):
    """A statement that is no TOML.  `is_last` means that nothing but blank lines follows it."""

    line: int
    what: str
    cure: str
    is_last: bool


def split(text: str) -> Iterator[Statement | BadLine]:
    """Yield every statement of `text` in order; the keys under a bad header are left out."""
    lines = text.split("\n")
    table: tuple[str, ...] | None = ()
    at = 0
    while at < len(lines):
        length, document = _read(lines, at)
        if document is None:
            bad = _bad_line(lines, at, length)
            yield bad
            if _is_header(lines[at]):
                table = None
        elif _is_header(lines[at]):
            table = _only_path(document)
        elif document and table is not None:
            for path, value in _leaves(document):
                yield Statement(at + 1, (*table, *path), value)
        at += length


def _is_header(line: str) -> bool:
    return line.lstrip().startswith("[")


def _read(lines: list[str], at: int) -> tuple[int, dict[str, object] | None]:
    """Return how many lines the statement takes, and what it says (None: it is no TOML)."""
    first = lines[at]
    document = _parse(first)
    if document is not None or not _may_go_on(first):
        return 1, document
    for length in range(2, min(MAX_STATEMENT_LINES, len(lines) - at) + 1):
        document = _parse("\n".join(lines[at : at + length]))
        if document is not None:
            return length, document
    return _to_next_beginning(lines, at), None


def _may_go_on(line: str) -> bool:
    _key, equals, value = line.partition("=")
    return bool(equals) and ("[" in value or '"""' in value or "'''" in value)


def _to_next_beginning(lines: list[str], at: int) -> int:
    """Leave out what belongs to a list or string that never ends: it would only repeat the news."""
    end = at + 1
    while end < len(lines) and not re.match(_BEGINS, lines[end]):
        end += 1
    return end - at


def _parse(text: str) -> dict[str, object] | None:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError):  # ValueError: also a number of 5,000 digits
        return None


def _bad_line(lines: list[str], at: int, length: int) -> BadLine:
    text = lines[at].strip()
    is_last = not any(line.strip() for line in lines[at + length :])
    wide = next((mark for mark in _FULL_WIDTH if mark in _outside_quotes(text)), None)
    if wide:
        plain = _FULL_WIDTH[wide]
        return BadLine(at + 1, f"uses the full-width {wide}", f"write {plain} instead", is_last)
    if _is_header(text):
        return BadLine(
            at + 1,
            f"{_short(text)} is no table; the keys under it are not read",
            'write "[name]"',
            is_last,
        )
    if "=" not in text:
        return BadLine(at + 1, f"{_short(text)} sets nothing", "write: key = value", is_last)
    return BadLine(
        at + 1, f"{_short(text)} is no TOML ({_reason(lines[at])})", _cure(text), is_last
    )


def _outside_quotes(text: str) -> str:
    return re.sub(r'"[^"]*"', "", text)


def _reason(line: str) -> str:
    try:
        tomllib.loads(line)
    except ValueError as error:
        reason = re.sub(r" \(at (?:line \d+, column (\d+)|end of document)\)", r"", str(error))
        return reason[:1].lower() + reason[1:]
    except RecursionError:
        return "it is nested too deeply"
    return "it goes on for too long"


def _cure(text: str) -> str:
    value = text.partition("=")[2].strip()
    if value.count('"') == 1:
        return 'close the quotation mark "'
    if value.startswith("[") and value.count("[") > value.count("]"):
        return "close the list with ]"
    if value.lower() in {"true", "false", "yes", "no", "on", "off"}:
        return "write true or false, in small letters"
    if "\\" in value:
        return "write paths with /, or double each \\"
    if re.match(r"[^\W\d]|/", value):
        return 'put text into quotation marks: "…"'
    return "see {example} for how it is written"


def _short(text: str) -> str:
    text = re.sub(r"//[^/\s@]*@", "//…@", text)  # never repeat a password
    return repr(text if len(text) <= 40 else f"{text[:40]}…")


def _only_path(document: dict[str, object]) -> tuple[str, ...]:
    """Return the path that a header names: `[a.b]` is {"a": {"b": {}}}."""
    path: list[str] = []
    inside: object = document
    while isinstance(inside, dict | list) and inside:
        if isinstance(inside, list):
            inside = inside[0]
            continue
        name = next(iter(inside))
        path.append(name)
        inside = inside[name]
    return tuple(path)


def _leaves(document: dict[str, object]) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield each value of a key line: dotted keys and inline tables hold several levels."""
    waiting: list[tuple[tuple[str, ...], object]] = [((), document)]
    while waiting:  # not recursive: a key may have thousands of dots
        path, value = waiting.pop()
        if isinstance(value, dict) and value:
            waiting.extend(((*path, name), inner) for name, inner in reversed(value.items()))
        else:
            yield path, value
