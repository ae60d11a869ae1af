"""Departments: the tree, and what becomes of everything when one is moved, merged or closed."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from msgspec import Struct

from server.accounts import departments as services
from server.accounts.models import Department
from server.accounts.policy import Act, departments, require_somewhere
from server.errors import ApplicationError, Invalid
from server.staff.forms import PlainForm, choices
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, found, visible
from server.staff.undo.ways import kept, leave

__all__ = ["Branch", "act", "create", "department", "tree_of"]

#: What may belong to a department, as people call it.
KINDS: dict[str, Any] = {
    "accounts.department": gettext_lazy("Departments below it"),
    "accounts.staff": gettext_lazy("Accounts"),
    "accounts.grant": gettext_lazy("Roles in it"),
    "library.asset": gettext_lazy("Assets"),
    "library.upload": gettext_lazy("Uploads"),
    "datasets.dataset": gettext_lazy("Data sets"),
    "programme.playlist": gettext_lazy("Playlists"),
    "programme.layout": gettext_lazy("Layouts"),
    "programme.entry": gettext_lazy("Entries of the schedule"),
    "programme.takeover": gettext_lazy("Takeovers"),
    "screens.screen": gettext_lazy("Screens"),
    "screens.screengroup": gettext_lazy("Groups of screens"),
    "screens.enrolmentkey": gettext_lazy("Enrolment keys"),
    "review.reviewrule": gettext_lazy("Rules of review"),
    "plans.floorplan": gettext_lazy("Floor plans"),
    "emergency.preparedcard": gettext_lazy("Prepared cards"),
    "cap.capsource": gettext_lazy("Sources of official alerts"),
    "alerts.endpoint": gettext_lazy("Webhooks"),
    "alerts.message": gettext_lazy("Notices told"),
}


class Branch(Struct, frozen=True):
    """A department in its place in the tree; `depth` counts from what the reader may see."""

    row: Department
    depth: int
    people: int


def tree_of(rows: Any) -> list[Branch]:
    """Return departments as a tree, each followed by those below it."""
    counted = list(rows.annotate(people=Count("members", filter=Q(members__is_active=True))))
    known = {row.pk for row in counted}
    below: dict[int | None, list[Any]] = {}
    for row in counted:
        below.setdefault(row.parent_id if row.parent_id in known else None, []).append(row)
    found_: list[Branch] = []

    def grow(parent: int | None, depth: int) -> None:
        for row in below.get(parent, []):
            found_.append(Branch(row, depth, row.people))
            grow(row.pk, depth + 1)

    grow(None, 0)
    return found_


class DepartmentForm(PlainForm):
    """A new department."""

    name = forms.CharField(label=gettext_lazy("Name"), max_length=100)
    parent = forms.ChoiceField(label=gettext_lazy("Below"), required=False)

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST or None, initial={"parent": request.GET.get("below", "")})
        self.fields["parent"].choices = _places(request, tree_of(  # type: ignore[attr-defined]
            departments_for(request, Act.MANAGE_STAFF)
        ))  # fmt: skip


def _places(request: HttpRequest, tree: Iterable[Branch]) -> list[tuple[Any, str]]:
    """Where a department may stand; at the top for those who administer everything."""
    indented = [(str(each.row.pk), "\u3000" * each.depth + each.row.name) for each in tree]
    is_everywhere = departments(staff_of(request), Act.MANAGE_STAFF) is None
    return [*([("", _("None: at the top"))] if is_everywhere else []), *indented]


@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """Make a department."""
    require_somewhere(staff_of(request), Act.MANAGE_STAFF)
    form = DepartmentForm(request)
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            made = services.department_create(
                name=form.cleaned_data["name"],
                parent=_parent(form.cleaned_data["parent"]),
                actor=staff_of(request),
                now=now(),
            )
            return redirect("staff:department", made.pk)
    context = {"form": form, "title": _("New department"), "action": _("Make the department"),
               "back": reverse("staff:people")}  # fmt: skip
    return render(request, "staff/plain_form.html", context, status=422 if form.errors else 200)


def _parent(pk: str) -> Department | None:
    return Department.objects.get(pk=int(pk)) if pk else None


@login_required
@require_GET
def department(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a department: its name and place, what belongs to it, how it is merged or closed."""
    row = found(visible(request, Department, Act.MANAGE_STAFF, "pk"), pk)
    tree = tree_of(departments_for(request, Act.MANAGE_STAFF))
    inside = _inside(tree, row)
    contents = services.contents_of(row)
    context = {
        "department": row, "tree": tree,
        "contents": [(KINDS.get(each.kind, each.kind), each.count) for each in contents],
        "grants": services.grants_in(row),
        "places": _places(request, [each for each in tree if each.row.pk not in inside]),
        "others": choices(each.row for each in tree if each.row.pk not in inside),
        "members": row.members.order_by("-is_active", "full_name"),
    }  # fmt: skip
    return render(request, "staff/people/department.html", context)


def _inside(tree: Iterable[Branch], row: Department) -> set[int]:
    """The department and all below it: where it cannot go."""
    inside = {row.pk}
    for each in tree:  # parents come before what is below them
        if each.row.parent_id in inside:
            inside.add(each.row.pk)
    return inside


@login_required
@require_POST
def act(request: HttpRequest, pk: int, act: str) -> HttpResponse:
    """Rename, move, merge or close a department."""
    row = found(visible(request, Department, Act.MANAGE_STAFF, "pk"), pk)
    who: dict[str, Any] = {"department": row, "actor": staff_of(request), "now": now()}
    name, wanted = row.name, request.POST.get("department", "")
    try:
        if act == "rename":
            services.department_rename(name=request.POST.get("name", ""), **who)
        elif act == "move":
            services.department_move(parent=_chosen(request, wanted), **who)
        elif act == "merge":
            into = _chosen(request, wanted)
            if into is None:
                raise Http404
            _require_typed(request, row)
            services.department_merge(into=into, **who)
            messages.success(request, _("%(name)s is part of %(into)s now.")
                             % {"name": name, "into": into.name})  # fmt: skip
            return redirect("staff:department", into.pk)
        elif act == "close":
            facts = kept(row)
            services.department_close(**who)
            leave(request, _("%(name)s is closed.") % {"name": name}, "department", facts)
            return redirect("staff:people")
        else:
            raise Http404
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("staff:department", pk)


def _require_typed(request: HttpRequest, row: Department) -> None:
    """What cannot be undone is begun by writing what it takes away."""
    if request.POST.get("typed", "").strip() != row.name:
        raise Invalid(
            "Type “%(name)s” to merge it: it cannot be undone.", values={"name": row.name}
        )


def _chosen(request: HttpRequest, pk: str) -> Department | None:
    """The department that was chosen; None is the top."""
    if not pk:
        return None
    rows = departments_for(request, Act.MANAGE_STAFF)
    return found(rows, int(pk) if pk.isdigit() else 0)
