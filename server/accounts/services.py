"""Writes staff, grants, passwords and API tokens; each with its audit row.

`actor` None is the command line: whoever may read the server's files may do everything anyway.
"""

from datetime import datetime

from django.db import transaction

from server.accounts.models import ApiToken, Department, Grant, Role, Staff
from server.accounts.passwords import checked_password
from server.accounts.policy import Act, departments, require, require_over
from server.accounts.sessions import end_sessions
from server.accounts.tokens import digest, new_token
from server.audit.services import record
from server.errors import Conflict, Forbidden, LoginRefused
from server.validation import cleaned

__all__ = [
    "grant_add",
    "grant_remove",
    "password_change",
    "staff_change",
    "staff_create",
    "staff_disable",
    "staff_enable",
    "token_issue",
    "token_revoke",
]

#: What an API token begins with.
TOKEN_PREFIX = "yba"  # noqa: S105  (says whose token it is)


def _require(actor: Staff | None, department: Department | None) -> None:
    if actor is not None:
        require(actor, Act.MANAGE_STAFF, department)


def _require_over(actor: Staff | None, staff: Staff) -> None:
    if actor is not None:
        require_over(actor, staff)


@transaction.atomic
def staff_create(
    *,
    username: str,
    full_name: str,
    department: Department | None,
    actor: Staff | None,
    now: datetime,
    password: str | None = None,
) -> Staff:
    """Make an account.  Without a password it is opened by a code (`setup_codes.password_code`)."""
    _require(actor, department)
    if Staff.objects.filter(username__iexact=username.strip()).exists():
        raise Conflict(
            "There is an account %(name)s already; choose another name.",
            values={"name": username.strip()},
        )
    staff = Staff(username=username.strip(), full_name=full_name.strip(), created_at=now)
    staff.department = department
    if password is None:
        staff.set_unusable_password()
    else:
        staff.set_password(checked_password(password, staff))
    cleaned(staff, exclude=["password"]).save()
    record(actor=actor, action="staff.create", subject=staff, now=now)
    return staff


@transaction.atomic
def staff_change(
    *,
    staff: Staff,
    full_name: str,
    department: Department | None,
    actor: Staff | None,
    now: datetime,
) -> None:
    """Change what somebody is called and where they belong; their roles stay as they are."""
    _require_over(actor, staff)
    if department is None or department.pk != staff.department_id:
        _require(actor, department)
    detail = {"former": [staff.full_name, str(staff.department or "*")]}
    staff.full_name, staff.department = full_name.strip(), department
    cleaned(staff, exclude=["password"]).save(update_fields=["full_name", "department"])
    record(actor=actor, action="staff.change", subject=staff, detail=detail, now=now)


@transaction.atomic
def staff_disable(*, staff: Staff, actor: Staff | None, now: datetime) -> None:
    """Close an account: its open sessions and tokens are refused at their next request."""
    _require_over(actor, staff)
    _keep_one_administrator(staff)
    staff.is_active = False
    staff.save(update_fields=["is_active"])
    end_sessions(staff=staff, actor=None, now=now)
    record(actor=actor, action="staff.disable", subject=staff, now=now)


@transaction.atomic
def staff_enable(*, staff: Staff, actor: Staff | None, now: datetime) -> None:
    """Open a closed account again, with the grants that it had."""
    _require_over(actor, staff)
    staff.is_active = True
    staff.save(update_fields=["is_active"])
    record(actor=actor, action="staff.enable", subject=staff, now=now)


@transaction.atomic
def grant_add(
    *, staff: Staff, role: str, department: Department | None, actor: Staff | None, now: datetime
) -> Grant:
    """Give a role in a department and all below it; None is everywhere.  Twice is once."""
    _require_may_grant(actor, department)
    if Role(role) is Role.AUDITOR and actor is not None and actor.pk == staff.pk:
        raise Forbidden("Nobody makes themselves auditor; ask another administrator.")
    grant, made = Grant.objects.get_or_create(staff=staff, department=department, role=role)
    if made:
        detail = {"role": role, "department": str(department or "*")}
        record(actor=actor, action="grant.add", subject=staff, detail=detail, now=now)
    return grant


