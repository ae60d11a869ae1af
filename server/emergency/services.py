"""Begins, prolongs and ends emergencies; each is one transaction with its audit row.

A takeover (`publishing.urgent`) does the work on the screens.  Here is what makes it safe to do in
a hurry: it is asked once, typed by hand, bounded in time, seen by whoever begins another one, and a
drill cannot be begun by the word for the real thing.
"""

import uuid
from collections.abc import Collection
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_noop as _
from msgspec import Struct

from server.accounts.models import Staff
from server.accounts.policy import Act, require
from server.audit import services as audit
from server.emergency.errors import NotConfirmed, SomebodyElseBegan
from server.emergency.models import Emergency, EmergencyScreen, PreparedCard
from server.emergency.prepared import require_usable
from server.emergency.words import CONFIRMING, Words, card_data, is_confirmed
from server.errors import Invalid
from server.library.models import Asset
from server.library.pictures import picture_blob
from server.library.services import card_create
from server.programme.drafts import Where
from server.programme.instants import whole_ms
from server.programme.models import Takeover
from server.programme.services import takeover_create
from server.programme.versions import hold_still
from server.publishing import urgent
from server.publishing.files import with_files_read
from server.publishing.models import Release
from server.screens.models import Screen

__all__ = ["Asked", "begin", "end", "name_of", "prolong", "running", "screens_of"]

#: How a drill's name begins, wherever it is said.
DRILL_PREFIX = "【演练】"


class Asked(Struct, frozen=True, kw_only=True):
    """What somebody asks for.  `request` is drawn by the page: the same one begins once.

    `seen` are the emergencies (takeovers) that stood on the page; `picture` is an asset in the
    place of words.
    """

    request: uuid.UUID
    words: Words
    where: Where
    ends_at: datetime
    is_drill: bool
    typed: str
    seen: Collection[int] = ()
    picture: int | None = None
    card: PreparedCard | None = None
    reason: str = ""


