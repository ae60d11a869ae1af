"""Operating hours as administrators keep them."""

from datetime import datetime
from typing import Any

from django.db import transaction

from manifest.codec import windows as read_windows
from manifest.errors import ManifestFormatError
from server.accounts.models import Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.errors import Invalid
from server.screens.models import ScreenGroup, Site
from server.sentences import Sentence
from server.watch.models import OperatingHours

__all__ = ["LEAST_GRACE_MIN", "LONGEST_GRACE_MIN", "WINDOWS_LIMIT", "hours_clear", "hours_set"]

#: How long a screen may be silent before anybody is told, in minutes.
LEAST_GRACE_MIN, LONGEST_GRACE_MIN = 3, 24 * 60

#: Windows of one place.
WINDOWS_LIMIT = 50


@transaction.atomic
def hours_set(
    *,
    place: Site | ScreenGroup,
    windows: list[dict[str, Any]] | None,
    grace_minutes: int,
    is_muted: bool,
    not_on_holidays: bool = False,
    actor: Staff,
    now: datetime,
    address: str = "",
) -> OperatingHours:
    """Say when the screens of a site or group are expected to be on (None: always).

    With `not_on_holidays` the public holidays of the calendar are closed.  Raises `Invalid`.
    """
    _require(actor, place)
    if not LEAST_GRACE_MIN <= grace_minutes <= LONGEST_GRACE_MIN:
        raise Invalid(
            "Patience is %(least)d to %(most)d minutes.",
            values={"least": LEAST_GRACE_MIN, "most": LONGEST_GRACE_MIN},
            details={"grace_minutes": Sentence("Patience is too short or too long.")},
        )
    if len(windows or ()) > WINDOWS_LIMIT:
        raise Invalid(
            "A place has at most %(most)d windows.", values={"most": WINDOWS_LIMIT},
            details={"windows": Sentence("These are too many.")},
        )  # fmt: skip
    try:
        read_windows(windows or [])
    except ManifestFormatError as error:
        raise Invalid(
            "These are no operating hours: look at the example in the documents.",
            details={"windows": str(error)},
        ) from None
    row, _new = OperatingHours.objects.update_or_create(
        **_of(place),
        defaults={
            "windows": windows,
            "not_on_holidays": not_on_holidays,
            "grace_minutes": grace_minutes,
            "is_muted": is_muted,
        },
    )
    detail = {
        "windows": windows, "not_on_holidays": not_on_holidays, "grace_minutes": grace_minutes,
        "muted": is_muted,
    }  # fmt: skip
    record(actor=actor, action="hours.set", subject=place, detail=detail, now=now, address=address)
    return row


@transaction.atomic
def hours_clear(
    *, place: Site | ScreenGroup, actor: Staff, now: datetime, address: str = ""
) -> None:
    """Let nothing be said of a place: a group follows its site, a site is always open."""
    _require(actor, place)
    if OperatingHours.objects.filter(**_of(place)).delete()[0]:
        record(actor=actor, action="hours.clear", subject=place, now=now, address=address)


def _require(actor: Staff, place: Site | ScreenGroup) -> None:
    """A site belongs to all departments, a group to one."""
    owner = place.department if isinstance(place, ScreenGroup) else None
    require(actor, Act.MANAGE_SCREENS, owner)


def _of(place: Site | ScreenGroup) -> dict[str, Any]:
    return {"group" if isinstance(place, ScreenGroup) else "site": place}
