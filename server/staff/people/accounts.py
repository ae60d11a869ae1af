"""Accounts: the one-time code that opens them, roles in departments, sessions, second factors."""

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Max, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from server.accounts import services
from server.accounts.models import Department, Role, Staff
from server.accounts.policy import Act, departments, require_somewhere
from server.accounts.second_factor import has_second_factor, reset_second_factor
from server.accounts.sessions import end_sessions
from server.accounts.setup_codes import LIFETIME_MIN, password_code
from server.errors import ApplicationError
from server.staff.account.own import open_sessions
from server.staff.forms import PlainForm, choices
from server.staff.labels import word
from server.staff.people.departments import tree_of
from server.staff.people.roles import explained
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, found, visible
from server.staff.seen import SeenForm, with_seal
from server.staff.undo.ways import leave

__all__ = ["act", "create", "people", "person", "stored_of"]


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
        self.fields["role"].help_text = _("What each role may do stands under People, Roles.")


class ChangeForm(SeenForm):
    """What somebody is called, and where they belong."""

    full_name = forms.CharField(label=gettext_lazy("Full name"), max_length=60)
    department = forms.ChoiceField(label=gettext_lazy("Department"), required=False)

    def __init__(self, request: HttpRequest, person: Staff, *, is_sent: bool) -> None:
        super().__init__(request.POST if is_sent else None, initial=with_seal(stored_of(person)))
        blank = None if person.department_id else "–"
        owners = choices(departments_for(request, Act.MANAGE_STAFF), blank=blank)
        self.fields["department"].choices = owners  # type: ignore[attr-defined]


def stored_of(person: Staff) -> dict[str, Any]:
    """What somebody is called, and where they belong, as it is stored."""
    return {"full_name": person.full_name, "department": person.department_id or ""}


@login_required
@require_GET
def people(request: HttpRequest) -> HttpResponse:
    """List accounts, all or those of a department, whose names hold what is asked for."""
    require_somewhere(staff_of(request), Act.MANAGE_STAFF)
    rows = visible(request, Staff, Act.MANAGE_STAFF).select_related("department", "second_factor")
    query, chosen = request.GET.get("q", "").strip()[:60], request.GET.get("department", "")
    if query:
        rows = rows.filter(Q(full_name__icontains=query) | Q(username__icontains=query))
    if chosen.isdigit():
        rows = rows.filter(department=int(chosen))
    rows = rows.annotate(seen=Max("sessions__seen_at")).order_by("-is_active", "full_name")
    context = {
        "people": rows.prefetch_related("grants__department"), "query": query,
        "chosen": chosen, "tree": tree_of(departments_for(request, Act.MANAGE_STAFF)),
    }  # fmt: skip
    return render(request, "staff/people/people.html", context)


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


def _page(
    request: HttpRequest, person: Staff, code: str = "", form: ChangeForm | None = None
) -> HttpResponse:
    owners = choices(departments_for(request, Act.MANAGE_STAFF))
    if departments(staff_of(request), Act.MANAGE_STAFF) is None:
        owners = [("", _("Everywhere")), *owners]
    context = {
        "person": person, "grants": person.grants.select_related("department"),
        "roles": explained(), "owners": owners, "code": code, "minutes": LIFETIME_MIN,
        "form": form or ChangeForm(request, person, is_sent=False),
        "stored_at": reverse("staff:person", args=[person.pk]),
        "address": request.build_absolute_uri(reverse("staff:code")),
        "has_second_factor": has_second_factor(person), "is_self": person == staff_of(request),
        "sessions": open_sessions(person, request.session.session_key),
        "tokens": person.api_tokens.filter(revoked_at=None).order_by("name"),
    }  # fmt: skip
    status = 422 if form and form.errors else 200
    return render(request, "staff/people/person.html", context, status=status)


@login_required
@require_GET
def person(request: HttpRequest, pk: int) -> HttpResponse:
    """Show an account and its roles."""
    return _page(request, found(visible(request, Staff, Act.MANAGE_STAFF), pk))


@login_required
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Give or take a role, make a code, close or open the account, end its sessions."""
    row = found(visible(request, Staff, Act.MANAGE_STAFF), pk)
    try:
        if act == "code":
            return _with_code(request, row)
        if act == "change":
            return _change(request, row)
        _done(request, row, act)
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    else:
        if act != "take":
            messages.success(request, _("Done; it counts from the next request on."))
    return redirect("staff:person", pk)


def _done(request: HttpRequest, row: Staff, act: str) -> None:
    who: dict[str, Any] = {"actor": staff_of(request), "now": now()}
    if act == "grant":
        services.grant_add(staff=row, **_grant(request), **who)
    elif act == "take":
        number = request.POST.get("grant", "")
        grants = row.grants.filter(pk=int(number) if number.isdigit() else 0)
        grant = found(grants, int(number) if number.isdigit() else 0)
        facts = {"staff": row.pk, "role": grant.role, "department": grant.department_id}
        services.grant_remove(grant=grant, **who)
        leave(request, _("The role is taken away."), "grant", facts)
    elif act in ACTS:
        ACTS[act](staff=row, **who)
    else:
        raise Http404


#: What is done to an account and needs nothing else to be said.
ACTS: dict[str, Any] = {
    "close": services.staff_disable,
    "open": services.staff_enable,
    "sessions": end_sessions,
    "second-factor": reset_second_factor,
}


def _change(request: HttpRequest, row: Staff) -> HttpResponse:
    form = ChangeForm(request, row, is_sent=True)
    if form.is_valid():
        wanted = form.cleaned_data["department"]
        same = Staff.objects.filter(pk=row.pk)

        def stored() -> dict[str, Any]:
            return stored_of(same.get())

        with form.refusing(stored), form.seen(same, stored):
            services.staff_change(
                staff=row,
                full_name=form.cleaned_data["full_name"],
                department=Department.objects.get(pk=wanted) if wanted else None,
                actor=staff_of(request),
                now=now(),
            )
            messages.success(request, _("Saved."))
            return redirect("staff:person", row.pk)
    return _page(request, row, form=form)


def _grant(request: HttpRequest) -> dict[str, Any]:
    role, wanted = request.POST.get("role", ""), request.POST.get("department", "")
    if role not in Role.values:
        raise Http404
    if not wanted:
        return {"role": role, "department": None}
    owner = departments_for(request, Act.MANAGE_STAFF).filter(
        Q(pk=int(wanted) if wanted.isdigit() else 0)
    )
    return {"role": role, "department": found(owner, int(wanted) if wanted.isdigit() else 0)}
