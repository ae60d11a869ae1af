"""OpenAPI 3.1 documents from tables of operations: the types that decode are the types described.

Used by every JSON interface of the server; knows nothing of any of them.
"""

import re
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from typing import Any

import msgspec
from msgspec import Struct

__all__ = ["ERROR_SCHEMA", "Described", "document"]

_PARAMETER = re.compile(r"{(\w+)}")

#: The one shape of errors (server.errors.ApplicationError.as_json).
ERROR_SCHEMA: Mapping[str, Any] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["code", "message", "details"],
            "properties": {
                "code": {"type": "string", "description": "For programs: UPPER_SNAKE."},
                "message": {"type": "string", "description": "One sentence: what, and what to do."},
                "details": {"type": "object"},
            },
        }
    },
}


class Described(Struct, frozen=True, kw_only=True):
    """One operation as the document tells it.  `path` has its parameters in braces.

    `body` and `answer` are types (None: none); `body_media` and `answer_media` their media types, a
    type that is not JSON being raw bytes.  `parameters` are OpenAPI's own objects for queries and
    headers; `answers` are further statuses with their descriptions.  A body of which every field
    has a default may be left out (`is_body_optional`).
    """

    method: str
    path: str
    name: str
    summary: str
    body: Any = None
    body_media: str = "application/json"
    answer: Any = None
    answer_media: str = "application/json"
    status: int = 200
    parameters: tuple[Mapping[str, Any], ...] = ()
    path_parameters: Mapping[str, Mapping[str, Any]] = {}
    answers: Mapping[str, Any] = {}
    is_open: bool = False
    is_body_optional: bool = False


def document(
    *,
    title: str,
    base: str,
    about: str,
    operations: Iterable[Described],
    further: Iterable[Any] = (),
) -> dict[str, Any]:
    """Return the document of an interface whose paths stand below `base`.

    `further` are types that it describes although no body or answer is one of them.
    """
    table = list(operations)
    types = [each for one in table for each in (one.body, one.answer) if _is_json(each)]
    types.extend(further)
    shapes, components = msgspec.json.schema_components(
        types, ref_template="#/components/schemas/{name}"
    )
    by_type = dict(zip(map(repr, types), shapes, strict=True))
    paths: dict[str, dict[str, Any]] = {}
    for each in table:
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, by_type)
    return {
        "openapi": "3.1.0",
        "info": {"title": title, "version": version("yingbi"), "description": about},
        "servers": [{"url": base}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": {**components, "Error": ERROR_SCHEMA},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
            "responses": {
                "Error": {
                    "description": "Refused; the sentence says why and what to do.",
                    "content": {
                        "application/json": {"schema": {"$ref": "#/components/schemas/Error"}}
                    },
                }
            },
        },
    }


def _is_json(kind: Any) -> bool:
    return kind is not None and kind is not bytes


def _operation(each: Described, shapes: Mapping[str, Any]) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": each.name,
        "summary": each.summary,
        "responses": {
            **_answers(each, shapes),
            "default": {"$ref": "#/components/responses/Error"},
        },
    }
    named = [
        {
            "name": name,
            "in": "path",
            "required": True,
            "schema": dict(each.path_parameters.get(name, {"type": "string"})),
        }
        for name in _PARAMETER.findall(each.path)
    ]
    if named or each.parameters:
        told["parameters"] = [*named, *map(dict, each.parameters)]
    if each.body is not None:
        told["requestBody"] = {
            "required": not each.is_body_optional,
            "content": {each.body_media: {"schema": _schema(each.body, shapes)}},
        }
    if each.is_open:
        told["security"] = []
    return told


def _answers(each: Described, shapes: Mapping[str, Any]) -> dict[str, Any]:
    further = dict(each.answers)
    if each.answer is None:
        return {str(204 if each.status == 200 else each.status): {"description": "Done."}} | further
    content = {each.answer_media: {"schema": _schema(each.answer, shapes)}}
    return {str(each.status): {"description": each.summary, "content": content}} | further


def _schema(kind: Any, shapes: Mapping[str, Any]) -> Any:
    return {"type": "string", "format": "binary"} if kind is bytes else shapes[repr(kind)]
