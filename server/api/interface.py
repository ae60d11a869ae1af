"""From a request to an operation and back: who asks, what was sent, what is answered.

One table of `Operation`s; `views_of` makes Django's views of it.  Bodies are decoded strictly into
msgspec structs; whatever is refused has the one JSON shape of errors (`server.responses`).
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any

import msgspec
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils import translation
from django.views.decorators.csrf import csrf_exempt
from msgspec import Struct

from server.accounts.logins import token_of
from server.accounts.models import ApiToken, Staff
from server.accounts.policy import Act
from server.api.once import once
from server.clock import SystemClock
from server.database_errors import translated
from server.errors import ApplicationError, Forbidden, Invalid, LoginRefused
from server.responses import error_response, language_of

__all__ = ["BODY_BYTES_LIMIT", "BYTES", "Call", "Operation", "views_of"]

#: The answer of an operation that answers with bytes: it returns Django's own response.
BYTES = bytes

#: The largest JSON body, in bytes.
BODY_BYTES_LIMIT = 1 << 20

_encoder = msgspec.json.Encoder()


class Call:
    """One request of a script: `actor` asks at `now`; `body` is the decoded struct, or None."""

    def __init__(self, request: HttpRequest, actor: Staff, now: datetime, body: Any) -> None:
        self.request = request
        self.actor = actor
        self.now = now
        self.body = body

    def header(self, name: str) -> str:
        """Return a header's value, or an empty text."""
        return str(self.request.headers.get(name, ""))

    @property
    def address(self) -> str:
        """Where the script runs, for the audit."""
        return str(self.request.META.get("REMOTE_ADDR") or "")

    def query(self, name: str) -> str | None:
        """Return what the query says of `name`, or None."""
        return self.request.GET.get(name)

    def chunks(self, size: int = 1 << 20) -> Iterator[bytes]:
        """Yield the raw body, piece by piece."""
        while piece := self.request.read(size):
            yield piece


class Operation(Struct, frozen=True):
    """One request of the interface: `path` is Django's, below /api/v1/.

    `body` is the struct that is sent (None: nothing, or raw bytes if `raw`), `answer` the type of
    what comes back (None: nothing, 204; `BYTES`: whatever `media` says).  `summary` says what it
    does, for the document.  `act` is the right that it takes (None: it is one's own, or everybody's
    who is let in): services ask for it, the document and the tests tell it.
    """

    method: str
    path: str
    name: str
    call: Callable[..., Any]
    summary: str
    body: Any = None
    answer: Any = None
    status: int = 200
    raw: bool = False
    act: Act | None = Act.VIEW
    parameters: tuple[Mapping[str, Any], ...] = ()
    media: str = "application/json"
    is_open: bool = False
    #: May be sent with an `Idempotency-Key` (`api.once`), which `parameters` tell.
    is_once: bool = False


def views_of(operations: Iterable[Operation]) -> list[URLPattern]:
    """Return Django's patterns, one for each path."""
    by_path: dict[str, dict[str, Operation]] = {}
    for each in operations:
        by_path.setdefault(each.path, {})[each.method] = each
    return [path(where, _view(methods)) for where, methods in by_path.items()]


def _view(methods: dict[str, Operation]) -> Callable[..., HttpResponse]:
    def view(request: HttpRequest, **arguments: Any) -> HttpResponse:
        operation = methods.get(request.method or "")
        if operation is None:
            allowed = ", ".join(sorted(methods))
            refusal = ApplicationError(
                "Use %(methods)s here.",
                values={"methods": allowed},
                code="METHOD_NOT_ALLOWED",
                status=405,
            )
            answer = error_response(request, refusal)
            answer["Allow"] = allowed
            return answer
        with translation.override(language_of(request)):
            return _answer(operation, request, arguments)

    return csrf_exempt(view)


def _answer(operation: Operation, request: HttpRequest, arguments: dict[str, Any]) -> HttpResponse:
    try:
        now = SystemClock().now()
        actor = Staff() if operation.is_open else _actor(operation, request, now)
        call = Call(request, actor, now, _body(operation, request))
        if operation.is_once:
            return once(request, actor, now, lambda: _done(operation, call, arguments))
        return _done(operation, call, arguments)
    except Exception as error:
        known = translated(error)
        if known is None:
            raise
        return error_response(request, known)


def _done(operation: Operation, call: Call, arguments: dict[str, Any]) -> HttpResponse:
    result = operation.call(call, **arguments)
    if isinstance(result, HttpResponse):
        return result
    if operation.answer is None:
        return HttpResponse(status=204)
    body = _encoder.encode(result)
    return HttpResponse(body, status=operation.status, content_type="application/json")


def _actor(operation: Operation, request: HttpRequest, now: datetime) -> Staff:
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not secret.strip():
        message = "Send the token of a member of staff: Authorization: Bearer …"
        raise LoginRefused(message, code="TOKEN_MISSING")
    token = token_of(secret.strip(), now)
    if not _is_in_scope(operation, token.scope):
        raise Forbidden(
            "This token is for less than this (%(scope)s): make one with a wider scope.",
            values={"scope": token.scope},
            code="OUT_OF_SCOPE",
        )
    return token.staff


def _is_in_scope(operation: Operation, scope: str) -> bool:
    if scope == ApiToken.Scope.READ:
        return operation.method == "GET"
    if scope == ApiToken.Scope.DATA:
        return operation.path.startswith("datasets/")
    if scope == ApiToken.Scope.CAP:
        return operation.path.startswith("cap/") and operation.name in {"cap_take", "cap_look"}
    if scope == ApiToken.Scope.NOTICES:
        return operation.path.startswith("notices/")
    return True


def _body(operation: Operation, request: HttpRequest) -> Any:
    if operation.body is None:
        return None
    length = request.headers.get("Content-Length", "0")
    if length.isdigit() and int(length) > BODY_BYTES_LIMIT:
        raise Invalid(
            "More than %(most)d bytes of JSON.",
            values={"most": BODY_BYTES_LIMIT},
            code="TOO_LARGE",
            status=413,
        )
    sent = request.body or b"{}"
    if rb"\u0000" in sent:
        raise Invalid("A text holds the character NUL: leave it out.", code="MALFORMED")
    try:
        return msgspec.json.decode(sent, type=operation.body, strict=True)
    except (msgspec.ValidationError, msgspec.DecodeError, UnicodeDecodeError) as error:
        raise Invalid(
            "The body is not what this request takes: %(why)s.",
            values={"why": error},
            code="MALFORMED",
        ) from error
