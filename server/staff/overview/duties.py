"""What waits for the reader: signatures, reviews, what came back or was approved, files, boxes."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime, timedelta

from django.db.models import Exists, OuterRef, Q, Subquery
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from msgspec import Struct

from server.accounts.policy import Act, departments, may, may_anywhere
from server.emergency.models import PreparedCard
from server.emergency.prepared import cards_for
from server.emergency.waiting import Unsigned, unsigned
from server.library.models import Asset, AssetState
from server.publishing.models import Publication, Release
from server.review.models import Submission, Verdict
from server.review.selectors import late, waiting_for
from server.review.telling import reviewers_of
from server.screens.pairing import box_name, boxes_waiting
from server.staff.labels import word
from server.staff.library.finding import expiring
from server.staff.overview.seen import Seen
from server.staff.requests import staff_of
from server.staff.rows import visible
from server.staff.schedule.reminders import reminder_for
from server.staff.templatetags.yingbi import step_name

__all__ = ["Duty", "duties"]

#: Comes after all that has a deadline.
_NEVER = datetime.max.replace(tzinfo=UTC)

#: What was approved longer ago and never published is not meant any more.
APPROVED_LATELY = timedelta(days=30)

#: So many of one kind are named; there is a page for each kind.
NAMED = 5


class Duty(Struct, frozen=True):
    """Something to do: where, in a few words, with its sign and (for what has a term) its end."""

    icon: str
    words: str
    url: str
    due_at: datetime | None = None
    is_late: bool = False


def duties(request: HttpRequest, seen: Collection[Seen], now: datetime) -> list[Duty]:
    """Everything that waits: what is late first, then by its deadline, then what has none."""
    found = [
        *_unsigned(request, seen, now), *_reviews(request, now), *_late(request, now),
        *_cards(request), *_returned(request), *_under_way(request, now), *_files(request, now),
        *_approved(request, now), *_boxes(request, now), *_holidays(request, now),
    ]  # fmt: skip
    return sorted(found, key=lambda each: (not each.is_late, each.due_at or _NEVER))


def _unsigned(request: HttpRequest, seen: Iterable[Seen], now: datetime) -> list[Duty]:
    """Urgent acts that no wall shows before approvers have signed them (level 2)."""
    acts, staff = unsigned([each.standing.screen for each in seen], now), staff_of(request)
    if not acts or not any(may_anywhere(staff, act) for act in (Act.TAKE_OVER, Act.TAKE_DOWN)):
        return []
    return [_to_sign(each) for each in acts if may(staff, Act.VIEW, each.department_id)]


def _to_sign(act: Unsigned) -> Duty:
    if act.takeover is not None:
        name, url = act.takeover.name, reverse("staff:emergency_board", args=[act.takeover.pk])
    else:
        name = act.asset.title if act.asset else ""
        url = reverse("staff:take_down", args=[act.asset.pk if act.asset else 0])
    if act.asset is not None:
        said = _("Taking down “%(name)s” waits for the approvers' signatures (%(n)d screens)")
    elif act.is_end:
        said = _("The end of “%(name)s” waits for the approvers' signatures (%(n)d screens)")
    else:
        said = _("“%(name)s” waits for the approvers' signatures (%(n)d screens)")
    return Duty("emergency", said % {"name": name, "n": act.screens}, url, is_late=True)


def _late(request: HttpRequest, now: datetime) -> list[Duty]:
    """Overdue reviews of others, for who administers here and for who submitted them."""
    staff, rows = staff_of(request), late(now)
    if not rows.exists():
        return []
    rows = rows.exclude(pk__in=waiting_for(staff).values("pk"))
    over = departments(staff, Act.MANAGE_STAFF)
    if over is not None:
        here = Q(screens__screen__department__in=over)
        rows = rows.filter(here | Q(submitted_by=staff)).distinct()
    rows = rows.order_by("due_at", "pk")
    said = _("“%(title)s”: %(step)s is overdue; remind whoever reviews it")
    return [
        Duty(
            "review",
            said % {"title": each.title, "step": step_name(each.step)},
            reverse("staff:review", args=[each.pk]),
            each.due_at,
            is_late=True,
        )
        for each in rows[:NAMED]
    ]


def _cards(request: HttpRequest) -> list[Duty]:
    """Prepared cards that wait for the reader's yes."""
    if not PreparedCard.objects.filter(archived_at=None).exists():
        return []
    cards = visible(request, PreparedCard).filter(archived_at=None)
    said = _("Prepared card “%(name)s”: look at its words")
    return [
        Duty("review", said % {"name": each.name}, reverse("staff:prepared_card", args=[each.pk]))
        for each in cards_for(staff_of(request), cards)[:NAMED]
    ]


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
    """What came back, until it is submitted anew; a new one that was taken back does not count."""
    anew = Submission.objects.exclude(state=Submission.State.WITHDRAWN)
    mine = Submission.objects.filter(
        submitted_by=staff_of(request), state=Submission.State.RETURNED
    ).exclude(followers__in=anew)
    return [
        Duty(
            "undo",
            _("%(title)s: %(step)s") % {"title": each.title, "step": word(each.state)},
            reverse("staff:review", args=[each.pk]),
        )
        for each in mine.order_by("-submitted_at")[:NAMED]
    ]


