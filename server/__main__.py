"""`yingbi-server`: the content server, from its first start to its restored backup.

Composition root: finds the sub-commands and turns what they raise into exit statuses.
"""

import argparse
import errno
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from pathlib import Path

from command import CommandParser, Failed, run
from config.errors import ConfigError
from content_cache.errors import StorageError

__all__ = ["main", "parser"]

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

#: What to do when the machine is the cause.
_CHECK = "run 'yingbi-server check', which says what to do"

#: What a disk says that fails, is read-only, or is not ours.
_DISK_ERRORS = {errno.EROFS, errno.EIO, errno.EACCES, errno.EPERM}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status (docs/commands.md)."""
    statuses: dict[type[Exception], int] = {
        ConfigError: os.EX_CONFIG,
        StorageError: os.EX_IOERR,
    }
    return run(PROG, _command, arguments, statuses)


def _command(arguments: Sequence[str]) -> int:
    options = parser().parse_args(arguments)
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
        if isinstance(error, OSError) and error.errno in _DISK_ERRORS:
            sentence = f"{error.filename or 'the disk'}: {error.strerror}"
            raise Failed(f"{sentence}; {_CHECK}", os.EX_IOERR) from error
        if "django" not in sys.modules or (known := _known(error)) is None:
            raise
        raise Failed(*known) from error
    return status


def _known(error: Exception) -> tuple[str, int] | None:
    from server.database_errors import is_of_another_version, one_line, translated
    from server.errors import NoSpace, Unavailable

    if is_of_another_version(error):
        sentence = f"the database is of another version ({one_line(error)})"
        return f"{sentence}; {_CHECK}", os.EX_CONFIG
    known = translated(error)
    if known is None:
        return None
    if isinstance(known, Unavailable):
        sentence = f"the database cannot be used ({one_line(error)})"
        return f"{sentence}; {_CHECK}", os.EX_UNAVAILABLE
    return str(known), os.EX_IOERR if isinstance(known, NoSpace) else os.EX_DATAERR


def parser() -> CommandParser:
    """Return the parser of the whole command."""
    made = CommandParser(
        PROG,
        "Run and look after the content server.",
        "yingbi-server --data /var/lib/yingbi-server init",
    )
    made.add_argument(
        "--config",
        metavar="FILE",
        type=Path,
        help="the settings (default: /etc/yingbi/server.toml)",
    )
    made.add_argument(
        "--data", metavar="DIR", type=Path, help="the data folder, whatever the settings say"
    )
    subparsers = made.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name in COMMANDS:
        import_module(f"server.commands.{name}").add(subparsers)
    return made


if __name__ == "__main__":
    sys.exit(main())
