"""The timeline of a screen for a page that plays it, and its pictures one by one."""

from datetime import UTC, datetime, timedelta

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_GET

from server.errors import Invalid
from server.publishing.looked_at import kept
from server.publishing.preview import frame as drawn
from server.publishing.preview import manifest_of
from server.screens.models import Screen
from server.staff.preview.asking import asked, names_of, of_which
from server.staff.preview.reels import WIDTH, reel_json
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, visible

__all__ = ["frame", "screen_reel"]

#: How long a reel is, in minutes, if nothing is said; and at the most.
MINUTES, MOST_MINUTES = 10, 24 * 60

#: The largest instant that is asked for, in milliseconds (the year 2200).
_LAST_MS = 7_258_118_400_000


@login_required
@require_GET
def screen_reel(request: HttpRequest, pk: int) -> JsonResponse:
    """What a screen shows from an instant on, to be played."""
    row = found(visible(request, Screen).select_related("site"), pk)
    at, trouble = asked(request, row)
    if trouble:
        raise Invalid("This is no date and time.")
    manifest = manifest_of(row, of_which(request), now())
    since = at.astimezone(UTC)
    until = since + timedelta(minutes=minutes_of(request.GET.get("minutes", "")))
    return JsonResponse(reel_json(manifest, since, until, staff_of(request), names_of(manifest)))


@login_required
@require_GET
def frame(request: HttpRequest) -> HttpResponse:
    """One picture of a reel, as the stage draws it."""
    if not request.GET.get("of"):
        raise Invalid("This preview is too old: load the page again.")
    manifest = kept(request.GET.get("of", ""), staff_of(request))
    seen = drawn(manifest, _instant(request.GET.get("at", "")), now(), WIDTH)
    tag = f'"{seen.identity}"'
    if tag in request.headers.get("If-None-Match", ""):
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(seen.path.read_bytes(), content_type="image/png")
    answer["ETag"], answer["Cache-Control"] = tag, "private, max-age=3600"
    return answer


def minutes_of(text: str) -> int:
    """How long a reel is to be: what was asked for, within what is told at once."""
    whole = int(text) if text.isascii() and text.isdigit() and len(text) < 6 else MINUTES
    return min(max(whole, 1), MOST_MINUTES)


def _instant(text: str) -> datetime:
    if not (text.isascii() and text.isdigit() and int(text[:15]) <= _LAST_MS):
        raise Invalid("This is no date and time.")
    return datetime.fromtimestamp(int(text[:15]) / 1000, UTC)
