"""How each day went for each screen: minutes heard, and the worst of what its box measured.

One row a screen and day, rolled up as the watch looks each minute, kept for `KEPT`: bounded.
"""

from collections.abc import Iterable, Mapping
from datetime import date, timedelta
from typing import Any

from django.db import transaction
from msgspec import Struct

from server.watch.models import DayHealth

__all__ = ["KEPT", "Measured", "days_forget", "measured", "note_minute"]

#: How long days are kept.
KEPT = timedelta(days=400)


class Measured(Struct, frozen=True):
    """What a heartbeat says of a box; None where it says nothing."""

    temperature_c: float | None = None
    free_share: float | None = None
    load: float | None = None
    offset_ms: int | None = None
    boot: str = ""


def measured(body: Mapping[str, Any], boot: str) -> Measured:
    """The measurements of a heartbeat's body, which came from a box: anything may stand there."""
    disk, clock = _mapping(body.get("disk")), _mapping(body.get("clock"))
    free, total = _number(disk.get("free")), _number(disk.get("total"))
    load = body.get("load")
    offset = _number(clock.get("offset_ms"))
    return Measured(
        temperature_c=_number(body.get("temperature_c")),
        free_share=free / total if free is not None and total else None,
        load=_number(load[0]) if isinstance(load, list) and load else None,
        offset_ms=None if offset is None else int(offset),
        boot=boot,
    )


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _number(value: Any) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def note_minute(
    *, day: date, screens: Iterable[int], heard: Mapping[int, Measured], minutes: int = 1
) -> None:
    """Roll one look up: these screens were looked for, and these of them were heard."""
    pks = list(screens)
    rows = {row.screen_id: row for row in DayHealth.objects.filter(day=day, screen__in=pks)}
    new = [DayHealth(screen_id=pk, day=day) for pk in pks if pk not in rows]
    for row in (*rows.values(), *new):
        row.looked += minutes
        found = heard.get(row.screen_id)
        if found is not None:
            _take(row, found, minutes)
    with transaction.atomic():
        DayHealth.objects.bulk_create(new, batch_size=100)
        if rows:
            DayHealth.objects.bulk_update(rows.values(), _FIELDS, batch_size=50)


_FIELDS = (
    "heard", "looked", "temperature_c", "free_share", "load", "offset_ms", "restarts", "boot",
)  # fmt: skip


def _take(row: DayHealth, found: Measured, minutes: int) -> None:
    row.heard += minutes
    row.temperature_c = _extreme(max, row.temperature_c, found.temperature_c)
    row.free_share = _extreme(min, row.free_share, found.free_share)
    row.load = _extreme(max, row.load, found.load)
    if found.offset_ms is not None and abs(found.offset_ms) >= abs(row.offset_ms or 0):
        row.offset_ms = found.offset_ms
    if row.boot and found.boot != row.boot:
        row.restarts += 1
    row.boot = found.boot


def _extreme(choose: Any, former: float | None, found: float | None) -> float | None:
    known = [each for each in (former, found) if each is not None]
    return choose(known) if known else None


def days_forget(*, today: date) -> int:
    """Forget days that are older than `KEPT`."""
    return DayHealth.objects.filter(day__lt=today - KEPT).delete()[0]
