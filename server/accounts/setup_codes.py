"""One-time codes: the first administrator is made with one, a forgotten password is set with one.

There is no default account.  A code is random (49 bits), works once and for an hour, and tries are
limited by `accounts.limits`.  Only its digest is kept.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from server.accounts.limits import begin_try, take_back
from server.accounts.models import Department, Grant, Role, SetupCode, Staff
from server.accounts.passwords import checked_password
from server.accounts.policy import require_over
from server.accounts.sessions import end_sessions
from server.accounts.tokens import digest, new_code, normal_code
from server.audit.services import record
from server.errors import Conflict, LoginRefused
from server.validation import cleaned

__all__ = [
    "LIFETIME_MIN",
    "first_administrator_code",
    "has_administrator",
    "password_code",
    "use_code",
    "use_first_code",
]

#: How long a code works, in minutes.
LIFETIME_MIN = 60

#: The name under which failed codes are counted.
COUNTED_AS = "(code)"


def has_administrator() -> bool:
    """Is there anybody who can log in and administer everything?"""
    everywhere = Q(grants__role=Role.ADMINISTRATOR, grants__department=None)
    return Staff.objects.filter(everywhere, is_active=True).exists()


@transaction.atomic
def first_administrator_code(*, organisation: str, now: datetime) -> str | None:
    """Return a new code for the first administrator, or None if there is one already.

    Former codes of this kind work no longer.  The top department is made with it.
    """
    if has_administrator():
        return None
    if not Department.objects.exists():
        Department.objects.create(name=organisation)
    SetupCode.objects.filter(staff=None, used_at=None).update(expires_at=now)
    code = _make(None, now)
    record(actor=None, action="setup-code.make", now=now)
    return code


@transaction.atomic
def password_code(*, staff: Staff, actor: Staff | None, now: datetime) -> str:
    """Return a new code with which `staff` sets a password; former codes work no longer."""
    if actor is not None:
        require_over(actor, staff)
    SetupCode.objects.filter(staff=staff, used_at=None).update(expires_at=now)
    code = _make(staff, now)
    record(actor=actor, action="password-code.make", subject=staff, now=now)
    return code


def _make(staff: Staff | None, now: datetime) -> str:
    code = new_code()
    SetupCode.objects.create(
        staff=staff,
        sha256=digest(normal_code(code)),
        created_at=now,
        expires_at=now + timedelta(minutes=LIFETIME_MIN),
    )
    return code


def use_first_code(
    *, code: str, username: str, full_name: str, password: str, address: str, now: datetime
) -> Staff:
    """Make the first administrator.  Raises `LoginRefused`, `TooManyRequests` or `Invalid`."""
    this_try = begin_try(username=COUNTED_AS, address=address, now=now, is_code=True)
    staff = Staff(username=username, full_name=full_name, created_at=now)
    checked = checked_password(password, staff)
    with transaction.atomic():
        found = _take(code, now, Q(staff=None))
        if found is not None:
            if has_administrator():
                raise Conflict("There is an administrator already; ask for an account.")
            staff.department = Department.objects.order_by("pk").first()
            staff.set_password(checked)
            cleaned(staff, exclude=["password"]).save()
            Grant.objects.create(staff=staff, department=None, role=Role.ADMINISTRATOR)
            take_back(this_try)
            record(actor=staff, action="staff.first", subject=staff, now=now, address=address)
            return staff
    raise _refusal()


def use_code(*, code: str, password: str, address: str, now: datetime) -> Staff:
    """Set a password by its code.  Raises `LoginRefused`, `TooManyRequests` or `Invalid`."""
    this_try = begin_try(username=COUNTED_AS, address=address, now=now, is_code=True)
    with transaction.atomic():
        found = _take(code, now, Q(staff__isnull=False, staff__is_active=True))
        if found is not None and found.staff is not None:
            staff = found.staff
            staff.set_password(checked_password(password, staff))
            staff.must_change_password = False
            staff.save(update_fields=["password", "must_change_password"])
            take_back(this_try)
            end_sessions(staff=staff, actor=None, now=now, address=address)
            record(actor=staff, action="password.set", subject=staff, now=now, address=address)
            return staff
    raise _refusal()


def _take(code: str, now: datetime, kind: Q) -> SetupCode | None:
    """Use the code up, if it works: of two who use it at once one finds it used."""
    waiting = SetupCode.objects.filter(
        kind, sha256=digest(normal_code(code)), used_at=None, expires_at__gt=now
    )
    found = waiting.select_related("staff").first()
    if found is None or not SetupCode.objects.filter(pk=found.pk, used_at=None).update(used_at=now):
        return None
    return found


def _refusal() -> LoginRefused:
    return LoginRefused(
        "This code is wrong, used up or older than an hour; have a new one made"
        " (yingbi-server init, or yingbi-server user password NAME).",
        code="CODE_REFUSED",
    )
