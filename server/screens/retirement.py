"""Takes a retirement back: the screen is in its groups again, and its box is let in as before."""

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import F

from server import news
from server.accounts.models import Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.errors import Conflict
from server.screens.models import Screen, ScreenGroup, ScreenToken

__all__ = ["screen_restore"]


@transaction.atomic
def screen_restore(
    *,
    screen: Screen,
    retired_at: datetime,
    groups: Collection[int],
    actor: Staff,
    now: datetime,
    address: str = "",
) -> None:
    """Undo the retirement of `retired_at`: with the groups of then that there still are.

    Tokens that ended by it work again; those that were revoked before stay so, and a pairing that
    was still open begins anew on its box.
    Raises `Conflict` if the screen is in use, or was retired at another time.
    """
    require(actor, Act.MANAGE_SCREENS, screen.department_id)
    rows = Screen.objects.filter(pk=screen.pk, retired_at=retired_at)
    if not rows.update(retired_at=None, version=F("version") + 1):
        raise Conflict("This screen was changed meanwhile: look at it again.")
    screen.refresh_from_db()
    screen.groups.set(ScreenGroup.objects.filter(pk__in=groups))
    ScreenToken.objects.filter(screen=screen, revoked_at=retired_at).update(revoked_at=None)
    news.tell()
    record(actor=actor, action="screen.restore", subject=screen, now=now, address=address)
