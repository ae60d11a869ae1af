"""From a path to its endpoint, and from whatever an endpoint raises to the one shape of errors.

The table of operations is what is served and what `/openapi.json` describes.
"""

import logging
from collections.abc import Awaitable, Callable, Iterable

from msgspec import Struct

from server.database_errors import translated
from server.errors import ApplicationError, NotFound
from server.players.errors import MethodNotAllowed
from server.players.exchange import Answer, Exchange, Receive, Scope, Send, error_answer

__all__ = ["PREFIX", "Endpoint", "Interface", "Operation"]

#: Where the interface stands on the server.
PREFIX = "/player/v1"

Endpoint = Callable[[Exchange], Awaitable[Answer | None]]

_log = logging.getLogger("server.players")


class Operation(Struct, frozen=True):
    """One request of the interface.  `path` is below `PREFIX`, and may end with `/{name}`."""

    method: str
    path: str
    endpoint: Endpoint


class Interface:
    """The ASGI application over a table of operations."""

    def __init__(self, operations: Iterable[Operation]) -> None:
        self._exact: dict[str, dict[str, Endpoint]] = {}
        self._below: dict[str, dict[str, Endpoint]] = {}
        for each in operations:
            head, _, last = each.path.rpartition("/")
            if last.startswith("{"):
                methods = self._below.setdefault(PREFIX + head, {})
            else:
                methods = self._exact.setdefault(PREFIX + each.path, {})
            methods[each.method] = each.endpoint
            if each.method == "GET":
                methods["HEAD"] = each.endpoint

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        exchange = Exchange(scope, receive, send)
        try:
            answer = await self._endpoint(exchange)(exchange)
        except Exception as error:
            if exchange.started:
                raise  # the connection is cut: that is how the box learns of it
            answer = _refusal(exchange, error)
        if answer is not None:
            await answer.send(send)

    def _endpoint(self, exchange: Exchange) -> Endpoint:
        path = exchange.scope["path"]
        methods = self._exact.get(path)
        if methods is None:
            head, _, exchange.argument = path.rpartition("/")
            methods = self._below.get(head)
            if methods is None or not exchange.argument:
                raise NotFound("There is nothing here: see /player/v1/openapi.json.")
        endpoint = methods.get(exchange.method)
        if endpoint is None:
            allowed = ", ".join(sorted(methods))
            raise MethodNotAllowed(
                "Use %(methods)s here.",
                values={"methods": allowed},
                details={"allow": sorted(methods)},
            )
        return endpoint


def _refusal(exchange: Exchange, error: Exception) -> Answer:
    known = translated(error)
    if known is None:
        _log.exception("%s %s failed", exchange.method, exchange.scope["path"], exc_info=error)
        message = "Something went wrong here; it is in the server's log. Try again."
        known = ApplicationError(message, code="SERVER_ERROR", status=500, retry_after_s=60)
    headers = []
    if "allow" in known.details:
        headers.append((b"allow", ", ".join(known.details["allow"]).encode()))
    if known.http_status == 416:
        headers.append((b"content-range", b"bytes */%d" % known.details["bytes"]))
    return error_answer(known, *headers)
