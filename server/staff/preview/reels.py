"""A reel in the words of the page that plays it: instants in milliseconds, addresses, titles.

The page adds nothing to it but the pictures: what is on when is the scheduler's answer.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.urls import reverse

from manifest.model import Manifest
from server.accounts.models import Staff
from server.publishing.drawing import as_drawn, drawing_of
from server.publishing.looked_at import keep
from server.publishing.reels import Part, Reel, ReelSpan, reel_of

__all__ = ["WIDTH", "reel_json"]

#: How wide the pictures are that a page plays, in pixels.
WIDTH = 960


def reel_json(
    manifest: Manifest,
    since: datetime,
    until: datetime,
    reader: Staff,
    names: Mapping[str, str] | None = None,
) -> dict[str, Any]:
    """Everything that the page needs to play `manifest`; `names` are people's words for ids."""
    offline = as_drawn(manifest)
    reel = reel_of(manifest, since, until)
    token = keep(manifest, reader)
    return {
        "since": _ms(reel.since),
        "until": _ms(reel.until),
        "timezone": reel.timezone,
        "width": reel.width,
        "height": reel.height,
        "frames": reverse("staff:preview_frame"),
        "of": token,
        "picture_width": WIDTH,
        "spans": [_span(each, reel, offline, names or {}) for each in reel.spans],
        "zones": {
            layout: {
                each.zone: [each.x, each.y, each.width, each.height] for each in zones
            }
            for layout, zones in reel.zones.items()
        },
        "films": {each: _film(each) for each in sorted(reel.films)},
    }  # fmt: skip


def _span(
    span: ReelSpan, reel: Reel, offline: Manifest, names: Mapping[str, str]
) -> dict[str, Any]:
    return {
        "at": _ms(span.at),
        "until": _ms(span.until),
        "drawn": _ms(span.drawn_at),
        "picture": drawing_of(offline, span.drawn_at, WIDTH).identity,
        "layout": span.layout,
        "because": names.get(span.because or "", ""),
        "moves": any(each.asset in reel.moving for each in span.parts),
        "parts": [_part(each, reel) for each in span.parts],
    }


def _part(part: Part, reel: Reel) -> dict[str, Any]:
    return {
        "zone": part.zone,
        "item": part.item,
        "asset": part.asset,
        "title": reel.titles[part.asset],
        "fit": reel.fits[part.item],
        "since": _ms(part.since),
        "until": _ms(part.until),
        "offset": part.offset_ms,
        "transition": part.transition,
        "transition_ms": part.transition_ms,
    }


def _film(asset: str) -> str:
    """The file that screens get, in parts as the browser asks for them."""
    pk, _dot, page = asset.removeprefix("a").partition(".")
    return reverse("staff:full_size", args=[int(pk), int(page) if page.isdigit() else 0])


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
