"""`yingbi-server user`: accounts from the console, for the first day and for forgotten passwords.

Whoever may run this may read the database anyway; the audit names the console as "yingbi-server".
"""

import argparse
import getpass
import os
import sys
from typing import TYPE_CHECKING, Any

from command import Failed
from server.commands.user_list import list_accounts
from server.configuration import Configuration
from server.project import set_up_initialised

if TYPE_CHECKING:
    from server.accounts.models import Department, Staff

__all__ = ["add"]

ROLES = ("editor", "reviewer-1", "reviewer-2", "reviewer-3", "administrator", "auditor")


def add(subparsers: Any) -> None:
    """Register the command."""
    parser = subparsers.add_parser(
        "user",
        help="make, close and list accounts",
        description="Make, close and list the accounts of staff.",
        example="yingbi-server user list",
    )
    actions = parser.add_subparsers(dest="action", required=True, metavar="ACTION")
    _add_first(actions)
    _add_add(actions)
    _add_named(
        actions, "password", "print a one-time code with which somebody sets a password", _password
    )
    _add_named(
        actions,
        "second-factor",
        "take the second factor from an account whose telephone is lost: sessions end",
        _second_factor,
    )
    _add_named(actions, "disable", "close an account: open sessions end", _disable)
    _add_named(actions, "enable", "open a closed account again", _enable)
    _add_grant(actions)
    token = _add_named(
        actions, "token", "print a new token by which scripts act for somebody", _token
    )
    token.add_argument("label", metavar="LABEL", help="what the token is for")
    listing = actions.add_parser(
        "list",
        help="list all accounts",
        description="List all accounts with their roles.",
        example="yingbi-server user list",
    )
    listing.add_argument("--json", action="store_true", help="print JSON, for programs")
    listing.set_defaults(run=list_accounts)


def _add_named(actions: Any, name: str, help_: str, run: Any) -> argparse.ArgumentParser:
    parser: argparse.ArgumentParser = actions.add_parser(
        name,
        help=help_,
        description=f"{help_[0].upper()}{help_[1:]}.",
        example=f"yingbi-server user {name} editor1",
    )
    parser.add_argument("name", metavar="NAME", help="the name with which they log in")
    parser.set_defaults(run=run)
    return parser


def _add_first(actions: Any) -> None:
    first = _add_named(actions, "first", "make the first administrator, without a code", _first)
    first.add_argument("--full-name", metavar="TEXT", default="", help="what people call them")
    _add_password_flag(first)


def _add_add(actions: Any) -> None:
    new = _add_named(actions, "add", "make an account, and print the code that opens it", _add)
    new.add_argument("--full-name", metavar="TEXT", default="", help="what people call them")
    new.add_argument("--department", metavar="NAME", help="their department")
    new.add_argument(
        "--role", action="append", choices=ROLES, default=[], help="a role, many times"
    )
    new.add_argument(
        "--everywhere",
        action="store_true",
        help="the roles count everywhere, not in one department",
    )
    _add_password_flag(new)


def _add_password_flag(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--password-stdin",
        action="store_true",
        help="read the password from the first line of stdin",
    )


def _add_grant(actions: Any) -> None:
    grant = _add_named(actions, "grant", "give somebody a role, or take it away", _grant)
    grant.add_argument("role", metavar="ROLE", choices=ROLES, help=f"one of {', '.join(ROLES)}")
    grant.add_argument("--department", metavar="NAME", help="where it counts (default: everywhere)")
    grant.add_argument("--remove", action="store_true", help="take the role away")


def _set_up() -> Configuration:
    """As every command, and in the language of the console."""
    configuration = set_up_initialised()
    from django.utils import translation

    translation.activate("en")
    return configuration


def _staff_of(name: str) -> "Staff":
    from server.accounts.models import Staff

    try:
        return Staff.objects.get_by_natural_key(name)
    except Staff.DoesNotExist:
        sentence = f"there is no account {name!r}; 'yingbi-server user list' names them all"
        raise Failed(sentence, os.EX_DATAERR) from None


def _department_of(name: str | None) -> "Department | None":
    from server.accounts.models import Department

    if name is None:
        return None
    found = Department.objects.filter(name__iexact=name).order_by("pk").first()
    if found is None:
        names = ", ".join(Department.objects.values_list("name", flat=True)) or "none yet"
        raise Failed(f"there is no department {name!r}; there are: {names}", os.EX_DATAERR)
    return found