def begin(*, asked: Asked, actor: Staff, now: datetime) -> Emergency:
    """Take the screens over at once; the one that was begun, if this was asked before.

    Raises `NotConfirmed`, `NotLegible`, `SomebodyElseBegan`, `Invalid` (too long, no screen).
    """
    longest = now + settings.EMERGENCY_LONGEST
    if asked.ends_at > longest:
        hours = int(settings.EMERGENCY_LONGEST.total_seconds() // 3600)
        raise Invalid(
            _("It may last %(hours)d hours at most: choose an earlier end, and prolong it then."),
            values={"hours": hours},
        )
    if not is_confirmed(asked.typed, is_drill=asked.is_drill):
        zh, en = CONFIRMING[asked.is_drill]
        raise NotConfirmed(
            _("Type “%(zh)s” (or “%(en)s”) to go: nothing has been shown yet."),
            values={"zh": zh, "en": en},
        )

    def attempt(read: Collection[str]) -> Emergency:
        with transaction.atomic():
            hold_still()
            again = Emergency.objects.filter(request=asked.request).first()
            return again if again is not None else _begin(asked, actor, now, read)

    return with_files_read(attempt, now)


def _begin(asked: Asked, actor: Staff, now: datetime, read: Collection[str]) -> Emergency:
    screens = screens_of(asked.where)
    if not screens:
        raise Invalid(_("Choose where: a group of screens, or all of them."))
    _require_seen(asked, screens, now)
    department = screens[0].department
    if asked.card is not None:
        require_usable(asked.card, is_drill=asked.is_drill)
    asset = _card(asked, screens[0], actor, now)
    takeover = takeover_create(
        name=name_of(asked.words, is_drill=asked.is_drill), department=department, shows=asset,
        where=asked.where, starts_at=now, ends_at=asked.ends_at, is_drill=asked.is_drill,
        actor=actor, now=now,
    )  # fmt: skip
    made = Emergency.objects.create(
        takeover=takeover, request=asked.request, hazard=asked.words.hazard, card=asked.card,
        reason=asked.reason, until=takeover.ends_at,
    )  # fmt: skip
    release = urgent.put_above(takeover, actor, asked.reason or takeover.name, now, read)
    versions = _versions(release)
    EmergencyScreen.objects.bulk_create(
        EmergencyScreen(emergency=made, screen=each, version=versions.get(each.pk))
        for each in screens
    )
    detail = {"drill": asked.is_drill, "screens": len(screens), "reason": asked.reason}
    audit.record(actor=actor, action="emergency.begin", subject=takeover, detail=detail, now=now)
    return made


def name_of(words: Words, *, is_drill: bool) -> str:
    """How it is called in every list: a drill says so first."""
    title = " ".join(words.title.split())[:80]
    return f"{DRILL_PREFIX}{title}" if is_drill else title


def screens_of(where: Where) -> list[Screen]:
    """The screens of some groups and single ones, each once, without retired ones."""
    on = Q(pk__in=list(where.screens)) | Q(groups__in=list(where.groups))
    rows = Screen.objects.filter(on, retired_at=None).select_related("department").distinct()
    return list(rows.order_by("pk"))


def running(now: datetime) -> list[Takeover]:
    """The takeovers that have screens now, the newest first."""
    rows = Takeover.objects.filter(starts_at__lte=now, ends_at__gt=now)
    return list(rows.select_related("created_by", "asset").order_by("-starts_at", "-pk"))


def _require_seen(asked: Asked, screens: Collection[Screen], now: datetime) -> None:
    """Refuse to cover what somebody else has begun here since the page was opened."""
    here = {each.pk for each in screens}
    for other in running(now):
        if other.pk in set(asked.seen):
            continue
        where = Where(
            screens=other.screens.values_list("pk", flat=True),
            groups=other.groups.values_list("pk", flat=True),
        )
        if here & {each.pk for each in screens_of(where)}:
            raise SomebodyElseBegan(
                _(
                    "%(who)s has just begun “%(name)s” on some of these screens.  Look at it; if "
                    "yours shall stand above it, go once more."
                ),
                values={"who": other.created_by, "name": other.name},
                details={"takeover": other.pk},
            )


def _card(asked: Asked, screen: Screen, actor: Staff, now: datetime) -> Asset:
    since = now.astimezone(ZoneInfo(screen.timezone))
    data = card_data(asked.words, is_drill=asked.is_drill, since=since)
    pictures = {"picture": picture_blob(asked.picture, actor)} if asked.picture else None
    return card_create(
        title=name_of(asked.words, is_drill=asked.is_drill), template="emergency", data=data,
        department=screen.department, pictures=pictures, act=Act.TAKE_OVER, actor=actor, now=now,
    )  # fmt: skip


def _versions(release: Release | None) -> dict[int, int]:
    """The version that each screen was told."""
    if release is None:
        return {}
    return dict(release.publications.values_list("screen_id", "version"))


def prolong(*, takeover: Takeover, ends_at: datetime, actor: Staff | None, now: datetime) -> None:
    """Let it go on until `ends_at`; `actor` None: the server itself."""
    if actor is not None:
        require(actor, Act.TAKE_OVER, takeover.department_id)
    if ends_at > now + settings.EMERGENCY_LONGEST:
        hours = int(settings.EMERGENCY_LONGEST.total_seconds() // 3600)
        raise Invalid(
            _("It may last %(hours)d hours at most: choose an earlier end, and prolong it then."),
            values={"hours": hours},
        )
    with transaction.atomic():
        urgent.prolong_takeover(
            takeover=takeover, ends_at=ends_at, actor=actor, reason=takeover.name, now=now
        )
        Emergency.objects.filter(takeover=takeover).update(until=whole_ms(ends_at))
        detail = {"ends_at": ends_at.isoformat()}
        audit.record(
            actor=actor, action="emergency.prolong", subject=takeover, detail=detail, now=now
        )


def end(*, takeover: Takeover, actor: Staff | None, now: datetime) -> None:
    """End it on all its screens; ending it twice is one act.  `actor` None: the server itself."""
    if actor is not None:
        require(actor, Act.TAKE_OVER, takeover.department_id)
    with transaction.atomic():
        hold_still()
        takeover.refresh_from_db()
        if takeover.ends_at <= now:
            return
        release = urgent.end_takeover(takeover=takeover, actor=actor, reason=takeover.name, now=now)
        kept = Emergency.objects.filter(takeover=takeover)
        kept.update(ended_at=now, ended_by=actor)
        for screen, version in _versions(release).items():
            rows = EmergencyScreen.objects.filter(emergency__takeover=takeover, screen=screen)
            rows.update(end_version=version)
        audit.record(actor=actor, action="emergency.end", subject=takeover, now=now)
