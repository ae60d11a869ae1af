"""A request that breaks off leaves no open file, whichever way it breaks off."""

import asyncio
import gc
import tempfile
import warnings

import pytest
from django.core.handlers.asgi import ASGIHandler

from server.staff_handler import StaffHandler

SCOPE = {"type": "http", "method": "POST", "path": "/", "headers": [], "query_string": b""}
#: More than stays in memory: from here on a body is a file.
LARGE = {"type": "http.request", "body": b"x" * 3_000_000, "more_body": True}
GONE = {"type": "http.disconnect"}


@pytest.fixture
def bodies(monkeypatch):
    """Every temporary file that a handler makes."""
    made = []
    real = tempfile.SpooledTemporaryFile

    def noted(*arguments, **named):
        made.append(real(*arguments, **named))
        return made[-1]

    monkeypatch.setattr(tempfile, "SpooledTemporaryFile", noted)
    return made


def sends(*messages, silent=None):
    """What the browser sends, and then nothing any more: `silent` is set."""
    waiting = list(messages)

    async def receive():
        if waiting:
            return waiting.pop(0)
        if silent is not None:
            silent.set()
        return await asyncio.Event().wait()

    return receive


async def send(_message):
    raise ConnectionResetError


async def cancelled(handler):
    """The task of a request is cancelled when its body has become a file."""
    silent = asyncio.Event()
    task = asyncio.create_task(handler.handle(SCOPE, sends(LARGE, silent=silent), send))
    await silent.wait()
    task.cancel()
    await asyncio.wait([task])


def test_a_request_that_is_cancelled_in_the_middle_leaves_no_file(bodies):
    asyncio.run(cancelled(StaffHandler()))
    assert [each.closed for each in bodies] == [True]


def test_a_browser_that_leaves_in_the_middle_leaves_no_file(bodies):
    asyncio.run(StaffHandler().handle(SCOPE, sends(LARGE, GONE), send))
    assert [each.closed for each in bodies] == [True]


def test_the_handler_of_django_itself_would_be_seen_to_leave_one(bodies):
    asyncio.run(cancelled(ASGIHandler()))
    (body,) = bodies
    assert not body.closed
    with warnings.catch_warnings(record=True):
        body.close()
        gc.collect()
