"""三审: what waits for me, one submission with all that it changes, and saying yes or no."""

from pathlib import Path
from typing import Any

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.safestring import mark_safe
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from server.accounts.policy import Act, departments, may, require_somewhere
from server.errors import ApplicationError
from server.paper import pdf_of
from server.publishing import reviewing
from server.publishing.words import Sentence
from server.review import selectors, services
from server.review.models import Opening, Submission, SubmissionItem, SubmissionScreen
from server.screens.models import Screen
from server.staff.full_size import shown_for, small_address
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, page_of, visible

__all__ = ["act", "item", "paper", "record", "review", "reviews", "submit"]


@login_required
@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """List what waits for the reader, what others have in review, and what was decided."""
    mine = selectors.waiting_for(staff_of(request)).select_related("submitted_by")
    rows = _visible(request).select_related("submitted_by")
    others = rows.filter(state=Submission.State.IN_REVIEW).exclude(pk__in=mine.values("pk"))
    decided = rows.exclude(state=Submission.State.IN_REVIEW)
    context = {
        "mine": mine,
        "others": others,
        "page": page_of(request, decided.order_by("-submitted_at", "-pk")),
        "now": now(),
    }
    return render(request, "staff/reviews.html", context)


def _visible(request: HttpRequest) -> QuerySet[Submission]:
    """The submissions with a screen that the reader may see."""
    allowed = departments(staff_of(request), Act.VIEW)
    if allowed is None:
        return Submission.objects.all()
    mine = SubmissionScreen.objects.filter(
        submission=OuterRef("pk"), screen__department__in=allowed
    )
    return Submission.objects.filter(Exists(mine))


@login_required
@require_POST
def submit(request: HttpRequest) -> HttpResponse:
    """Submit what the publish page showed, for the screens that it named."""
    require_somewhere(staff_of(request), Act.ARRANGE)
    wanted = [int(pk) for pk in request.POST.getlist("screens") if pk.isdigit() and len(pk) < 19]
    screens = visible(request, Screen, Act.ARRANGE).filter(pk__in=wanted, retired_at=None)
    try:
        made = reviewing.submit(
            screens=screens,
            title=request.POST.get("title", "")[:100],
            note=request.POST.get("note", "")[:500],
            expected=request.POST.get("digest"),
            actor=staff_of(request),
            now=now(),
        )
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
        return redirect("staff:publish")
    messages.success(request, _("Submitted.  The reviewers find it on their pages."))
    return redirect("staff:review", made.pk)


@login_required
@require_GET
def review(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one submission: what changes, where, everything new, and who said what."""
    row = found(_visible(request), pk)
    return render(request, "staff/review.html", _context(request, row))


def _context(request: HttpRequest, row: Submission) -> dict[str, Any]:
    staff = staff_of(request)
    is_open = row.state == Submission.State.IN_REVIEW
    screens = [each.screen for each in row.screens.select_related("screen__site")]
    changed = reviewing.changed_since(row, now()) if is_open and not row.is_urgent else []
    mine = is_open and selectors.waiting_for(staff).filter(pk=row.pk).exists()
    seen = Opening.objects.filter(staff=staff).values_list("sha256", flat=True)
    items = list(row.items.all())
    opened = set(seen.filter(sha256__in=[each.sha256 for each in items]))
    return {
        "submission": row,
        "changes": [
            (each["screens"], [Sentence(code, values) for code, values in each["sentences"]])
            for each in row.changes
        ],
        "screens": screens,
        "changed_since": changed,
        "items": [
            (each, each.sha256 in opened, small_address(each.asset, each.kind, each.page))
            for each in items
        ],
        "unopened": sum(each.sha256 not in opened for each in items),
        "steps": _steps(row),
        "can_review": mine,
        "can_withdraw": is_open
        and not row.is_urgent
        and all(may(staff, Act.ARRANGE, each.department_id) for each in screens),
        "is_late": is_open and row.due_at < now(),
    }


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
    row = found(_visible(request), pk)
    each = row.items.filter(position=position).first()
    if each is None:
        raise Http404
    services.open_item(item=each, actor=staff_of(request), now=now())
    shown = shown_for(each.asset, each.page)
    context = {"submission": row, "item": each, "shown": shown, "around": _around(row, each)}
    return render(request, "staff/review_item.html", context)


def _around(row: Submission, each: SubmissionItem) -> dict[str, int | None]:
    positions = list(row.items.values_list("position", flat=True))
    at = positions.index(each.position)
    return {
        "before": positions[at - 1] if at else None,
        "after": positions[at + 1] if at + 1 < len(positions) else None,
        "number": at + 1,
        "all": len(positions),
    }


@login_required
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Approve, return with a reason, or take the submission back."""
    row, staff = found(_visible(request), pk), staff_of(request)
    reason = request.POST.get("reason", "")[:500]
    try:
        if act == "approve":
            reviewing.approve(
                submission=row, expected=request.POST.get("sha256", ""), reason=reason,
                actor=staff, now=now(),
            )  # fmt: skip
            messages.success(request, _("Approved."))
        elif act == "return":
            remarks = {
                each.pk: request.POST.get(f"remark_{each.pk}", "")[:500] for each in row.items.all()
            }
            services.return_to_editor(
                submission=row, reason=reason, remarks=remarks, actor=staff, now=now()
            )
            messages.success(request, _("Returned to the editor, with your reason."))
        elif act == "withdraw":
            services.withdraw(submission=row, actor=staff, now=now())
            messages.success(request, _("Taken back."))
        else:
            raise Http404
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    return redirect("staff:review", pk)


@login_required
@require_GET
def record(request: HttpRequest, pk: int) -> HttpResponse:
    """The approval record, for the file: one clean A4 page."""
    row = found(_visible(request), pk)
    return render(request, "staff/review_record.html", _context(request, row) | {"at": now()})


@login_required
@require_GET
def paper(request: HttpRequest, pk: int) -> HttpResponse:
    """The same as PDF."""
    row = found(_visible(request), pk)
    style = Path(__file__).with_name("static") / "staff" / "record.css"
    context = _context(request, row) | {"at": now(), "style": mark_safe(style.read_text())}  # noqa: S308  (our own file)
    html = render_to_string("staff/review_paper.html", context)
    answer = HttpResponse(pdf_of(html), content_type="application/pdf")
    answer["Content-Disposition"] = f'inline; filename="review-{row.pk}.pdf"'
    return answer
