"""Assets that are written, not uploaded: cards and live streams.  Writes `Asset`.

What a card's data may hold is its template's to say: the same function as on the stage is asked, so
that what passes here can be shown.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

import msgspec
from django.conf import settings
from django.db import transaction

from cards.catalogue import card_for
from cards.letters import Undrawable, undrawable_in
from cards.music import MUSIC
from cards.qr import QR
from cards.safety_days import SAFETY_DAYS
from cards.template import CardRefusedError
from manifest.codec import STREAM_SCHEMES
from manifest.model import CardAsset, FileReference
from manifest.parsing import MAX_DEPTH
from server.accounts.models import Department, Staff
from server.accounts.policy import Act, require
from server.audit.services import record
from server.errors import Conflict, Invalid
from server.library.models import Asset, AssetKind, AssetState, Blob
from server.library.names import TITLE_LIMIT
from server.library.tagging import refresh_search
from server.validation import cleaned

__all__ = [
    "CARD_BYTES_LIMIT",
    "card_change",
    "card_create",
    "card_refill",
    "files_of",
    "music",
    "picture_create",
    "reset_of",
    "sound_card",
    "stream_create",
]

#: A card's data as JSON, in bytes.
CARD_BYTES_LIMIT = 64 << 10

#: A name, an IPv4 or (without its brackets) an IPv6 address.
_HOST = re.compile(r"[0-9A-Za-z_]([0-9A-Za-z._-]*[0-9A-Za-z])?|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*")

#: In a manifest three containers stand around a card's data.
CARD_DEPTH_LIMIT = MAX_DEPTH - 3


@transaction.atomic
def card_create(
    *,
    title: str,
    template: str,
    data: dict[str, Any],
    department: Department,
    actor: Staff,
    now: datetime,
    pictures: Mapping[str, Blob] | None = None,
    act: Act = Act.UPLOAD,
) -> Asset:
    """Make a card of `template`, filled with `data`; it can be shown at once.  Raises `Invalid`.

    `pictures` are the files that it shows, by their names in the template; `act` is the right that
    it takes.
    """
    require(actor, act, department)
    sound = sound_card(template, data, now, pictures or ())
    content: dict[str, Any] = {"template": template, "data": sound}
    if pictures:
        content["blobs"] = files_of(pictures)
    asset = _made(
        kind=AssetKind.CARD,
        title=title,
        content=content,
        department=department,
        actor=actor,
        now=now,
    )
    record(actor=actor, action="card.create", subject=asset, now=now)
    return asset


def music(track: Blob, before: Mapping[str, Any]) -> dict[str, Any]:
    """The content of a card that plays `track`, as loud as it was `before` (its file is new)."""
    return {
        "template": MUSIC.name,
        "data": dict(before.get("data", {})),
        "blobs": files_of({"track": track}),
    }


@transaction.atomic
def card_change(
    *,
    asset: Asset,
    version: int,
    data: dict[str, Any],
    actor: Staff,
    now: datetime,
    title: str = "",
    pictures: Mapping[str, Blob] | None = None,
) -> Asset:
    """Fill a card anew; the screens keep the old one until it is published.

    `pictures` are the files that it shows from now on; None: those that it has.  Raises `Invalid`,
    or `Conflict` if somebody else changed it since `version`.
    """
    require(actor, Act.UPLOAD, asset.department)
    kept = Asset.objects.select_for_update().get(pk=asset.pk)
    if kept.kind != AssetKind.CARD:
        raise Invalid("“%(title)s” is no card: upload the file anew.", values={"title": kept.title})
    if "feed" in kept.content and data != kept.content["data"]:
        raise Invalid("A data set fills this card: change the rows there.")
    if kept.version != version:
        details = {"version": kept.version, "title": kept.title, "content": kept.content}
        raise Conflict("Somebody else has changed this card; look at it again.", details=details)
    reset = reset_of(kept, data)
    sound = sound_card(str(kept.content["template"]), data, now, pictures or ())
    kept.content |= {"data": sound}
    if pictures is not None:
        kept.content["blobs"] = files_of(pictures)
    kept.title = _title(title) if title.strip() else kept.title
    kept.version += 1
    cleaned(kept).save(update_fields=["content", "title", "version"])
    refresh_search(kept)
    record(actor=actor, action="card.change", subject=kept, now=now)
    if reset:
        record(actor=actor, action="safety-days.reset", subject=kept, detail=reset, now=now)
    return kept


def reset_of(asset: Asset, data: Mapping[str, Any]) -> dict[str, Any]:
    """Of safe days that are counted from another day now: both days, for the audit; else {}."""
    before = asset.content.get("data", {}).get("since")
    if asset.content.get("template") != SAFETY_DAYS.name or before == data.get("since"):
        return {}
    return {"before": before, "since": data.get("since")}


def card_refill(
    *,
    asset: Asset,
    data: dict[str, Any],
    now: datetime,
    pictures: Mapping[str, Blob] | None = None,
    feed: Mapping[str, Any] | None = None,
    only_check: bool = False,
) -> Asset:
    """Fill a card with the rows of a data set, for `datasets`, which asks the policy and records.

    In the caller's transaction.  Raises `Invalid` before anything is written; with `only_check`
    nothing is.
    """
    sound = sound_card(str(asset.content["template"]), data, now)
    if only_check:
        return asset
    kept = Asset.with_bin.select_for_update().get(pk=asset.pk)
    kept.content |= {"data": sound, "feed": dict(feed or {})}
    kept.content.pop("blobs", None)
    if pictures:
        kept.content["blobs"] = files_of(pictures)
    kept.version += 1
    kept.save(update_fields=["content", "version"])
    return kept


def files_of(pictures: Mapping[str, Blob]) -> dict[str, Any]:
    """Files by name, as the content of a card has them."""
    return {
        name: {"sha256": blob.pk, "bytes": blob.bytes, "mime": blob.mime}
        for name, blob in pictures.items()
    }


@transaction.atomic
def stream_create(
    *, title: str, url: str, fallback: Asset, department: Department, actor: Staff, now: datetime
) -> Asset:
    """Make an asset of a live source; `fallback` stands in for it while it cannot be had."""
    require(actor, Act.UPLOAD, department)
    require(actor, Act.VIEW, fallback.department)
    scheme, colon, rest = url.partition("://")
    if scheme not in STREAM_SCHEMES or not colon or not rest.isascii() or not rest.isprintable():
        known = ", ".join(f"{each}://" for each in STREAM_SCHEMES)
        raise Invalid(
            "This is no address of a stream: begin with one of %(schemes)s.",
            values={"schemes": known},
        )
    if not _has_host(url):
        raise Invalid("The address of a stream names a host: rtsp://camera.hall.example/1.")
    if fallback.kind == AssetKind.STREAM:
        raise Invalid("A stream falls back to a picture, a video or a card, not to a stream.")
    content = {"url": url, "fallback": fallback.pk}
    asset = _made(
        kind=AssetKind.STREAM,
        title=title,
        content=content,
        department=department,
        actor=actor,
        now=now,
    )
    record(actor=actor, action="stream.create", subject=asset, now=now)
    return asset


def picture_create(
    *, title: str, content: dict[str, Any], department: Department, actor: Staff, now: datetime
) -> Asset:
    """Make an asset of a picture that is drawn here, in the caller's transaction; it is not there
    yet.  `content` says from what."""
    require(actor, Act.UPLOAD, department)
    asset = _made(
        kind=AssetKind.IMAGE, title=title, content=content, department=department, actor=actor,
        now=now,
    )  # fmt: skip
    asset.state, asset.progress_percent = AssetState.RECEIVED, 0
    asset.save(update_fields=["state", "progress_percent"])
    return asset


def _has_host(url: str) -> bool:
    """Say whether an address names a host, and a port that there can be if it names one."""
    try:
        parts = urlsplit(url)
        _ = parts.port
    except ValueError:
        return False
    return parts.hostname is not None and _HOST.fullmatch(parts.hostname) is not None


def _made(
    *,
    kind: AssetKind,
    title: str,
    content: dict[str, Any],
    department: Department,
    actor: Staff,
    now: datetime,
) -> Asset:
    asset = Asset(
        kind=kind,
        title=_title(title),
        state=AssetState.READY,
        progress_percent=100,
        department=department,
        uploaded_by=actor,
        content=content,
        created_at=now,
    )
    cleaned(asset).save()
    refresh_search(asset)
    return asset


def _title(text: str) -> str:
    return text.strip()[:TITLE_LIMIT]


def sound_card(
    template: str, data: dict[str, Any], now: datetime, files: Iterable[str] = ()
) -> dict[str, Any]:
    """The data, if a card with `files` of these names can be filled with it.

    Raises `Invalid` with the field and what to do.
    """
    if template == QR.name:
        _require_scannable(data)
    if not _is_within(data, CARD_DEPTH_LIMIT):
        raise Invalid(
            "The card's data is nested deeper than %(most)d levels.",
            values={"most": CARD_DEPTH_LIMIT},
        )
    if len(msgspec.json.encode(data)) > CARD_BYTES_LIMIT:
        raise Invalid(
            "The card's data is larger than %(most)d bytes; shorten it.",
            values={"most": CARD_BYTES_LIMIT},
        )
    try:
        named = dict.fromkeys(files, FileReference("", 0, ""))
        card_for(CardAsset("", template, data, named), now)
    except CardRefusedError as refused:
        raise Invalid(
            "This card cannot be shown: %(reason)s.", values={"reason": str(refused)}
        ) from refused
    for found in undrawable_in(data):
        raise _not_drawn(found)
    return data


def _require_scannable(data: dict[str, Any]) -> None:
    if "served" in data:
        raise Invalid("data.served is filled in when the card is published: leave it out.")
    if data.get("opens") == "screen" and not settings.PUBLIC_URLS:
        raise Invalid(
            "Telephones do not know where to find this server: whoever maintains it sets "
            "web.public_urls in its settings first."
        )


def _not_drawn(found: Undrawable) -> Invalid:
    if found.is_emoji:
        return Invalid(
            "%(field)s: %(letter)s is an emoji, and the screens draw none; say it in words.",
            values={"field": found.field, "letter": found.letter},
            code="NOT_DRAWN",
        )
    return Invalid(
        "%(field)s: the screens cannot draw %(letter)s (%(code)s); write it otherwise.",
        values={"field": found.field, "letter": found.letter, "code": found.code},
        code="NOT_DRAWN",
    )


def _is_within(value: object, levels: int) -> bool:
    if isinstance(value, dict):
        return levels > 0 and all(_is_within(each, levels - 1) for each in value.values())
    if isinstance(value, list):
        return levels > 0 and all(_is_within(each, levels - 1) for each in value)
    return True
