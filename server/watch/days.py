"""How each day went for each screen: minutes heard, and the worst of what its box measured.

One row a screen and day, rolled up as the watch looks each minute, kept for `KEPT`: bounded.
"""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
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


def note_minute(*, day: date, heard: Mapping[int, Measured | None]) -> None:
    """Roll one look up: these screens were looked for; those that were heard said this.

    One statement for all of them, in SQL: thousands of rows are rolled up each minute, beside the
    answering of requests.
    """
    rows = [_row(screen, day, found) for screen, found in heard.items()]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(_ROLL_UP, rows)


def _row(
    screen: int, day: date, found: Measured | None
) -> tuple[int | float | str | date | None, ...]:
    if found is None:
        return screen, day, 0, None, None, None, None, ""
    measurements = found.temperature_c, found.free_share, found.load, found.offset_ms
    return screen, day, 1, *measurements, found.boot


_TABLE = DayHealth._meta.db_table


def _worst(column: str, worse: str) -> str:
    """The worse of what is kept and what comes; either may be NULL."""
    kept, comes = f"{_TABLE}.{column}", f"excluded.{column}"
    terms = worse.format(kept=kept, comes=comes)
    return f"CASE WHEN {kept} IS NULL OR {terms} THEN COALESCE({comes}, {kept}) ELSE {kept} END"


#: The words are ours; what boxes said comes as parameters.
_ROLL_UP = f"""
    INSERT INTO {_TABLE}
        (screen_id, day, looked, heard, temperature_c, free_share, load, offset_ms, restarts, boot)
    VALUES (%s, %s, 1, %s, %s, %s, %s, %s, 0, %s)
    ON CONFLICT (screen_id, day) DO UPDATE SET
        looked = {_TABLE}.looked + 1,
        heard = {_TABLE}.heard + excluded.heard,
        temperature_c = {_worst("temperature_c", "{comes} > {kept}")},
        free_share = {_worst("free_share", "{comes} < {kept}")},
        load = {_worst("load", "{comes} > {kept}")},
        offset_ms = {_worst("offset_ms", "ABS({comes}) >= ABS({kept})")},
        restarts = {_TABLE}.restarts + CASE
            WHEN excluded.heard > 0 AND {_TABLE}.boot <> '' AND excluded.boot <> {_TABLE}.boot
            THEN 1 ELSE 0 END,
        boot = CASE WHEN excluded.heard > 0 THEN excluded.boot ELSE {_TABLE}.boot END
"""  # noqa: S608


def days_forget(*, today: date) -> int:
    """Forget days that are older than `KEPT`."""
    return DayHealth.objects.filter(day__lt=today - KEPT).delete()[0]
