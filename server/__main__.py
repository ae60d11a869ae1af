"""`yingbi-server`: the content server, from its first start to its restored backup.

Composition root: finds the sub-commands and turns what they raise into exit statuses.
"""

import argparse
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from command import CommandParser, Failed, run
from config.errors import ConfigError
from content_cache.errors import StorageError

__all__ = ["main"]

PROG = "yingbi-server"

#: The sub-commands, in the order in which a maintainer meets them.
COMMANDS = (
    "init",
    "run",
    "worker",
    "check",
    "status",
    "user",
    "keys",
    "publish",
    "backup",
    "restore",
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status (docs/commands.md)."""
    statuses: dict[type[Exception], int] = {
        ConfigError: os.EX_CONFIG,
        StorageError: os.EX_IOERR,
    }
    return run(PROG, _command, arguments, statuses)


def _command(arguments: Sequence[str]) -> int:
    options = _parser().parse_args(arguments)
    if options.config:
        os.environ["YINGBI_SERVER_CONFIG"] = str(options.config)
    if options.data:
        os.environ["YINGBI_DATA"] = str(options.data.absolute())
    status: int = _with_known_errors(options)
    return status


def _with_known_errors(options: argparse.Namespace) -> int:
    """Run; what a service refuses, and what a database cannot, ends with one sentence."""
    try:
        status: int = options.run(options)
    except (Failed, ConfigError, StorageError):
        raise
    except Exception as error:
        if "django" not in sys.modules or (known := _known(error)) is None:
            raise
        raise Failed(*known) from error
    return status


def _known(error: Exception) -> tuple[str, int] | None:
    from server.database_errors import translated
    from server.errors import NoSpace, Unavailable

    known = translated(error)
    if known is None:
        return None
    kinds = {NoSpace: os.EX_IOERR, Unavailable: os.EX_UNAVAILABLE}
    return str(known), kinds.get(type(known), os.EX_DATAERR)


def _parser() -> CommandParser:
    parser = CommandParser(
        PROG,
        "Run and look after the content server.",
        "yingbi-server --data /var/lib/yingbi-server init",
    )
    parser.add_argument(
        "--config",
        metavar="FILE",
        type=Path,
        help="the settings (default: /etc/yingbi/server.toml)",
    )
    parser.add_argument(
        "--data", metavar="DIR", type=Path, help="the data folder, whatever the settings say"
    )
    subparsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        import_module(f"server.commands.{name}").add(subparsers)
    return parser


if __name__ == "__main__":
    sys.exit(main())
