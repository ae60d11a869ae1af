"""What every `yingbi-*` command shares: its argument parser, exit statuses and last resort.

Exit statuses are those of sysexits.h, taken from `os.EX_*`: 0 done, 64 usage, 65 data,
69 not paired yet, 70 our bug, 74 disk, 78 configuration.  A command is a function that takes
the arguments and returns a status; `run` turns what it raises into one sentence on stderr.
"""

import argparse
import os
import sys
from collections.abc import Callable, Mapping, Sequence
from typing import NoReturn

__all__ = ["CommandParser", "Failed", "run"]


class Failed(Exception):  # noqa: N818  (reads as a sentence: raise Failed("...", os.EX_DATAERR))
    """A command ends here: one sentence for a person, and the exit status for a program."""

    def __init__(self, sentence: str, status: int) -> None:
        super().__init__(sentence)
        self.status = status


class _VersionAction(argparse.Action):
    """`--version`, read only when asked: `importlib.metadata` costs 20 ms of a cold start."""

    def __call__(self, parser: argparse.ArgumentParser, *_unused: object) -> NoReturn:
        from importlib import metadata

        print(f"{parser.prog} {metadata.version('yingbi')}")
        parser.exit(os.EX_OK)


class CommandParser(argparse.ArgumentParser):
    """An argument parser with `--version`, an example in `--help`, and status 64 for bad usage."""

    def __init__(self, prog: str, description: str, example: str) -> None:
        super().__init__(
            prog=prog,
            description=description,
            epilog=f"example: {example}",
            allow_abbrev=False,
        )
        self.add_argument(
            "--version", action=_VersionAction, nargs=0, help="print the version and exit"
        )

    def error(self, message: str) -> NoReturn:
        """Print one sentence and exit with `os.EX_USAGE`."""
        self.exit(os.EX_USAGE, f"{self.prog}: {message} (see {self.prog} --help)\n")


def run(
    prog: str,
    command: Callable[[Sequence[str]], int],
    arguments: Sequence[str] | None = None,
    statuses: Mapping[type[Exception], int] | None = None,
) -> int:
    """Run `command` and return its exit status; `statuses` says which errors end with which.

    An error that nobody named is our bug: it is reported as such, with its traceback, as 70.
    """
    try:
        return command(sys.argv[1:] if arguments is None else arguments)
    except Failed as failure:
        print(f"{prog}: {failure}", file=sys.stderr)
        return failure.status
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        # The reader went away (`| head`); keep the interpreter from complaining about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return os.EX_OK
    except Exception as error:  # noqa: BLE001  (the last resort of a command)
        for kind, status in (statuses or {}).items():
            if isinstance(error, kind):
                print(f"{prog}: {error}", file=sys.stderr)
                return status
        import traceback

        traceback.print_exc()
        print(f"{prog}: this is a bug in yingbi; please report the lines above", file=sys.stderr)
        return os.EX_SOFTWARE
