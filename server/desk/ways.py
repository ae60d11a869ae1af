"""Ways back: what somebody has just deleted or changed, so that one click restores it.

A way belongs to whoever acted, is walked once, and is gone after a day.  It holds facts (JSON) and
a kind; who keeps a way knows what the kind means.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import models, transaction

from server.accounts.models import Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.desk.models import WayBack
from server.desk.taken import put_back
from server.errors import Invalid

__all__ = ["MOST_WAYS", "WAYS_KEPT", "RowKind", "rows_put_back", "way_keep", "way_take"]

#: A way back is there for so long.
WAYS_KEPT = timedelta(days=1)

#: So many ways back of one person; the oldest goes when another comes.
MOST_WAYS = 50


class RowKind:
    """What it takes to bring rows of a model back, and how the audit calls it.

    `owner` leads to the department in which the right is asked for.
    """

    def __init__(self, act: Act, action: str, page: str, owner: str = "department_id") -> None:
        self.act, self.action, self.page, self.owner = act, action, page, owner


@transaction.atomic
def way_keep(*, staff: Staff, kind: str, facts: Mapping[str, Any], now: datetime) -> WayBack:
    """Keep a way back for `staff`."""
    made = WayBack.objects.create(staff=staff, kind=kind, facts=dict(facts), made_at=now)
    surplus = WayBack.objects.filter(staff=staff).order_by("-pk").values_list("pk", flat=True)
    WayBack.objects.filter(pk__in=list(surplus[MOST_WAYS:])).delete()
    return made


def way_take(*, staff: Staff, pk: int, now: datetime) -> WayBack:
    """Return a way of `staff` and forget it; in the caller's transaction, which may roll it back.

    Raises `Invalid` if it was walked already, is too old, or belongs to somebody else.
    """
    row = WayBack.objects.filter(staff=staff, pk=pk, made_at__gt=now - WAYS_KEPT).first()
    if row is None or not WayBack.objects.filter(pk=pk).delete()[0]:
        raise Invalid("This cannot be undone any more: change it by hand.", code="TOO_LATE")
    return row


@transaction.atomic
def rows_put_back(
    *, facts: dict[str, Any], kind: RowKind, actor: Staff, now: datetime, address: str = ""
) -> models.Model:
    """Bring deleted rows back as they were (`taken`).  Raises `Conflict` where that cannot be."""
    label, pk = facts["subject"]
    values = next(each for name, each in facts["rows"] if name == label and each["id"] == pk)
    require(actor, kind.act, values[kind.owner])
    made = put_back(facts)
    record(actor=actor, action=kind.action, subject=made, now=now, address=address)
    return made
