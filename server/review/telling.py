"""What staff are told of reviews, in the transaction of each act: who is next, what came back."""

from datetime import datetime

from server.accounts.models import Staff
from server.accounts.policy import holders
from server.alerts.kinds import Kind
from server.alerts.services import tell
from server.review.models import REVIEW_ACTS, Submission
from server.screens.models import Screen
from server.sentences import Sentence

__all__ = ["reviewers_of", "tell_returned", "tell_waiting"]


def reviewers_of(submission: Submission) -> list[Staff]:
    """Who may do the next step of a submission: on all its screens, and nobody twice."""
    screens = Screen.objects.filter(pk__in=submission.screens.values("screen"))
    found: set[Staff] | None = None
    for screen in screens.select_related("department").distinct():
        may = set(holders(REVIEW_ACTS[submission.step], screen.department))
        found = may if found is None else found & may
    said = set(submission.verdicts.values_list("staff", flat=True))
    wrote = set(submission.authors.values_list("pk", flat=True)) | {submission.submitted_by_id}
    return [each for each in found or () if each.pk not in said | wrote]


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
        link=f"/reviews/{submission.pk}/",
        key=f"review-waiting:{submission.pk}:{submission.step}",
        people=reviewers_of(submission),
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
        link=f"/reviews/{submission.pk}/",
        people=[submission.submitted_by],
        now=now,
    )
