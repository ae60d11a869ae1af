"""`yingbi-server check`: everything that is wrong with this server, and what to do about it."""

import argparse
import json
import os
import sys
from typing import Any

from msgspec import structs

from server.project import set_up_initialised

__all__ = ["add"]


def add(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "check",
        help="say everything that is wrong, and what to do",
        description="Look at settings, database, audit, files, disk, clock, programs and backups;"
        " say everything that is wrong, and what to do.",
        example="yingbi-server check --deep",
    )
    parser.add_argument("--json", action="store_true", help="print JSON, for programs")
    parser.add_argument(
        "--deep", action="store_true", help="read every file and every page of the database"
    )
    parser.set_defaults(run=_check)


def _check(options: argparse.Namespace) -> int:
    configuration = set_up_initialised(even_without_database=True)
    from server.clock import SystemClock
    from server.findings.finding import Severity
    from server.findings.looking import look

    found = list(look(configuration, SystemClock(), options.deep))
    errors = [one for one in found if one.severity is Severity.ERROR]
    if options.json:
        print(json.dumps([structs.asdict(one) for one in found], ensure_ascii=False, indent=2))
    else:
        for one in found:
            print(one)
        verdict = f"{len(errors)} to correct, {len(found) - len(errors)} to look at"
        print(verdict if found else "nothing is wrong", file=sys.stderr)
    return os.EX_IOERR if errors else os.EX_OK
