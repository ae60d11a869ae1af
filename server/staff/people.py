"""People: accounts, the one-time code that opens them, roles in departments."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from server.accounts import services
from server.accounts.models import Department, Role, Staff
from server.accounts.policy import Act, departments, require_somewhere
from server.accounts.setup_codes import LIFETIME_MIN, password_code
from server.errors import ApplicationError
from server.staff.forms import PlainForm, choices
from server.staff.labels import word
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, found, visible

__all__ = ["act", "create", "department_create", "people", "person"]


class PersonForm(PlainForm):
    """A new account."""

    full_name = forms.CharField(label=gettext_lazy("Full name"), max_length=60)
    username = forms.CharField(label=gettext_lazy("Name for logging in"), max_length=60)
    department = forms.ChoiceField(label=gettext_lazy("Department"))
    role = forms.ChoiceField(label=gettext_lazy("Role"))

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST or None)
        owners = choices(departments_for(request, Act.MANAGE_STAFF))
        self.fields["department"].choices = owners  # type: ignore[attr-defined]
        roles = [(role, word(role)) for role in Role.values]
        self.fields["role"].choices = roles  # type: ignore[attr-defined]


class DepartmentForm(PlainForm):
    """A new department."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    parent = forms.ChoiceField(label=gettext_lazy("Below"), required=False)

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST or None)
        rows, top = departments_for(request, Act.MANAGE_STAFF), None
        if departments(staff_of(request), Act.MANAGE_STAFF) is None:
            top = _("None: at the top")
        self.fields["parent"].choices = choices(rows, blank=top)  # type: ignore[attr-defined]


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """List accounts."""
    require_somewhere(staff_of(request), Act.MANAGE_STAFF)
    rows = visible(request, Staff, Act.MANAGE_STAFF).select_related("department")
    context = {
        "people": rows.prefetch_related("grants__department"),
        "departments": departments_for(request, Act.MANAGE_STAFF).select_related("parent"),
    }
    return render(request, "staff/people.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make an account and its one-time code."""
    require_somewhere(staff_of(request), Act.MANAGE_STAFF)
    form = PersonForm(request)
    if request.method == "POST" and form.is_valid():
        told, actor, at = form.cleaned_data, staff_of(request), now()
        with form.refusing():
            owner = Department.objects.get(pk=told["department"])
            made = services.staff_create(
                username=told["username"], full_name=told["full_name"], department=owner,
                actor=actor, now=at,
            )  # fmt: skip
            services.grant_add(staff=made, role=told["role"], department=owner, actor=actor, now=at)
            return _with_code(request, made)
    context = {"form": form, "title": _("New account"), "action": _("Make the account"),
               "back": reverse("staff:people")}  # fmt: skip
    return render(request, "staff/plain_form.html", context, status=422 if form.errors else 200)


def _with_code(request: HttpRequest, person: Staff) -> HttpResponse:
    """The page of an account with a new code, which is shown this once."""
    code = password_code(staff=person, actor=staff_of(request), now=now())
    return _page(request, person, code)


def _page(request: HttpRequest, person: Staff, code: str = "") -> HttpResponse:
    owners = choices(departments_for(request, Act.MANAGE_STAFF))
    if departments(staff_of(request), Act.MANAGE_STAFF) is None:
        owners = [("", _("Everywhere")), *owners]
    context = {
        "person": person, "grants": person.grants.select_related("department"),
        "roles": Role.values, "owners": owners, "code": code, "minutes": LIFETIME_MIN,
    }  # fmt: skip
    return render(request, "staff/person.html", context)


@login_required
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an account and its roles."""
    return _page(request, found(visible(request, Staff, Act.MANAGE_STAFF), pk))


@login_required
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Give or take a role, make a code, close or open the account."""
    row = found(visible(request, Staff, Act.MANAGE_STAFF), pk)
    who: dict[str, Any] = {"actor": staff_of(request), "now": now()}
    try:
        if act == "code":
            return _with_code(request, row)
        if act == "grant":
            services.grant_add(staff=row, **_grant(request), **who)
        elif act == "take":
            number = request.POST.get("grant", "")
            grants = row.grants.filter(pk=int(number) if number.isdigit() else 0)
            services.grant_remove(grant=found(grants, int(number or 0)), **who)
        elif act == "close":
            services.staff_disable(staff=row, **who)
        elif act == "open":
            services.staff_enable(staff=row, **who)
        else:
            raise Http404
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("Done; it counts from the next request on."))
    return redirect("staff:person", pk)


def _grant(request: HttpRequest) -> dict[str, Any]:
    role, wanted = request.POST.get("role", ""), request.POST.get("department", "")
    if role not in Role.values:
        raise Http404
    if not wanted:
        return {"role": role, "department": None}
    owner = departments_for(request, Act.MANAGE_STAFF).filter(
        Q(pk=int(wanted)) if wanted.isdigit() else Q(pk=0)
    )
    return {"role": role, "department": found(owner, int(wanted))}


@login_required
@require_http_methods(["GET", "POST"])
def department_create(request: HttpRequest) -> HttpResponse:
    """Make a department."""
    require_somewhere(staff_of(request), Act.MANAGE_STAFF)
    form = DepartmentForm(request)
    if request.method == "POST" and form.is_valid():
        parent = form.cleaned_data["parent"]
        with form.refusing():
            services.department_create(
                name=form.cleaned_data["name"],
                parent=Department.objects.get(pk=parent) if parent else None,
                actor=staff_of(request),
                now=now(),
            )
            return redirect("staff:people")
    context = {"form": form, "title": _("New department"), "action": _("Make the department"),
               "back": reverse("staff:people")}  # fmt: skip
    return render(request, "staff/plain_form.html", context, status=422 if form.errors else 200)
