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


@lru_cache(maxsize=64)
def _fields(kind: type[Struct]) -> tuple[structs.FieldInfo, ...]:
    return structs.fields(kind)


def _plain_record(value: Struct) -> dict[str, Any]:
    config = value.__struct_config__
    found: dict[str, Any] = {config.tag_field: config.tag} if config.tag_field else {}
    for each in _fields(type(value)):
        field = getattr(value, each.name)
        default = each.default if each.default_factory is NODEFAULT else each.default_factory()
        if each.name in _ALWAYS or default is NODEFAULT or field != default:
            found[each.encode_name] = _plain(field)
    return found
