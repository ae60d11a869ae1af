"""The one door of the server: players to their own small application, all else to Django.

The interface for players answers thousands of polls a minute from memory, so it meets neither
Django's middleware nor its threads.  Both halves are made at the first request or at the lifespan's
start, whichever comes first: importing this module costs nothing but Django's settings.
"""

import json
import logging
import os
from functools import cache
from importlib import import_module
from importlib.util import find_spec

from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["application"]

log = logging.getLogger("server.web")

_HEADERS = [
    (b"content-type", b"application/json"),
    (b"cache-control", b"no-store"),
    (b"x-content-type-options", b"nosniff"),
]


async def application(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request, or start and end with the process (lifespan)."""
    if scope["type"] == "lifespan":
        await _lifespan(scope, receive, send)
    elif scope["type"] != "http":
        return  # a WebSocket: nobody here speaks that; the server closes it
    elif scope["path"] == "/health":
        await _answer(send, 200, {"status": "ok"})
    elif scope["path"].startswith("/player/"):
        await _players()(scope, receive, send)
    else:
        await _staff()(scope, receive, send)


@cache
def _staff() -> ASGIApp:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    from django.core.asgi import get_asgi_application

    application: ASGIApp = get_asgi_application()  # type: ignore[assignment]  # same protocol, other words
    return application


@cache
def _players() -> ASGIApp:
    _staff()  # Django's settings and apps must be there before any of our modules
    if find_spec("server.players") is None or find_spec("server.players.app") is None:
        return _nobody
    players: ASGIApp = import_module("server.players.app").application
    return players


async def _lifespan(scope: Scope, receive: Receive, send: Send) -> None:
    """Start both halves; the players' half may have work of its own at the start and the end."""
    players = _players()
    if players is not _nobody:
        await players(scope, receive, send)
        return
    while True:
        message = await receive()
        await send({"type": f"{message['type']}.complete"})
        if message["type"] == "lifespan.shutdown":
            return


async def _nobody(_scope: Scope, _receive: Receive, send: Send) -> None:
    message = "This server has no interface for players."
    await _answer(send, 404, {"error": {"code": "NOT_FOUND", "message": message, "details": {}}})


async def _answer(send: Send, status: int, body: object) -> None:
    await send({"type": "http.response.start", "status": status, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
