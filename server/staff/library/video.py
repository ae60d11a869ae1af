"""Which part of a video is shown and which frame stands for it: exact numbers, and a strip."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from server.accounts.policy import Act, may
from server.errors import ApplicationError, Invalid
from server.library import services
from server.library.models import Asset, AssetKind, AssetState, Purpose
from server.staff.library.pictures import with_thumbnail
from server.staff.refusals import sentence_of
from server.staff.requests import login_required, now, staff_of
from server.staff.rows import found, visible

__all__ = ["milliseconds", "video"]

_MOVING = frozenset({AssetState.RECEIVED, AssetState.PROCESSING})
_STILL = frozenset({AssetState.READY, AssetState.FAILED})


@login_required
@require_http_methods(["GET", "POST"])
def video(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a video with its strip; keep a part of it, or another poster frame.

    One that was made ready before there were strips is made ready once more, and waited for.
    """
    kept = found(with_thumbnail(visible(request, Asset)), pk)
    if request.method == "POST":
        try:
            if request.POST.get("act") == "prepare":
                services.asset_retry(asset=kept, actor=staff_of(request), now=now())
                return redirect("staff:asset_video", pk)
            _keep(request, kept)
        except ApplicationError as error:
            messages.error(request, sentence_of(error))
            return redirect("staff:asset_video", pk)
        return redirect("staff:asset", pk)
    answer = render(request, "staff/library/video.html", _context(request, kept))
    if request.headers.get("HX-Request") and kept.state not in _MOVING:
        answer["HX-Refresh"] = "true"  # what was waited for is there
    return answer


def _context(request: HttpRequest, kept: Asset) -> dict[str, Any]:
    length = kept.source_ms or 0
    begin, end = kept.trim_from_ms or 0, kept.trim_until_ms or length
    can_change = may(staff_of(request), Act.UPLOAD, kept.department_id)
    is_video = kept.kind == AssetKind.VIDEO and kept.original_id is not None
    return {
        "asset": kept,
        "length_ms": length,
        "begin_ms": begin,
        "end_ms": end,
        "begin": f"{begin / 1000:.3f}",
        "end": f"{end / 1000:.3f}",
        "poster": f"{kept.poster_ms / 1000:.3f}" if kept.poster_ms is not None else "",
        "has_strip": kept.renditions.filter(purpose=Purpose.STRIP).exists(),
        "can_change": can_change,
        "is_moving": kept.state in _MOVING,
        "can_prepare": can_change and is_video and kept.state in _STILL,
    }


def _keep(request: HttpRequest, kept: Asset) -> None:
    staff, at = staff_of(request), now()
    act = request.POST.get("act", "trim")
    if act == "poster":
        at_ms = milliseconds(request.POST.get("poster", ""))
        services.asset_poster(asset=kept, at_ms=at_ms, actor=staff, now=at)
        messages.success(request, _("The poster frame is being made."))
        return
    is_whole = act == "whole"
    begin = None if is_whole else milliseconds(request.POST.get("begin", ""))
    end = None if is_whole else milliseconds(request.POST.get("end", ""))
    services.asset_trim(asset=kept, from_ms=begin, until_ms=end, actor=staff, now=at)
    messages.success(request, _("It is being cut; screens keep what they have until you publish."))


def milliseconds(typed: str) -> int:
    """An instant of a video as it is typed: 83.5, or 1:23.5.  Raises `Invalid`."""
    minutes, _colon, seconds = typed.strip().rpartition(":")
    try:
        whole = 60 * int(minutes or 0)
        read = round((whole + float(seconds)) * 1000)
    except (ValueError, OverflowError):
        read = -1
    if read < 0:
        raise Invalid("“%(typed)s” is no time: write 83.5 or 1:23.5.", values={"typed": typed[:20]})
    return read
