"""Why a card's data does not fit, said to the editor who wrote it.

Turns msgspec's sentences, which speak of types, into ours, which say what to change.  Pure.
"""

import json
import re
from collections.abc import Callable
from typing import Any, get_args, get_type_hints

from msgspec import Struct, ValidationError, structs

__all__ = ["quoted", "refusal"]

#: msgspec ends its sentence with the place of the value.
_PLACE = re.compile(r"(?P<what>.*?)(?: - at `\$(?P<place>.*)`)?", re.DOTALL)
_STEP = re.compile(r"\.([A-Za-z_]\w*)|\[(\d+)\]")

_TYPES = {"str": "text", "array": "a list", "object": "fields by name", "float": "a number"}

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


def _too_long(match: re.Match[str], value: Any, _shape: type[Struct], _place: str) -> str:
    unit = "characters" if isinstance(value, str) else "entries"
    return f"{len(value):,} {unit}, at most {int(match[1]):,}; shorten it"


def _out_of_range(match: re.Match[str], value: Any, _shape: type[Struct], _place: str) -> str:
    bound = "at least" if match[1] == ">=" else "at most"
    return f"{value:g} is out of range; {bound} {float(match[2]):g}"


def _none_of(_match: re.Match[str], value: Any, shape: type[Struct], place: str) -> str:
    allowed = get_args(get_type_hints(shape)[place.removeprefix(".")])
    return f"{quoted(value)} is none of {', '.join(allowed)}"


def _wrong_type(match: re.Match[str], value: Any, _shape: type[Struct], _place: str) -> str:
    expected = " or ".join(
        _TYPES.get(name, name) for name in match[1].split(" | ") if name != "null"
    )
    return f"expected {expected}, got {quoted(value)}"


def _missing(match: re.Match[str], _value: Any, _shape: type[Struct], _place: str) -> str:
    return f"{match[1]} is missing"


def _unknown(match: re.Match[str], _value: Any, shape: type[Struct], _place: str) -> str:
    known = ", ".join(field.name for field in structs.fields(shape))
    return f"there is no {match[1]}; there are {known}"


def _no_date(_match: re.Match[str], value: Any, _shape: type[Struct], _place: str) -> str:
    return f"{quoted(value)} is no date; write it like 2026-11-22"


def quoted(value: Any) -> str:
    """What an editor wrote, as JSON has it, at most 40 characters."""
    return json.dumps(value, ensure_ascii=False, default=str)[:40]


_REASONS: dict[str, _Reason] = {
    r"Expected `(?:str|array)` of length <= (\d+)": _too_long,
    r"Expected `float` (>=|<=) ([\d.]+)": _out_of_range,
    r"Invalid enum value .*": _none_of,
    r"Expected `([^`]+)`, got `[^`]+`": _wrong_type,
    r"Object missing required field `(\w+)`": _missing,
    r"Object contains unknown field `(.*)`": _unknown,
    r"Invalid RFC3339 encoded date": _no_date,
}
