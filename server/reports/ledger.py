"""The screen ledger 台账: each screen with its place, its box, and who answers for it.

What boxes said of themselves is text.  A few queries, however many screens there are.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db.models import Min, QuerySet
from msgspec import Struct

from server.accounts.models import Department, Grant, Role
from server.screens.models import Pairing, Screen, ScreenToken

__all__ = ["LedgerRow", "ledger_rows"]

#: How many names stand in the ledger for one screen.
NAMES = 4


class LedgerRow(Struct, frozen=True):
    """One screen of the ledger.  `answers`: the administrators nearest to its department."""

    screen: Screen
    groups: str
    size: str
    box: str
    address: str
    version: str
    paired_at: datetime | None
    heard_at: datetime | None
    answers: str


def ledger_rows(screens: QuerySet[Screen]) -> list[LedgerRow]:
    """The ledger of these screens, by site and place."""
    rows = screens.select_related("site", "department", "heartbeat").prefetch_related("groups")
    found = list(rows.order_by("site__name", "department__name", "place", "name"))
    paired = _paired(found)
    devices = _devices(found)
    answers = _Answers()
    return [
        _row(each, paired.get(each.pk), devices.get(each.pk, {}), answers.of(each.department_id))
        for each in found
    ]


def _row(
    screen: Screen, paired_at: datetime | None, device: Mapping[str, Any], answers: str
) -> LedgerRow:
    beat = getattr(screen, "heartbeat", None)
    body = beat.body if beat else {}
    versions = body.get("versions") or {}
    return LedgerRow(
        screen=screen,
        groups=", ".join(each.name for each in screen.groups.all()),
        size=_size(screen, body),
        box=_text(device.get("hostname")),
        address=beat.address if beat else "",
        version=" · ".join(filter(None, (_text(versions.get(n)) for n in ("yingbi", "os")))),
        paired_at=paired_at,
        heard_at=beat.received_at if beat else None,
        answers=answers,
    )


def _size(screen: Screen, body: Mapping[str, Any]) -> str:
    """The canvas, and the panel where it is of another size."""
    canvas = f"{screen.canvas_width} × {screen.canvas_height}"
    outputs = body.get("outputs")
    first = outputs[0] if isinstance(outputs, list) and outputs else None
    if isinstance(first, dict):
        panel = f"{first.get('width')} × {first.get('height')}"
        if panel != canvas:
            return f"{canvas} ({_text(panel)})"
    return canvas


def _text(value: object) -> str:
    return str(value)[:100] if isinstance(value, str | int | float) else ""


def _paired(screens: list[Screen]) -> dict[int, datetime]:
    """Since when each has the box that it has now."""
    tokens = ScreenToken.objects.filter(screen__in=screens, revoked_at=None)
    sums = tokens.order_by().values("screen_id").annotate(first=Min("created_at"))
    return {each["screen_id"]: each["first"] for each in sums}


def _devices(screens: list[Screen]) -> dict[int, dict[str, Any]]:
    """What the box of each said of itself when it was paired last."""
    rows = Pairing.objects.filter(screen__in=screens).order_by("created_at")
    return dict(rows.values_list("screen_id", "device"))


class _Answers:
    """Who administers a department: those of the nearest one above that has any."""

    def __init__(self) -> None:
        self._parents = dict(Department.objects.values_list("pk", "parent_id"))
        self._names: dict[int | None, list[str]] = {}
        grants = Grant.objects.filter(role=Role.ADMINISTRATOR, staff__is_active=True)
        for owner, name in grants.values_list("department_id", "staff__full_name"):
            self._names.setdefault(owner, []).append(name)

    def of(self, department: int | None) -> str:
        """Their names."""
        seen: set[int] = set()
        while department is not None and department not in seen:
            if department in self._names:
                break
            seen.add(department)
            department = self._parents.get(department)
        return ", ".join(sorted(self._names.get(department, []))[:NAMES])
