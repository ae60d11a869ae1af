"""Bytes to plain JSON values, and the words in which a wrong value is refused.

For the readers of this package (`manifest.shapes`).  The parser cannot say where a repeated key or
a NaN stands, so it leaves a mark in its place; the reader that comes to the mark names the path.
"""

import json
from typing import NamedTuple

from manifest.errors import ManifestFormatError, quoted

__all__ = ["MAX_DEPTH", "MAX_INTEGER", "MISSING", "NotANumber", "Repeated", "load", "refusal"]

#: Containers within containers, the document itself being the first (docs/manifest.md, 1.1).
MAX_DEPTH = 32

#: The largest integer that every JSON reader keeps exact (RFC 7493, 2.2).
MAX_INTEGER = 2**53 - 1


class _Missing:
    """Stands where a required key is not there."""


class Repeated(NamedTuple):
    """Stands where an object had a key twice."""

    key: str


class NotANumber(NamedTuple):
    """Stands where NaN, Infinity or -Infinity was written."""

    written: str


MISSING = _Missing()


def load(data: bytes, max_bytes: int) -> object:
    """Parse JSON in UTF-8; what only a reader can refuse by its place is left in it, marked."""
    if len(data) > max_bytes:
        raise ManifestFormatError(f"at most {max_bytes} bytes", f"{len(data)} bytes")
    try:
        return json.loads(
            data.decode("utf-8"), object_pairs_hook=_object, parse_constant=NotANumber
        )
    except UnicodeDecodeError as error:
        raise ManifestFormatError(
            "UTF-8", f"byte 0x{data[error.start]:02x} at offset {error.start}"
        ) from None
    except json.JSONDecodeError as error:
        place = f"line {error.lineno} column {error.colno}"
        raise ManifestFormatError("JSON", f"a syntax error at {place} ({error.msg})") from None
    except RecursionError:
        raise ManifestFormatError(f"nesting of at most {MAX_DEPTH} levels", "more") from None
    except ValueError:  # what is left: more digits than Python turns into an integer
        raise ManifestFormatError(
            f"integers up to ±{MAX_INTEGER}", "one of thousands of digits"
        ) from None


def _object(pairs: list[tuple[str, object]]) -> object:
    found = dict(pairs)
    if len(found) == len(pairs):
        return found
    seen: set[str] = set()
    for key, _ in pairs:
        if key in seen:
            return Repeated(key)
        seen.add(key)
    raise AssertionError("fewer keys than pairs, and none twice")


def refusal(expected: str, value: object) -> ManifestFormatError:
    """The error that says what was expected in the place of `value`."""
    return ManifestFormatError(expected, _shown(value))


def _shown(value: object) -> str:
    match value:
        case _Missing():
            return "nothing"
        case NotANumber():
            return value.written
        case str():
            return quoted(value)
        case dict() | Repeated():
            return "an object"
        case list():
            return "an array"
        case int() if abs(value) > 10**30:
            return f"an integer of {len(str(abs(value)))} digits"
        case _:
            return json.dumps(value)
