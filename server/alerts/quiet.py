"""When a mail may go: after the quiet hours of its reader.  Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

__all__ = ["after_quiet"]


def after_quiet(
    due: datetime, quiet_from: time | None, quiet_until: time | None, zone: ZoneInfo
) -> datetime:
    """Return `due`, or the end of the quiet hours `[from, until)` that it lies in.

    The hours are those of a wall clock in `zone` and may go over midnight; equal ones are none.
    """
    if quiet_from is None or quiet_until is None or quiet_from == quiet_until:
        return due
    wall = due.astimezone(zone)
    at = wall.time()
    is_overnight = quiet_from > quiet_until
    if is_overnight:
        is_quiet = at >= quiet_from or at < quiet_until
    else:
        is_quiet = quiet_from <= at < quiet_until
    if not is_quiet:
        return due
    ends_next_day = is_overnight and at >= quiet_from
    day = wall.date() + timedelta(days=1 if ends_next_day else 0)
    end = datetime.combine(day, quiet_until, zone).astimezone(due.tzinfo)
    return max(end, due)
