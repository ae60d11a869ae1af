"""Django's ASGI handler, for `server.asgi`: whatever ends a request, its body's file is closed.

Django itself closes the temporary file of a body when the request went well, or when the browser
left while it was being read.  Where the task of the request is cancelled (the process ends, the
connection breaks in a way that the web server tells by cancelling), or where sending raises, the
file stays open until the garbage collector finds it, with a ResourceWarning: one file descriptor
for each upload that breaks off.
"""

import tempfile
from contextlib import ExitStack
from contextvars import ContextVar
from typing import Any

from django import setup
from django.conf import settings
from django.core.exceptions import RequestAborted
from django.core.handlers.asgi import ASGIHandler

__all__ = ["StaffHandler", "staff_application"]

#: What is closed at the end of the request that this task answers.
_held: ContextVar[ExitStack] = ContextVar("held")


class StaffHandler(ASGIHandler):
    """Closes what a request holds, however it ends."""

    async def handle(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer one request."""
        with ExitStack() as held:
            _held.set(held)
            await super().handle(scope, receive, send)

    async def read_body(self, receive: Any) -> Any:
        """Read the whole body into memory, or a file where it is large.  Raises RequestAborted."""
        limit = settings.FILE_UPLOAD_MAX_MEMORY_SIZE
        file = tempfile.SpooledTemporaryFile(limit, mode="w+b")  # noqa: SIM115  (`handle` closes it)
        body = _held.get().enter_context(file)
        while True:
            message = await receive()
            if message["type"] == "http.disconnect":
                raise RequestAborted
            body.write(message.get("body", b""))
            if not message.get("more_body", False):
                body.seek(0)
                return body


def staff_application() -> StaffHandler:
    """Return the handler, with Django's apps set up."""
    setup(set_prefix=False)
    return StaffHandler()
