"""Small readers, one for each kind of value, that compose into the shapes of documents.

For the codecs of this package.  A reader takes what the JSON parser made and returns a typed value,
or raises `ManifestFormatError` with what it expected; the containers add where.  A wrong value
is never repaired, guessed at or dropped.
"""

import base64
import math
import re
from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from msgspec import Struct, structs

from manifest.errors import ManifestFormatError, quoted
from manifest.parsing import MAX_DEPTH, MAX_INTEGER, MISSING, NotANumber, Repeated, refusal

__all__ = [
    "IDENTIFIER",
    "KEY_ID",
    "SHA256",
    "Reader",
    "base64_bytes",
    "boolean",
    "free_object",
    "integer",
    "listing",
    "mapping",
    "matching",
    "one_of",
    "record",
    "tagged",
    "text",
]

T = TypeVar("T")
S = TypeVar("S", bound=Struct)
Reader = Callable[[object], T]

_SURROGATE = re.compile("[\ud800-\udfff]")


# --- scalars -----------------------------------------------------------------------------------


def integer(low: int, high: int) -> Reader[int]:
    """An integer in `low … high`; neither true nor 1.0 is one."""

    def read(value: object) -> int:
        if type(value) is not int or value < low:
            raise refusal(f"an integer ≥ {low}", value)
        if value > high:
            raise refusal(f"an integer ≤ {high}", value)
        return value

    return read


def boolean(value: object) -> bool:
    """`true` or `false`."""
    if isinstance(value, bool):
        return value
    raise refusal("true or false", value)


def text(value: object) -> str:
    """Any string of Unicode characters (a lone surrogate is none)."""
    if type(value) is not str:
        raise refusal("a string", value)
    if not value.isascii() and _SURROGATE.search(value):
        raise refusal("a string without lone surrogates", value)
    return value


def matching(pattern: str, expected: str) -> Reader[str]:
    """A string that matches all of `pattern`; `expected` says so in words."""
    matches = re.compile(pattern, re.ASCII).fullmatch

    def read(value: object) -> str:
        if type(value) is not str or not matches(value):
            raise refusal(expected, value)
        return value

    return read


def one_of(*choices: str) -> Reader[Any]:
    """One of these strings."""
    expected = " or ".join(map(quoted, choices))

    def read(value: object) -> str:
        if type(value) is not str or value not in choices:
            raise refusal(expected, value)
        return value

    return read


IDENTIFIER = matching(r"[A-Za-z0-9._-]{1,64}", "an id of 1–64 characters of A–Z a–z 0–9 . _ -")
SHA256 = matching(r"[0-9a-f]{64}", "64 lower-case hex digits")
KEY_ID = matching(r"[0-9a-f]{16}", "a key id of 16 lower-case hex digits")


def base64_bytes(value: object) -> bytes:
    """Bytes in standard base64 with padding; only the one canonical way to write them."""
    if type(value) is str:
        try:
            decoded = base64.b64decode(value, validate=True)
        except ValueError:
            raise refusal("standard base64 with padding", value) from None
        # Bits that no byte holds must be 0, or two texts would be one value (RFC 4648, 3.5).
        if base64.b64encode(decoded).decode() == value:
            return decoded
    raise refusal("standard base64 with padding", value)


# --- containers --------------------------------------------------------------------------------


def _mapping_of(value: object) -> dict[str, object]:
    if type(value) is dict:
        return value
    if type(value) is Repeated:
        raise ManifestFormatError("each key once", "it twice").inside(value.key)
    raise refusal("an object", value)


def listing(read: Reader[T], most: int | None = None) -> Reader[tuple[T, ...]]:
    """An array of at most `most` values."""

    def read_all(value: object) -> tuple[T, ...]:
        if type(value) is not list:
            raise refusal("an array", value)
        if most is not None and len(value) > most:
            raise ManifestFormatError(f"at most {most} values", str(len(value)))
        return tuple([_within(position, read, each) for position, each in enumerate(value)])

    return read_all


def mapping(read: Reader[T], read_key: Reader[str] = IDENTIFIER) -> Reader[dict[str, T]]:
    """An object from keys (ids) to values."""

    def read_all(value: object) -> dict[str, T]:
        return {
            _within(key, read_key, key): _within(key, read, each)
            for key, each in _mapping_of(value).items()
        }

    return read_all


def _within(step: str | int, read: Reader[T], value: object) -> T:
    try:
        return read(value)
    except ManifestFormatError as error:
        error.inside(step)
        raise


def record(kind: type[S], /, **readers: Reader[Any]) -> Reader[S]:
    """An object with the fields of `kind`: no other keys, and those without a default present."""
    fields = structs.fields(kind)
    assert {each.name for each in fields} == set(readers), f"{kind.__name__}: a reader per field"
    plan = [(each.encode_name, each.name, readers[each.name], each.required) for each in fields]
    tag = kind.__struct_config__.tag_field
    keys = frozenset(each.encode_name for each in fields) | ({tag} if tag else set())

    def read(value: object) -> S:
        given = _mapping_of(value)
        if not given.keys() <= keys:
            raise _unknown_key(given, keys)
        found = {}
        for key, name, read_field, required in plan:
            if required or key in given:
                try:
                    found[name] = read_field(given.get(key, MISSING))
                except ManifestFormatError as error:
                    error.inside(key)
                    raise
        return kind(**found)

    return read


def _unknown_key(given: Iterable[str], keys: frozenset[str]) -> ManifestFormatError:
    unknown = next(key for key in given if key not in keys)
    allowed = ", ".join(sorted(keys))
    return ManifestFormatError(f"only the keys {allowed}", "an unknown key").inside(unknown)


def tagged(field: str, **readers: Reader[Any]) -> Reader[Any]:
    """An object whose string `field` says which of the readers reads it."""
    read_tag = one_of(*readers)

    def read(value: object) -> Any:
        tag = _within(field, read_tag, _mapping_of(value).get(field, MISSING))
        return readers[tag](value)

    return read


def free_object(depth: int) -> Reader[dict[str, Any]]:
    """Any JSON object, `depth` containers below the root: only the limits of 1.1 hold for it."""

    def read(value: object) -> dict[str, Any]:
        _mapping_of(value)
        _check_free(value, depth + 1)
        return value  # type: ignore[return-value]  # _mapping_of has just seen that it is one

    return read


def _check_free(value: object, depth: int) -> None:
    if isinstance(value, dict | list | Repeated):
        if depth > MAX_DEPTH:
            raise ManifestFormatError(f"nesting of at most {MAX_DEPTH} levels", "more")
        steps = enumerate(value) if isinstance(value, list) else _mapping_of(value).items()
        for step, each in steps:
            if isinstance(step, str):
                _within(step, text, step)
            _within(step, lambda inner: _check_free(inner, depth + 1), each)
    elif isinstance(value, str):
        text(value)
    elif isinstance(value, NotANumber) or (isinstance(value, float) and not math.isfinite(value)):
        raise refusal("a finite number", value)
    elif type(value) is int and abs(value) > MAX_INTEGER:
        raise refusal(f"an integer up to ±{MAX_INTEGER}", value)
