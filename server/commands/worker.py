"""`yingbi-server worker`: works through the queue and does the chores, and answers nobody.

For servers of several processes or machines, beside `yingbi-server run --no-worker`.
"""

import argparse
import logging
import os
import signal
import threading
from typing import Any

from server.configuration import Configuration
from server.lifetime import Notifier, begin_stopping
from server.presence import present
from server.project import set_up_initialised

__all__ = ["add"]

log = logging.getLogger("server.run")

#: How long tasks and chores at hand may take to end, in seconds.
PATIENCE_S = 1.0


def add(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "worker",
        help="prepare uploads and do the chores, and answer nobody",
        description="Prepare uploads and do the chores, beside 'yingbi-server run --no-worker'.",
        example="yingbi-server worker",
    )
    parser.set_defaults(run=_worker)


def _worker(_options: argparse.Namespace) -> int:
    configuration = set_up_initialised()
    with present(configuration.data.directory):
        return _work(configuration)


def _work(configuration: Configuration) -> int:
    from server.background import Background
    from server.clock import SystemClock
    from server.commands.run import refuse_another_version

    refuse_another_version()
    told_to_end = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: told_to_end.set())
    background = Background(configuration, SystemClock())
    background.start()
    log.info("working")
    Notifier().send("READY=1")
    told_to_end.wait()
    Notifier().send("STOPPING=1")
    begin_stopping()
    background.stop(PATIENCE_S)
    return os.EX_OK
