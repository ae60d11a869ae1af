"""What is done to a submission: submit, approve, return, take back; say something; ask somebody."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from server.accounts.policy import Act, require_somewhere
from server.errors import ApplicationError
from server.publishing import reviewing
from server.review import services, talk
from server.review.telling import reviewers_of
from server.screens.models import Screen
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.reviews.lists import submissions_for
from server.staff.rows import found, visible
from server.staff.seen_screens import require_some, seen_digest, seen_screens
from server.staff.toasts import say

__all__ = ["act", "ask", "remark", "submit"]


@login_required
@require_POST
def submit(request: HttpRequest) -> HttpResponse:
    """Submit what the publish page showed, for the screens that it named."""
    require_somewhere(staff_of(request), Act.ARRANGE)
    wanted = seen_screens(request)
    screens = visible(request, Screen, Act.ARRANGE).filter(pk__in=wanted, retired_at=None)
    try:
        require_some(wanted)
        made = reviewing.submit(
            screens=screens,
            title=request.POST.get("title", "")[:100],
            note=request.POST.get("note", "")[:500],
            expected=seen_digest(request, wanted),
            actor=staff_of(request),
            now=now(),
        )
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
        return redirect("staff:publish")
    messages.success(request, _("Submitted.  The reviewers find it on their pages."))
    return redirect("staff:review", made.pk)


@login_required
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Approve, return with a reason, or take the submission back."""
    row, staff = found(submissions_for(request), pk), staff_of(request)
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
@require_POST
def remark(request: HttpRequest, pk: int) -> HttpResponse:
    """Say something about it, or about the item that the form names."""
    row = found(submissions_for(request), pk)
    position = request.POST.get("item", "")
    item = row.items.filter(position=int(position)).first() if position.isdigit() else None
    try:
        talk.remark_add(
            submission=row, item=item, text=request.POST.get("text", "")[:500],
            actor=staff_of(request), now=now(),
        )  # fmt: skip
    except ApplicationError as error:
        say(request, sentence_of(error), tone="error")
    if item is not None:
        return redirect("staff:review_item", pk, item.position)
    return redirect("staff:review", pk)


@login_required
@require_POST
def ask(request: HttpRequest, pk: int) -> HttpResponse:
    """Ask one of those who may do the step, or all of them again."""
    row, wanted = found(submissions_for(request), pk), request.POST.get("person", "")
    person = next((each for each in reviewers_of(row) if str(each.pk) == wanted), None)
    try:
        talk.ask(submission=row, person=person, actor=staff_of(request), now=now())
    except ApplicationError as error:
        say(request, sentence_of(error), tone="error")
    else:
        said = _("%(who)s is asked.") % {"who": person} if person else _("Everybody is asked.")
        say(request, said)
    return redirect("staff:review", pk)
