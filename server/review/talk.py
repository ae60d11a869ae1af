"""The talk about a submission, who is asked to do a step, and who stands in for whom.

Writes `Remark`, `Absence` and `Submission.asked`; whoever may see a submission and has a part in it
may speak.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext_noop as _

from server.accounts.models import Staff
from server.accounts.policy import Act, may
from server.audit import services as audit
from server.errors import Forbidden, Invalid
from server.review.errors import NotInReview
from server.review.models import REVIEW_ACTS, Absence, Remark, Submission, SubmissionItem
from server.review.telling import departments_of, reviewers_of, tell_waiting
from server.validation import cleaned

__all__ = ["absence_end", "absence_set", "ask", "can_ask", "can_speak", "remark_add"]

#: The longest that somebody is away.
LONGEST_ABSENCE = timedelta(days=120)

_SPEAKING = (Act.ARRANGE, Act.PUBLISH, *REVIEW_ACTS.values())


def can_speak(submission: Submission, staff: Staff) -> bool:
    """Does somebody arrange, publish or review on all of its screens?"""
    where = departments_of(submission)
    return any(all(may(staff, act, pk) for pk in where) for act in _SPEAKING)


def can_ask(submission: Submission, staff: Staff) -> bool:
    """May somebody say who shall do the step: whoever submitted it, reviews it, or administers."""
    if submission.state != Submission.State.IN_REVIEW:
        return False
    where = departments_of(submission)
    is_above = all(may(staff, Act.MANAGE_STAFF, pk) for pk in where)
    return is_above or submission.submitted_by_id == staff.pk or staff in reviewers_of(submission)


@transaction.atomic
def remark_add(
    *, submission: Submission, item: SubmissionItem | None, text: str, actor: Staff, now: datetime
) -> Remark:
    """Say something about it, or about one item of it; it stays."""
    if not can_speak(submission, actor):
        raise Forbidden(_("Only who arranges, publishes or reviews these screens speaks here."))
    if not text.strip():
        raise Invalid(_("There is nothing written yet."))
    made = Remark(submission=submission, item=item, staff=actor, text=text.strip(), at=now)
    cleaned(made).save()
    detail = {"text": made.text, "item": item.position if item else None}
    audit.record(actor=actor, action="review.remark", subject=submission, detail=detail, now=now)
    return made


@transaction.atomic
def ask(*, submission: Submission, person: Staff | None, actor: Staff, now: datetime) -> None:
    """Ask one of those who may do the step (None: all of them again)."""
    row = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if row.state != Submission.State.IN_REVIEW:
        raise NotInReview(
            _("“%(title)s” is not in review any more: somebody has decided, look again."),
            values={"title": row.title},
        )
    if not can_ask(row, actor):
        raise Forbidden(_("Who submitted it, reviews it or administers says who is asked."))
    if person is not None and person not in reviewers_of(row):
        raise Invalid(_("%(who)s may not do this step."), values={"who": person})
    row.asked = person
    row.save(update_fields=["asked"])
    tell_waiting(row, now)
    detail = {"asked": person.username if person else None, "step": row.step}
    audit.record(actor=actor, action="review.ask", subject=row, detail=detail, now=now)


@transaction.atomic
def absence_set(
    *, staff: Staff, until: datetime, stand_in: Staff | None, actor: Staff, now: datetime
) -> Absence:
    """Say that somebody is away; what would wait for them is told to the stand-in."""
    if actor.pk != staff.pk and not may(actor, Act.MANAGE_STAFF, staff.department_id):
        raise Forbidden(_("Only they themselves, or an administrator, say that somebody is away."))
    if not now < until <= now + LONGEST_ABSENCE:
        raise Invalid(
            _("Say until when: after now, and within %(days)d days."),
            values={"days": LONGEST_ABSENCE.days},
        )
    if stand_in is not None and stand_in.pk == staff.pk:
        raise Invalid(_("Nobody stands in for themselves."))
    made, _new = Absence.objects.update_or_create(
        staff=staff, defaults={"until": until, "stand_in": stand_in}
    )
    detail = {"until": until.isoformat(), "stand_in": stand_in.username if stand_in else None}
    audit.record(actor=actor, action="review.away", subject=staff, detail=detail, now=now)
    return made


@transaction.atomic
def absence_end(*, staff: Staff, actor: Staff, now: datetime) -> None:
    """Say that somebody is back."""
    if actor.pk != staff.pk and not may(actor, Act.MANAGE_STAFF, staff.department_id):
        raise Forbidden(_("Only they themselves, or an administrator, say that somebody is away."))
    if Absence.objects.filter(staff=staff).delete()[0]:
        audit.record(actor=actor, action="review.back", subject=staff, now=now)
