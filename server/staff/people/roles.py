"""What each role may do, in plain words; the table is made from the policy itself."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from msgspec import Struct

from server.accounts.models import Role
from server.accounts.policy import Act, acts_of, require_somewhere
from server.staff.labels import word
from server.staff.requests import login_required, staff_of

__all__ = ["ACTS", "SENTENCES", "RoleWords", "explained", "roles"]

#: What somebody in a role does all day.
SENTENCES: dict[str, Any] = {
    Role.EDITOR: _("Uploads, arranges playlists, layouts and times, and submits them for review."),
    Role.REVIEWER_1: _("Reads what was submitted first; approves it, or returns it with a reason."),
    Role.REVIEWER_2: _("Reads it as the second of three; must be somebody else than the first."),
    Role.REVIEWER_3: _(
        "Has the last word, may publish, and may take screens over in an emergency."
    ),
    Role.ADMINISTRATOR: _("Looks after screens, accounts and departments; may do all but review."),
    Role.AUDITOR: _("Reads the audit and everything else, and changes nothing."),
}

#: The acts of the policy, as people say them.
ACTS: dict[Act, Any] = {
    Act.VIEW: _("See everything of the department"),
    Act.UPLOAD: _("Upload to the library"),
    Act.ARRANGE: _("Change playlists, layouts and the schedule"),
    Act.REVIEW_1: _("Review, step 1"),
    Act.REVIEW_2: _("Review, step 2"),
    Act.REVIEW_3: _("Review, step 3"),
    Act.PUBLISH: _("Publish"),
    Act.TAKE_OVER: _("Take screens over in an emergency"),
    Act.TAKE_DOWN: _("Take an asset off every screen"),
    Act.MANAGE_SCREENS: _("Look after screens and groups"),
    Act.MANAGE_STAFF: _("Look after accounts and departments"),
    Act.READ_AUDIT: _("Read the audit"),
    Act.END_NOTICE: _("End a public notice before its last day"),
    Act.TRUST_DATA: _("Let rows of a data set onto the screens without a review"),
}


class RoleWords(Struct, frozen=True):
    """A role as a page tells of it."""

    role: str
    name: str
    sentence: str


def explained() -> list[RoleWords]:
    """Return every role with its name and what it is for."""
    return [RoleWords(role, word(role), str(SENTENCES[role])) for role in Role.values]


@login_required
@require_GET
def roles(request: HttpRequest) -> HttpResponse:
    """Show who may do what."""
    require_somewhere(staff_of(request), Act.MANAGE_STAFF)
    rows = [(str(ACTS[act]), [act in acts_of(role) for role in Role.values]) for act in Act]
    return render(request, "staff/people/roles.html", {"roles": explained(), "rows": rows})
