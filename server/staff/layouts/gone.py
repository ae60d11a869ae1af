"""A layout that somebody deleted while another was editing it: what was typed can be saved anew."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from server.accounts.policy import Act
from server.errors import ApplicationError, Invalid
from server.programme import services
from server.programme.models import Layout, Playlist
from server.staff.layouts.pictures import faces_of, miniature
from server.staff.layouts.posted import Posted, posted
from server.staff.refusals import sentence_of
from server.staff.requests import now, staff_of
from server.staff.rows import departments_for, visible

__all__ = ["saved_anew"]

#: What the form of the editor sends, and is sent once more.
_FIELDS = ("width", "height", "background")


def saved_anew(request: HttpRequest) -> HttpResponse:
    """Offer what was typed as a new layout, or make it.  404 if nothing was typed."""
    owners = departments_for(request, Act.ARRANGE)
    if request.method != "POST" or not owners:
        raise Http404
    typed, trouble = posted(request), ""
    if request.POST.get("act") == "anew":
        try:
            made = _made(request, typed)
        except ApplicationError as error:
            trouble = sentence_of(error)
        else:
            messages.success(request, _("Saved as a new layout."))
            return redirect("staff:layout", made.pk)
    faces = faces_of(visible(request, Playlist).values_list("pk", flat=True))
    hidden = [(name, request.POST.get(name, "")) for name in _FIELDS]
    hidden += [
        (name, value)
        for name in sorted(request.POST)
        if name.startswith("zone_")
        for value in request.POST.getlist(name)
    ]
    told = {
        "typed": typed, "owners": owners, "trouble": trouble, "hidden": hidden,
        "canvas": typed.canvas(), "faces": miniature(typed.drafts(), faces),
    }  # fmt: skip
    return render(request, "staff/layouts/gone.html", told, status=404)


def _made(request: HttpRequest, typed: Posted) -> Layout:
    wanted = request.POST.get("department", "")
    owners = departments_for(request, Act.ARRANGE)
    owner = owners.filter(pk=int(wanted)).first() if wanted.isdecimal() else None
    if owner is None:
        raise Invalid("Say which department it belongs to: department.")
    changes = typed.changes()
    return services.layout_create(
        **changes | {"name": typed.name.strip()},
        department=owner,
        actor=staff_of(request),
        now=now(),
    )
