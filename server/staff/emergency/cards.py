"""Prepared cards (预案): write them in quiet hours, have them looked at, put them away."""

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from server.accounts.models import Department
from server.accounts.policy import Act, may, may_anywhere, require, require_somewhere
from server.emergency import prepared
from server.emergency.models import PreparedCard
from server.errors import ApplicationError
from server.staff.emergency.forms import CardForm, stored_of
from server.staff.emergency.labels import HAZARDS, SIGNS
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, visible

__all__ = ["act", "card", "cards", "create"]


#: What the picture shows of a card before anybody has typed anything.
_BLANK = {"title": "", "body": "", "issuer": "", "hazard": "general"}


@login_required
@require_GET
def cards(request: HttpRequest) -> HttpResponse:
    """List them, and what each still wants."""
    rows = visible(request, PreparedCard).select_related("department", "changed_by")
    shown = [
        {"card": each, "sign": SIGNS[each.hazard], "word": HAZARDS[each.hazard],
         "missing": prepared.missing_steps(each),
         "mine": prepared.can_approve(each, staff_of(request))}
        for each in rows.filter(archived_at=None)
    ]  # fmt: skip
    context = {
        "cards": shown,
        "away": rows.exclude(archived_at=None),
        "can_write": may_anywhere(staff_of(request), Act.TAKE_OVER),
    }
    return render(request, "staff/emergency/cards.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Write a card."""
    require_somewhere(staff_of(request), Act.TAKE_OVER)
    form = CardForm(request, None)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        with form.refusing():
            prepared.save(
                card=None, name=told["name"], words=form.words, actor=staff_of(request), now=now(),
                department=Department.objects.get(pk=told["department"]),
            )  # fmt: skip
            messages.success(request, _("Saved."))
            return redirect("staff:prepared_cards")
    return _page(request, form, None)


@login_required
@require_http_methods(["GET", "POST"])
def card(request: HttpRequest, pk: int) -> HttpResponse:
    """Show one, and write it anew."""
    row = found(visible(request, PreparedCard).filter(archived_at=None), pk)
    form = CardForm(request, row)
    if request.method == "POST":
        require(staff_of(request), Act.TAKE_OVER, row.department_id)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        with form.refusing(lambda: stored_of(PreparedCard.objects.get(pk=pk))):
            prepared.save(
                card=row, name=told["name"], words=form.words, department=row.department,
                version=told["version"] or 0, actor=staff_of(request), now=now(),
            )  # fmt: skip
            messages.success(request, _("Saved."))
            return redirect("staff:prepared_cards")
    return _page(request, form, row)


def _page(request: HttpRequest, form: CardForm, row: PreparedCard | None) -> HttpResponse:
    staff = staff_of(request)
    query = urlencode(
        {name: getattr(row, name) if row else form[name].value() or _BLANK[name]
         for name in _BLANK}
    )  # fmt: skip
    context: dict[str, Any] = {
        "form": form,
        "card": row,
        "can_write": row is None,
        "preview": f"{reverse('staff:emergency_preview')}?{query}",
    }
    if row is not None:
        context |= {
            "can_write": may(staff, Act.TAKE_OVER, row.department_id),
            "missing": prepared.missing_steps(row),
            "approvals": row.approvals.filter(sha256=prepared.digest_of(row)),
            "can_approve": prepared.can_approve(row, staff),
            "digest": prepared.digest_of(row),
        }
    status = 422 if form.errors else 200
    return render(request, "staff/emergency/card.html", context, status=status)


@login_required
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Approve its words, put it away, or bring it back."""
    row, staff = found(visible(request, PreparedCard), pk), staff_of(request)
    try:
        if act == "approve":
            digest = request.POST.get("digest", "")
            prepared.approve(card=row, expected=digest, actor=staff, now=now())
            messages.success(request, _("Approved."))
        elif act == "archive":
            prepared.archive(card=row, actor=staff, now=now())
        else:
            raise Http404
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    return redirect("staff:prepared_cards")
