"""Sites and groups of screens: made, changed, dissolved."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from server.accounts.models import Department
from server.accounts.policy import Act, require, require_somewhere
from server.screens import services
from server.screens.models import Screen, ScreenGroup
from server.staff.requests import login_required, staff_of
from server.staff.rows import found, visible
from server.staff.screens.answers import plain, who
from server.staff.screens.forms import GroupForm, SiteForm
from server.staff.undo.ways import kept, leave

__all__ = ["group", "group_create", "group_delete", "site_create"]


@login_required
@require_http_methods(["GET", "POST"])
def site_create(request: HttpRequest) -> HttpResponse:
    """Make a site."""
    require(staff_of(request), Act.MANAGE_SCREENS, None)
    form = SiteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            services.site_create(**form.cleaned_data, **who(request))
            return redirect("staff:screens")
    return plain(request, form, _("New site"), _("Make the site"))


@login_required
@require_http_methods(["GET", "POST"])
def group_create(request: HttpRequest) -> HttpResponse:
    """Make a group of screens."""
    require_somewhere(staff_of(request), Act.MANAGE_SCREENS)
    form = GroupForm(request)
    if request.method == "POST" and form.is_valid():
        told = form.cleaned_data
        with form.refusing():
            services.group_create(
                name=told["name"],
                department=Department.objects.get(pk=told["department"]),
                screens=visible(request, Screen).filter(pk__in=told["screens"]),
                allow_4k=told["allow_4k"],
                **who(request),
            )
            return redirect("staff:screens")
    return plain(request, form, _("New group"), _("Make the group"))


@login_required
@require_http_methods(["GET", "POST"])
def group(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a group of screens."""
    row = found(visible(request, ScreenGroup), pk)
    if request.method == "POST":
        require(staff_of(request), Act.MANAGE_SCREENS, row.department_id)
    form = GroupForm(request, _group_initial(row))
    if request.method == "POST" and form.is_valid():
        told, before = form.cleaned_data, _members(row)
        with form.refusing(lambda: _group_initial(ScreenGroup.objects.get(pk=pk))):
            services.group_change(
                group=row,
                version=told["version"] or 0,
                name=told["name"],
                allow_4k=told["allow_4k"],
                screens=visible(request, Screen).filter(pk__in=told["screens"]),
                **who(request),
            )
            _leave(request, row, before)
            return redirect("staff:screens")
    return plain(request, form, row.name, _("Save"))


def _members(row: ScreenGroup) -> set[int]:
    return set(row.screens.values_list("pk", flat=True))


def _leave(request: HttpRequest, row: ScreenGroup, before: set[int]) -> None:
    """Screens that left by this, or came, are put back by one click."""
    after = _members(row)
    facts = {"group": row.pk, "left": [*before - after], "joined": [*after - before]}
    leave(request, _("Saved."), "members", facts if after != before else None)


def _group_initial(row: ScreenGroup) -> dict[str, Any]:
    members = [str(each) for each in row.screens.values_list("pk", flat=True)]
    return {
        "name": row.name, "allow_4k": row.allow_4k, "version": row.version, "screens": members,
    }  # fmt: skip


@login_required
@require_POST
def group_delete(request: HttpRequest, pk: int) -> HttpResponse:
    """Dissolve a group; its screens stay."""
    row = found(visible(request, ScreenGroup), pk)
    facts = kept(row)
    services.group_delete(group=row, **who(request))
    leave(
        request, _("%(name)s is dissolved; its screens stay.") % {"name": row.name}, "group", facts
    )
    return redirect("staff:screens")
