"""How many steps of review which screens need: for administrators."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from server.accounts.models import Department
from server.accounts.policy import Act, departments, require_somewhere
from server.errors import ApplicationError
from server.review import services
from server.review.models import MOST_HOURS, MOST_STEPS, Counts, ReviewRule
from server.review.rules import unguarded
from server.screens.models import Screen
from server.staff.forms import PlainForm, choices
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, found, visible
from server.staff.undo.ways import kept, leave

__all__ = ["clear", "review_rules"]


#: How long a review afterwards may take, unless a rule says otherwise.
URGENT_HOURS = 24


class RuleForm(PlainForm):
    """A rule: where, for which screens, how many steps, how long each."""

    department = forms.ChoiceField(label=gettext_lazy("Department"), required=False)
    level = forms.ChoiceField(
        label=gettext_lazy("Screens"),
        choices=[
            (Screen.Level.ORDINARY, gettext_lazy("Ordinary")),
            (Screen.Level.PROMINENT, gettext_lazy("Prominent")),
        ],
    )
    steps = forms.TypedChoiceField(
        label=gettext_lazy("Steps"),
        coerce=int,
        choices=[(n, str(n)) for n in range(MOST_STEPS + 1)],
        initial=MOST_STEPS,
    )
    hours = forms.IntegerField(
        label=gettext_lazy("Hours for each step"), min_value=1, max_value=MOST_HOURS, initial=24
    )
    counts = forms.ChoiceField(
        label=gettext_lazy("Counted in"),
        choices=[
            (Counts.CLOCK, gettext_lazy("Hours of the clock")),
            (Counts.WORKING, gettext_lazy("Working hours, by the calendar")),
        ],
        required=False,
    )
    urgent_hours = forms.IntegerField(
        label=gettext_lazy("Hours for a review afterwards"),
        min_value=1,
        max_value=MOST_HOURS,
        initial=24,
        required=False,
    )

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST or None)
        owners = departments_for(request, Act.MANAGE_STAFF)
        everywhere = departments(staff_of(request), Act.MANAGE_STAFF) is None
        blank = str(gettext_lazy("Everywhere")) if everywhere else None
        self.fields["department"].choices = choices(owners, blank=blank)  # type: ignore[attr-defined]
        self.fields["department"].required = not everywhere

    @property
    def parts(self) -> dict[str, Any]:
        """What the service takes."""
        told = self.cleaned_data
        pk = told["department"]
        owner = Department.objects.get(pk=int(pk)) if pk else None
        counts = told["counts"] or Counts.CLOCK
        urgent = told["urgent_hours"] or URGENT_HOURS
        return {**told, "department": owner, "counts": counts, "urgent_hours": urgent}


@login_required
@require_http_methods(["GET", "POST"])
def review_rules(request: HttpRequest) -> HttpResponse:
    """Show the rules, and set one."""
    require_somewhere(staff_of(request), Act.MANAGE_STAFF)
    form = RuleForm(request)
    if request.method == "POST" and form.is_valid():
        try:
            services.rule_set(**form.parts, actor=staff_of(request), now=now())
        except ApplicationError as error:
            form.refuse(error)
        else:
            messages.success(request, _("The rule holds from now on."))
            return redirect("staff:review_rules")
    rules = ReviewRule.objects.select_related("department").order_by("department__name", "level")
    mine = visible(request, ReviewRule, Act.MANAGE_STAFF).values_list("pk", flat=True)
    context = {"form": form, "rules": rules, "mine": set(mine), "unguarded": unguarded()}
    return render(request, "staff/reviews/rules.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def clear(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a rule away."""
    rule = found(visible(request, ReviewRule, Act.MANAGE_STAFF), pk)
    facts = kept(rule)
    try:
        services.rule_clear(rule=rule, actor=staff_of(request), now=now())
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    else:
        leave(request, _("The rule is taken away."), "review-rule", facts)
    return redirect("staff:review_rules")
