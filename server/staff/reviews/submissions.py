"""One submission with all that it changes, its talk, and one new item in full size."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from server.accounts.models import Staff
from server.accounts.policy import Act, may
from server.publishing import reviewing
from server.publishing.words import Sentence
from server.review import selectors, services, talk
from server.review.models import Absence, Opening, Submission, SubmissionItem
from server.review.rules import last_due
from server.review.telling import reviewers_of
from server.screens.models import Screen
from server.staff.full_size import shown_for, small_address
from server.staff.requests import login_required, now, staff_of
from server.staff.reviews.lists import submissions_for
from server.staff.rows import found
from server.staff.unplayable import unplayable_among
from server.staff.whom_to_ask import whom_to_ask

__all__ = ["context_of", "item", "review"]

#: What is to be seen so soon after it was submitted is seen once it is published.
AT_ONCE = timedelta(minutes=30)


@login_required
@require_GET
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one submission: what changes, where, everything new, and who said what."""
    row = found(submissions_for(request), pk)
    return render(request, "staff/reviews/submission.html", context_of(request, row))


def context_of(request: HttpRequest, row: Submission) -> dict[str, Any]:
    """What the page, the record and the paper of a submission are made of."""
    staff = staff_of(request)
    is_open = row.state == Submission.State.IN_REVIEW
    screens = [each.screen for each in row.screens.select_related("screen__site")]
    changed = reviewing.changed_since(row, now()) if is_open and not row.is_urgent else []
    mine = is_open and selectors.waiting_for(staff).filter(pk=row.pk).exists()
    seen = Opening.objects.filter(staff=staff).values_list("sha256", flat=True)
    items = list(row.items.all())
    opened = set(seen.filter(sha256__in=[each.sha256 for each in items]))
    can_ask = talk.can_ask(row, staff)
    return {
        "submission": row,
        "changes": [
            (each["screens"], [Sentence(code, values) for code, values in each["sentences"]])
            for each in row.changes
        ],
        "cautions": _cautions(row),
        "screens": screens,
        "changed_since": changed,
        # Then the programme as it is now is what was submitted, and its pictures can be looked at.
        "is_as_submitted": is_open and not changed,
        "items": [
            (each, each.sha256 in opened, small_address(each.asset, each.kind, each.page))
            for each in items
        ],
        "unplayable": unplayable_among([each.asset for each in items], now()),
        "unopened": sum(each.sha256 not in opened for each in items),
        "steps": _steps(row),
        "can_review": mine,
        "can_withdraw": is_open
        and not row.is_urgent
        and all(may(staff, Act.ARRANGE, each.department_id) for each in screens),
        "can_resubmit": row.submitted_by_id == staff.pk,
        **_publishing(row, staff, screens),
        "is_late": is_open and row.due_at < now(),
        "too_late_at": _too_late_at(row) if is_open else None,
        "talk": row.remarks.select_related("staff", "item"),
        "can_speak": talk.can_speak(row, staff),
        "can_ask": can_ask,
        "reviewers": _reviewers(row) if is_open else [],
        "since_last": selectors.since_last(row),
        "now": now(),
    }


def _too_late_at(row: Submission) -> datetime | None:
    """When its last step may be done by its deadlines, if something new should be seen before that.

    What would be seen as soon as it is published waits for nothing but the review.
    """
    if row.is_urgent or row.first_at is None or row.first_at - row.submitted_at < AT_ONCE:
        return None
    due = last_due(row)
    return due if due > row.first_at else None


def _cautions(row: Submission) -> list[Sentence]:
    """What to look at in all that changes, each once."""
    said = [Sentence(code, values) for each in row.changes
            for code, values in each.get("cautions", ())]  # fmt: skip
    return list({(each.code, *each.values.items()): each for each in said}.values())


def _publishing(row: Submission, staff: Staff, screens: Sequence[Screen]) -> dict[str, Any]:
    """Of what was approved: may the reader publish it, or whom to ask."""
    if row.state != Submission.State.APPROVED:
        return {"can_publish": False, "publishers": []}
    can_publish = all(may(staff, Act.PUBLISH, each.department_id) for each in screens)
    owner = screens[0].department if screens else None
    return {
        "can_publish": can_publish,
        "publishers": [] if can_publish else whom_to_ask(Act.PUBLISH, owner),
    }


def _reviewers(row: Submission) -> list[tuple[Staff, Absence | None]]:
    """Who may do the step that is asked for, and who of them is away."""
    people = reviewers_of(row)
    away = Absence.objects.filter(staff__in=people, until__gt=now()).select_related("stand_in")
    known = {each.staff_id: each for each in away}
    return [(each, known.get(each.pk)) for each in people]


def _steps(row: Submission) -> list[dict[str, Any]]:
    """Each step with its verdict, or with what it waits for."""
    said = {each.step: each for each in row.verdicts.select_related("staff")}
    is_open = row.state == Submission.State.IN_REVIEW
    return [
        {
            "step": step,
            "verdict": said.get(step),
            "is_next": is_open and step == row.step,
        }
        for step in range(1, row.steps + 1)
    ]


@login_required
@require_GET
def item(request: HttpRequest, pk: int, position: int) -> HttpResponse:
    """Show one new item in full size; whoever came here has opened it."""
    row = found(submissions_for(request), pk)
    each = row.items.filter(position=position).first()
    if each is None:
        raise Http404
    services.open_item(item=each, actor=staff_of(request), now=now())
    shown = shown_for(each.asset, each.page)
    context = {
        "submission": row, "item": each, "shown": shown, "around": _around(row, each),
        "talk": each.remarks.select_related("staff"),
        "can_speak": talk.can_speak(row, staff_of(request)),
    }  # fmt: skip
    return render(request, "staff/reviews/item.html", context)


def _around(row: Submission, each: SubmissionItem) -> dict[str, int | None]:
    positions = list(row.items.values_list("position", flat=True))
    at = positions.index(each.position)
    return {
        "before": positions[at - 1] if at else None,
        "after": positions[at + 1] if at + 1 < len(positions) else None,
        "number": at + 1,
        "all": len(positions),
    }
