"""Sources of alerts and their policies; each change is one transaction with its audit row."""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop as _
from msgspec import Struct

from server.accounts.models import Department, Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.cap.models import CapArea, CapSource, Handling
from server.cap.policy import Place
from server.datasets.fetching import Rules, checked_address
from server.errors import Invalid
from server.screens.models import ScreenGroup
from server.validation import cleaned

__all__ = ["AREAS_LIMIT", "Told", "areas_set", "fetch_rules", "source_close", "source_save"]

#: Places in the table of one source.
AREAS_LIMIT = 500

#: How often a source is asked, in minutes: the least and the most.
INTERVALS_MIN = (1, 1440)


class Told(Struct, frozen=True, kw_only=True):
    """What an administrator says of a source."""

    name: str
    handling: str = "review"
    drills: str = "none"
    severity: int = 3
    urgency: int = 3
    certainty: int = 2
    language: str = "zh"
    usual_min: int = 60
    url: str = ""
    every_min: int = 5


def fetch_rules() -> Rules:
    """Who may be asked: the same hosts as for data sets."""
    told = settings.CONFIGURATION.fetch
    return Rules(hosts=told.hosts, networks=told.networks)


@transaction.atomic
def source_save(
    *,
    source: CapSource | None,
    department: Department,
    told: Told,
    reason: str,
    actor: Staff,
    now: datetime,
) -> CapSource:
    """Make a source, or change its policy.  Raises `Invalid`.

    To let it go to the screens without a person takes the right to do that oneself, and a reason.
    """
    require(actor, Act.MANAGE_SCREENS, department)
    if told.handling == Handling.AUTOMATIC:
        require(actor, Act.TAKE_OVER, department)
        if not reason.strip():
            raise Invalid(
                _("Say why alerts may be shown without a person: it stands in the audit.")
            )
    least, most = INTERVALS_MIN
    if not least <= told.every_min <= most:
        raise Invalid(
            _("Ask every %(least)d to %(most)d minutes."), values={"least": least, "most": most}
        )
    if told.url:
        checked_address(told.url, fetch_rules())
    row = CapSource(department=department) if source is None else _held(source)
    for name in Told.__struct_fields__:
        setattr(row, name, getattr(told, name))
    row.policy_by, row.policy_at = actor, now
    row.due_at = now + timedelta(0) if row.url else None
    row.trouble, row.failing_since = "", None
    cleaned(row).save()
    detail = {"handling": row.handling, "drills": row.drills, "url": row.url, "reason": reason,
              "levels": [row.severity, row.urgency, row.certainty]}  # fmt: skip
    record(actor=actor, action="cap.source", subject=row, detail=detail, now=now)
    return row


@transaction.atomic
def areas_set(*, source: CapSource, places: Sequence[Place], actor: Staff, now: datetime) -> None:
    """Say which screens each place means, all anew.  Raises `Invalid`."""
    require(actor, Act.MANAGE_SCREENS, source.department)
    row = _held(source)
    if len(places) > AREAS_LIMIT:
        raise Invalid(_("At most %(most)d places: use * at the end of a code."),
                      values={"most": AREAS_LIMIT})  # fmt: skip
    groups = ScreenGroup.objects.in_bulk({each.group for each in places})
    for each in groups.values():
        require(actor, Act.MANAGE_SCREENS, each.department_id)
    if len(groups) < len({each.group for each in places}):
        raise Invalid(_("One of the groups is gone: choose another."))
    row.areas.all().delete()
    CapArea.objects.bulk_create(
        CapArea(source=row, scheme=each.scheme, value=each.value, group_id=each.group)
        for each in _distinct(places)
    )
    detail = {"places": len(places)}
    record(actor=actor, action="cap.places", subject=row, detail=detail, now=now)


def _distinct(places: Iterable[Place]) -> list[Place]:
    return list(dict.fromkeys(places))


@transaction.atomic
def source_close(*, source: CapSource, actor: Staff, now: datetime) -> None:
    """Take no more alerts of it; what is shown ends when it ends."""
    require(actor, Act.MANAGE_SCREENS, source.department)
    row = _held(source)
    row.closed_at, row.due_at = now, None
    row.save(update_fields=["closed_at", "due_at"])
    record(actor=actor, action="cap.close", subject=row, now=now)


def _held(source: CapSource) -> CapSource:
    return CapSource.objects.select_for_update().get(pk=source.pk, closed_at=None)
