"""Previews, for scripts: what a screen shows at any instant, drawn by the stage itself."""

from datetime import UTC
from typing import Any

from django.http import HttpResponse

from server.api.interface import BYTES, Call, Operation
from server.api.reading import found, instant, visible
from server.errors import Invalid
from server.publishing.drawing import LEAST_WIDTH
from server.publishing.preview import Of, preview
from server.screens.models import LARGEST_SIDE, Screen

__all__ = ["OPERATIONS"]

_OF: dict[str, Of] = {"published": "published", "programme": "programme"}


def screen_preview(call: Call, screen: int) -> HttpResponse:
    """Draw what a screen shows at an instant: as it was told, or as the programme is now."""
    row = found(visible(call, Screen).select_related("site"), screen, "screen")
    at = call.now if call.query("at") is None else instant(call, "at").astimezone(UTC)
    seen = preview(screen=row, at=at, now=call.now, of=_of(call), width=_width(call))
    tag = f'"{seen.identity}"'
    if tag in call.header("If-None-Match"):
        answer = HttpResponse(status=304)
    else:
        answer = HttpResponse(seen.path.read_bytes(), content_type="image/png")
    answer["ETag"], answer["Cache-Control"] = tag, "private, no-cache"
    return answer


def _of(call: Call) -> Of:
    try:
        return _OF[call.query("of") or "published"]
    except KeyError:
        raise Invalid("of is published or programme.") from None


def _width(call: Call) -> int | None:
    text = call.query("width")
    if text is None:
        return None
    if not (text.isascii() and text.isdigit() and LEAST_WIDTH <= int(text[:9]) <= LARGEST_SIDE):
        raise Invalid(
            "width is a number of pixels from %(least)d to %(most)d.",
            values={"least": LEAST_WIDTH, "most": LARGEST_SIDE},
        )
    return int(text)


def _query(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {"name": name, "in": "query", "description": description, "schema": schema}


OPERATIONS = (
    Operation(
        "GET", "screens/<int:screen>/preview/", "screen_preview", screen_preview,
        "What it shows at an instant, drawn by the stage itself", answer=BYTES, media="image/png",
        parameters=(
            _query("at", "The instant; now without it.", type="string", format="date-time"),
            _query("of", "What it was told, or what publishing would tell it now.",
                   type="string", enum=list(_OF)),
            _query("width", "How wide the picture is, and never wider than the screen.",
                   type="integer", minimum=LEAST_WIDTH, maximum=LARGEST_SIDE),
        ),
    ),
)  # fmt: skip
