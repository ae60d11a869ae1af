"""What waits too long is reminded of, then marked, then told to others; every few minutes."""

from datetime import datetime, timedelta

from django.db import transaction

from server.configuration import Configuration
from server.review.models import Submission
from server.review.telling import tell_escalated, tell_overdue, tell_reminder

__all__ = ["ESCALATED_AFTER", "REMINDED_AT", "escalate"]

#: The share of a step's time after which its reviewers are reminded.
REMINDED_AT = 0.75

#: How long after the end of a step's time others are told, as a share of that time.
ESCALATED_AFTER = 0.5


def escalate(_configuration: Configuration, now: datetime) -> list[tuple[int, str]]:
    """Tell what is due now; returns (submission, what was told) of what had not been told yet."""
    told = []
    for row in Submission.objects.filter(state=Submission.State.IN_REVIEW).order_by("pk"):
        with transaction.atomic():
            told += [(row.pk, what) for what in _due(row, now)]
    return told


def _due(row: Submission, now: datetime) -> list[str]:
    since = row.step_at or row.submitted_at
    span = max(row.due_at - since, timedelta(hours=1))
    found = []
    if now < row.due_at:
        if now >= since + span * REMINDED_AT and tell_reminder(row, now):
            found.append("reminder")
        return found
    if tell_overdue(row, now):
        found.append("overdue")
    if now >= row.due_at + span * ESCALATED_AFTER and tell_escalated(row, now):
        found.append("escalated")
    return found
