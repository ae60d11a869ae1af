"""The table of operations: what is served below /api/v1/, and what its document tells.

Every operation names the right that it takes; tests go through the table, role by role.
"""

import re
from functools import cache
from typing import Any

from msgspec import structs

from server.api import (
    assets,
    audits,
    authored,
    calendar,
    caps,
    commands,
    dataset_origins,
    dataset_rows,
    datasets,
    departments,
    emergencies,
    entries,
    layouts,
    notices,
    people,
    places,
    playlists,
    previews,
    publishing,
    reports,
    screens,
    submissions,
    sums,
    tags,
    takeovers,
    timelines,
    uploads,
    watching,
    webpages,
)
from server.api.interface import BYTES, Call, Operation
from server.openapi import Described, document

__all__ = ["BASE", "OPERATIONS"]

#: Where the interface stands on the server.
BASE = "/api/v1"

_ABOUT = (
    "The interface of Yingbi for scripts.  Send the token of a member of staff (made with"
    " `yingbi-server user token`): what they may do, the script may do.  What is out of reach is"
    ' answered 404, as if it were not there.  Errors are `{"error": {code, message, details}}`.  A'
    " change says the `version` that was read; if somebody else was faster it is refused with 409"
    " `CONFLICT`, and `details` say what is different."
)

_PARAMETER = re.compile(r"<(\w+):(\w+)>")
_KINDS: dict[str, dict[str, Any]] = {
    "int": {"type": "integer", "minimum": 1, "maximum": (1 << 63) - 1},
    "uuid": {"type": "string", "format": "uuid"},
    "slug": {"type": "string", "pattern": "^[-a-zA-Z0-9_]{1,60}$"},
}


def _described(each: Operation) -> Described:
    kinds = {name: _KINDS[kind] for kind, name in _PARAMETER.findall(each.path)}
    return Described(
        method=each.method,
        path="/" + _PARAMETER.sub(r"{\2}", each.path),
        name=each.name,
        summary=each.summary,
        body=bytes if each.raw else each.body,
        body_media="application/octet-stream" if each.raw else "application/json",
        answer=bytes if each.answer is BYTES else each.answer,
        answer_media=each.media,
        status=each.status,
        parameters=each.parameters,
        path_parameters=kinds,
        is_open=each.is_open,
        # No bytes are some, too: the operation says what it makes of none.
        is_body_optional=each.raw or _is_optional(each.body),
    )


def _is_optional(body: Any) -> bool:
    """May a body be left out?  One of which every field has a default is read as `{}`."""
    return body is not None and not any(field.required for field in structs.fields(body))


def _tell(_call: Call) -> dict[str, Any]:
    """The document of this interface."""
    return _document()


@cache
def _document() -> dict[str, Any]:
    served = [each for each in OPERATIONS if each.call is not _tell]
    return document(
        title="Yingbi: the interface for scripts",
        base=BASE,
        about=_ABOUT,
        operations=[_described(each) for each in served],
    )


OPERATIONS: tuple[Operation, ...] = (
    *uploads.OPERATIONS,
    *assets.OPERATIONS,
    *authored.OPERATIONS,
    *notices.OPERATIONS,
    *datasets.OPERATIONS,
    *dataset_rows.OPERATIONS,
    *dataset_origins.OPERATIONS,
    *webpages.OPERATIONS,
    *tags.OPERATIONS,
    *playlists.OPERATIONS,
    *layouts.OPERATIONS,
    *entries.OPERATIONS,
    *takeovers.OPERATIONS,
    *emergencies.OPERATIONS,
    *caps.OPERATIONS,
    *calendar.OPERATIONS,
    *screens.OPERATIONS,
    *commands.OPERATIONS,
    *previews.OPERATIONS,
    *timelines.OPERATIONS,
    *departments.OPERATIONS,
    *places.OPERATIONS,
    *watching.OPERATIONS,
    *people.OPERATIONS,
    *submissions.OPERATIONS,
    *publishing.OPERATIONS,
    *reports.OPERATIONS,
    *sums.OPERATIONS,
    *audits.OPERATIONS,
    Operation("GET", "openapi.json", "openapi", _tell, "The document of this interface",
              answer=dict[str, Any], act=None, is_open=True),
)  # fmt: skip
