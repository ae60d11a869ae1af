"""`yingbi-server init`: makes a server, or brings an older one to this version.  Safe to repeat."""

import argparse
import os
from typing import Any

from server import secret_key
from server.configuration import Configuration, current
from server.presence import alone
from server.project import make_folders, set_up

__all__ = ["add"]


def add(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "init",
        help="make a server, or bring an older one to this version",
        description="Make the data folder, the keys and the database, or bring them to this"
        " version; print the one-time code that makes the first administrator.",
        example="yingbi-server init",
    )
    parser.set_defaults(run=_init)


def _init(_options: argparse.Namespace) -> int:
    configuration = current()
    data = configuration.data.directory
    make_folders(data)
    for name in secret_key.OWN_KEYS:
        secret_key.make(data, name)
    with alone(data):
        set_up()
        from server.migrating import migrate

        applied = migrate()
    print(f"{data}: " + (f"{len(applied)} migrations applied" if applied else "up to date"))
    _make_keys()
    _first_calendar()
    _first_administrator(configuration)
    return os.EX_OK


def _make_keys() -> None:
    from server.publishing.init import make_keys

    make_keys()


def _first_calendar() -> None:
    """A new server knows the holidays that are announced; one with people has its own."""
    from server.accounts.models import Staff
    from server.clock import SystemClock
    from server.programme.calendar_days import calendar_start

    if not Staff.objects.exists():
        now = SystemClock().now()
        calendar_start(years=(now.year - 1, now.year, now.year + 1), now=now)


def _first_administrator(configuration: Configuration) -> None:
    from server.accounts import setup_codes
    from server.clock import SystemClock

    code = setup_codes.first_administrator_code(
        organisation=configuration.organisation.name or configuration.organisation.id,
        now=SystemClock().now(),
    )
    if code is None:
        return
    address = (*configuration.web.public_urls, _own_address(configuration))[0]
    print(f"Make the first administrator within {setup_codes.LIFETIME_MIN} minutes:")
    print(f"  {address}/setup/  with the code  {code}")
    print("  or here:  yingbi-server user first NAME")


def _own_address(configuration: Configuration) -> str:
    return f"http://{configuration.web.listen}:{configuration.web.port}"
