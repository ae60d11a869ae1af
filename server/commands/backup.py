"""`yingbi-server backup`: a complete, verified backup while the server runs."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from command import Failed
from server.project import set_up_initialised

__all__ = ["add"]

_KEYS_WARNING = (
    "yingbi-server: this backup holds the keys that sign for the wall; whoever has it can publish."
    " Keep it like the keys themselves."
)


def add(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "backup",
        help="make a backup while the server runs",
        description="Make a backup while the server runs: the database, verified, and every file"
        " that it names. Keys stay out unless asked for.",
        example="yingbi-server backup --to /mnt/nas/yingbi",
    )
    parser.add_argument(
        "--to", metavar="DIR", type=Path, help="the folder of backups (default: backup.directory)"
    )
    parser.add_argument(
        "--with-keys", action="store_true", help="with the online keys and the secret key"
    )
    parser.add_argument(
        "--keep", metavar="N", type=int, help="afterwards delete all but the newest N backups there"
    )
    parser.set_defaults(run=_backup)


def _backup(options: argparse.Namespace) -> int:
    if options.keep is not None and options.keep < 1:
        raise Failed("--keep takes a number from 1", os.EX_USAGE)
    configuration = set_up_initialised()
    from server.backups.making import forget_old, make_backup
    from server.backups.nightly import folder_of, only_one
    from server.clock import SystemClock

    folder = (options.to or folder_of(configuration)).absolute()
    with only_one(folder) as is_ours:
        if not is_ours:
            raise Failed(f"another backup into {folder} is being made", os.EX_TEMPFAIL)
        made = make_backup(folder=folder, with_keys=options.with_keys, now=SystemClock().now())
        if options.keep:
            forget_old(folder=folder, keep=options.keep)
    if options.with_keys:
        print(_KEYS_WARNING, file=sys.stderr)
    holds = made.description
    print(f"{made.path}: {holds.blobs} files, {holds.blob_bytes / 1e6:,.1f} MB, database verified")
    if holds.missing_blobs:
        for sha256 in holds.missing_blobs[:20]:
            print(f"missing: {sha256}", file=sys.stderr)
        sentence = f"{len(holds.missing_blobs)} files that the database names are not there"
        raise Failed(f"{sentence}; run 'yingbi-server check'", os.EX_IOERR)
    return os.EX_OK
