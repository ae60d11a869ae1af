"""Enrolment keys: a box that brings one becomes a new screen without a person; and their making."""

import logging
import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import transaction
from django.db.models import F, Q

from server.accounts.models import Department, Staff
from server.accounts.policy import Act, require
from server.accounts.tokens import digest, new_token
from server.audit.services import record
from server.errors import Invalid
from server.screens.errors import EnrolmentRefused
from server.screens.models import (
    LARGEST_SIDE,
    LEAST_SIDE,
    EnrolmentKey,
    Screen,
    ScreenGroup,
    Site,
)

__all__ = ["MadeKey", "enrol", "enrolment_key_create", "enrolment_key_revoke"]

log = logging.getLogger("server.screens")

#: What an enrolment key begins with.
KEY_PREFIX = "ybe"

#: Screens that one key may make.
USES_LIMIT = 10_000

#: What a slug made of a host name does not have.
_NOT_IN_SLUG = re.compile(r"[^a-z0-9-]+")

#: How long such a slug may be; a number may follow.
_SLUG_LENGTH = 40


class MadeKey(NamedTuple):
    """A new enrolment key; `secret` is what goes into a box's settings, and is shown this once."""

    key: EnrolmentKey
    secret: str


def enrolment_key_create(
    *,
    name: str,
    site: Site,
    department: Department,
    groups: Iterable[ScreenGroup] = (),
    uses: int = 1,
    expires_at: datetime,
    actor: Staff,
    now: datetime,
    address: str = "",
) -> MadeKey:
    """Make a key for `uses` boxes.  Raises `Invalid`."""
    require(actor, Act.MANAGE_SCREENS, department)
    if not 1 <= uses <= USES_LIMIT or expires_at <= now:
        raise Invalid(
            "A key is for 1 to %(most)s boxes, and ends in the future.",
            values={"most": f"{USES_LIMIT:,}"},
        )
    secret = new_token(KEY_PREFIX)
    with transaction.atomic():
        key = EnrolmentKey.objects.create(
            name=name,
            sha256=digest(secret),
            site=site,
            department=department,
            uses_left=uses,
            created_by=actor,
            created_at=now,
            expires_at=expires_at,
        )
        key.groups.set(groups)
        detail = {"uses": uses, "expires_at": expires_at.isoformat(), "site": site.slug}
        record(
            actor=actor,
            action="enrolment-key.create",
            subject=key,
            detail=detail,
            now=now,
            address=address,
        )
    return MadeKey(key, secret)


def enrolment_key_revoke(
    *, key: EnrolmentKey, actor: Staff, now: datetime, address: str = ""
) -> None:
    """Let nobody in with this key any more; the screens that it made stay."""
    require(actor, Act.MANAGE_SCREENS, key.department)
    with transaction.atomic():
        if EnrolmentKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now):
            record(
                actor=actor, action="enrolment-key.revoke", subject=key, now=now, address=address
            )


def enrol(*, secret: str, device: Mapping[str, Any], now: datetime) -> Screen:
    """Use a key up by one, and make the screen.  In a transaction.  Raises `EnrolmentRefused`."""
    good = Q(sha256=digest(secret), revoked_at=None, expires_at__gt=now, uses_left__gt=0)
    if not EnrolmentKey.objects.filter(good).update(uses_left=F("uses_left") - 1):
        raise _refusal(secret, now)
    key = EnrolmentKey.objects.get(sha256=digest(secret))
    width, height = _canvas(device)
    slug = _free_slug(key.site, str(device.get("hostname", "")))
    screen = Screen.objects.create(
        slug=slug,
        name=slug,
        site=key.site,
        department=key.department,
        canvas_width=width,
        canvas_height=height,
        created_at=now,
    )
    screen.groups.set(key.groups.all())
    detail = {"key": key.name, "device": dict(device)}
    record(actor=None, action="screen.enrol", subject=screen, detail=detail, now=now)
    return screen


def _refusal(secret: str, now: datetime) -> EnrolmentRefused:
    """Why the key does not count: told to whoever has it, and to the journal if it was ours."""
    key = EnrolmentKey.objects.filter(sha256=digest(secret)).first()
    if key is None:
        return EnrolmentRefused(why="unknown")
    over = "expired" if key.expires_at <= now else "used up"
    why = over if key.revoked_at is None else "revoked"
    log.warning(
        "a box brought an enrolment key that is %s (%s) and shows a code instead: pair it with the"
        " code, or make another key",
        why,
        key.name,
    )
    return EnrolmentRefused(why=why)


def _free_slug(site: Site, hostname: str) -> str:
    """The host name as a slug, with a number behind it if there is such a screen already."""
    stem = _NOT_IN_SLUG.sub("-", hostname.lower())[:_SLUG_LENGTH].strip("-") or "screen"
    alike = Screen.objects.filter(site=site, slug__startswith=stem)
    taken = set(alike.values_list("slug", flat=True))
    number = 1
    while (slug := stem if number == 1 else f"{stem}-{number}") in taken:
        number += 1
    return slug


def _canvas(device: Mapping[str, Any]) -> tuple[int, int]:
    """The size of the box's first output, if it says a sensible one; else full HD."""
    for output in device.get("outputs") or ():
        size = (output.get("width"), output.get("height"))
        if all(isinstance(side, int) and LEAST_SIDE <= side <= LARGEST_SIDE for side in size):
            return size
    return 1920, 1080
