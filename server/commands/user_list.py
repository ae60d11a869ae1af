"""`yingbi-server user list`: all accounts with their roles, for `server.commands.user`."""

import argparse
import json
import os

from server.project import set_up_initialised

__all__ = ["list_accounts"]


def list_accounts(options: argparse.Namespace) -> int:
    """List all accounts, for people or as JSON."""
    set_up_initialised()
    from server.accounts.models import Staff
    from server.accounts.second_factor import has_second_factor

    rows = [
        {
            "name": staff.username,
            "full_name": staff.full_name,
            "department": str(staff.department or ""),
            "roles": [
                f"{grant.role} ({grant.department or 'everywhere'})" for grant in staff.grants.all()
            ],
            "open": staff.is_active,
            "second_factor": has_second_factor(staff),
        }
        for staff in Staff.objects.prefetch_related("grants__department")
    ]
    if options.json:
        print(json.dumps(rows, ensure_ascii=False, indent=2))
        return os.EX_OK
    for row in rows:
        closed = "" if row["open"] else "  CLOSED"
        roles = row["roles"] if isinstance(row["roles"], list) else []
        print(f"{row['name']:<20} {row['full_name']:<20} {', '.join(roles)}{closed}")
    return os.EX_OK
