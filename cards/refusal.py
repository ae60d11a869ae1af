"""Why a card's data does not fit, said to the editor who wrote it.

Turns msgspec's sentences, which speak of types, into ours, which say what to change.  Pure.
"""

import json
import re
from collections.abc import Callable
from types import UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from msgspec import Struct, ValidationError, structs

__all__ = ["quoted", "refusal"]

#: msgspec ends its sentence with the place of the value.
_PLACE = re.compile(r"(?P<what>.*?)(?: - at `\$(?P<place>.*)`)?", re.DOTALL)
_STEP = re.compile(r"\.([A-Za-z_]\w*)|\[(\d+)\]")

_TYPES = {"str": "text", "array": "a list", "object": "fields by name", "float": "a number",
          "int": "a whole number", "bool": "yes or no"}  # fmt: skip

_Reason = Callable[[re.Match[str], Any, type[Struct], str], str]


def refusal(error: ValidationError, data: dict[str, Any], shape: type[Struct]) -> str:
    """Return one sentence: where in `data`, what is wrong, what `shape` allows."""
    found = _PLACE.fullmatch(str(error))
    assert found is not None, "both groups may be empty: it always matches"
    place = found["place"] or ""
    for pattern, reason in _REASONS.items():
        if match := re.fullmatch(pattern, found["what"]):
            return f"data{place}: {reason(match, _value_at(data, place), shape, place)}"
    return f"data{place}: {found['what'][:1].lower()}{found['what'][1:]}"


def _value_at(data: Any, place: str) -> Any:
    for name, index in _STEP.findall(place):
        data = data[name] if name else data[int(index)]
    return data


def _type_at(shape: type[Struct], place: str) -> Any:
    """The type of the field at `place`; rows of a list are of the list's type."""
    found: Any = shape
    for name, _index in _STEP.findall(place):
        found = _bare(get_type_hints(found)[name] if name else get_args(found)[0])
    return found


def _bare(hint: Any) -> Any:
    """A type without what else it may be: nothing."""
    kept = [each for each in get_args(hint) if each is not type(None)]
    return kept[0] if get_origin(hint) in (Union, UnionType) and len(kept) == 1 else hint


def _too_long(match: re.Match[str], value: Any, _shape: type[Struct], _place: str) -> str:
    unit = "characters" if isinstance(value, str) else "entries"
    return f"{len(value):,} {unit}, at most {int(match[1]):,}; shorten it"


def _too_short(_match: re.Match[str], _value: Any, _shape: type[Struct], _place: str) -> str:
    return "empty; write something"


def _out_of_range(match: re.Match[str], value: Any, _shape: type[Struct], _place: str) -> str:
    bound = "at least" if match[1] == ">=" else "at most"
    return f"{value:g} is out of range; {bound} {float(match[2]):g}"


def _none_of(_match: re.Match[str], value: Any, shape: type[Struct], place: str) -> str:
    allowed = get_args(_type_at(shape, place))
    return f"{quoted(value)} is none of {', '.join(allowed)}"


def _wrong_type(match: re.Match[str], value: Any, _shape: type[Struct], _place: str) -> str:
    expected = " or ".join(
        _TYPES.get(name, name) for name in match[1].split(" | ") if name != "null"
    )
    return f"expected {expected}, got {quoted(value)}"


def _missing(match: re.Match[str], _value: Any, _shape: type[Struct], _place: str) -> str:
    return f"{match[1]} is missing"


def _unknown(match: re.Match[str], _value: Any, shape: type[Struct], place: str) -> str:
    known = ", ".join(field.name for field in structs.fields(_type_at(shape, place)))
    return f"there is no {match[1]}; there are {known}"


def _no_date(_match: re.Match[str], value: Any, _shape: type[Struct], _place: str) -> str:
    return f"{quoted(value)} is no date; write it like 2026-11-22"


def quoted(value: Any) -> str:
    """What an editor wrote, as JSON has it, at most 40 characters."""
    return json.dumps(value, ensure_ascii=False, default=str)[:40]


_REASONS: dict[str, _Reason] = {
    r"Expected `(?:str|array)` of length <= (\d+)": _too_long,
    r"Expected `(?:str|array)` of length >= 1": _too_short,
    r"Expected `(?:float|int)` (>=|<=) ([\d.]+)": _out_of_range,
    r"Invalid enum value .*": _none_of,
    r"Expected `([^`]+)`, got `[^`]+`": _wrong_type,
    r"Object missing required field `(\w+)`": _missing,
    r"Object contains unknown field `(.*)`": _unknown,
    r"Invalid RFC3339 encoded date": _no_date,
}
