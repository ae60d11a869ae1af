"""Makes accounts until it is killed, and says of each, once it is committed, its name.

`--apart` writes the audit in a transaction of its own: what a test must be able to see.
"""

import sys

from server.project import set_up


def main(apart: bool) -> None:
    set_up()
    from django.db import transaction

    from server.accounts import services
    from server.accounts.models import Staff
    from server.audit.services import record
    from server.clock import SystemClock

    clock, number = SystemClock(), Staff.objects.count()
    print("ready", flush=True)
    while True:
        number += 1
        now, name = clock.now(), f"person{number}"
        if apart:
            staff = Staff(username=name, full_name=name, created_at=now)
            staff.set_unusable_password()
            staff.save()
            print(name, flush=True)
            with transaction.atomic():
                record(actor=None, action="staff.create", subject=staff, now=now)
        else:
            services.staff_create(
                username=name, full_name=name, department=None, actor=None, now=now
            )
            print(name, flush=True)


if __name__ == "__main__":
    main("--apart" in sys.argv)
