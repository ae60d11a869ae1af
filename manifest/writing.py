"""Values to the JSON that we publish: one way to write each value, so equal values are equal bytes.

For the codecs of this package.
"""

import base64
from datetime import date, datetime
from functools import lru_cache
from typing import Any

import msgspec
from msgspec import NODEFAULT, Struct, structs

from manifest import times

__all__ = ["to_json"]

#: A document says its format even where the model has a default for it.
_ALWAYS = {"format"}


def to_json(value: Struct) -> bytes:
    """`value` as compact JSON: fields in their order, keys of maps sorted, defaults left out."""
    return msgspec.json.encode(_plain(value))


def _plain(value: object) -> Any:
    if value is None or isinstance(value, str | int | float):
        return value
    match value:
        case Struct():
            return _plain_record(value)
        case dict():
            return {key: _plain(value[key]) for key in sorted(value)}
        case list() | tuple():
            return [_plain(each) for each in value]
        case frozenset():
            return sorted(_plain(each) for each in value)
        case bytes():
            return base64.b64encode(value).decode()
        case datetime():
            return times.write(value)
        case date():
            return value.isoformat()
        case _:
            return value


#: The default of a field that is written in any case: nothing is equal to it.
_NONE = object()


@lru_cache(maxsize=64)
def _fields(kind: type[Struct]) -> tuple[tuple[str, str, object], ...]:
    """Of each field: its name, how it is written, and with which value it is left out."""
    return tuple((each.name, each.encode_name, _left_out(each)) for each in structs.fields(kind))


def _left_out(field: structs.FieldInfo) -> object:
    if field.name in _ALWAYS:
        return _NONE
    if field.default_factory is not NODEFAULT:
        return field.default_factory()
    return _NONE if field.default is NODEFAULT else field.default


def _plain_record(value: Struct) -> dict[str, Any]:
    config = value.__struct_config__
    found: dict[str, Any] = {config.tag_field: config.tag} if config.tag_field else {}
    for name, written, left_out in _fields(type(value)):
        field = getattr(value, name)
        if field != left_out:
            found[written] = _plain(field)
    return found
