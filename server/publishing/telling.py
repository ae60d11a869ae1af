"""What staff are told of publications and takeovers, in the transaction of each."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from server.accounts.models import Staff
from server.alerts.kinds import Kind
from server.alerts.services import tell
from server.programme.models import Takeover
from server.screens.models import Screen
from server.sentences import Sentence

__all__ = ["OVER_LATELY", "tell_published", "tell_takeover", "tell_takeovers_over"]

#: A server that was away so long still tells that a takeover has ended.
OVER_LATELY = timedelta(days=2)


def tell_published(
    screens: Iterable[Screen], actor: Staff | None, reason: str, now: datetime
) -> None:
    """One message for each department whose screens show something new."""
    by_department: dict[int, list[Screen]] = {}
    for screen in screens:
        by_department.setdefault(screen.department_id, []).append(screen)
    for found in by_department.values():
        said = Sentence(
            "%(who)s published to %(n)d screens (%(reason)s).",
            {"who": actor or "yingbi-server", "n": len(found), "reason": reason[:100] or "–"},
        )
        tell(
            kind=Kind.PUBLISHED,
            said=said,
            department=found[0].department,
            link="/publish/",
            now=now,
        )


def tell_takeover(takeover: Takeover, actor: Staff | None, *, begins: bool, now: datetime) -> None:
    """A takeover begins, or was ended by hand."""
    who = actor or "yingbi-server"
    said = (
        Sentence("Takeover “%(name)s” was started by %(who)s.", {"name": takeover.name, "who": who})
        if begins
        else Sentence(
            "Takeover “%(name)s” was ended by %(who)s.", {"name": takeover.name, "who": who}
        )
    )
    tell(
        kind=Kind.TAKEOVER_STARTED if begins else Kind.TAKEOVER_ENDED,
        said=said,
        department=takeover.department,
        link=f"/emergency/{takeover.pk}/",
        key="" if begins else _ended(takeover),
        now=now,
    )


def tell_takeovers_over(now: datetime) -> int:
    """Tell of takeovers that have ended at their time, with nobody there; each once."""
    told = 0
    over = Takeover.objects.filter(ends_at__lte=now, ends_at__gt=now - OVER_LATELY)
    for takeover in over.select_related("department"):
        zone = ZoneInfo(settings.TIME_ZONE)
        said = Sentence(
            "Takeover “%(name)s” has ended by itself at %(at)s, as it was planned.",
            {"name": takeover.name, "at": f"{takeover.ends_at.astimezone(zone):%m-%d %H:%M}"},
        )
        message = tell(
            kind=Kind.TAKEOVER_ENDED,
            said=said,
            department=takeover.department,
            link=f"/emergency/{takeover.pk}/",
            key=_ended(takeover),
            now=now,
        )
        told += message is not None
    return told


def _ended(takeover: Takeover) -> str:
    """It ends once, by hand or by itself."""
    return f"takeover-ended:{takeover.pk}"
