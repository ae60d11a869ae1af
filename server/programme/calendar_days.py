"""The organisation's calendar: public holidays, and the days worked in exchange for them."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import NamedTuple

from django.db import transaction

from server.accounts.models import Staff
from server.accounts.policy import Act
from server.audit import services as audit
from server.errors import Invalid
from server.programme.calendar_file import CalendarError, Day, read_calendar
from server.programme.models import CalendarDay
from server.programme.rights import require
from server.programme.state_holidays import notice_of
from server.programme.versions import hold_still

__all__ = [
    "ANNOUNCED_FROM_MONTH",
    "Imported",
    "calendar_clear",
    "calendar_import",
    "calendar_set",
    "calendar_start",
    "calendar_year",
    "year_to_take_in",
]

#: From this month on the next year's holidays may be out, and somebody has to take them in.
ANNOUNCED_FROM_MONTH = 11


def year_to_take_in(today: date) -> int | None:
    """The year of which nothing is known: the next, once it may be announced; before, this one."""
    year = today.year + (today.month >= ANNOUNCED_FROM_MONTH)
    return None if CalendarDay.objects.filter(date__year=year).exists() else year


def calendar_start(*, years: Iterable[int], now: datetime) -> None:
    """Give a server that has no calendar at all the years that are known to the programme."""
    if CalendarDay.objects.exists():
        return
    for year in years:
        notice = notice_of(year)
        if notice is not None:
            calendar_set(days=notice.days, actor=None, now=now)


class Imported(NamedTuple):
    """How many days an import added, changed, and found as they were."""

    added: int
    changed: int
    unchanged: int


def calendar_import(*, data: bytes, actor: Staff | None, now: datetime) -> Imported:
    """Take the days of an iCalendar or CSV file; days that it does not name stay as they are.

    Raises `Invalid` with one sentence; then nothing is changed.
    """
    require(actor, Act.MANAGE_SCREENS, None)
    try:
        days = read_calendar(data)
    except CalendarError as mistake:
        said = mistake.sentence
        raise Invalid(said, code="CALENDAR", details={"file": said}) from mistake
    return calendar_set(days=days, actor=actor, now=now)


def calendar_set(*, days: Iterable[Day], actor: Staff | None, now: datetime) -> Imported:
    """Say of some days what they are.  Raises `Invalid` for a day that is both."""
    require(actor, Act.MANAGE_SCREENS, None)
    wanted = _by_date(days)
    with transaction.atomic():
        hold_still(shared=True)
        before = {row.date: row for row in CalendarDay.objects.filter(date__in=wanted)}
        added = [day for at, day in wanted.items() if at not in before]
        changed = [
            day
            for at, day in wanted.items()
            if at in before and (before[at].kind, before[at].name) != (day.kind, day.name)
        ]
        for day in (*added, *changed):
            CalendarDay.objects.update_or_create(
                date=day.date, defaults={"kind": day.kind, "name": day.name}
            )
        if added or changed:
            detail = {day.date.isoformat(): day.kind for day in (*added, *changed)}
            audit.record(actor=actor, action="calendar.set", detail=detail, now=now)
    return Imported(len(added), len(changed), len(wanted) - len(added) - len(changed))


def calendar_year(
    *, year: int, days: Iterable[Day], actor: Staff | None, now: datetime
) -> tuple[Imported, int]:
    """Say of all days of a year what they are: those that are not named are as their weekday says.

    The second value is how many days that became.  Raises `Invalid` for a day of another year.
    """
    require(actor, Act.MANAGE_SCREENS, None)
    wanted = _by_date(days)
    for at in wanted:
        if at.year != year:
            raise Invalid(
                "%(day)s is not a day of %(year)d: send each year by itself.",
                values={"day": at, "year": year},
                code="CALENDAR",
            )
    with transaction.atomic():
        hold_still(shared=True)
        others = CalendarDay.objects.filter(date__year=year).exclude(date__in=wanted)
        dates = sorted(others.values_list("date", flat=True))
        if dates:
            others.delete()
            detail = {"dates": [each.isoformat() for each in dates]}
            audit.record(actor=actor, action="calendar.clear", detail=detail, now=now)
        made = calendar_set(days=wanted.values(), actor=actor, now=now)
    return made, len(dates)


def _by_date(days: Iterable[Day]) -> dict[date, Day]:
    wanted: dict[date, Day] = {}
    for day in days:
        if wanted.setdefault(day.date, day).kind != day.kind:
            raise Invalid(
                "%(day)s is said to be both a day off and a working day: choose one.",
                values={"day": day.date},
                code="CALENDAR",
            )
        wanted[day.date] = day
    return wanted


def calendar_clear(*, day: date, actor: Staff | None, now: datetime) -> None:
    """Let a day be what its weekday says again."""
    require(actor, Act.MANAGE_SCREENS, None)
    with transaction.atomic():
        hold_still(shared=True)
        CalendarDay.objects.filter(date=day).delete()
        detail = {"date": day.isoformat()}
        audit.record(actor=actor, action="calendar.clear", detail=detail, now=now)
