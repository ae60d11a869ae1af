"""How often somebody may guess: limits that slow an attacker and cannot lock out the owner.

Three counts over the last quarter of an hour, each with waits that double: one account from one
address, one account from everywhere (a botnet), one address for all accounts (stuffing).  A wait is
never longer than `LONGEST_WAIT_S`.  Who fails on purpose all day keeps strange browsers of that
account waiting, and nobody else: a browser that has logged in here before is known by a signed
cookie, counts for itself and does not wait for what strangers do; and a code of an administrator
opens the account from anywhere, because codes are too long to be guessed and count by address only.

A try is written down before the password is looked at and taken back when it was right: many tries
at the same moment are counted one by one.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from math import ceil

from django.core import signing
from django.db import connection, transaction
from django.db.models import Count, Max, Q
from msgspec import Struct

from server.accounts.models import LoginFailure
from server.errors import TooManyRequests

__all__ = ["Limit", "begin_try", "device_cookie", "forget_old_failures", "take_back"]

#: Failures older than this are forgotten, in minutes.
WINDOW_MIN = 15

#: No wait is longer than this, in seconds.
LONGEST_WAIT_S = 60

#: How long a browser is known after a login, in days.
DEVICE_DAYS = 90

_SALT = "server.accounts.device"


class Limit(Struct, frozen=True):
    """After `free` failures each further one doubles the wait, which starts at one second."""

    free: int

    def wait_s(self, failures: int) -> int:
        """Return how long to wait after the last failure, in seconds."""
        over = failures - self.free
        return 0 if over < 0 else min(2 ** min(over, 10), LONGEST_WAIT_S)


ACCOUNT_FROM_ADDRESS = Limit(5)
ACCOUNT = Limit(20)
ADDRESS = Limit(60)
DEVICE = Limit(5)


def begin_try(
    *, username: str, address: str, now: datetime, device: str = "", is_code: bool = False
) -> int:
    """Write a try down and return its number for `take_back`; `TooManyRequests` if it is too soon.

    `device` is the cookie of `device_cookie`, if the browser has one.  `is_code`: what is tried is
    a random code, which nobody guesses from everywhere; `username` then stands for all codes.
    """
    username = username[:60].lower()
    with transaction.atomic():
        _one_at_a_time(username, address)
        known = _device_of(device, username)
        if known and _left([(DEVICE, Q(device=known))], now):
            known = ""  # it fails too often: a stranger like all others
        counts = _of_strangers(username, address)
        if is_code:
            counts = [(limit, which) for limit, which in counts if limit is not ACCOUNT]
        wait = 0 if known else _left(counts, now)
        if wait:
            raise TooManyRequests(
                "Too many tries; wait %(seconds)d seconds, then try again.",
                values={"seconds": wait},
                retry_after_s=wait,
            )
        failure = LoginFailure.objects.create(
            username=username, address=address, at=now, device=known
        )
    return failure.pk


def take_back(number: int) -> None:
    """The try was right: it counts no more."""
    LoginFailure.objects.filter(pk=number).delete()


def forget_old_failures(now: datetime) -> int:
    """Delete what no limit looks at any more; returns how many."""
    return LoginFailure.objects.filter(at__lt=now - timedelta(minutes=WINDOW_MIN)).delete()[0]


def device_cookie(username: str, nonce: str) -> str:
    """Return the cookie by which a browser is known that logged in as `username`."""
    return signing.dumps([username[:60].lower(), nonce], salt=_SALT)


def _device_of(cookie: str, username: str) -> str:
    """Return the mark of a browser that logged in as this one before, or ""."""
    if not cookie:
        return ""
    try:
        owner, nonce = signing.loads(cookie, salt=_SALT, max_age=timedelta(days=DEVICE_DAYS))
    except (signing.BadSignature, ValueError, TypeError):
        return ""
    return str(nonce)[:64] if owner == username else ""


def _of_strangers(username: str, address: str) -> list[tuple[Limit, Q]]:
    """Return what is counted of those whom no cookie makes known."""
    strangers = Q(device="")
    return [
        (ACCOUNT_FROM_ADDRESS, strangers & Q(username=username, address=address)),
        (ACCOUNT, strangers & Q(username=username)),
        (ADDRESS, strangers & Q(address=address)),
    ]


def _left(counts: Sequence[tuple[Limit, Q]], now: datetime) -> int:
    """Return the seconds that are left to wait by the strictest of these limits."""
    since = now - timedelta(minutes=WINDOW_MIN)
    left = 0
    for limit, which in counts:
        failures = LoginFailure.objects.filter(which, at__gte=since)
        found = failures.aggregate(number=Count("pk"), last=Max("at"))
        if wait := limit.wait_s(found["number"]):
            passed = max((now - found["last"]).total_seconds(), 0.0)
            left = max(left, ceil(wait - passed))
    return left


def _one_at_a_time(username: str, address: str) -> None:
    """Tries for the same account or from the same address are counted one after the other."""
    if connection.vendor != "postgresql":
        return  # SQLite: the transaction began IMMEDIATE, so this is the one writer
    with connection.cursor() as cursor:
        for name in sorted({f"account {username}", f"address {address}"}):
            cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
