"""The one door of the server: players to their own small application, all else to Django.

The interface for players answers thousands of polls a minute from memory, so it meets neither
Django's middleware nor its threads.  Both halves are made at the first request or at the lifespan's
start, whichever comes first: importing this module costs nothing but Django's settings.
"""

import json
import logging
import os
from functools import cache

from server.players.exchange import Application, Receive, Scope, Send

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
        await _players()(scope, receive, send)  # which has work of its own at start and end
    elif scope["type"] != "http":
        return  # a WebSocket: nobody here speaks that; the server closes it
    elif scope["path"] == "/health":
        await _answer(send, 200, {"status": "ok"})
    elif scope["path"].startswith("/player/"):
        await _players()(scope, receive, send)
    else:
        await _staff()(scope, receive, send)


@cache
def _staff() -> Application:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "server.settings")
    from server.staff_handler import staff_application

    return staff_application()  # type: ignore[return-value]  # same protocol, other words


@cache
def _players() -> Application:
    _staff()  # Django's settings and apps must be there before any of our modules
    from server.players.app import application as players

    return players


async def _answer(send: Send, status: int, body: object) -> None:
    await send({"type": "http.response.start", "status": status, "headers": _HEADERS})
    await send({"type": "http.response.body", "body": json.dumps(body).encode()})
