"""What every page knows: its tabs, and the version in the footer."""

from importlib.metadata import version
from typing import Any

from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from server.accounts.policy import Act, may_anywhere
from server.alerts.selectors import unread_count
from server.staff.requests import staff_of

__all__ = ["page"]

#: The tabs: the page's name, its word, and what somebody must be allowed to do to see it.
TABS = (
    ("overview", _("Overview"), Act.VIEW),
    ("library", _("Library"), Act.VIEW),
    ("playlists", _("Playlists"), Act.VIEW),
    ("layouts", _("Layouts"), Act.VIEW),
    ("schedule", _("Schedule"), Act.VIEW),
    ("reviews", _("Reviews"), Act.VIEW),
    ("publish", _("Publish"), Act.VIEW),
    ("screens", _("Screens"), Act.VIEW),
    ("people", _("People"), Act.MANAGE_STAFF),
    ("audit", _("Audit"), Act.READ_AUDIT),
)


def page(request: HttpRequest) -> dict[str, Any]:
    """Return the context of `base.html`."""
    found: dict[str, Any] = {"yingbi_version": version("yingbi"), "tabs": []}
    if not request.user.is_authenticated:
        return found
    staff = staff_of(request)
    found["notices_new"] = unread_count(staff)
    for name, label, act in TABS:
        if may_anywhere(staff, act):
            address = reverse(f"staff:{name}")
            current = (
                request.path == address if name == "overview" else request.path.startswith(address)
            )
            found["tabs"].append({"url": address, "label": label, "current": current})
    return found
