"""How each day went for each screen: minutes heard, and the worst of what its box measured.

One row a screen and day, rolled up as the watch looks each minute, kept for `KEPT`: bounded.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from msgspec import Struct

from server.rollup import ADD, LEAST, MOST, NEWEST_TEXT, Value, roll_up
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


def note_minute(*, day: date, heard: Mapping[int, Measured | None]) -> None:
    """Roll one look up: these screens were looked for; those that were heard said this."""
    rows = [(screen, day, 1, *_row(found)) for screen, found in heard.items()]
    roll_up(DayHealth, ("screen_id", "day"), _FOLDS, rows)


def _row(found: Measured | None) -> tuple[Value, ...]:
    if found is None:
        return 0, None, None, None, None, 0, ""
    measurements = found.temperature_c, found.free_share, found.load, found.offset_ms
    return 1, *measurements, 0, found.boot


_FOLDS = {
    "looked": ADD,
    "heard": ADD,
    "temperature_c": MOST,
    "free_share": LEAST,
    "load": MOST,
    "offset_ms": (
        "CASE WHEN {kept} IS NULL OR ABS({comes}) >= ABS({kept})"
        " THEN COALESCE({comes}, {kept}) ELSE {kept} END"
    ),
    "restarts": (
        "{kept} + CASE WHEN {excluded}boot <> '' AND {there}boot <> ''"
        " AND {excluded}boot <> {there}boot THEN 1 ELSE 0 END"
    ),
    "boot": NEWEST_TEXT,
}


def days_forget(*, today: date) -> int:
    """Forget days that are older than `KEPT`."""
    return DayHealth.objects.filter(day__lt=today - KEPT).delete()[0]
