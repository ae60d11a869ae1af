"""What staff are told of reviews: who is next, what is due, what is late, what came back.

In the transaction of each act, or of the chore; each is told once, the key says of which step.
Whoever is away hears nothing, their stand-in does in their place.
"""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils.translation import gettext_noop as _

from server.accounts.models import Department, Staff
from server.accounts.policy import Act, holders
from server.alerts.kinds import Kind
from server.alerts.services import messages_settle, tell
from server.review.models import REVIEW_ACTS, Absence, Submission
from server.sentences import Sentence

__all__ = [
    "departments_of",
    "present",
    "reviewers_of",
    "settle",
    "settle_returned",
    "tell_approved",
    "tell_escalated",
    "tell_on_air",
    "tell_overdue",
    "tell_reminder",
    "tell_returned",
    "tell_waiting",
]


def departments_of(submission: Submission) -> set[int]:
    """The departments (primary keys) of all its screens."""
    return set(submission.screens.values_list("screen__department_id", flat=True))


def reviewers_of(submission: Submission, step: int | None = None) -> list[Staff]:
    """Who may do the next step of a submission (or this one): on all its screens, nobody twice."""
    said = set(submission.verdicts.values_list("staff", flat=True))
    wrote = set(submission.authors.values_list("pk", flat=True)) | {submission.submitted_by_id}
    people = _holders(REVIEW_ACTS[step or submission.step], submission)
    return [each for each in people if each.pk not in said | wrote]


def _holders(act: Act, submission: Submission) -> list[Staff]:
    """Everybody with a right in all departments of a submission."""
    found: set[Staff] | None = None
    for department in Department.objects.filter(pk__in=departments_of(submission)):
        may = set(holders(act, department))
        found = may if found is None else found & may
    return sorted(found or (), key=lambda each: each.pk)


def present(people: Iterable[Staff], now: datetime) -> list[Staff]:
    """The same with stand-ins for who is away; everybody, if nobody would be left."""
    wanted = list(people)
    away = {
        each.staff_id: each.stand_in
        for each in Absence.objects.filter(until__gt=now).select_related("stand_in")
    }
    here = {each.pk: each for each in wanted if each.pk not in away}
    able = {each.pk for each in wanted}
    for each in wanted:
        other = away.get(each.pk)
        if other is not None and other.pk in able:
            here[other.pk] = other
    return list(here.values()) or wanted


def tell_waiting(submission: Submission, now: datetime) -> None:
    """The next step waits for somebody."""
    said = Sentence(
        "“%(title)s” waits for your review (step %(step)d of %(steps)d).",
        {"title": submission.title, "step": submission.step, "steps": submission.steps},
    )
    tell(
        kind=Kind.REVIEW_WAITING,
        said=said,
        department=None,
        link=_link(submission),
        key=f"review-waiting:{submission.pk}:{submission.step}:{submission.asked_id or 0}",
        people=[submission.asked] if submission.asked else present(reviewers_of(submission), now),
        now=now,
    )


def tell_returned(submission: Submission, reason: str, actor: Staff, now: datetime) -> None:
    """It comes back to who submitted it."""
    if submission.submitted_by is None:
        return
    said = Sentence(
        "“%(title)s” was returned by %(who)s: %(reason)s",
        {"title": submission.title, "who": actor, "reason": reason.strip()[:200] or "–"},
    )
    tell(
        kind=Kind.REVIEW_RETURNED,
        said=said,
        department=None,
        link=_link(submission),
        people=[submission.submitted_by],
        now=now,
    )


def tell_approved(submission: Submission, now: datetime) -> None:
    """All steps are done: who submitted it hears, and who may publish it."""
    people = {each.pk: each for each in present(_holders(Act.PUBLISH, submission), now)}
    if submission.submitted_by is not None:
        people[submission.submitted_by.pk] = submission.submitted_by
    said = Sentence(
        "“%(title)s” was approved in every step: it can be published.",
        {"title": submission.title},
    )
    tell(
        kind=Kind.REVIEW_APPROVED,
        said=said,
        department=None,
        link=_link(submission),
        people=people.values(),
        now=now,
    )


def tell_on_air(submission: Submission, now: datetime) -> None:
    """What was approved is published: who submitted it hears, once, and nobody has to do it."""
    _settle(submission, now, Kind.REVIEW_APPROVED)
    if submission.submitted_by is None:
        return
    tell(
        kind=Kind.PUBLISHED,
        said=Sentence("“%(title)s” was published.", {"title": submission.title}),
        department=None,
        link=_link(submission),
        key=f"review-published:{submission.pk}",
        people=[submission.submitted_by],
        now=now,
    )


def settle(submission: Submission, now: datetime) -> None:
    """A step was done, or there is no review any more: what was told of it waits for nobody.

    Call it before the next step is told of.
    """
    _settle(submission, now, Kind.REVIEW_WAITING, Kind.REVIEW_OVERDUE)


def settle_returned(submission: Submission, now: datetime) -> None:
    """What came back was submitted anew: its return waits for nobody."""
    _settle(submission, now, Kind.REVIEW_RETURNED)


def _settle(submission: Submission, now: datetime, *kinds: Kind) -> None:
    messages_settle(kinds=kinds, link=_link(submission), since=submission.submitted_at, now=now)


def _link(submission: Submission) -> str:
    return f"/reviews/{submission.pk}/"


def tell_reminder(submission: Submission, now: datetime) -> bool:
    """Most of the time is over."""
    said = _("“%(title)s” still waits for your review (step %(step)d): it is due at %(due)s.")
    people = present(reviewers_of(submission), now)
    return _tell(submission, Kind.REVIEW_WAITING, said, what="reminder", people=people, now=now)


def tell_overdue(submission: Submission, now: datetime) -> bool:
    """The time is over: who may do it hears, and who waits for it."""
    said = _("The review of “%(title)s” (step %(step)d) is overdue since %(due)s.")
    people = present(reviewers_of(submission), now)
    waiting = [submission.submitted_by] if submission.submitted_by else []
    return _tell(
        submission, Kind.REVIEW_OVERDUE, said, what="overdue", people=[*people, *waiting], now=now
    )


def tell_escalated(submission: Submission, now: datetime) -> bool:
    """And long over: the next steps' reviewers and the administrators hear."""
    said = _(
        "Nobody has done step %(step)d of “%(title)s” since it was due at %(due)s: ask somebody, "
        "or name another reviewer."
    )
    people = {each.pk: each for each in _holders(Act.MANAGE_STAFF, submission)}
    for step in range(submission.step + 1, submission.steps + 1):
        people |= {each.pk: each for each in reviewers_of(submission, step)}
    return _tell(
        submission, Kind.REVIEW_OVERDUE, said, what="escalated", people=people.values(), now=now
    )


def _tell(
    submission: Submission,
    kind: Kind,
    said: str,
    *,
    what: str,
    people: Iterable[Staff],
    now: datetime,
) -> bool:
    """Tell it once a step; was it told now?"""
    due = submission.due_at.astimezone(ZoneInfo(settings.TIME_ZONE))
    known = {"title": submission.title, "step": submission.step, "due": f"{due:%Y-%m-%d %H:%M}"}
    told = tell(
        kind=kind,
        said=Sentence(said, {name: each for name, each in known.items() if f"%({name})" in said}),
        department=None,
        link=_link(submission),
        key=f"review-{what}:{submission.pk}:{submission.step}",
        people=people,
        now=now,
    )
    return told is not None
