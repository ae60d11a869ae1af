"""What the worker does for reports: counts, notes hours, plans; and forgets what is very old."""

from datetime import datetime, timedelta

from server.configuration import Configuration
from server.reports.counting import count_plays
from server.reports.hours import note_hours
from server.reports.models import PlayDay, ScreenDay
from server.reports.planning import plan_days
from server.telemetry.chores import forget

__all__ = ["EVERY", "KEPT", "nightly", "often"]

#: How often plays are counted.
EVERY = timedelta(minutes=10)

#: How long sums by day are kept: three years, longer than what they were made of.
KEPT = timedelta(days=1100)


def often(_configuration: Configuration, now: datetime) -> None:
    """Bring the sums up to date."""
    count_plays(now)
    note_hours(now)
    plan_days(now)


def nightly(_configuration: Configuration, now: datetime) -> None:
    """Forget sums of years ago."""
    forget(PlayDay.objects.filter(day__lt=(now - KEPT).date()))
    forget(ScreenDay.objects.filter(day__lt=(now - KEPT).date()))
