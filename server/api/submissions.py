"""Reviews, for scripts: submit a programme, see how far it is, take it back.

Approving and returning is for people, who look at what they approve: on the staff pages.
"""

from datetime import datetime
from typing import Annotated

from django.db.models import QuerySet
from msgspec import Meta, Struct

from server.accounts.policy import Act
from server.api.interface import Call, Operation
from server.api.publishing import SentenceValue, chosen_screens, sentence_value
from server.api.reading import BEFORE, Keys, Name, found, page_of, visible
from server.publishing import reviewing
from server.publishing.words import Sentence
from server.review import services
from server.review.models import Submission, Verdict

__all__ = ["OPERATIONS"]


class NewSubmission(Struct, forbid_unknown_fields=True):
    """What to submit (`screens` None: all that the actor arranges), and what to tell reviewers.

    `expected` is the digest of the dry run of these screens that was looked at.
    """

    title: Name
    note: Annotated[str, Meta(max_length=500)] = ""
    screens: Keys | None = None
    expected: str | None = None


class VerdictValue(Struct):
    """What a reviewer said in a step (1 to 3)."""

    step: int
    by: str
    approves: bool
    reason: str
    at: datetime


class NewItemValue(Struct):
    """Something that is new on the screens; `sha256` is over all that it is in the manifest."""

    asset: int
    page: int | None
    kind: str
    title: str
    sha256: str
    remark: str


class ScreensChangeValue(Struct):
    """What changes on screens (by name) that are told the same."""

    screens: list[str]
    changes: list[SentenceValue]


class SubmissionValue(Struct):
    """A submission.

    `state` is in-review, approved, returned, withdrawn or superseded; `step` is the one that is
    asked for now, of `steps`, to be done by `due_at`.
    """

    id: int
    title: str
    note: str
    state: str
    by: str | None
    submitted_at: datetime
    step: int
    steps: int
    due_at: datetime
    is_urgent: bool
    sha256: str
    screens: list[int]
    items: list[NewItemValue]
    changes: list[ScreensChangeValue]
    verdicts: list[VerdictValue]


class SubmissionList(Struct):
    """Some submissions; `next` is the `before` of the next page, or None."""

    submissions: list[SubmissionValue]
    next: int | None


def _value(row: Submission) -> SubmissionValue:
    return SubmissionValue(
        id=row.pk,
        title=row.title,
        note=row.note,
        state=row.state,
        by=row.submitted_by.username if row.submitted_by else None,
        submitted_at=row.submitted_at,
        step=row.step,
        steps=row.steps,
        due_at=row.due_at,
        is_urgent=row.is_urgent,
        sha256=row.sha256,
        screens=sorted(row.screens.values_list("screen", flat=True)),
        items=[
            NewItemValue(each.asset, each.page, each.kind, each.title, each.sha256, each.remark)
            for each in row.items.all()
        ],
        changes=[
            ScreensChangeValue(
                each["screens"], [sentence_value(Sentence(*one)) for one in each["sentences"]]
            )
            for each in row.changes
        ],
        verdicts=[_verdict(each) for each in row.verdicts.select_related("staff")],
    )


def _verdict(each: Verdict) -> VerdictValue:
    return VerdictValue(each.step, each.staff.username, each.approves, each.reason, each.at)


def _visible(call: Call) -> QuerySet[Submission]:
    return visible(call, Submission, "screens__screen__department").distinct()


def submission_list(call: Call) -> SubmissionList:
    """List submissions, the newest first."""
    rows, following = page_of(call, _visible(call).select_related("submitted_by"))
    return SubmissionList([_value(each) for each in rows], following)


def submission_look(call: Call, submission: int) -> SubmissionValue:
    """Look at one submission."""
    return _value(found(_visible(call), submission, "submission"))


def submission_create(call: Call) -> SubmissionValue:
    """Submit what these screens would show, as far as it changes and needs a review."""
    body = call.body
    made = reviewing.submit(
        screens=chosen_screens(call, Act.ARRANGE, body.screens),
        title=body.title,
        note=body.note,
        expected=body.expected,
        actor=call.actor,
        now=call.now,
    )
    return _value(made)


def submission_withdraw(call: Call, submission: int) -> SubmissionValue:
    """Take a submission back, to change something and submit again."""
    row = found(_visible(call), submission, "submission")
    return _value(services.withdraw(submission=row, actor=call.actor, now=call.now))


OPERATIONS = (
    Operation("GET", "submissions/", "submission_list", submission_list, "List submissions",
              answer=SubmissionList, parameters=(BEFORE,)),
    Operation("POST", "submissions/", "submission_create", submission_create,
              "Submit a programme for review", NewSubmission, SubmissionValue, 201,
              act=Act.ARRANGE),
    Operation("GET", "submissions/<int:submission>/", "submission_look", submission_look,
              "Look at a submission", answer=SubmissionValue),
    Operation("POST", "submissions/<int:submission>/withdraw/", "submission_withdraw",
              submission_withdraw, "Take a submission back", answer=SubmissionValue,
              act=Act.ARRANGE),
)  # fmt: skip
