"""Reads reviews: what is approved, what waits for somebody, what is late."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F, QuerySet

from server.accounts.models import Staff
from server.accounts.policy import departments
from server.review.models import Submission, SubmissionScreen
from server.review.services import REVIEW_ACTS

__all__ = ["best_states", "late", "waiting_for"]

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
