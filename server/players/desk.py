"""The threads in which the interface for players talks to the database; nobody else does there.

An event loop must never wait for a database.  A `Desk` takes a function and its arguments, runs it
in one of its threads, and hands back what it returned.  A database that fails is one sentence for
the caller: `Unavailable`, with the seconds after which it is worth trying again.
"""

import asyncio
import itertools
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection

from server.database_errors import translated
from server.errors import Unavailable

__all__ = ["RETRY_AFTER_S", "Desk", "database_errors"]

#: When a box should try again after the database failed.
RETRY_AFTER_S = 15

P = ParamSpec("P")
R = TypeVar("R")

_log = logging.getLogger(__name__)


class Desk:
    """`threads` threads (named after `name`), each with a database connection of its own."""

    def __init__(self, name: str, threads: int = 1) -> None:
        self._threads = [
            ThreadPoolExecutor(1, thread_name_prefix=f"{name}-{number}")
            for number in range(threads)
        ]
        self._next = itertools.cycle(self._threads)

    async def ask(self, work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """What `work` returns.  Raises what it raises; for the database's errors, `Unavailable`."""
        loop = asyncio.get_running_loop()
        call = lambda: database_errors(work, *args, **kwargs)  # noqa: E731
        return await loop.run_in_executor(next(self._next), call)

    async def close(self) -> None:
        """Close the connections, and end the threads; what was begun is finished first."""
        loop = asyncio.get_running_loop()
        for thread in self._threads:
            await loop.run_in_executor(thread, _close_connection)
            await asyncio.to_thread(thread.shutdown)


def database_errors(work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run `work` in this thread; a connection that failed is closed, and the next one is new."""
    try:
        return work(*args, **kwargs)
    except (OperationalError, InterfaceError) as error:
        connection.close()
        known = translated(error)
        _log.info("the database failed: %s", error)
        why = known.message if known else "The database does not answer: try again later."
        raise Unavailable(why, retry_after_s=RETRY_AFTER_S) from error


def _close_connection() -> None:
    connection.close()  # looked up in this thread: each has its own
