"""When big downloads may run: `server.download_window`, on the clock of the box."""

from collections.abc import Callable
from datetime import datetime

from config.times import DailySpan
from player.clock import local_zone

__all__ = ["daily_window"]


def daily_window(span: DailySpan | None, zone_name: str = "") -> Callable[[datetime], bool]:
    """A test for instants (aware): do they lie in the daily span?  None: all do."""
    if span is None:
        return lambda _now: True
    zone, start, end = local_zone(zone_name), span.start, span.end

    def is_open(now: datetime) -> bool:
        at = now.astimezone(zone).time()
        return start <= at < end if start < end else at >= start or at < end

    return is_open
