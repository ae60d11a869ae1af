"""How a box becomes a screen: it asks, its code is claimed (or it has a key), it is let in.

Nobody is told whether a code exists: wrong codes are counted for each member of staff and for all
together, and beyond the limit every code is refused for a while (I10).
"""

import hmac
import ipaddress
import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import Q, QuerySet

from server.accounts.models import Staff
from server.accounts.policy import Act, require, require_somewhere
from server.accounts.tokens import digest, new_token
from server.audit.services import record
from server.errors import Conflict, NotFound, TooManyRequests
from server.screens.enrolment import enrol
from server.screens.errors import NoSuchPairing, PairingExpired
from server.screens.models import Pairing, PairingTry, Screen
from server.screens.tokens import token_issue
from server.sentences import Sentence

__all__ = [
    "CODE_LIFE",
    "Asked",
    "Paired",
    "box_name",
    "boxes_waiting",
    "pairing_answer",
    "pairing_check",
    "pairing_claim",
    "pairing_request",
    "pairings_close",
]

#: What a pairing's secret begins with.
SECRET_PREFIX = "ybp"  # noqa: S105  (says whose secret it is)

#: How long a box shows a code.
CODE_LIFE = timedelta(minutes=15)

#: How long a claimed box may take to fetch its token.
CLAIMED_LIFE = timedelta(hours=24)

#: Pairings that wait at a time, in all and from one address.
OPEN_LIMIT, OPEN_LIMIT_OF_ADDRESS = 500, 50

#: Wrong codes within `TRY_SPAN` of one member of staff, and of all together.
TRIES_LIMIT, TRIES_LIMIT_OF_ALL, TRY_SPAN = 10, 50, timedelta(minutes=15)


class Asked(NamedTuple):
    """A new pairing.  `code` None: an enrolment key claimed it."""

    pairing: Pairing
    secret: str


class Paired(NamedTuple):
    """A box's way in: the token is shown this once."""

    screen: Screen
    token: str


def pairing_request(
    *, device: Mapping[str, Any], address: str, enrolment_key: str | None, now: datetime
) -> Asked:
    """A box asks.  Raises `EnrolmentRefused`, or `TooManyRequests` while too many wait."""
    secret = new_token(SECRET_PREFIX)
    with transaction.atomic():
        pairings_close(now=now)
        if enrolment_key is None:  # a crowd of strangers keeps nobody out who has a key
            _check_room(address)
        pairing = Pairing(
            secret_sha256=digest(secret),
            device=dict(device),
            address=str(ipaddress.ip_address(address)),
            created_at=now,
            expires_at=now + CODE_LIFE,
        )
        if enrolment_key is None:
            pairing.code = _free_code()
        else:
            screen = enrol(secret=enrolment_key, device=device, now=now)
            _claim(pairing, screen, None, now)
        pairing.save(force_insert=True)
    return Asked(pairing, secret)


def pairing_answer(*, pairing: str, secret: str, now: datetime) -> Paired | None:
    """What became of a pairing (its id); None while it waits.

    Makes the token at this moment; asked again before its first use, another one, and the former
    dies.  Raises `NoSuchPairing` or `PairingExpired`.
    """
    with transaction.atomic():
        found = Pairing.objects.select_for_update(of=("self",)).filter(pk=pairing).first()
        if found is None or not hmac.compare_digest(found.secret_sha256, digest(secret)):
            raise NoSuchPairing
        if found.expires_at <= now:
            raise PairingExpired
        if found.closed_at is not None:
            raise NoSuchPairing
        if found.screen is None:
            return None
        return Paired(found.screen, token_issue(pairing=found, now=now))


