"""When big downloads may run: `server.download_window`, on the clock of the box."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from config.rules import DailySpan

__all__ = ["daily_window", "local_zone"]


def daily_window(span: DailySpan | None, zone_name: str = "") -> Callable[[datetime], bool]:
    """A test for instants (aware): do they lie in the daily span?  None: all do."""
    if span is None:
        return lambda _now: True
    zone, start, end = local_zone(zone_name), span.start, span.end

    def is_open(now: datetime) -> bool:
        at = now.astimezone(zone).time()
        return start <= at < end if start < end else at >= start or at < end

    return is_open


def local_zone(name: str) -> ZoneInfo:
    """The time zone of this name, else that of the box, else UTC."""
    if name:
        return ZoneInfo(name)
    try:
        with Path("/etc/localtime").open("rb") as file:
            return ZoneInfo.from_file(file)
    except (OSError, ValueError):
        return ZoneInfo("UTC")
