"""Reads reviews: what is approved, what waits for somebody, what is late."""

from collections.abc import Mapping
from datetime import datetime
from typing import NamedTuple

from django.db.models import F, QuerySet

from server.accounts.models import Staff
from server.accounts.policy import departments
from server.review.models import Submission, SubmissionItem, SubmissionScreen
from server.review.services import REVIEW_ACTS

__all__ = ["SinceLast", "best_states", "late", "since_last", "waiting_for"]

#: Screens that one query asks for.
BATCH = 500


def best_states(digests: Mapping[int, str]) -> dict[int, str]:
    """How far the review is of exactly these programmes, by screen (primary key).

    Approved before in review, if there are several; no entry for what is in neither state.  A
    programme that was shown urgently counts once it is approved, like any other.
    """
    pks = sorted(digests)
    found: dict[int, str] = {}
    for start in range(0, len(pks), BATCH):
        rows = SubmissionScreen.objects.filter(
            screen__in=pks[start : start + BATCH],
            submission__state__in=[Submission.State.IN_REVIEW, Submission.State.APPROVED],
        )
        for screen, sha256, state in rows.values_list("screen_id", "sha256", "submission__state"):
            if digests[screen] == sha256 and found.get(screen) != Submission.State.APPROVED:
                found[screen] = state
    return found


def approved_as(digests: Mapping[int, str]) -> list[Submission]:
    """The submissions whose approval holds for exactly one of these programmes, by screen."""
    pks, found = sorted(digests), dict[int, Submission]()
    for start in range(0, len(pks), BATCH):
        rows = SubmissionScreen.objects.filter(
            screen__in=pks[start : start + BATCH],
            submission__state=Submission.State.APPROVED,
        ).select_related("submission__submitted_by")
        found |= {
            each.submission_id: each.submission
            for each in rows
            if digests[each.screen_id] == each.sha256
        }
    return list(found.values())


def waiting_for(staff: Staff) -> QuerySet[Submission]:
    """The submissions whose next step `staff` may do, the most urgent first."""
    rows = Submission.objects.filter(state=Submission.State.IN_REVIEW)
    rows = rows.exclude(submitted_by=staff).exclude(authors=staff).exclude(verdicts__staff=staff)
    allowed = Submission.objects.none()
    for step, act in REVIEW_ACTS.items():
        reach = departments(staff, act)
        mine = rows.filter(step=step)
        if reach is not None:
            foreign = SubmissionScreen.objects.exclude(screen__department__in=reach)
            mine = mine.exclude(pk__in=foreign.values("submission"))
        allowed = allowed | mine
    return allowed.distinct().order_by(F("due_at").asc(), "pk")


def late(now: datetime) -> QuerySet[Submission]:
    """The submissions whose step is overdue: for the overview, and for who administers."""
    return Submission.objects.filter(state=Submission.State.IN_REVIEW, due_at__lt=now)


class SinceLast(NamedTuple):
    """What is another in a submission than in the one that it follows."""

    before: Submission
    #: Why it was returned.
    reason: str
    added: list[SubmissionItem]
    gone: list[SubmissionItem]
    #: What reviewers had said of items then, those that are still there as they were first.
    remarked: list[tuple[SubmissionItem, bool]]


def since_last(submission: Submission) -> SinceLast | None:
    """What changed since it was returned; None for the first of its kind."""
    before = submission.follows
    if before is None:
        return None
    now = {item.sha256: item for item in submission.items.all()}
    then = {item.sha256: item for item in before.items.all()}
    said = before.verdicts.filter(approves=False).values_list("reason", flat=True).first()
    remarked = [(item, sha256 in now) for sha256, item in then.items() if item.remark]
    return SinceLast(
        before=before,
        reason=said or "",
        added=[item for sha256, item in now.items() if sha256 not in then],
        gone=[item for sha256, item in then.items() if sha256 not in now],
        remarked=sorted(remarked, key=lambda each: not each[1]),
    )
