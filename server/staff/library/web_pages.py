"""A web page as a picture: its form, when it is taken, and whether it goes out unreviewed."""

from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from server.accounts.models import Department
from server.accounts.policy import Act, may, require, require_somewhere
from server.errors import ApplicationError
from server.library.models import Asset
from server.sentences import local
from server.staff.forms import PlainForm, choices
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import departments_for, found, visible
from server.webpages import services
from server.webpages.models import Shape, WebPage
from server.webpages.services import INTERVALS_MIN, SCALES_PERCENT, WAITS_S

__all__ = ["page_change", "page_create", "page_of", "page_take", "page_trust"]


def _number(label: Any, bounds: tuple[int, int], initial: int, help_text: Any = "") -> Any:
    least, most = bounds
    return forms.IntegerField(
        label=label, min_value=least, max_value=most, initial=initial, help_text=help_text
    )


class PageForm(PlainForm):
    """How a page is taken."""

    url = forms.CharField(
        label=gettext_lazy("Address of the page"),
        help_text=gettext_lazy("Only hosts that an administrator has listed may be asked."),
        max_length=500,
    )
    every_min = _number(gettext_lazy("Take it every … minutes"), INTERVALS_MIN, 60)
    shape = forms.ChoiceField(
        label=gettext_lazy("For screens"),
        choices=[
            (Shape.LANDSCAPE.value, gettext_lazy("lying, 16:9")),
            (Shape.PORTRAIT.value, gettext_lazy("standing, 9:16")),
        ],
    )
    wait_s = _number(
        gettext_lazy("Wait after it has loaded, in seconds"), WAITS_S, 0,
        gettext_lazy("For pages that fill themselves after a while."),
    )  # fmt: skip
    scale_percent = _number(
        gettext_lazy("Drawn at … percent"), SCALES_PERCENT, 100,
        gettext_lazy("200 draws everything twice as large, to be read from afar."),
    )  # fmt: skip


class NewPageForm(PageForm):
    """A new page: its name as well, and whose it is."""

    title = forms.CharField(label=gettext_lazy("Title"), max_length=200)
    department = forms.ChoiceField(label=gettext_lazy("Department"))
    field_order = ("title", "url", "every_min", "shape", "wait_s", "scale_percent", "department")

    def __init__(self, request: HttpRequest) -> None:
        super().__init__(request.POST or None)
        self.fields["department"].choices = choices(  # type: ignore[attr-defined]
            departments_for(request, Act.UPLOAD)
        )


@login_required
@require_http_methods(["GET", "POST"])
def page_create(request: HttpRequest) -> HttpResponse:
    """Make an asset of a page."""
    staff = staff_of(request)
    require_somewhere(staff, Act.UPLOAD)
    form = NewPageForm(request)
    if request.method == "POST" and form.is_valid():
        told = dict(form.cleaned_data)
        owner = Department.objects.get(pk=told.pop("department"))
        with form.refusing():
            made = services.page_create(department=owner, actor=staff, now=now(), **told)
            return redirect("staff:asset", made.asset_id)
    context = {"form": form, "title": _("New web page"), "back": None}
    return _form(request, context)


@login_required
@require_http_methods(["GET", "POST"])
def page_change(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it otherwise."""
    page = _found(request, pk)
    require(staff_of(request), Act.UPLOAD, page.asset.department_id)
    form = PageForm(request.POST or None, initial=services.bound(page))
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            services.page_change(page=page, actor=staff_of(request), now=now(), **form.cleaned_data)
            messages.success(request, _("Saved: it is taken anew."))
            return redirect("staff:asset", pk)
    return _form(request, {"form": form, "title": page.asset.title, "back": page})


def _form(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    status = 422 if context["form"].errors else 200
    return render(request, "staff/library/web_page.html", context, status=status)


@login_required
@require_POST
def page_take(request: HttpRequest, pk: int) -> HttpResponse:
    """Have it taken at once."""
    page = _found(request, pk)
    services.page_ask(page=page, actor=staff_of(request), now=now())
    messages.success(request, _("It is being taken; look again in half a minute."))
    return redirect("staff:asset", pk)


@login_required
@require_POST
def page_trust(request: HttpRequest, pk: int) -> HttpResponse:
    """Say whether new pictures need a review."""
    page = _found(request, pk)
    try:
        services.unreviewed_set(
            page=page,
            is_unreviewed=request.POST.get("is_unreviewed") == "yes",
            reason=request.POST.get("reason", ""),
            actor=staff_of(request),
            now=now(),
        )
    except ApplicationError as error:
        messages.error(request, sentence_of(error))
    else:
        messages.success(request, _("Saved."))
    return redirect("staff:asset", pk)


def page_of(request: HttpRequest, kept: Asset) -> dict[str, Any]:
    """What the page of an asset says of the web page that it shows, if it does."""
    page = WebPage.objects.select_related("unreviewed_by").filter(asset=kept).first()
    if page is None:
        return {}
    trouble = services.trouble_of(page)
    return {
        "web_page": page,
        "page_trouble": local(trouble) if trouble else "",
        "can_trust": may(staff_of(request), Act.TRUST_DATA, kept.department_id),
    }


def _found(request: HttpRequest, pk: int) -> WebPage:
    drawn = visible(request, Asset).filter(web_page__isnull=False)
    return WebPage.objects.select_related("asset__department").get(asset=found(drawn, pk))
