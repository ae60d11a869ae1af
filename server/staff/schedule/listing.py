"""The list of entries, page by page: those that are current or to come, or those that are over."""

from collections.abc import Iterator

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from scheduler.agenda import is_over
from server.accounts.policy import Act
from server.programme.entries import window_of
from server.programme.models import Entry, Takeover
from server.programme.repetition_words import words_of
from server.programme.series import as_window
from server.staff.requests import login_required, now
from server.staff.rows import departments_for, page_of, visible

__all__ = ["entries"]


@login_required
@require_GET
def entries(request: HttpRequest) -> HttpResponse:
    """List entries and takeovers."""
    wanted, over = request.GET.get("name", "").strip(), request.GET.get("over") == "1"
    rows = visible(request, Entry).select_related("layout", "department")
    rows = rows.filter(pk__in=_that_are(rows, over=over)).prefetch_related("screens", "groups")
    if wanted:
        rows = rows.filter(name__icontains=wanted)
    page = page_of(request, rows)
    query = request.GET.copy()
    query.pop("page", None)
    takeovers = visible(request, Takeover).select_related("layout", "created_by")
    context = {
        "page": page, "wanted": wanted, "over": over,
        "page_query": f"{query.urlencode()}&" if query else "",
        "entries": [{"is": each, "words": words_of(window_of(each))} for each in page.object_list],
        "takeovers": takeovers.prefetch_related("screens", "groups")[:20],
        "now": now(),
        "can_arrange": departments_for(request, Act.ARRANGE).exists(),
        "can_take_over": departments_for(request, Act.TAKE_OVER).exists(),
    }  # fmt: skip
    return render(request, "staff/schedule/entries.html", context)


def _that_are(rows: QuerySet[Entry], *, over: bool) -> list[int]:
    """The keys of those whose last time has been (or has not)."""

    def kept() -> Iterator[int]:
        today = localdate()
        for row in rows.select_related(None):
            if is_over(as_window(window_of(row)), today) is over:
                yield row.pk

    return list(kept())