@transaction.atomic
def grant_remove(*, grant: Grant, actor: Staff | None, now: datetime) -> None:
    """Take a role away; it counts from the next request on."""
    _require_may_grant(actor, grant.department)
    if grant.role == Role.ADMINISTRATOR and grant.department_id is None:
        _keep_one_administrator(grant.staff)
    detail = {"role": grant.role, "department": str(grant.department or "*")}
    staff = grant.staff
    grant.delete()
    record(actor=actor, action="grant.remove", subject=staff, detail=detail, now=now)


def _require_may_grant(actor: Staff | None, department: Department | None) -> None:
    """Nobody gives away more than they have: everywhere takes an administrator of everywhere."""
    if actor is None:
        return
    if department is None and departments(actor, Act.MANAGE_STAFF) is not None:
        raise Forbidden("Only an administrator of everything grants a role everywhere.")
    require(actor, Act.MANAGE_STAFF, department)


def _keep_one_administrator(staff: Staff) -> None:
    """Refuse to take the last administrator away; two who try at once do it one after the other.

    Who never set a password cannot log in, and does not count.
    """
    everywhere = Grant.objects.filter(role=Role.ADMINISTRATOR, department=None)
    held = list(everywhere.select_for_update().order_by("pk").values_list("staff_id", flat=True))
    others = Staff.objects.filter(pk__in=held, is_active=True).exclude(pk=staff.pk)
    can_log_in = any(other.has_usable_password() for other in others)
    if staff.pk in held and staff.is_active and not can_log_in:
        raise Conflict(
            "This is the last administrator who can log in; make another one first, and let them"
            " set their password."
        )


@transaction.atomic
def password_change(
    *,
    staff: Staff,
    old: str,
    new: str,
    actor: Staff,
    now: datetime,
    address: str = "",
    session_key: str | None = None,
) -> None:
    """Change one's own password; every session of this account ends but that of `session_key`."""
    if actor.pk != staff.pk or not staff.check_password(old):
        raise LoginRefused("The present password is wrong.", code="PASSWORD_WRONG")
    staff.set_password(checked_password(new, staff))
    staff.must_change_password = False
    staff.save(update_fields=["password", "must_change_password"])
    end_sessions(staff=staff, but=session_key, actor=actor, now=now, address=address)
    record(actor=actor, action="password.change", subject=staff, now=now, address=address)


@transaction.atomic
def token_issue(
    *,
    staff: Staff,
    name: str,
    actor: Staff | None,
    now: datetime,
    expires_at: datetime | None,
    scope: str = ApiToken.Scope.ALL,
) -> tuple[ApiToken, str]:
    """Make a token for scripts; the second value is the secret, which nobody can see again.

    `scope` is what of their rights the script has (`ApiToken.Scope`).
    """
    if actor is not None and actor.pk != staff.pk:
        require_over(actor, staff)
    secret = new_token(TOKEN_PREFIX)
    token = ApiToken(staff=staff, name=name.strip(), sha256=digest(secret), created_at=now)
    token.expires_at, token.scope = expires_at, scope
    cleaned(token).save()
    record(actor=actor, action="token.issue", subject=token, detail={"scope": scope}, now=now)
    return token, secret


@transaction.atomic
def token_revoke(*, token: ApiToken, actor: Staff | None, now: datetime) -> None:
    """End a token; refused from the next request on.  Twice is once."""
    if actor is not None and actor.pk != token.staff_id:
        require(actor, Act.MANAGE_STAFF, token.staff.department)
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=now):
        token.revoked_at = now
        record(actor=actor, action="token.revoke", subject=token, now=now)
