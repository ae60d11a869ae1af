"""Codes that say on which screen and in which period an address was scanned.  Pure.

A box without network makes them by itself, from a key that came with the card; the server, which
has the key too, tells whether one is good (as RFC 6238 does for one-time passwords, over a period
and a screen instead of half a minute).  They prove that somebody stood before a screen lately, and
are no secret: everybody in front of it can read them.
"""

import base64
import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Literal

from cards.dates import day_ends

__all__ = [
    "CODE_LETTERS",
    "GRACE",
    "Changes",
    "code_of",
    "is_due",
    "is_genuine",
    "period_ends",
    "period_of",
]

Changes = Literal["daily", "weekly", "monthly"]

#: A code has so many letters of base64 (RFC 4648, section 5): 72 bits.
CODE_LETTERS = 12

#: A code is good for so long before and after its period: clocks of boxes go wrong, people walk.
GRACE = timedelta(hours=2)


def period_of(at: datetime, changes: Changes) -> str:
    """The period in which `at` lies, on the clock of its time zone: 20261123, 2026W48, 202611."""
    if changes == "weekly":
        year, week, _day = at.isocalendar()
        return f"{year}W{week:02}"
    return f"{at:%Y%m%d}" if changes == "daily" else f"{at:%Y%m}"


def period_ends(at: datetime, changes: Changes) -> datetime:
    """When the period of `at` is over."""
    if changes == "daily":
        return day_ends(at)
    midnight = day_ends(at) - timedelta(days=1)
    if changes == "weekly":
        return midnight + timedelta(days=7 - at.weekday())
    return (midnight.replace(day=1) + timedelta(days=32)).replace(day=1)


def code_of(key: str, screen: str, period: str) -> str:
    """The code of a period on a screen."""
    digest = hmac.digest(key.encode(), f"{screen}/{period}".encode(), hashlib.sha256)
    return base64.urlsafe_b64encode(digest).decode()[:CODE_LETTERS]


def is_genuine(code: str, key: str, screen: str, period: str) -> bool:
    """Was it made for this screen and period?"""
    return hmac.compare_digest(code.encode(), code_of(key, screen, period).encode())


def is_due(period: str, now: datetime) -> bool:
    """Is the period now, give or take the grace?

    `now` is an aware instant in the time zone of the screen's site.
    """
    kinds: tuple[Changes, ...] = ("daily", "weekly", "monthly")
    near = {period_of(now + shift, each) for shift in (-GRACE, GRACE) for each in kinds}
    return period in near
