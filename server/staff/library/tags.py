"""All the tags on what one may see; called by another word, put together, taken away."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from server.accounts.models import Staff
from server.accounts.policy import Act, in_reach, may_anywhere, require_somewhere
from server.errors import ApplicationError
from server.library import services
from server.library.models import Asset
from server.library.tagging import tagged, tags_among
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import visible
from server.staff.undo.ways import leave

__all__ = ["tags"]


@login_required
@require_http_methods(["GET", "POST"])
def tags(request: HttpRequest) -> HttpResponse:
    """List the tags, and rename one on all assets that the reader may change."""
    staff = staff_of(request)
    if request.method == "POST":
        require_somewhere(staff, Act.UPLOAD)
        before = _before(staff, request.POST.get("name", ""))
        try:
            n = services.tag_rename(
                name=request.POST.get("name", ""), to=request.POST.get("to", ""), actor=staff,
                now=now(),
            )  # fmt: skip
        except ApplicationError as error:
            messages.error(request, sentence_of(error))
        else:
            said = ngettext("%(n)d asset changed.", "%(n)d assets changed.", n)
            leave(request, said % {"n": n}, "tags", {"tags": before})
        return redirect("staff:tags")
    context = {
        "tags": tags_among(visible(request, Asset)),
        "can_change": may_anywhere(staff, Act.UPLOAD),
    }
    return render(request, "staff/library/tags.html", context)


def _before(staff: Staff, name: str) -> dict[int, list[str]]:
    """All tags of the assets on which this one is another afterwards."""
    rows = Asset.objects.filter(in_reach(staff, Act.UPLOAD), tags__name=name)
    return {each.pk: tagged(each) for each in rows}
