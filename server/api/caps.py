"""Alerts of authorities (CAP 1.2), for scripts: handed in, looked at, decided on."""

from datetime import datetime
from typing import Annotated

from msgspec import Meta, Struct

from server.accounts.policy import Act, require
from server.api.interface import Call, Operation
from server.api.reading import BEFORE, Keys, found, page_of, visible
from server.cap import deciding
from server.cap.document import BYTES_LIMIT
from server.cap.intake import take
from server.cap.models import CapAlert, CapSource
from server.cap.records import why_of
from server.errors import TooLarge

__all__ = ["OPERATIONS"]


class CapSourceValue(Struct):
    """A source of alerts, and its policy; levels are places in the lists of docs/cap.md."""

    id: int
    name: str
    department: int
    handling: str
    drills: str
    severity: int
    urgency: int
    certainty: int
    url: str
    trouble: str


class CapSourceList(Struct):
    """Some sources; `next` is the `before` of the next page, or None."""

    sources: list[CapSourceValue]
    next: int | None


class CapAlertValue(Struct):
    """An alert, and what became of it: new, recorded, waiting, planned, shown, ended, declined."""

    id: int
    source: int
    sender: str
    identifier: str
    sent: datetime
    status: str
    kind: str
    headline: str
    outcome: str
    why: str
    emergency: int | None
    expires_at: datetime | None


class CapAlertList(Struct):
    """Some alerts; `next` is the `before` of the next page, or None."""

    alerts: list[CapAlertValue]
    next: int | None


class CapGo(Struct, forbid_unknown_fields=True):
    """The word that the page asks for, and the takeovers that the script knows to run."""

    typed: Annotated[str, Meta(max_length=20)]
    seen: Keys = []


class CapNo(Struct, forbid_unknown_fields=True):
    """Why it is not shown."""

    reason: Annotated[str, Meta(min_length=1, max_length=200)]


def _source(row: CapSource) -> CapSourceValue:
    return CapSourceValue(
        row.pk, row.name, row.department_id, row.handling, row.drills, row.severity, row.urgency,
        row.certainty, row.url, row.trouble,
    )  # fmt: skip


def _alert(row: CapAlert) -> CapAlertValue:
    return CapAlertValue(
        row.pk, row.source_id, row.sender, row.identifier, row.sent, row.status, row.kind,
        row.headline, row.outcome, why_of(row.why).local(), row.takeover_id, row.expires_at,
    )  # fmt: skip


def cap_sources(call: Call) -> CapSourceList:
    """List the sources in reach."""
    rows, following = page_of(call, visible(call, CapSource).filter(closed_at=None))
    return CapSourceList([_source(each) for each in rows], following)


def cap_take(call: Call, source: int) -> CapAlertValue:
    """Take a document; the same one again changes nothing."""
    row = found(visible(call, CapSource).filter(closed_at=None), source, "source")
    require(call.actor, Act.TAKE_OVER, row.department_id)
    data = b""
    for chunk in call.chunks():
        data += chunk
        if len(data) > BYTES_LIMIT:
            raise TooLarge(
                "More than %(most)d bytes: no warning is as long.", values={"most": BYTES_LIMIT}
            )
    made = take(source=row, data=data, came_from=str(call.actor), actor=call.actor, now=call.now)
    return _alert(made)


def _row(call: Call, pk: int) -> CapAlert:
    rows = visible(call, CapAlert, field="source__department")
    return found(rows.select_related("source"), pk, "alert")


def cap_list(call: Call) -> CapAlertList:
    """List alerts, the newest first."""
    rows, following = page_of(call, visible(call, CapAlert, field="source__department"))
    return CapAlertList([_alert(each) for each in rows], following)


def cap_look(call: Call, alert: int) -> CapAlertValue:
    """Tell what became of one."""
    return _alert(_row(call, alert))


def cap_show(call: Call, alert: int) -> CapAlertValue:
    """Show one that waits."""
    row = _row(call, alert)
    deciding.show_by_hand(
        alert=row, typed=call.body.typed, seen=call.body.seen, actor=call.actor, now=call.now
    )
    return _alert(_row(call, alert))


def cap_decline(call: Call, alert: int) -> CapAlertValue:
    """Keep one that waits off the screens."""
    deciding.decline(
        alert=_row(call, alert), reason=call.body.reason, actor=call.actor, now=call.now
    )
    return _alert(_row(call, alert))


_ONE = "cap/alerts/<int:alert>/"

OPERATIONS = (
    Operation("GET", "cap/sources/", "cap_sources", cap_sources, "List sources of alerts",
              answer=CapSourceList, parameters=(BEFORE,)),
    Operation("POST", "cap/sources/<int:source>/alerts/", "cap_take", cap_take,
              "Hand in a CAP 1.2 document", answer=CapAlertValue, status=201, raw=True,
              act=Act.TAKE_OVER),
    Operation("GET", "cap/alerts/", "cap_list", cap_list, "List alerts of authorities",
              answer=CapAlertList, parameters=(BEFORE,)),
    Operation("GET", _ONE, "cap_look", cap_look, "What became of an alert", answer=CapAlertValue),
    Operation("POST", f"{_ONE}show/", "cap_show", cap_show, "Show an alert that waits",
              CapGo, CapAlertValue, act=Act.TAKE_OVER),
    Operation("POST", f"{_ONE}decline/", "cap_decline", cap_decline,
              "Keep an alert that waits off the screens", CapNo, CapAlertValue,
              act=Act.TAKE_OVER),
)  # fmt: skip
