"""Reads reviews: what is approved, what waits for somebody, what is late."""

from collections.abc import Mapping
from datetime import datetime

from django.db.models import F, QuerySet

from server.accounts.models import Staff
from server.accounts.policy import departments
from server.review.models import Submission, SubmissionScreen
from server.review.services import REVIEW_ACTS

__all__ = ["approved", "late", "waiting_for"]

#: Screens that one query asks for.
BATCH = 500


def approved(digests: Mapping[int, str]) -> set[int]:
    """The screens (primary keys) of which exactly this programme was approved.

    A programme that was shown urgently counts once it is approved, like any other.
    """
    pks = sorted(digests)
    found: set[int] = set()
    for start in range(0, len(pks), BATCH):
        rows = SubmissionScreen.objects.filter(
            screen__in=pks[start : start + BATCH], submission__state=Submission.State.APPROVED
        )
        found |= {
            screen
            for screen, sha256 in rows.values_list("screen_id", "sha256")
            if digests[screen] == sha256
        }
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
