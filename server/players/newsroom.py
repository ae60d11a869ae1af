"""Hears the word that something changed (`server.news`), from this process and from others.

PostgreSQL: LISTEN, on a connection of its own that is made anew when it breaks.  SQLite: the
database's `data_version`, looked at several times a second, which costs no lock and writes nothing.
Either may miss a word while it is down, so every `SLOW_S` one is made up: whoever hears it only
looks whether something changed.
"""

import asyncio
import contextlib
import logging
import sqlite3
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.db import connection

from server import news

__all__ = ["Newsroom"]

#: How often SQLite is looked at, in seconds.
LOOK_S = 0.1

#: How often there is a word without a cause, in seconds.
SLOW_S = 10.0

#: How long a listener waits before it tries again after a failure, in seconds.
AGAIN_S = 1.0

_log = logging.getLogger("server.players")


class Newsroom:
    """Calls `hear` in the event loop whenever something may have changed."""

    def __init__(self, hear: Callable[[], None]) -> None:
        self._hear = hear
        self._tasks: list[asyncio.Task[None]] = []
        self._end_here: Callable[[], None] = lambda: None
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begin, in the event loop."""
        loop = asyncio.get_running_loop()
        self._end_here = news.listen(lambda: _soon(loop, self._hear))
        self._tasks.append(asyncio.create_task(self._make_up()))
        if connection.vendor == "postgresql":
            self._tasks.append(asyncio.create_task(self._listen()))
        else:
            file = Path(connection.settings_dict["NAME"])
            arguments = (file, self._stop, lambda: _soon(loop, self._hear))
            self._thread = threading.Thread(
                target=_watch, args=arguments, name="players-news", daemon=True
            )
            self._thread.start()

    async def close(self) -> None:
        """End."""
        self._end_here()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._stop.set()
        if self._thread is not None:
            await asyncio.to_thread(self._thread.join)

    async def _make_up(self) -> None:
        while True:
            self._hear()
            await asyncio.sleep(SLOW_S)

    async def _listen(self) -> None:
        """PostgreSQL's notifications, for ever."""
        import psycopg  # late: with SQLite nobody needs it

        down = False
        while True:
            try:
                async with await psycopg.AsyncConnection.connect(**_parameters()) as line:
                    await line.execute(f"LISTEN {news.CHANNEL}".encode())
                    if down:
                        _log.info("the database's notifications are back")
                    down = False
                    self._hear()  # what was said while nobody listened
                    async for _notify in line.notifies():
                        self._hear()
            except psycopg.Error as error:
                if not down:
                    _log.warning("the database's notifications broke off: %s", error)
                down = True
            await asyncio.sleep(AGAIN_S)


def _parameters() -> dict[str, Any]:
    """How Django connects, without what is Django's own."""
    django_s = {"context", "cursor_factory", "prepare_threshold"}
    found = connection.get_connection_params()
    return {key: value for key, value in found.items() if key not in django_s} | {
        "autocommit": True
    }


def _watch(file: Path, stop: threading.Event, changed: Callable[[], None]) -> None:
    """SQLite's `data_version`, until `stop`; a database that is gone is opened again."""
    while not stop.is_set():
        with contextlib.suppress(sqlite3.Error):
            _watch_one(file, stop, changed)
        changed()
        stop.wait(AGAIN_S)


def _watch_one(file: Path, stop: threading.Event, changed: Callable[[], None]) -> None:
    address = f"file:{quote(str(file))}?mode=ro"
    with contextlib.closing(sqlite3.connect(address, uri=True, timeout=1.0)) as line:
        before = None
        while not stop.wait(LOOK_S):
            (version,) = line.execute("PRAGMA data_version").fetchone()
            if version != before:
                before = version
                changed()


def _soon(loop: asyncio.AbstractEventLoop, hear: Callable[[], None]) -> None:
    with contextlib.suppress(RuntimeError):  # the loop has ended: nobody is there to hear
        loop.call_soon_threadsafe(hear)