def _under_way(request: HttpRequest, now: datetime) -> list[Duty]:
    """How far the reader's own submissions are; what is overdue is told by `_late`."""
    mine = Submission.objects.filter(
        submitted_by=staff_of(request), state=Submission.State.IN_REVIEW
    ).exclude(pk__in=late(now).values("pk"))
    said = _("Submitted by you: “%(title)s” waits for its %(step)s (%(who)s)")
    nobody = _("nobody may do it: ask an administrator")
    return [
        Duty(
            "clock",
            said
            % {
                "title": each.title,
                "step": step_name(each.step),
                "who": _(", ").join(map(str, reviewers_of(each)[:NAMED])) or nobody,
            },
            reverse("staff:review", args=[each.pk]),
        )
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


def _approved(request: HttpRequest, now: datetime) -> list[Duty]:
    """What was approved and nobody has published since, for who may."""
    over = departments(staff_of(request), Act.PUBLISH)
    if over is not None and not over:
        return []
    last = Verdict.objects.filter(submission=OuterRef("pk")).order_by("-at")
    since = Publication.objects.filter(
        screen__submissions__submission=OuterRef("pk"),
        release__kind=Release.Kind.PUBLISH,
        issued_at__gte=OuterRef("said_at"),
    )
    rows = Submission.objects.filter(
        state=Submission.State.APPROVED, is_urgent=False, submitted_at__gte=now - APPROVED_LATELY
    )
    rows = rows.annotate(said_at=Subquery(last.values("at")[:1])).filter(~Exists(since))
    if over is not None:
        rows = rows.filter(screens__screen__department__in=over).distinct()
    said = _("“%(title)s” is approved: publish it")
    return [
        Duty("publish", said % {"title": each.title}, reverse("staff:publish"))
        for each in rows.order_by("pk")[:NAMED]
    ]


def _boxes(request: HttpRequest, now: datetime) -> list[Duty]:
    """Boxes that show a code and wait to be made a screen."""
    if not may_anywhere(staff_of(request), Act.MANAGE_SCREENS):
        return []
    boxes = list(boxes_waiting(now)[: NAMED + 1])
    if len(boxes) > NAMED:
        said = _("More than %(n)d new boxes wait to be paired") % {"n": NAMED}
        return [Duty("screen", said, reverse("staff:pair"))]
    return [
        Duty(
            "screen",
            _("A new box waits to be paired: %(name)s") % {"name": box_name(each)},
            reverse("staff:pair"),
        )
        for each in boxes
    ]
