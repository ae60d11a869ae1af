"""`yingbi-agent`: keeps the content of a box current, and reports.

Composition root.  Exit statuses: 0 done, 64 usage, 65 a document was refused, 69 not paired yet or
the server cannot be reached, 74 the disk, 75 another agent runs or something is left to fetch,
78 the settings name no server.
"""

import json
import logging
import os
import signal
import sys
import threading
from argparse import Namespace
from collections.abc import Sequence
from pathlib import Path

from command import CommandParser, Failed, run
from config.loader import DEFAULT_PATH, load_for_player
from config.model import PlayerSettings
from content_cache.disk import RealDisk
from content_cache.errors import CacheLocked, StorageError
from content_cache.fetch_errors import FetchError
from content_cache.lock import exclusive
from content_cache.outcome import Ending, SyncOutcome
from player.agent.app import Agent, Ports
from player.agent.log_tail import LogTail
from player.agent.secrecy import Redacting, Secrets
from player.agent.status import as_json, as_text
from player.agent.threads import service_of

__all__ = ["main"]

PROG = "yingbi-agent"

_STATUSES: dict[type[Exception], int] = {
    CacheLocked: os.EX_TEMPFAIL,
    StorageError: os.EX_IOERR,
    FetchError: os.EX_CONFIG,  # outside a pass: the CA file
}

_ENDED_WITH: dict[Ending, int] = {
    Ending.ACTIVATED: os.EX_OK,
    Ending.UNCHANGED: os.EX_OK,
    Ending.DEFERRED: os.EX_TEMPFAIL,
    Ending.INCOMPLETE: os.EX_TEMPFAIL,
    Ending.CANCELLED: os.EX_TEMPFAIL,
    Ending.UNREACHED: os.EX_UNAVAILABLE,
    Ending.REFUSED: os.EX_DATAERR,
    Ending.STORAGE_FAILED: os.EX_IOERR,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; see docs/commands.md for its flags and exit statuses."""
    return run(PROG, _command, arguments, _STATUSES)


def _command(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    loaded = load_for_player(options.config, None)
    settings = loaded.settings
    if options.command == "status":
        return _status(settings, options)
    hidden = Secrets([settings.server.enrolment_key])
    tail = _start_log(settings.log.level, hidden)
    for problem in loaded.problems:
        level = logging.ERROR if problem.is_error else logging.WARNING
        logging.getLogger("agent.settings").log(level, "%s", problem)
    if not settings.server.urls:
        raise Failed(
            f"server.urls in {options.config} names no server: nothing to do", os.EX_CONFIG
        )
    return _keep_current(settings, options, hidden, tail)


def _parser() -> CommandParser:
    parser = CommandParser(
        PROG,
        "Keep the content of this box current, and report how it is.",
        "yingbi-agent --once",
    )
    parser.add_argument(
        "--config",
        metavar="FILE",
        type=Path,
        default=DEFAULT_PATH,
        help=f"the box's settings (default: {DEFAULT_PATH})",
    )
    parser.add_argument("--once", action="store_true", help="make one round, then end")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    status = commands.add_parser(
        "status",
        help="say how this box is: paired, link, generation, disk, faults",
        description="Say how this box is; needs neither the server nor a running agent.",
        example=f"{PROG} status",
    )
    status.add_argument("--json", action="store_true", help="print JSON, for programs")
    return parser


def _status(settings: PlayerSettings, options: Namespace) -> int:
    if options.json:
        print(json.dumps(as_json(settings, RealDisk()), ensure_ascii=False, indent=2))
    else:
        print("\n".join(as_text(settings, RealDisk())))
    return os.EX_OK


def _start_log(level: str, hidden: Secrets) -> LogTail:
    """Write to stderr, which is the journal of a service, and keep the end for whoever asks."""
    handlers: list[tuple[logging.Handler, str]] = [
        (logging.StreamHandler(), "%(levelname)s %(name)s: %(message)s"),
        (tail := LogTail(), "%(asctime)s %(levelname)s %(name)s: %(message)s"),
    ]
    for handler, line in handlers:
        handler.setFormatter(Redacting(logging.Formatter(line), hidden))
    logging.basicConfig(handlers=[handler for handler, _line in handlers])
    logging.getLogger().setLevel(level.upper())
    logging.getLogger("urllib3").setLevel(logging.ERROR)
    return tail


def _keep_current(
    settings: PlayerSettings, options: Namespace, hidden: Secrets, tail: LogTail
) -> int:
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    ports = Ports(stop, wait=stop.wait)
    with exclusive(settings.cache.directory, ports.disk, PROG):
        try:
            agent = Agent(settings, ports, hidden, tail)
            agent.connect(None).close()
        except ValueError as error:  # an address that is none, or that would send the token clear
            raise Failed(str(error), os.EX_CONFIG) from error
        if options.once:
            return _once(agent, stop)
        if not service_of(agent, stop).run():
            logging.shutdown()
            os._exit(os.EX_OK)  # what hangs would keep the interpreter for ever
        agent.close()
    return os.EX_OK


def _once(agent: Agent, stop: threading.Event) -> int:
    """One round, and everything that waits to be reported."""
    _wait_s, outcome = agent.round(stop)
    agent.tell_once()
    agent.close()
    return _tell(agent, outcome)


def _tell(agent: Agent, outcome: SyncOutcome | None) -> int:
    if outcome is None:
        code = agent.board.now.code
        shown = f": pairing code {code}" if code else ""
        raise Failed(f"this box is not paired yet{shown}", os.EX_UNAVAILABLE)
    print(outcome)
    return _ENDED_WITH[outcome.ending]


if __name__ == "__main__":
    sys.exit(main())
