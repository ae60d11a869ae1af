"""The second factor of a login: time-based codes (RFC 6238), and ten codes for a lost telephone.

For the pages of accounts and `yingbi-server user`.  A secret is kept sealed, a recovery code as its
digest; either lets somebody in once.  Tries count with those of the password (`accounts.limits`).
Tokens for scripts do not ask for it: they are secrets of their own, which a person revokes.
"""

import hmac
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pyotp
from django.conf import settings
from django.db import transaction

from server.accounts.limits import begin_try, take_back
from server.accounts.models import RecoveryCode, SecondFactor, Staff
from server.accounts.policy import require_over
from server.accounts.sealing import Unsealable, seal, unseal
from server.accounts.sessions import end_sessions
from server.accounts.tokens import digest, new_code, normal_code
from server.audit.services import record
from server.errors import Conflict, LoginRefused

__all__ = [
    "RECOVERY_CODES",
    "begin_second_factor",
    "check_second_factor",
    "confirm_second_factor",
    "has_second_factor",
    "must_have_second_factor",
    "new_recovery_codes",
    "provisioning_uri",
    "recovery_codes_left",
    "reset_second_factor",
    "secret_of",
    "turn_off_second_factor",
]

#: How many recovery codes somebody gets.
RECOVERY_CODES = 10

#: A code counts for this long, in seconds; that of the step before and after counts too, because
#: the clock of a telephone is never quite right (RFC 6238, 5.2).
STEP_S = 30
STEPS_AROUND = (0, -1, 1)

#: How long a secret waits for its first code, in minutes.
WAITING_MIN = 30


def has_second_factor(staff: Staff) -> bool:
    """Is a second factor asked of this account?"""
    return SecondFactor.objects.filter(staff=staff, confirmed_at__isnull=False).exists()


def must_have_second_factor(staff: Staff) -> bool:
    """Does a role ask for one that is not set up yet (`staff.second_factor_roles`)?"""
    roles: tuple[str, ...] = settings.SECOND_FACTOR_ROLES
    if not roles or not staff.grants.filter(role__in=roles).exists():
        return False
    return not has_second_factor(staff)


@transaction.atomic
def begin_second_factor(*, staff: Staff, now: datetime) -> SecondFactor:
    """Return a factor that waits for its first code: the one begun lately, or a new one.

    Raises `Conflict` if there is one that counts.
    """
    if has_second_factor(staff):
        raise Conflict("The second factor is on already; turn it off first to set up another.")
    begun = SecondFactor.objects.filter(
        staff=staff, created_at__gt=now - timedelta(minutes=WAITING_MIN)
    ).first()
    if begun is not None and _opens(begun):
        return begun
    sealed = seal(pyotp.random_base32(), staff.pk)
    values = {"sealed_secret": sealed, "created_at": now, "confirmed_at": None, "last_step": 0}
    return SecondFactor.objects.update_or_create(staff=staff, defaults=values)[0]


def secret_of(factor: SecondFactor) -> str:
    """Return the secret, for the one page that shows it.  Raises `Unsealable`."""
    return unseal(factor.sealed_secret, factor.staff_id)


def provisioning_uri(factor: SecondFactor) -> str:
    """Return what the QR code holds (otpauth://totp/…)."""
    organisation = settings.CONFIGURATION.organisation
    issuer = organisation.name or organisation.id
    return pyotp.TOTP(secret_of(factor)).provisioning_uri(
        name=factor.staff.username, issuer_name=f"影壁 {issuer}".replace(":", " ")
    )


def confirm_second_factor(
    *, staff: Staff, password: str, code: str, now: datetime, address: str
) -> list[str]:
    """Turn it on with its first code; returns the recovery codes, which nobody can see again.

    Raises `LoginRefused` if the password or the code is wrong, and `TooManyRequests`.
    """
    with _one_try(staff, address, now), transaction.atomic():
        waiting = SecondFactor.objects.select_for_update().filter(staff=staff, confirmed_at=None)
        factor = waiting.first()
        if factor is None:
            raise Conflict("There is nothing to confirm; begin anew.")
        _require_password(staff, password)
        if not _is_code(factor, code, now):
            raise _refusal()
        SecondFactor.objects.filter(pk=factor.pk).update(confirmed_at=now)
        codes = _recovery_codes(staff)
        record(actor=staff, action="second-factor.on", subject=staff, now=now, address=address)
    return codes


