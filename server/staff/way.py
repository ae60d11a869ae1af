"""The way of a file to the screens: its steps for the overview, and its last one in one word.

For the views of the staff pages.  It decides nothing: what a reader may do is asked of the policy.
"""

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from msgspec import Struct
from msgspec.structs import replace

from server.accounts.policy import Act, may_anywhere
from server.library.models import Asset
from server.programme.models import Entry, Playlist
from server.review.models import ReviewRule
from server.staff.requests import staff_of
from server.staff.rows import visible

__all__ = ["Step", "last_word", "way_of"]


class Step(Struct, frozen=True):
    """A step as a reader sees it: where, what, and in a few words what for."""

    url: str
    label: str | Promise
    hint: str | Promise
    #: Nothing of this is there yet, and all before it is: here the reader goes on.
    is_next: bool = False


def way_of(request: HttpRequest) -> list[Step]:
    """The steps from a file to the screens, for who walks it: [] for who arranges nothing."""
    staff = staff_of(request)
    if not may_anywhere(staff, Act.UPLOAD) or not may_anywhere(staff, Act.ARRANGE):
        return []
    steps = [
        Step(
            f"{reverse('staff:library')}#upload",
            _("Upload assets"),
            _("Pictures, videos, PowerPoint"),
        ),
        Step(reverse("staff:playlists"), _("Make a playlist"), _("What follows what, how long")),
        Step(reverse("staff:schedule"), _("Schedule it"), _("On which screens, and when")),
        Step(reverse("staff:publish"), last_word(request), _("Look at it once more, then go")),
    ]
    there = (visible(request, Asset), visible(request, Playlist), visible(request, Entry))
    empty = next((n for n, rows in enumerate(there) if not rows.exists()), None)
    return [replace(step, is_next=n == empty) for n, step in enumerate(steps)]


def last_word(request: HttpRequest) -> str | Promise:
    """What is done when all is arranged: submit, publish, or both, as rules and rights say."""
    can_publish = may_anywhere(staff_of(request), Act.PUBLISH)
    if not ReviewRule.objects.filter(steps__gt=0).exists():
        return _("Publish it")
    return _("Submit and publish") if can_publish else _("Submit for review")
