"""How a screen is, from when it was last heard: derived each time, never stored.  Pure."""

from datetime import datetime, timedelta
from enum import StrEnum

__all__ = ["LATE_AFTER", "OFFLINE_AFTER", "ScreenState", "state_of"]

#: Heartbeats come every 30 s: three that are missing are late, twenty are an outage.
LATE_AFTER, OFFLINE_AFTER = timedelta(seconds=90), timedelta(minutes=10)


class ScreenState(StrEnum):
    """What a dashboard says of a screen."""

    ONLINE = "online"
    LATE = "late"
    OFFLINE = "offline"
    NEVER = "never"
    RETIRED = "retired"


def state_of(heard_at: datetime | None, now: datetime, *, retired: bool = False) -> ScreenState:
    """The state at `now` of a screen that was last heard then (None: never)."""
    if retired:
        return ScreenState.RETIRED
    if heard_at is None:
        return ScreenState.NEVER
    silence = now - heard_at
    if silence < LATE_AFTER:
        return ScreenState.ONLINE
    return ScreenState.LATE if silence < OFFLINE_AFTER else ScreenState.OFFLINE
