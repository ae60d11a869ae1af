"""What the watch does: a round each minute; at night what is old is forgotten."""

import shutil
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from server.alerts.kinds import Kind
from server.alerts.services import tell
from server.configuration import Configuration
from server.programme.models import CalendarDay
from server.sentences import Sentence
from server.watch.days import days_forget
from server.watch.rounds import go_round

__all__ = ["disk_look", "minutely", "nightly"]

#: The disk is nearly full when less than so many times the room that is to stay free is left.
NEARLY = 2

#: From this month on the calendar of the next year is missed (it is announced in November); before,
#: that of this year.
CALENDAR_MONTH = 12


def minutely(configuration: Configuration, now: datetime) -> None:
    """Go round; look whether the disk will do."""
    go_round(now)
    disk_look(configuration, now)


def nightly(configuration: Configuration, now: datetime) -> None:
    """Forget old days; see whether the calendar will do."""
    today = now.astimezone(ZoneInfo(configuration.organisation.timezone or "UTC")).date()
    days_forget(today=today)
    _miss_calendar(today.year + (today.month >= CALENDAR_MONTH), now)


@transaction.atomic
def disk_look(configuration: Configuration, now: datetime) -> None:
    """Tell, once a day, that the disk of the server is nearly full."""
    free = shutil.disk_usage(configuration.data.directory).free
    least = int(configuration.data.min_free_gib * 1024**3)
    if free >= NEARLY * least:
        return
    tell(
        kind=Kind.DISK_LOW,
        said=Sentence(
            "The server's disk has %(free)s GB left, of which %(least)s GB are kept free: uploads"
            " will be refused. Delete what is not needed, or fit a larger disk.",
            {"free": round(free / 1e9, 1), "least": round(least / 1e9, 1)},
        ),
        department=None,
        key=f"disk-low:{now:%Y-%m-%d}",
        now=now,
    )


@transaction.atomic
def _miss_calendar(year: int, now: datetime) -> None:
    if CalendarDay.objects.filter(date__year=year).exists():
        return
    tell(
        kind=Kind.CALENDAR_MISSING,
        said=Sentence(
            "The calendar of %(year)s has no holidays yet: entries for workdays would go by"
            " weekdays alone. Add the public holidays.",
            {"year": str(year)},
        ),
        department=None,
        link=f"/schedule/calendar/{year}/",
        key=f"calendar-missing:{year}:{now:%m}",
        now=now,
    )
