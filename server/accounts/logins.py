"""Who is this?  By name and password, or by the token of a script.

Refusals are all alike, so that nobody learns which names there are; the time is alike too (Django
hashes for unknown names as well).
"""

from datetime import datetime

from django.contrib.auth import authenticate
from django.db import transaction
from django.db.models import Q

from server.accounts.limits import begin_try, take_back
from server.accounts.models import ApiToken, Staff
from server.accounts.passwords import MAX_PASSWORD_CHARACTERS
from server.accounts.tokens import digest
from server.audit.services import record
from server.errors import LoginRefused

__all__ = ["staff_by_password", "token_of"]


def staff_by_password(
    *, username: str, password: str, address: str, now: datetime, device: str = ""
) -> Staff:
    """Return who logs in; the view then calls Django's `login`, which rotates the session.

    `device` is the cookie of `limits.device_cookie`.  Raises `LoginRefused` or `TooManyRequests`.
    """
    this_try = begin_try(username=username, address=address, now=now, device=device)
    found = None
    if len(password) <= MAX_PASSWORD_CHARACTERS:
        found = authenticate(username=username.strip(), password=password)
    if not isinstance(found, Staff):
        raise LoginRefused("The name or the password is wrong, or the account is closed.")
    with transaction.atomic():
        take_back(this_try)
        record(actor=found, action="login", subject=found, now=now, address=address)
    return found


def token_of(secret: str, now: datetime) -> ApiToken:
    """Return the token of a script: for whom it acts (`staff`), and in what scope.

    Raises `LoginRefused`.
    """
    alive = Q(expires_at=None) | Q(expires_at__gt=now)
    token = (
        ApiToken.objects.filter(
            alive, sha256=digest(secret), revoked_at=None, staff__is_active=True
        )
        .select_related("staff")
        .first()
    )
    if token is None:
        message = "This token is unknown, over or revoked; make a new one."
        raise LoginRefused(message, code="TOKEN_REFUSED")
    return token
