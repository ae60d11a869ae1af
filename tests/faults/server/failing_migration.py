"""Runs our `migrate` on two migrations of which the second fails half-way; prints what is left.

`--one-by-one` migrates as Django does it: what a test must be able to see.
"""

import json
import sys


def main(one_by_one: bool) -> None:
    from server.project import set_up

    set_up()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from server.migrating import migrate

    settings.MIGRATION_MODULES = {"audit": "tests.faults.server.audit_migrations"}
    failed = ""
    try:
        call_command("migrate", verbosity=0) if one_by_one else migrate()
    except RuntimeError as error:
        failed = str(error)
    with connection.cursor() as cursor:
        described = connection.introspection.get_table_description(cursor, "audit_auditrow")
    columns = [column.name for column in described]
    tables = connection.introspection.table_names()
    print(json.dumps({"failed": failed, "columns": columns, "tables": tables}))


if __name__ == "__main__":
    main("--one-by-one" in sys.argv)
