"""What a reader asks of a report: which days and screens; from the query, and back into links."""

from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.utils.dateparse import parse_date
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from server.accounts.models import Department
from server.reports.selectors import LONGEST_DAYS, Period
from server.screens.models import Screen, ScreenGroup
from server.staff.requests import now
from server.staff.rows import visible

__all__ = ["Asked", "quick"]

#: The usual period, in days: the last four weeks and today.
USUAL_DAYS = 28

#: So many screens can be chosen by themselves; so many are named in the head of a file.
OFFERED, NAMED = 500, 6

#: The spans up to today that a link offers, in days.
_SPANS = (28, 92)


class Asked:
    """The period and the screens of one request; a wrong date is the usual one, with a word."""

    def __init__(self, request: HttpRequest) -> None:
        self._get = request.GET
        self.today = localdate()
        self.trouble = ""
        self.period = self._period()
        self._visible = visible(request, Screen)
        self._groups = visible(request, ScreenGroup)
        self._place = self._screens()
        self.ticked = self._ticked()
        self.screens = self._place.filter(pk__in=self.ticked) if self.ticked else self._place

    def _period(self) -> Period:
        usual = Period(self.today - timedelta(days=USUAL_DAYS), self.today)
        first, last = self._day("from", usual.first), self._day("until", usual.last)
        if first is None or last is None or not first <= last:
            self.trouble = _("These are no days in order: the last four weeks are shown.")
            return usual
        if (last - first).days >= LONGEST_DAYS:
            self.trouble = _("A report has at most a year: it begins later than you asked.")
            return Period(last - timedelta(days=LONGEST_DAYS - 1), last)
        return Period(first, last)

    def _day(self, name: str, usual: date) -> date | None:
        text = self._get.get(name, "").strip()
        if not text:
            return usual
        try:
            found = parse_date(text)
        except ValueError:
            return None
        return found if found and 2000 <= found.year <= 2200 else None

    def _screens(self) -> QuerySet[Screen]:
        """Those that are asked for; retired ones too: their records stay."""
        where, rows = self.where, self._visible
        kind, _colon, key = where.partition(":")
        number = int(key) if key.isascii() and key.isdigit() and len(key) < 10 else 0
        if kind == "department":
            return rows.filter(department__in=_below(number))
        if kind == "group":
            return rows.filter(Q(groups__in=self._groups.filter(pk=number))).distinct()
        if kind == "screen":
            return rows.filter(pk=number)
        return rows

    def _ticked(self) -> list[int]:
        """The screens that are ticked one by one, of those of the place; none: all of them."""
        keys = [key for key in self._get.getlist("screen")[:OFFERED] if key.isascii()]
        wanted = [int(key) for key in keys if key.isdigit() and len(key) < 10]
        there = self._place.filter(pk__in=wanted).values_list("pk", flat=True)
        return sorted(set(there)) if wanted else []

    @property
    def choosable(self) -> list[tuple[int, str, bool]]:
        """The screens of the place, and whether each is ticked."""
        rows = self._place.filter(Q(retired_at=None) | Q(pk__in=self.ticked)).order_by("name")
        return [
            (pk, name, pk in self.ticked)
            for pk, name in rows.values_list("pk", "name")[:OFFERED]
        ]  # fmt: skip

    @property
    def where(self) -> str:
        """Of which screens: "", or a kind and a key, such as "group:7"."""
        return self._get.get("where", "")[:40]

    @property
    def places(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """The choices of `where`, in groups."""
        owners = Department.objects.filter(pk__in=self._visible.values("department"))
        rows = self._visible.filter(retired_at=None)
        return [
            (_("Departments"), [(f"department:{e.pk}", str(e)) for e in owners.order_by("name")]),
            (_("Groups of screens"), [(f"group:{e.pk}", e.name) for e in self._groups]),
            (_("Screens"), [(f"screen:{e.pk}", e.name) for e in rows[:OFFERED]]),
        ]

    @property
    def offered(self) -> list[tuple[str, str, bool]]:
        """Periods that one click asks for: label, query, and whether it is this one."""
        return [
            (label, self.of_days(period), self.period == period)
            for label, period in quick(self.today)
        ]

    def of_days(self, period: Period, **changes: str) -> str:
        """The query of a link to the same of other days, with more changes."""
        days = {"from": period.first.isoformat(), "until": period.last.isoformat()}
        return self.query(**days, **changes)

    def query(self, **changes: str) -> str:
        """The query of a link to the same, with changes; an empty value takes one out."""
        kept = {
            "from": self.period.first.isoformat(),
            "until": self.period.last.isoformat(),
            "where": self.where,
            **{name: self._get[name][:60] for name in ("by", "of") if name in self._get},
        }
        told = {name: value for name, value in (kept | changes).items() if value}
        ticked = [] if "where" in changes else [("screen", pk) for pk in self.ticked]
        return urlencode([*told.items(), *ticked])

    @property
    def context(self) -> dict[str, Any]:
        """What the templates of all reports take."""
        return {
            "asked": self, "period": self.period, "query": self.query(), "today": self.today,
            "about": self.about, "printed_at": now(),
        }  # fmt: skip

    @property
    def about(self) -> str:
        """What a report is of, for the head of a file or a sheet of paper."""
        places = dict(each for _kind, choices in self.places for each in choices)
        days = f"{self.period.first:%Y-%m-%d} – {self.period.last:%Y-%m-%d}"
        place = str(places.get(self.where) or _("All screens"))
        if self.ticked:
            names = [name for _pk, name, is_ticked in self.choosable if is_ticked]
            place = _(", ").join(names[:NAMED]) + (" …" if len(names) > NAMED else "")
        return f"{days} · {place}"


def quick(today: date) -> list[tuple[str, Period]]:
    """Return the periods that people ask for; a week begins on Monday."""
    monday, first = today - timedelta(days=today.weekday()), today.replace(day=1)
    last_month = first - timedelta(days=1)
    spans = [
        (_("%(days)d days") % {"days": days}, Period(today - timedelta(days=days - 1), today))
        for days in _SPANS
    ]
    return [
        (_("Today"), Period(today, today)),
        (_("This week"), Period(monday, today)),
        (_("Last week"), Period(monday - timedelta(days=7), monday - timedelta(days=1))),
        (_("This month"), Period(first, today)),
        (_("Last month"), Period(last_month.replace(day=1), last_month)),
        *spans,
    ]


def _below(department: int) -> set[int]:
    """A department and all below it."""
    parents = dict(Department.objects.values_list("pk", "parent_id"))
    found = {department}
    while more := {pk for pk, parent in parents.items() if parent in found} - found:
        found |= more
    return found
