"""Writes the rules of review: how many people look at what, and how long each may take."""

from datetime import datetime

from django.db import transaction

from server.accounts.models import Department, Staff
from server.accounts.policy import Act, require
from server.audit import services as audit
from server.review.models import Counts, ReviewRule
from server.validation import cleaned

__all__ = ["rule_clear", "rule_set"]


@transaction.atomic
def rule_set(
    *,
    department: Department | None,
    level: str,
    steps: int,
    hours: int = 24,
    counts: str = Counts.CLOCK,
    urgent_hours: int = 24,
    actor: Staff | None,
    now: datetime,
) -> ReviewRule:
    """Say how many steps screens of this level need in a department and below it."""
    if actor is not None:
        require(actor, Act.MANAGE_STAFF, department)
    found = ReviewRule.objects.filter(department=department, level=level).first()
    rule = found or ReviewRule(department=department, level=level)
    rule.steps, rule.hours, rule.counts, rule.urgent_hours = steps, hours, counts, urgent_hours
    cleaned(rule).save()
    detail = {
        "level": level, "steps": steps, "hours": hours, "counts": counts, "urgent": urgent_hours,
    }  # fmt: skip
    audit.record(actor=actor, action="review-rule.set", subject=rule, detail=detail, now=now)
    return rule


@transaction.atomic
def rule_clear(*, rule: ReviewRule, actor: Staff | None, now: datetime) -> None:
    """Take a rule away: the next department upwards says how many steps."""
    if actor is not None:
        require(actor, Act.MANAGE_STAFF, rule.department)
    audit.record(actor=actor, action="review-rule.clear", subject=rule, now=now)
    rule.delete()