def _read_password(options: argparse.Namespace) -> str | None:
    if options.password_stdin:
        return sys.stdin.readline().rstrip("\n")
    return None


def _first(options: argparse.Namespace) -> int:
    configuration = _set_up()
    from server.accounts.setup_codes import first_administrator_code, use_first_code
    from server.clock import SystemClock

    organisation = configuration.organisation.name or configuration.organisation.id
    now = SystemClock().now()
    code = first_administrator_code(organisation=organisation, now=now)
    if code is None:
        raise Failed(
            "there is an administrator already; see 'yingbi-server user add'", os.EX_DATAERR
        )
    password = _read_password(options)
    use_first_code(
        code=code,
        username=options.name,
        full_name=options.full_name or options.name,
        password=getpass.getpass("Password: ") if password is None else password,
        address="127.0.0.1",
        now=now,
    )
    print(f"{options.name} administers everything")
    return os.EX_OK


def _add(options: argparse.Namespace) -> int:
    _set_up()
    from django.db import transaction

    from server.accounts.services import grant_add, staff_create
    from server.clock import SystemClock

    now = SystemClock().now()
    department = _department_of(options.department)
    if options.role and department is None and not options.everywhere:
        raise Failed("name a --department for the roles, or say --everywhere", os.EX_USAGE)
    password = _read_password(options)
    with transaction.atomic():
        staff = staff_create(
            username=options.name,
            full_name=options.full_name or options.name,
            department=department,
            actor=None,
            now=now,
            password=password,
        )
        for role in options.role:
            where = None if options.everywhere else department
            grant_add(staff=staff, role=role, department=where, actor=None, now=now)
    if password is None:
        _print_code(staff)
    else:
        print(f"{staff.username} can log in")
    return os.EX_OK


def _password(options: argparse.Namespace) -> int:
    _set_up()
    _print_code(_staff_of(options.name))
    return os.EX_OK


def _print_code(staff: "Staff") -> None:
    from server.accounts.setup_codes import LIFETIME_MIN, password_code
    from server.clock import SystemClock

    code = password_code(staff=staff, actor=None, now=SystemClock().now())
    print(f"{staff.username} sets a password at /setup/ with the code  {code}")
    print(f"The code works once, for {LIFETIME_MIN} minutes.")


def _second_factor(options: argparse.Namespace) -> int:
    _set_up()
    from server.accounts.second_factor import reset_second_factor
    from server.clock import SystemClock

    staff = _staff_of(options.name)
    if not reset_second_factor(staff=staff, actor=None, now=SystemClock().now()):
        raise Failed(f"{staff.username} has no second factor", os.EX_DATAERR)
    print(f"{staff.username} logs in by the password alone, until it is set up anew")
    return os.EX_OK


def _disable(options: argparse.Namespace) -> int:
    _set_up()
    from server.accounts.services import staff_disable
    from server.clock import SystemClock

    staff_disable(staff=_staff_of(options.name), actor=None, now=SystemClock().now())
    print(f"{options.name} is closed")
    return os.EX_OK


def _enable(options: argparse.Namespace) -> int:
    _set_up()
    from server.accounts.services import staff_enable
    from server.clock import SystemClock

    staff_enable(staff=_staff_of(options.name), actor=None, now=SystemClock().now())
    print(f"{options.name} is open")
    return os.EX_OK


def _grant(options: argparse.Namespace) -> int:
    _set_up()
    from server.accounts.models import Grant
    from server.accounts.services import grant_add, grant_remove
    from server.clock import SystemClock

    staff, department = _staff_of(options.name), _department_of(options.department)
    where = options.department or "everywhere"
    now = SystemClock().now()
    if not options.remove:
        grant_add(staff=staff, role=options.role, department=department, actor=None, now=now)
        print(f"{staff.username} is {options.role} ({where})")
        return os.EX_OK
    found = Grant.objects.filter(staff=staff, role=options.role, department=department).first()
    if found is None:
        raise Failed(f"{staff.username} is not {options.role} ({where})", os.EX_DATAERR)
    grant_remove(grant=found, actor=None, now=now)
    print(f"{staff.username} is no longer {options.role} ({where})")
    return os.EX_OK


def _token(options: argparse.Namespace) -> int:
    _set_up()
    from server.accounts.services import token_issue
    from server.clock import SystemClock

    staff = _staff_of(options.name)
    now = SystemClock().now()
    _row, secret = token_issue(
        staff=staff, name=options.label, actor=None, now=now, expires_at=None
    )
    print(secret)
    return os.EX_OK
