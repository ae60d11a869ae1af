"""The main navigation: which pages there are, in which order, for whom, and what waits on each.

`base.html` draws it; nothing else knows the list.  A new page is one line in `GROUPS`.  It says
what somebody may open, it decides nothing: each view asks the policy itself.
"""

from collections.abc import Mapping

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import Promise, cached_property
from django.utils.translation import gettext_lazy as _
from msgspec import Struct

from server.accounts.models import Staff
from server.accounts.policy import Act, may_anywhere
from server.alerts.selectors import unread_count
from server.review.selectors import waiting_for
from server.screens.models import Screen
from server.screens.states import OFFLINE_AFTER
from server.staff.requests import now, staff_of
from server.staff.rows import visible

__all__ = ["GROUPS", "Navigation", "Section"]


class Section(Struct, frozen=True):
    """A page of the navigation: its name among the addresses, its sign, and who may see it.

    `is_handy`: it stands in the bar at the foot of a phone.  `pages` are those that belong to it
    though their addresses lie below another's.
    """

    name: str
    label: str | Promise
    icon: str
    act: Act
    is_handy: bool = False
    pages: tuple[str, ...] = ()


#: Groups of pages, in the order in which work goes through them; the first has no heading.
GROUPS: tuple[tuple[str | Promise, tuple[Section, ...]], ...] = (
    ("", (Section("overview", _("Overview"), "overview", Act.VIEW, is_handy=True),)),
    (
        _("Content"),
        (
            Section("library", _("Library"), "library", Act.VIEW, is_handy=True),
            Section("datasets", _("Data sets"), "table", Act.VIEW),
            Section("playlists", _("Playlists"), "playlist", Act.VIEW),
            Section("layouts", _("Layouts"), "layout", Act.VIEW),
        ),
    ),
    (
        _("On air"),
        (
            Section("schedule", _("Schedule"), "calendar", Act.VIEW),
            Section("reviews", _("Reviews"), "review", Act.VIEW, is_handy=True),
            Section("publish", _("Publish"), "publish", Act.VIEW),
            Section("preview", _("Preview"), "look", Act.VIEW, pages=("moment",)),
        ),
    ),
    (
        _("Devices"),
        (
            Section("screens", _("Screens"), "screen", Act.VIEW, is_handy=True),
            Section("reports", _("Reports"), "report", Act.VIEW),
        ),
    ),
    (
        _("Administration"),
        (
            Section("people", _("People"), "people", Act.MANAGE_STAFF, pages=("styleguide",)),
            Section("audit", _("Audit"), "audit", Act.READ_AUDIT),
        ),
    ),
)

#: The page of emergencies: apart from all groups, one click from everywhere.
EMERGENCY = Section("emergency", _("Emergency"), "emergency", Act.VIEW)

#: What has happened and is not read yet: beside the reader's own name.
NOTICES = Section("notices", _("My notices"), "bell", Act.VIEW)


class Link(Struct, frozen=True):
    """A section as one reader sees it on one page; `waiting` is None where nothing is counted."""

    name: str
    url: str
    label: str | Promise
    icon: str
    is_current: bool
    is_handy: bool = False
    waiting: int | None = None


class Group(Struct, frozen=True):
    """Links under one heading."""

    label: str | Promise
    links: list[Link]


class Navigation:
    """The navigation of one request; reads nothing before a template asks for it."""

    def __init__(self, request: HttpRequest) -> None:
        self._request = request

    @cached_property
    def groups(self) -> list[Group]:
        """The groups in which there is anything for this reader."""
        found = [
            Group(label, [self._link(each) for each in sections if self._may(each.act)])
            for label, sections in GROUPS
        ]
        return [each for each in found if each.links]

    @property
    def handy(self) -> list[Link]:
        """What stands at the foot of a phone."""
        return [link for group in self.groups for link in group.links if link.is_handy]

    @cached_property
    def emergency(self) -> Link | None:
        """The way to an emergency, for those who may take screens over."""
        return self._link(EMERGENCY) if self._may(EMERGENCY.act) else None

    @cached_property
    def notices(self) -> Link:
        """The way to what has happened."""
        return self._link(NOTICES)

    @cached_property
    def waiting(self) -> Mapping[str, int]:
        """How much waits on a page for this reader, by the name of the section.  Few queries."""
        staff, silent_since = staff_of(self._request), now() - OFFLINE_AFTER
        screens = visible(self._request, Screen).filter(retired_at=None)
        return {
            "notices": unread_count(staff),
            "reviews": waiting_for(staff).count(),
            "screens": screens.filter(heartbeat__received_at__lte=silent_since).count(),
        }

    @cached_property
    def _allowed(self) -> dict[Act, bool]:
        return {}

    def _may(self, act: Act) -> bool:
        if act not in self._allowed:
            self._allowed[act] = may_anywhere(self._staff, act)
        return self._allowed[act]

    @cached_property
    def _staff(self) -> Staff:
        return staff_of(self._request)

    @cached_property
    def _here(self) -> str:
        """The section that this page belongs to: the one with the longest address above it."""
        every = [each for _label, sections in GROUPS for each in sections]
        every += [EMERGENCY, NOTICES]
        page = self._request.resolver_match.url_name if self._request.resolver_match else None
        for section in every:
            if page in section.pages:
                return section.name
        above = [each for each in every if self._is_above(reverse(f"staff:{each.name}"))]
        return max(above, key=lambda each: len(reverse(f"staff:{each.name}"))).name if above else ""

    def _is_above(self, address: str) -> bool:
        path = self._request.path
        return path == address or (address != "/" and path.startswith(address))

    def _link(self, section: Section) -> Link:
        return Link(
            section.name,
            reverse(f"staff:{section.name}"),
            section.label,
            section.icon,
            section.name == self._here,
            section.is_handy,
            self.waiting.get(section.name),
        )
