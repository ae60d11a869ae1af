"""The addresses of a playlist outside of the walls: made, copied into a portal, revoked."""

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from server.accounts.policy import Act, may, require
from server.portal.models import PortalLink
from server.portal.services import link_make, link_revoke
from server.portal.shown import published
from server.programme.models import Playlist
from server.staff.forms import PlainForm
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, visible

__all__ = ["links", "revoke"]


class LinkForm(PlainForm):
    """A new address."""

    title = forms.CharField(label=gettext_lazy("Heading of the page"), max_length=100)
    language = forms.ChoiceField(
        label=gettext_lazy("Language"),
        choices=[("zh-hans", gettext_lazy("Chinese")), ("en", gettext_lazy("English"))],
    )
    word = forms.CharField(
        label=gettext_lazy("Plain address"), max_length=40, required=False,
        help_text=gettext_lazy("A word such as canteen, for all to know. Empty: a secret one."),
    )  # fmt: skip


@login_required
@require_http_methods(["GET", "POST"])
def links(request: HttpRequest, pk: int) -> HttpResponse:
    """List the addresses of a playlist, and make one."""
    row = found(visible(request, Playlist).select_related("department"), pk)
    form = LinkForm(request.POST or None, initial={"title": row.name})
    if request.method == "POST":
        require(staff_of(request), Act.PUBLISH, row.department)
    if request.method == "POST" and form.is_valid():
        with form.refusing():
            link_make(playlist=row, **form.cleaned_data, actor=staff_of(request), now=now())
            messages.success(request, _("Made.  Copy the address into the portal, or the code."))
            return redirect("staff:portal_links", pk)
    base = f"{request.scheme}://{request.get_host()}"
    shown = published(row.pk, now())
    context = {
        "playlist": row, "form": form, "published": shown,
        "can_change": may(staff_of(request), Act.PUBLISH, row.department_id),
        "links": [
            {"row": each, "page": base + reverse("staff:portal", args=[each.key]),
             "slides": base + reverse("staff:portal_slides", args=[each.key]),
             "atom": base + reverse("staff:portal_atom", args=[each.key]),
             "json": base + reverse("staff:portal_json", args=[each.key])}
            for each in row.portal_links.filter(revoked_at=None).select_related("made_by")
        ],
    }  # fmt: skip
    return render(request, "staff/portal/links.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def revoke(request: HttpRequest, pk: int, link: int) -> HttpResponse:
    """Nobody reads at this address any more."""
    row = found(visible(request, PortalLink, field="playlist__department"), link)
    if row.playlist_id == pk:
        link_revoke(link=row, actor=staff_of(request), now=now())
        messages.success(request, _("Revoked: whoever has the address finds nothing there."))
    return redirect("staff:portal_links", pk)
