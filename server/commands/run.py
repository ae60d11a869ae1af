"""`yingbi-server run`: answers staff and players, works through the queue, does the nightly chores.

One process by default.  Refuses to start where a start would do harm: no data folder, an older
database, unsafe settings.
"""

import argparse
import contextlib
import logging
import os
import signal
import socket
from typing import Any

from command import Failed
from server.configuration import Configuration
from server.lifetime import Notifier, begin_stopping
from server.presence import present
from server.project import foreign_migrations, pending_migrations, set_up_initialised

__all__ = ["add"]

log = logging.getLogger("server.run")

#: How long the workers may take to end, in seconds; with `web.GRACE_S` less than three.
WORKER_PATIENCE_S = 0.5


def add(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "run",
        help="answer staff and screens",
        description="Answer staff and screens, prepare uploads, and do the nightly chores.",
        example="yingbi-server run",
    )
    parser.add_argument("--listen", metavar="ADDRESS", help="the address (default: web.listen)")
    parser.add_argument(
        "--port", metavar="N", type=int, help="the port; 0 is any free one (default: web.port)"
    )
    parser.add_argument(
        "--no-worker",
        action="store_true",
        help="leave uploads and chores to 'yingbi-server worker'",
    )
    parser.add_argument(
        "--socket", metavar="FD", type=int, help="answer on a socket that is open already"
    )
    parser.set_defaults(run=_run)


def _run(options: argparse.Namespace) -> int:
    configuration = set_up_initialised()
    with present(configuration.data.directory):
        return _run_on(configuration, options)


def _run_on(configuration: Configuration, options: argparse.Namespace) -> int:
    refuse_another_version()
    from server.checks import refuse_unsafe_settings

    refuse_unsafe_settings()
    background = _background(configuration) if not options.no_worker else None
    host = options.listen or configuration.web.listen
    port = configuration.web.port if options.port is None else options.port
    if configuration.web.processes > 1 and options.socket is None:
        _serve_with_several(configuration, host, port, background)
    else:
        _serve(configuration, (host, port, options.socket), background)
    return os.EX_OK


def refuse_another_version() -> None:
    """Raise `Failed` if the database is not of this version."""
    if foreign := foreign_migrations():
        sentence = f"the database is of a newer version (it has {foreign[0]}); install that version"
        raise Failed(f"{sentence}, or restore a backup from before it", os.EX_CONFIG)
    if pending := pending_migrations():
        sentence = f"the database lacks {len(pending)} migrations; run 'yingbi-server init' first"
        raise Failed(sentence, os.EX_CONFIG)


def _background(configuration: Configuration) -> Any:
    from server.background import Background
    from server.clock import SystemClock

    return Background(configuration, SystemClock())


def _serve(
    configuration: Configuration, where: tuple[str, int, int | None], background: Any
) -> None:
    from server.web import Web, uvicorn_settings

    def ready(address: str) -> None:
        if background is not None:
            background.start()
        log.info("listening on %s", address)
        Notifier().send("READY=1")

    host, port, descriptor = where
    web = Web(uvicorn_settings(configuration, host, port), ready)
    sockets = None if descriptor is None else [socket.socket(fileno=descriptor)]
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, signal.SIG_IGN)  # uvicorn raises it again when all is done
    try:
        with contextlib.suppress(SystemExit):  # uvicorn's way to say that it could not start
            web.run(sockets)
    finally:
        if background is not None and web.started:
            background.stop(WORKER_PATIENCE_S)
    if not web.started:
        raise _cannot_listen(host, port)


def _serve_with_several(
    configuration: Configuration, host: str, port: int, background: Any
) -> None:
    from server.clock import SystemClock
    from server.processes import Processes, listening

    try:
        door = listening(host, port)
    except OSError as error:
        raise _cannot_listen(host, port) from error
    with door:
        processes = Processes(door, configuration.web.processes, SystemClock())
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, processes.end_soon)
        if background is not None:
            background.start()
        try:
            if processes.wait_until_ready():
                shown = f"[{host}]" if ":" in host else host
                log.info("listening on http://%s:%d", shown, door.getsockname()[1])
                Notifier().send("READY=1")
                processes.watch()
        finally:
            Notifier().send("STOPPING=1")
            processes.end()
            if background is not None:
                begin_stopping()
                background.stop(WORKER_PATIENCE_S)


def _cannot_listen(host: str, port: int) -> Failed:
    return Failed(f"cannot listen on {host}:{port}; is it in use, or not ours?", os.EX_UNAVAILABLE)
