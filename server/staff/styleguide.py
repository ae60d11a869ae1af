"""The components of the staff pages, each with its states and when to use it: for who builds pages.

A component is a line of `COMPONENTS` and an example in templates/staff/styleguide.  Tests hold that
each class exists in the style sheets and is used by some page or script.
"""

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from msgspec import Struct

from server.accounts.policy import Act, require_somewhere
from server.staff.overview.today import Bar, Day, Lane
from server.staff.requests import login_required, staff_of
from server.staff.signs import SIGNS

__all__ = ["COMPONENTS", "Component", "styleguide"]


class Component(Struct, frozen=True):
    """Its example's name, its word, its classes (the first is its own), and when to use it."""

    example: str
    label: Promise
    classes: tuple[str, ...]
    use: Promise

    @property
    def template(self) -> str:
        """Where its example stands."""
        return f"staff/styleguide/{self.example}.html"


COMPONENTS = (
    Component(
        "button",
        _("Buttons"),
        ("button", "button-main", "button-risk", "button-plain", "button-small"),
        _(
            "One main button a form: what most people came to do. Red edges for what takes "
            "something away."
        ),
    ),
    Component(
        "field",
        _("Fields"),
        ("field", "field-row", "choice", "errors", "help"),
        _(
            "Every input has a label above, help below, and its error below that. Ask for as "
            "little as possible."
        ),
    ),
    Component(
        "time",
        _("Times and durations"),
        ("field", "help"),
        _(
            "Times are wall times of the screens, and say so. A duration is typed as people "
            "say it: 90, 1:30, 2 min."
        ),
    ),
    Component(
        "chips",
        _("Tags"),
        ("chips-input", "chips", "chip", "chip-close"),
        _(
            "For words that somebody makes up. Comma or Enter ends a word; the form sends "
            "them in one field."
        ),
    ),
    Component(
        "filters",
        _("Filter bar"),
        ("filters", "field-search", "choices", "choice-button", "filters-count"),
        _(
            "Above every list of more than a page. It works at once, and stands in the "
            "address, so that it can be sent on."
        ),
    ),
    Component(
        "badge",
        _("Badges"),
        ("badge", "badge-good", "badge-warn", "badge-bad"),
        _("A state in one or two words. Never colour alone; what is well needs none."),
    ),
    Component(
        "note",
        _("Notes"),
        ("note", "note-success", "note-warning", "note-error"),
        _("What belongs to this page and stays. What was just done is a toast."),
    ),
    Component(
        "toast",
        _("Toasts"),
        ("toasts", "toast", "toast-undo", "toast-close"),
        _(
            "What was just done, with a button that undoes it. Instead of asking whether "
            "somebody is sure."
        ),
    ),
    Component(
        "dialog",
        _("Dialogs"),
        ("dialog", "dialog-acts", "dialog-word"),
        _("Only where something must be said or typed first. What can be undone needs none."),
    ),
    Component(
        "menu",
        _("Menus"),
        ("menu", "menu-list", "menu-item", "menu-item-risk"),
        _("For acts on one thing that few people need. What most need is a button."),
    ),
    Component(
        "tabs",
        _("Tabs"),
        ("tabs", "tab"),
        _(
            "For views of one thing, at most six. Links where each is a page, buttons where "
            "all are here."
        ),
    ),
    Component(
        "table",
        _("Tables"),
        ("table-frame", "table-tall", "number", "nowrap", "is-chosen"),
        _("For values that are compared. Numbers stand at the right; a long table keeps its head."),
    ),
    Component(
        "tiles",
        _("Tiles"),
        ("gallery", "tile", "tile-picture", "tile-text", "tile-title"),
        _("For what is known by its picture. Pictures are fetched when they come into sight."),
    ),
    Component(
        "timeline",
        _("Lines of a day"),
        (
            "timeline",
            "lane",
            "lane-name",
            "lane-line",
            "timeline-bar",
            "timeline-bar-bad",
            "timeline-now",
        ),
        _("For what is when. The same in words for readers: each line has a label."),
    ),
    Component(
        "progress",
        _("Progress"),
        ("progress-row",),
        _("For everything that takes longer than a second: what, how far, how to stop it."),
    ),
    Component(
        "skeleton",
        _("Places for what comes"),
        ("skeleton",),
        _("Where something comes later, its place is kept, so that nothing jumps."),
    ),
    Component(
        "empty",
        _("Nothing yet"),
        ("card", "empty"),
        _("An empty list says why, and has the button for the first one."),
    ),
    Component(
        "saving",
        _("Drafts and others"),
        ("save-state", "together", "together-people", "face"),
        _("Every editor keeps what is typed, says when, and who else is here."),
    ),
    Component(
        "pages",
        _("Pages of a list"),
        ("pages",),
        _("For lists of more than sixty. The first page answers most questions."),
    ),
    Component(
        "icon",
        _("Signs"),
        ("icon",),
        _("Beside a word, never in place of one, but for acts that everybody knows."),
    ),
    Component(
        "keys",
        _("Keys"),
        ("row",),
        _("What the keyboard can do is told where it can be done, and by the key ?"),
    ),
)


@login_required
@require_GET
def styleguide(request: HttpRequest) -> HttpResponse:
    """Show all components; ?theme= light or dark shows them in one theme, whatever the system."""
    require_somewhere(staff_of(request), Act.MANAGE_STAFF)
    theme = request.GET.get("theme", "")
    media = {"light": "not all", "dark": "all"}.get(theme, "(prefers-color-scheme: dark)")
    context = {
        "components": COMPONENTS,
        "theme": theme if theme in {"light", "dark"} else "",
        "dark_media": media,
        "signs": SIGNS,
        "page": Paginator(range(900), 60).get_page(4),
        "page_query": "",
        "day": _day(),
    }
    return render(request, "staff/styleguide.html", context)


def _day() -> Day:
    """A day to draw."""
    morning, urgent = Bar(30.0, 12.5, "07:12–10:12"), Bar(50.0, 8.0, "12:00–13:55")
    lanes = [
        Lane("takeover", "1", "#timeline", 3, [urgent]),
        Lane("entry", "2", "#timeline", 12, [morning, Bar(70.0, 12.0, "16:48–19:40")]),
    ]
    return Day(lanes, 0, 45.0, [(hour / 24 * 100, hour) for hour in range(0, 24, 3)])
