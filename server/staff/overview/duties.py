"""What waits for the reader: reviews, what came back, files, screens that are behind, takeovers."""

from collections.abc import Iterable
from datetime import datetime

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec import Struct

from server.library.models import Asset, AssetState
from server.review.models import Submission
from server.review.selectors import waiting_for
from server.screens.states import ScreenState
from server.staff.labels import word
from server.staff.library.finding import expiring
from server.staff.overview.seen import Seen
from server.staff.requests import staff_of
from server.staff.rows import visible
from server.staff.schedule.reminders import reminder_for
from server.staff.templatetags.yingbi import step_name

__all__ = ["Duty", "duties"]

#: So many of one kind are named; there is a page for each kind.
NAMED = 5


class Duty(Struct, frozen=True):
    """Something to do: where, in a few words, with its sign and (for what has a term) its end."""

    icon: str
    words: str
    url: str
    due_at: datetime | None = None
    is_late: bool = False


def duties(request: HttpRequest, seen: Iterable[Seen], now: datetime) -> list[Duty]:
    """Everything that waits, the most urgent first.  Five queries."""
    waiting = [*_reviews(request, now), *_returned(request), *_files(request, now), *_behind(seen)]
    return [*waiting, *_holidays(request, now)]


def _holidays(request: HttpRequest, now: datetime) -> list[Duty]:
    year = reminder_for(request, now)
    if year is None:
        return []
    words = _("Take in the holidays of %(year)d once they are announced") % {"year": year}
    return [Duty("calendar", words, reverse("staff:calendar", args=[year]))]


def _reviews(request: HttpRequest, now: datetime) -> list[Duty]:
    return [
        Duty(
            "review",
            _("%(title)s: %(step)s") % {"title": each.title, "step": step_name(each.step)},
            reverse("staff:review", args=[each.pk]),
            each.due_at,
            each.due_at < now,
        )
        for each in waiting_for(staff_of(request))[:NAMED]
    ]


def _returned(request: HttpRequest) -> list[Duty]:
    mine = Submission.objects.filter(
        submitted_by=staff_of(request), state=Submission.State.RETURNED
    )
    return [
        Duty("undo", f"{each.title}: {word(each.state)}", reverse("staff:review", args=[each.pk]))
        for each in mine.order_by("-submitted_at")[:NAMED]
    ]


def _files(request: HttpRequest, now: datetime) -> list[Duty]:
    assets, library = visible(request, Asset), reverse("staff:library")
    failed = assets.filter(state=AssetState.FAILED).count()
    moving = assets.filter(state__in=[AssetState.RECEIVED, AssetState.PROCESSING]).count()
    found = []
    if failed:
        said = ngettext("%(n)d file cannot be used.", "%(n)d files cannot be used.", failed)
        found.append(Duty("warning", said % {"n": failed}, f"{library}?show=failed"))
    if moving:
        said = ngettext(
            "%(n)d file is being made ready.", "%(n)d files are being made ready.", moving
        )
        found.append(Duty("clock", said % {"n": moving}, f"{library}?show=moving"))
    ending = expiring(assets, now).count()
    if ending:
        said = ngettext("%(n)d asset expires soon.", "%(n)d assets expire soon.", ending)
        found.append(Duty("clock", said % {"n": ending}, f"{library}?show=expiring&sort=expiry"))
    return found


def _behind(seen: Iterable[Seen]) -> list[Duty]:
    behind = [
        each.standing
        for each in seen
        if each.standing.is_behind and each.standing.state is ScreenState.ONLINE
    ]
    if not behind:
        return []
    if len(behind) == 1:
        said = _("%(name)s does not yet show what was published last.") % {"name": behind[0].name}
        return [Duty("publish", said, reverse("staff:screen", args=[behind[0].screen]))]
    said = _("%(n)d screens do not yet show what was published last.") % {"n": len(behind)}
    return [Duty("publish", said, reverse("staff:publish"))]
