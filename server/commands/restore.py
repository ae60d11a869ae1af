"""`yingbi-server restore`: brings a backup back, after checking all of it."""

import argparse
import os
import sys
from pathlib import Path
from typing import Any

from command import Failed
from server import secret_key
from server.configuration import current
from server.presence import alone
from server.project import make_folders, set_up

__all__ = ["add"]


def add(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "restore",
        help="bring a backup back",
        description="Bring a backup back, after checking all of it. The server must be stopped.",
        example="yingbi-server restore /mnt/nas/yingbi/2026-11-22T191000Z",
    )
    parser.add_argument("backup", metavar="BACKUP", type=Path, help="the folder of the backup")
    parser.add_argument(
        "--force", action="store_true", help="replace the database that is there (it is kept aside)"
    )
    parser.set_defaults(run=_restore)


def _restore(options: argparse.Namespace) -> int:
    data = current().data.directory
    make_folders(data)
    with alone(data):
        set_up()
        from server.backups.restoring import checked, restore_backup
        from server.clock import SystemClock

        backup = options.backup.absolute()
        description = checked(backup)
        if not options.force and _is_anything_there():
            raise Failed(
                f"there is a database in {data} already; --force replaces it", os.EX_CANTCREAT
            )
        done = restore_backup(backup, description, SystemClock().now())
        secret_key.make(data)
    print(f"restored the state of {description.made_at:%Y-%m-%d %H:%M} UTC, {done.files} files")
    if done.former is not None:
        print(f"the database that was there is kept as {done.former}")
    print(
        "What was revoked or used up since then (screens' tokens, enrolment keys, accounts, grants)"
        " is open again: revoke it anew. Screens that were paired since must be paired again, and"
        " what screens reported since is lost. Everybody has to log in again."
    )
    if done.missing:
        for sha256 in done.missing[:20]:
            print(f"missing: {sha256}", file=sys.stderr)
        sentence = f"{len(done.missing)} files are in neither the backup nor the store"
        raise Failed(f"{sentence}; upload them again, see 'yingbi-server check'", os.EX_IOERR)
    return os.EX_OK


def _is_anything_there() -> bool:
    """Has the database any table at all?"""
    from django.db import connection

    return bool(connection.introspection.table_names())