def check_second_factor(
    *, staff: Staff, code: str, now: datetime, address: str, device: str = ""
) -> None:
    """Let a login pass by its second factor.  Raises `LoginRefused` or `TooManyRequests`.

    Who comes here knows the password: a refusal stands in the audit.
    """
    this_try = begin_try(username=staff.username, address=address, now=now, device=device)
    with transaction.atomic():
        used = _use(staff, code, now)
        if used:
            take_back(this_try)
            detail = {"by": used}
            record(
                actor=staff, action="login.second-factor", subject=staff, detail=detail, now=now,
                address=address,
            )  # fmt: skip
            return
        record(
            actor=staff, action="login.second-factor-refused", subject=staff, now=now,
            address=address,
        )  # fmt: skip
    raise _refusal()


def new_recovery_codes(
    *, staff: Staff, password: str, code: str, now: datetime, address: str
) -> list[str]:
    """Return new recovery codes; the former ones work no longer."""
    with _one_try(staff, address, now), transaction.atomic():
        _require_again(staff, password, code, now)
        codes = _recovery_codes(staff)
        record(actor=staff, action="second-factor.codes", subject=staff, now=now, address=address)
    return codes


def turn_off_second_factor(
    *, staff: Staff, password: str, code: str, now: datetime, address: str
) -> None:
    """Turn one's own off: takes the password and a code once more.  Raises `LoginRefused`."""
    with _one_try(staff, address, now), transaction.atomic():
        _require_again(staff, password, code, now)
        _remove(staff)
        record(actor=staff, action="second-factor.off", subject=staff, now=now, address=address)


@transaction.atomic
def reset_second_factor(
    *, staff: Staff, actor: Staff | None, now: datetime, address: str = ""
) -> bool:
    """Take it from an account whose telephone is lost; its sessions end.  Returns if there was one.

    `actor` None is the console of the server: the way in that no attack and no loss can bar.
    """
    if actor is not None:
        require_over(actor, staff)
    if not _remove(staff):
        return False
    end_sessions(staff=staff, actor=actor, now=now, address=address)
    record(actor=actor, action="second-factor.reset", subject=staff, now=now, address=address)
    return True


def recovery_codes_left(staff: Staff) -> int:
    """Return how many recovery codes still work."""
    return RecoveryCode.objects.filter(staff=staff, used_at=None).count()


@contextmanager
def _one_try(staff: Staff, address: str, now: datetime) -> Iterator[None]:
    """What is tried here counts with the logins of this account; what was right does not."""
    this_try = begin_try(username=staff.username, address=address, now=now)
    yield
    take_back(this_try)


def _require_again(staff: Staff, password: str, code: str, now: datetime) -> None:
    """Who sits at an open page must still be the owner."""
    _require_password(staff, password)
    if not _use(staff, code, now):
        raise _refusal()


def _require_password(staff: Staff, password: str) -> None:
    if not staff.check_password(password):
        raise LoginRefused("The present password is wrong.", code="PASSWORD_WRONG")


def _use(staff: Staff, code: str, now: datetime) -> str:
    """Use a code up; returns which kind it was, or ""."""
    factor = SecondFactor.objects.filter(staff=staff, confirmed_at__isnull=False).first()
    if factor is not None and _is_code(factor, code, now):
        return "code"
    unused = RecoveryCode.objects.filter(
        staff=staff, used_at=None, sha256=digest(normal_code(code))
    )
    return "recovery code" if factor is not None and unused.update(used_at=now) else ""


def _is_code(factor: SecondFactor, code: str, now: datetime) -> bool:
    """Is it the code of this time?  Then it is used up: of two at once, one is refused."""
    typed = "".join(code.split())
    if not (typed.isascii() and typed.isdigit()):
        return False
    try:
        clock = pyotp.TOTP(secret_of(factor), interval=STEP_S)
    except Unsealable:
        return False  # recovery codes, and the console, still let them in
    present = int(now.timestamp()) // STEP_S
    for step in (present + around for around in STEPS_AROUND):
        if hmac.compare_digest(clock.generate_otp(step), typed):
            newer = SecondFactor.objects.filter(pk=factor.pk, last_step__lt=step)
            return bool(newer.update(last_step=step))
    return False


def _opens(factor: SecondFactor) -> bool:
    try:
        return bool(secret_of(factor))
    except Unsealable:
        return False


def _recovery_codes(staff: Staff) -> list[str]:
    RecoveryCode.objects.filter(staff=staff).delete()
    codes = [new_code() for _ in range(RECOVERY_CODES)]
    RecoveryCode.objects.bulk_create(
        RecoveryCode(staff=staff, sha256=digest(normal_code(code))) for code in codes
    )
    return codes


def _remove(staff: Staff) -> bool:
    RecoveryCode.objects.filter(staff=staff).delete()
    return bool(SecondFactor.objects.filter(staff=staff).delete()[0])


def _refusal() -> LoginRefused:
    return LoginRefused(
        "This code is wrong, used already or too old: take the one that the telephone shows now,"
        " or a recovery code.",
        code="CODE_REFUSED",
    )
