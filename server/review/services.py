"""Writes reviews: rules, submissions, openings, verdicts; each with its audit row.

The digests come from `publishing.reviewing`, which compiles them; nothing here knows a manifest.
Services are called with keywords and check rights themselves.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext_noop as _
from msgspec import to_builtins

from server.accounts.models import Staff
from server.accounts.policy import Act, require
from server.audit import services as audit
from server.errors import Forbidden, Invalid
from server.review.drafts import SubmissionDraft
from server.review.errors import NotInReview, NotOpened, OwnWork, SamePerson
from server.review.models import (
    REVIEW_ACTS,
    Counts,
    Opening,
    Submission,
    SubmissionItem,
    SubmissionScreen,
    Verdict,
)
from server.review.rules import Required, due_in, required
from server.review.ruling import rule_clear, rule_set
from server.review.telling import (
    settle,
    settle_returned,
    tell_approved,
    tell_returned,
    tell_waiting,
)
from server.screens.models import Screen
from server.validation import cleaned

__all__ = [
    "REVIEW_ACTS",
    "approve",
    "open_item",
    "return_to_editor",
    "rule_clear",
    "rule_set",
    "submit",
    "withdraw",
]

#: Rows that are written at once.
BATCH = 500


@transaction.atomic
def submit(
    *,
    draft: SubmissionDraft,
    title: str,
    note: str = "",
    is_urgent: bool = False,
    actor: Staff | None,
    now: datetime,
) -> Submission:
    """Ask for the review of what these screens would show, or (`is_urgent`) show already.

    Takes the place of submissions that are in review for one of them.  Raises `Invalid` where no
    screen needs a review.
    """
    act = Act.TAKE_OVER if is_urgent else Act.ARRANGE
    for department in {screen.department_id for screen in draft.digests}:
        if actor is not None:
            require(actor, act, department)
    needed = _strictest(required(draft.digests).values())
    if not needed.steps:
        raise Invalid(_("These screens need no review: publish."), code="NO_REVIEW_NEEDED")
    submission = Submission(
        title=title.strip(),
        note=note.strip(),
        submitted_by=actor,
        submitted_at=now,
        steps=needed.steps,
        hours=needed.urgent_hours if is_urgent else needed.hours,
        counts=Counts.CLOCK if is_urgent else needed.counts,
        due_at=needed.due(now, is_urgent=is_urgent),
        step_at=now,
        first_at=draft.first_at,
        follows=None if is_urgent else _returned_before(draft.digests),
        is_urgent=is_urgent,
        sha256=digest_of(draft.digests),
        changes=to_builtins(draft.changes),
    )
    cleaned(submission).save()
    if not is_urgent:
        _supersede(submission, draft.digests, actor, now)
    _fill(submission, draft)
    if submission.follows is not None:
        settle_returned(submission.follows, now)
    tell_waiting(submission, now)
    _record(submission, "review.submit", actor, now)
    return submission


def _returned_before(screens: Iterable[Screen]) -> Submission | None:
    """What was returned last for one of these screens, if nothing was approved there since."""
    over = [Submission.State.RETURNED, Submission.State.APPROVED]
    last = (
        Submission.objects.filter(
            screens__screen__in=list(screens), is_urgent=False, state__in=over
        )
        .order_by("-pk")
        .first()
    )
    return last if last is not None and last.state == Submission.State.RETURNED else None


def digest_of(digests: Mapping[Screen, str]) -> str:
    """One digest for what each screen would show."""
    pairs = sorted((screen.pk, sha256) for screen, sha256 in digests.items())
    return hashlib.sha256("".join(f"{pk} {sha256}\n" for pk, sha256 in pairs).encode()).hexdigest()


def _strictest(needs: Iterable[Required]) -> Required:
    """The most steps that one of them asks for; of those, the least time."""
    found = sorted(needs, key=lambda each: (-each.steps, each.hours))
    return found[0] if found else Required(0, 24)


def _supersede(
    submission: Submission, screens: Iterable[Screen], actor: Staff | None, now: datetime
) -> None:
    waiting = Submission.objects.filter(
        state=Submission.State.IN_REVIEW, is_urgent=False, screens__screen__in=list(screens)
    ).exclude(pk=submission.pk)
    for each in waiting.distinct():
        each.state = Submission.State.SUPERSEDED
        each.save(update_fields=["state"])
        settle(each, now)
        detail = {"by": submission.pk}
        audit.record(actor=actor, action="review.supersede", subject=each, detail=detail, now=now)


def _fill(submission: Submission, draft: SubmissionDraft) -> None:
    SubmissionScreen.objects.bulk_create(
        [
            SubmissionScreen(submission=submission, screen=screen, sha256=sha256)
            for screen, sha256 in draft.digests.items()
        ],
        batch_size=BATCH,
    )
    SubmissionItem.objects.bulk_create(
        [
            SubmissionItem(
                submission=submission, position=position, asset=item.asset, page=item.page,
                kind=item.kind, title=item.title, sha256=item.sha256,
            )
            for position, item in enumerate(draft.items, start=1)
        ],
        batch_size=BATCH,
    )  # fmt: skip
    submission.authors.set(Staff.objects.filter(username__in=draft.authors))


@transaction.atomic
def open_item(*, item: SubmissionItem, actor: Staff, now: datetime) -> None:
    """Remember that `actor` opened this in full size."""
    Opening.objects.get_or_create(staff=actor, sha256=item.sha256, defaults={"at": now})


@transaction.atomic
def approve(
    *, submission: Submission, expected: str, reason: str = "", actor: Staff, now: datetime
) -> Submission:
    """Say yes in the step that is asked for; the last yes approves the submission.

    `expected` is the digest on the reviewer's page.  Raises `OwnWork`, `SamePerson`,
    `NotOpened`, `NotInReview`.
    """
    row = _in_review(submission, expected)
    _require_reviewer(row, actor)
    unseen = unopened(row, actor)
    if unseen:
        raise NotOpened(
            _(
                "You have not opened %(count)d of the new items yet, the first is “%(title)s”: "
                "open each, then approve."
            ),
            values={"count": len(unseen), "title": unseen[0].title},
        )
    _say(row, approves=True, reason=reason, actor=actor, now=now)
    if row.step == row.steps:
        row.state = Submission.State.APPROVED
    else:
        row.step += 1
        row.due_at, row.step_at = due_in(now, row.hours, row.counts), now
        row.asked = None
    row.save(update_fields=["state", "step", "due_at", "step_at", "asked"])
    settle(row, now)
    if row.state == Submission.State.IN_REVIEW:
        tell_waiting(row, now)
    elif not row.is_urgent:
        tell_approved(row, now)
    _record(row, "review.approve", actor, now)
    return row


@transaction.atomic
def return_to_editor(
    *,
    submission: Submission,
    reason: str,
    remarks: Mapping[int, str] | None = None,
    actor: Staff,
    now: datetime,
) -> Submission:
    """Say no, with a reason, and remarks on items (by primary key)."""
    row = _in_review(submission, submission.sha256)
    _require_reviewer(row, actor)
    said = {pk: text.strip() for pk, text in (remarks or {}).items() if text.strip()}
    if not reason.strip() and not said:
        raise Invalid(_("Say what has to be changed, so that the editor can change it."))
    for item in row.items.filter(pk__in=said):
        item.remark = said[item.pk]
        item.save(update_fields=["remark"])
    _say(row, approves=False, reason=reason, actor=actor, now=now)
    row.state = Submission.State.RETURNED
    row.save(update_fields=["state"])
    settle(row, now)
    tell_returned(row, reason.strip() or "; ".join(said.values()), actor, now)
    _record(row, "review.return", actor, now)
    return row


@transaction.atomic
def withdraw(*, submission: Submission, actor: Staff, now: datetime) -> Submission:
    """Take a submission back; whoever submitted it may, and whoever arranges these screens."""
    row = _in_review(submission, submission.sha256)
    if row.is_urgent:
        raise Forbidden(_("This is on the wall already, so it is reviewed in any case."))
    for department in _departments(row):
        require(actor, Act.ARRANGE, department)
    row.state = Submission.State.WITHDRAWN
    row.save(update_fields=["state"])
    settle(row, now)
    _record(row, "review.withdraw", actor, now)
    return row


def unopened(submission: Submission, staff: Staff) -> list[SubmissionItem]:
    """The items that this reviewer has not opened yet."""
    seen = Opening.objects.filter(staff=staff).values("sha256")
    return list(submission.items.exclude(sha256__in=seen))


def _in_review(submission: Submission, expected: str) -> Submission:
    """The row, held until the transaction ends."""
    row = Submission.objects.select_for_update(of=("self",)).get(pk=submission.pk)
    if row.state != Submission.State.IN_REVIEW:
        raise NotInReview(
            _("“%(title)s” is not in review any more: somebody has decided, look again."),
            values={"title": row.title},
            details={"state": row.state},
        )
    if row.sha256 != expected:
        raise NotInReview(_("This is not what you looked at: look again."))
    return row


def _departments(submission: Submission) -> set[int]:
    return set(submission.screens.values_list("screen__department_id", flat=True))


def _require_reviewer(submission: Submission, actor: Staff) -> None:
    """The right for this step on every screen, no part in it, and no step of it before."""
    for department in _departments(submission):
        require(actor, REVIEW_ACTS[submission.step], department)
    if actor.pk == submission.submitted_by_id or submission.authors.filter(pk=actor.pk).exists():
        raise OwnWork(_("You made or submitted a part of this: somebody else has to review it."))
    if submission.verdicts.filter(staff=actor).exists():
        raise SamePerson(_("You have done a step of this already: the next one is for another."))


def _say(
    submission: Submission, *, approves: bool, reason: str, actor: Staff, now: datetime
) -> None:
    verdict = Verdict(
        submission=submission, step=submission.step, staff=actor, approves=approves,
        reason=reason.strip(), at=now, sha256=submission.sha256,
    )  # fmt: skip
    cleaned(verdict).save()


def _record(submission: Submission, action: str, actor: Staff | None, now: datetime) -> None:
    detail = {
        "sha256": submission.sha256,
        "step": submission.step,
        "steps": submission.steps,
        "state": str(submission.state),
    }
    audit.record(actor=actor, action=action, subject=submission, detail=detail, now=now)
