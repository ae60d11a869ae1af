"""Single parts of a manifest from single facts: a zone, an asset, how long, until when.  Pure.

For `publishing.compile`, which knows how they hang together.
"""

from datetime import datetime

from msgspec.structs import replace

from manifest.model import (
    Asset,
    Canvas,
    CardAsset,
    FileReference,
    ImageAsset,
    Transition,
    VideoAsset,
    Zone,
)
from server.publishing.facts import AssetFacts, FileFacts, ItemFacts, LayoutFacts, ZoneFacts

__all__ = [
    "DEFAULT_DURATION_MS",
    "card",
    "digests_of",
    "duration_ms",
    "earliest",
    "fitted",
    "media",
    "muted",
    "transition",
]

#: How long an item is shown that has no length of its own and was given none.
DEFAULT_DURATION_MS = 10_000

#: What a manifest can say of a duration (docs/manifest.md, section 2).
LEAST_DURATION_MS, LONGEST_DURATION_MS = 100, 86_400_000


def fitted(zone: ZoneFacts, layout: LayoutFacts, canvas: Canvas, prefix: str = "") -> Zone:
    """A zone of a layout, in pixels of another canvas.

    Each edge is moved on its own, so that zones which touch still do, and none leaves the canvas.
    """

    def span(start: int, length: int, of: int, onto: int) -> tuple[int, int]:
        first = min(_scaled(start, of, onto), onto - 1)
        last = min(_scaled(start + length, of, onto), onto)
        return first, max(1, last - first)

    x, width = span(zone.x, zone.width, layout.canvas.width, canvas.width)
    y, height = span(zone.y, zone.height, layout.canvas.height, canvas.height)
    return Zone(zone.slug, x, y, width, height, f"{prefix}p{zone.playlist}", zone.z)


def _scaled(position: int, of: int, onto: int) -> int:
    return (position * onto + of // 2) // of


def media(asset: AssetFacts, file: FileFacts) -> Asset:
    """A picture or a video of an asset: all of it, or one page."""
    title = f"{asset.title} ({file.page})" if file.page else asset.title
    if file.mime.startswith("video/"):
        length_ms = min(max(file.duration_ms or 0, LEAST_DURATION_MS), LONGEST_DURATION_MS)
        return VideoAsset(
            title, file.sha256, file.bytes, file.mime, file.width, file.height,
            length_ms, file.audio,
        )  # fmt: skip
    return ImageAsset(title, file.sha256, file.bytes, file.mime, file.width, file.height)


def card(asset: AssetFacts) -> CardAsset:
    """A card, with the files that it shows."""
    blobs = {
        name: FileReference(file["sha256"], file["bytes"], file["mime"])
        for name, file in asset.content.get("blobs", {}).items()
    }
    template, data = asset.content.get("template", ""), asset.content.get("data", {})
    return CardAsset(asset.title, template, data, blobs)


def digests_of(asset: Asset) -> set[str]:
    """The files (SHA-256) that an asset of a manifest shows."""
    if isinstance(asset, ImageAsset | VideoAsset):
        return {asset.sha256}
    return {file.sha256 for file in asset.blobs.values()} if isinstance(asset, CardAsset) else set()


def muted(value: Asset) -> tuple[str, Asset]:
    """A film without its sound, and how its id ends then; all else as it is."""
    if isinstance(value, VideoAsset) and value.audio:
        return ".mute", replace(value, audio=False)
    return "", value


def duration_ms(item: ItemFacts, value: Asset) -> int:
    """How long an item is shown: as it says, else a video's own length, else ten seconds."""
    if item.duration_ms is not None:
        return item.duration_ms
    return value.duration_ms if isinstance(value, VideoAsset) else DEFAULT_DURATION_MS


def transition(item: ItemFacts) -> Transition:
    """How an item comes; one that takes no time is a cut, however it is called."""
    if item.transition == "cut" or item.transition_ms == 0:
        return Transition()
    return Transition(item.transition, item.transition_ms)


def earliest(*instants: datetime | None) -> datetime | None:
    """The first of the instants that are given at all."""
    return min((each for each in instants if each is not None), default=None)
