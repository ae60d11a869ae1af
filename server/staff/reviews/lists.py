"""What waits for the reader and since when, what for others, what was decided; who is away."""

from datetime import datetime, time

from django import forms
from django.db.models import Exists, F, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from server.accounts.models import Staff
from server.accounts.policy import Act, departments, may_anywhere
from server.errors import ApplicationError
from server.review import selectors, talk
from server.review.models import REVIEW_ACTS, Absence, Submission, SubmissionScreen
from server.review.rules import unguarded
from server.staff.forms import PlainForm
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import page_of, visible
from server.staff.toasts import say

__all__ = ["away", "reviews", "submissions_for"]


class AwayForm(PlainForm):
    """Until when somebody is away, and who hears in their place."""

    until = forms.DateField(
        label=gettext_lazy("Away until, that day included"),
        required=False,
        widget=forms.DateInput({"type": "date"}, "%Y-%m-%d"),
        help_text=gettext_lazy("Empty: I am back."),
    )
    stand_in = forms.ModelChoiceField(
        label=gettext_lazy("Stand-in"), queryset=Staff.objects.none(), required=False
    )

    def __init__(self, request: HttpRequest) -> None:
        staff = staff_of(request)
        kept = Absence.objects.filter(staff=staff).first()
        initial = {"until": kept.until.date(), "stand_in": kept.stand_in} if kept else {}
        super().__init__(request.POST or None, initial=initial)
        people = visible(request, Staff).filter(is_active=True).exclude(pk=staff.pk)
        self.fields["stand_in"].queryset = people.order_by("full_name")  # type: ignore[attr-defined]

    def ends(self) -> datetime | None:
        """The end of that day."""
        until = self.cleaned_data["until"]
        return make_aware(datetime.combine(until, time(23, 59))) if until else None


@login_required
@require_GET
def reviews(request: HttpRequest) -> HttpResponse:
    """List what waits for the reader, what others have in review, and what was decided."""
    staff = staff_of(request)
    mine = selectors.waiting_for(staff).select_related("submitted_by", "asked")
    rows = submissions_for(request).select_related("submitted_by", "asked")
    others = rows.filter(state=Submission.State.IN_REVIEW).exclude(pk__in=mine.values("pk"))
    decided = rows.exclude(state=Submission.State.IN_REVIEW)
    is_reviewer = any(may_anywhere(staff, act) for act in REVIEW_ACTS.values())
    is_boss = may_anywhere(staff, Act.MANAGE_STAFF)
    context = {
        "mine": mine.order_by(F("asked").asc(nulls_last=True), "due_at", "pk"),
        "others": others.filter(is_urgent=False).order_by("due_at", "pk"),
        "afterwards": others.filter(is_urgent=True).order_by("due_at", "pk"),
        "page": page_of(request, decided.order_by("-submitted_at", "-pk")),
        "now": now(),
        "reader": staff,
        "away_form": AwayForm(request) if is_reviewer else None,
        "away": Absence.objects.filter(staff=staff, until__gt=now()).first(),
        "unguarded": unguarded() if is_boss else [],
        "is_boss": is_boss,
        "may_submit": may_anywhere(staff, Act.ARRANGE),
    }
    return render(request, "staff/reviews/list.html", context)


def submissions_for(request: HttpRequest) -> QuerySet[Submission]:
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
def away(request: HttpRequest) -> HttpResponse:
    """Say that the reader is away, or back."""
    form, staff = AwayForm(request), staff_of(request)
    if not form.is_valid():
        say(request, _("Choose a day, and a stand-in from the list."), tone="error")
        return redirect("staff:reviews")
    until = form.ends()
    try:
        if until is None:
            talk.absence_end(staff=staff, actor=staff, now=now())
            say(request, _("You are back: reviews wait for you again."))
        else:
            talk.absence_set(
                staff=staff, until=until, stand_in=form.cleaned_data["stand_in"], actor=staff,
                now=now(),
            )  # fmt: skip
            say(request, _("Kept: your stand-in hears of what would wait for you."))
    except ApplicationError as error:
        say(request, sentence_of(error), tone="error")
    return redirect("staff:reviews")