def pairing_claim(
    *, code: str, screen: Screen, actor: Staff, now: datetime, address: str = ""
) -> Pairing:
    """The box that shows this code becomes `screen`; one that was it goes with its first use.

    Raises `TooManyRequests` after too many wrong codes, `NotFound` for one that nobody shows.
    """
    require(actor, Act.MANAGE_SCREENS, screen.department)
    if screen.retired_at is not None:
        raise Conflict(
            "%(screen)s is retired: choose another screen, or make a new one.",
            values={"screen": screen},
        )
    with transaction.atomic():
        _check_tries(actor, now)
        waiting = Q(code=code, closed_at=None, screen=None, expires_at__gt=now)
        found = Pairing.objects.select_for_update().filter(waiting).first()
        if found is None:
            PairingTry.objects.create(staff=actor, at=now)
        else:
            _claim(found, screen, actor, now)
            found.save(update_fields=["screen", "claimed_by", "claimed_at", "expires_at"])
            detail = {"pairing": str(found.pk), "device": found.device, "from": found.address}
            record(
                actor=actor,
                action="screen.pair",
                subject=screen,
                detail=detail,
                now=now,
                address=address,
            )
    if found is None:  # raised only now, so that the try has been counted
        raise _nobody_shows(code)
    return found


def pairing_check(*, code: str, actor: Staff, now: datetime) -> None:
    """Does a box show this code now?  For whoever is to fill in more before it is claimed.

    Raises what `pairing_claim` raises, and counts a wrong code as that does.
    """
    require_somewhere(actor, Act.MANAGE_SCREENS)
    with transaction.atomic():
        _check_tries(actor, now)
        is_shown = boxes_waiting(now).filter(code=code).exists()
        if not is_shown:
            PairingTry.objects.create(staff=actor, at=now)
    if not is_shown:  # raised only now, so that the try has been counted
        raise _nobody_shows(code)


def boxes_waiting(now: datetime) -> QuerySet[Pairing]:
    """The boxes that show a code and wait to be claimed, the newest first."""
    waiting = Pairing.objects.filter(closed_at=None, screen=None, expires_at__gt=now)
    return waiting.order_by("-created_at")


def box_name(pairing: Pairing) -> str:
    """What a box calls itself, and where it calls from: text of a box, to be escaped."""
    name = pairing.device.get("name") or pairing.device.get("hostname")
    called = str(name)[:60] if isinstance(name, str) and name.strip() else ""
    return f"{called} ({pairing.address})" if called else str(pairing.address)


def pairings_close(*, now: datetime) -> int:
    """Close the pairings that nobody claimed in time, so that their codes are free again."""
    return Pairing.objects.filter(closed_at=None, expires_at__lte=now).update(closed_at=now)


def _nobody_shows(code: str) -> NotFound:
    said = Sentence(
        "No box shows the code %(code)s now: it was mistyped, or its quarter of an hour is over."
        " Type the six digits that stand on the screen of the box at this moment.",
        {"code": code},
    )
    return NotFound(said, details={"code": said})  # forms say it beside their field of this name


def _check_room(address: str) -> None:
    open_ = Pairing.objects.filter(closed_at=None)
    from_there = open_.filter(address=address).count()
    if from_there >= OPEN_LIMIT_OF_ADDRESS or open_.count() >= OPEN_LIMIT:
        raise TooManyRequests("Too many boxes wait to be paired: try again.", retry_after_s=60)


def _free_code() -> str:
    taken = set(Pairing.objects.filter(closed_at=None).values_list("code", flat=True))
    while (code := f"{secrets.randbelow(1_000_000):06d}") in taken:
        pass
    return code


def _check_tries(actor: Staff, now: datetime) -> None:
    tries = PairingTry.objects.filter(at__gt=now - TRY_SPAN)
    of_actor = tries.filter(staff=actor).count()
    if of_actor >= TRIES_LIMIT or tries.count() >= TRIES_LIMIT_OF_ALL:
        message = (
            "Too many wrong codes: wait a quarter of an hour, then type what the screen shows."
        )
        raise TooManyRequests(message, retry_after_s=int(TRY_SPAN.total_seconds()))


def _claim(pairing: Pairing, screen: Screen, actor: Staff | None, now: datetime) -> None:
    pairing.screen, pairing.claimed_by, pairing.claimed_at = screen, actor, now
    pairing.expires_at = now + CLAIMED_LIFE
