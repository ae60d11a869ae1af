"""What to look at before a programme is published: empty, over, too long, soon gone.  Pure.

For the dry run, and for `publish`, which asks for a yes where a wall would show nothing (M18, M19).
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice

from cards.catalogue import card_for
from cards.music import MUSIC, MUSIC_ZONE
from cards.qr import QR
from cards.qr_code import code_px, least_px
from cards.template import CardRefusedError
from manifest.model import CardAsset, Manifest
from scheduler.upcoming import empty_spans
from server.programme.layout_cautions import LINE_HEIGHT, legible_px
from server.publishing.compile import Sheet
from server.publishing.facts import (
    AssetFacts,
    Facts,
    FileFacts,
    ItemFacts,
    LayoutFacts,
    PlaylistFacts,
    ZoneFacts,
)
from server.publishing.parts import DEFAULT_DURATION_MS
from server.publishing.words import Sentence, say

__all__ = ["cautions"]

#: How far ahead is looked for spans with nothing to show.
HORIZON = timedelta(days=7)

#: From here on it is soon that an asset may not be shown any more.
SOON = timedelta(days=7)

#: Spans with nothing to show that are named, of one screen.
GAPS_NAMED = 3

#: How far the shapes of a layout and a screen may differ before it is said, as a ratio.
SAME_SHAPE = 1.02


def cautions(facts: Facts, sheet: Sheet, manifest: Manifest, now: datetime) -> list[Sentence]:
    """Everything to look at in what `manifest`, compiled from this sheet, would show."""
    layouts = _layouts(facts, sheet)
    playlists = {zone.playlist for layout in layouts for zone in layout.zones}
    found = list(_times_without_content(manifest, now))
    for pk in sorted(playlists):
        found += _of_playlist(facts, facts.playlists[pk], manifest, now)
    found += _of_entries(facts, sheet)
    for layout in layouts:
        found += _shape(layout, sheet)
        found += _music(facts, layout)
        found += _legible(facts, layout)
        found += _scannable(facts, layout, manifest, now)
    return list({str(each.values) + each.code: each for each in found}.values())


def _layouts(facts: Facts, sheet: Sheet) -> list[LayoutFacts]:
    """What the screen is due, but for takeovers: those are not arranged, they happen."""
    wanted = {each.layout for each in facts.entries if each.pk in set(sheet.entries)}
    if sheet.default_layout is not None:
        wanted.add(sheet.default_layout)
    return [facts.layouts[pk] for pk in sorted(wanted)]


def _times_without_content(manifest: Manifest, now: datetime) -> Iterator[Sentence]:
    for since, until in islice(empty_spans(manifest, now, HORIZON), GAPS_NAMED):
        if since <= now and until - now >= timedelta(days=1):
            yield say("NOTHING_TO_SHOW", hours=(until - now) // timedelta(hours=1))
        else:
            yield say("GAP", since=since, until=until)


def _of_playlist(
    facts: Facts, playlist: PlaylistFacts, manifest: Manifest, now: datetime
) -> Iterator[Sentence]:
    if not playlist.items:
        yield say("EMPTY_PLAYLIST", playlist=playlist.name)
        return
    shown = manifest.playlists[f"p{playlist.pk}"].items
    if not any(item.valid_until is None or item.valid_until > now for item in shown):
        yield say("ALL_INVALID", playlist=playlist.name)
    for item in playlist.items:
        yield from _of_item(facts.assets[item.asset], now)


def _of_item(asset: AssetFacts, now: datetime) -> Iterator[Sentence]:
    if asset.is_withdrawn:
        yield say("TAKEN_DOWN", item=asset.title)
    elif not asset.is_ready:
        yield say("NOT_READY", item=asset.title)
    elif asset.valid_until is not None and asset.valid_until < now + SOON:
        yield say("EXPIRING", item=asset.title, until=asset.valid_until)
    if asset.content.get("page", {}).get("is_unreviewed"):
        yield say("PAGE_CHANGES", item=asset.title, address=asset.content["page"]["url"])


def _of_entries(facts: Facts, sheet: Sheet) -> Iterator[Sentence]:
    """Items that are still on when their entry is over, every time."""
    for entry in facts.entries:
        if entry.pk not in sheet.entries:
            continue
        for zone in facts.layouts[entry.layout].zones:
            if zone.slug == MUSIC_ZONE:
                continue  # a piece of music may be cut: nobody reads it
            for item in facts.playlists[zone.playlist].items:
                asset = facts.assets[item.asset]
                item_s = _length_ms(item, asset) // 1000
                if item_s > entry.window.duration_s:
                    yield say(
                        "ITEM_TOO_LONG",
                        item=asset.title,
                        item_s=item_s,
                        entry=entry.name,
                        entry_s=entry.window.duration_s,
                    )


def _length_ms(item: ItemFacts, asset: AssetFacts) -> int:
    own = max((file.duration_ms or 0 for file in asset.files), default=0)
    return item.duration_ms or own or DEFAULT_DURATION_MS


def _music(facts: Facts, layout: LayoutFacts) -> Iterator[Sentence]:
    """Music where something should be seen, and pictures where nothing is."""
    for zone in layout.zones:
        playlist = facts.playlists[zone.playlist]
        for item in playlist.items:
            asset = facts.assets[item.asset]
            is_music = asset.content.get("template") == MUSIC.name
            if is_music != (zone.slug == MUSIC_ZONE):
                code = "MUSIC_IN_ZONE" if is_music else "PICTURE_IN_MUSIC"
                yield say(code, item=asset.title, playlist=playlist.name, layout=layout.name)


def _shape(layout: LayoutFacts, sheet: Sheet) -> Iterator[Sentence]:
    made, screen = layout.canvas, sheet.canvas
    ratio = (made.width * screen.height) / (made.height * screen.width)
    if max(ratio, 1 / ratio) > SAME_SHAPE:
        yield say(
            "ASPECT",
            layout=layout.name,
            made=f"{made.width} x {made.height}",
            screen=f"{screen.width} x {screen.height}",
        )


def _legible(facts: Facts, layout: LayoutFacts) -> Iterator[Sentence]:
    """Text that cannot be read from where people stand: on pages, and in zones that are too low."""
    least_px = legible_px(layout.canvas)
    for zone in layout.zones:
        if zone.slug == MUSIC_ZONE:
            continue
        for item in facts.playlists[zone.playlist].items:
            asset = facts.assets[item.asset]
            if asset.kind == "card" and zone.height < least_px * LINE_HEIGHT:
                yield say("ZONE_LOW", item=asset.title, layout=layout.name)
            for file in asset.files:
                if item.page in {None, file.page} and 0 < _text_px(file, zone) < least_px:
                    yield say(
                        "TEXT_SMALL",
                        item=f"{asset.title} ({file.page})",
                        percent=f"{100 * _text_px(file, zone) / layout.canvas.height:.1f}",
                        least=f"{100 * least_px / layout.canvas.height:.1f}",
                        layout=layout.name,
                    )


def _text_px(file: FileFacts, zone: ZoneFacts) -> float:
    """How high the text of a page stands in a zone that shows the whole of it; 0: not known."""
    shown = min(zone.height, zone.width * file.height / max(1, file.width))
    return (file.text_percent or 0) / 100 * shown


def _scannable(
    facts: Facts, layout: LayoutFacts, manifest: Manifest, now: datetime
) -> Iterator[Sentence]:
    """Codes that no telephone reads from some 2 m: their cards show words instead."""
    height = layout.canvas.height
    for zone in layout.zones:
        for item in facts.playlists[zone.playlist].items:
            card = manifest.assets.get(f"a{item.asset}")
            if not isinstance(card, CardAsset) or card.template != QR.name:
                continue
            side = _modules(facts, card, now)
            least, has = least_px(side, height), code_px(side, zone.width, zone.height, height)
            if side and has < least:
                yield say(
                    "CODE_SMALL",
                    item=card.title,
                    percent=f"{100 * has / height:.1f}",
                    least=f"{100 * least / height:.1f}",
                    layout=layout.name,
                )


def _modules(facts: Facts, card: CardAsset, now: datetime) -> int:
    """How many modules its code has along a side; 0: it has none.

    On the screen with the longest name of all: the name is part of the code.
    """
    names = (f"{each.site}/{each.slug}" for each in facts.screens.values())
    try:
        return int(card_for(card, now, max(names, key=len, default="")).face.data["side"])
    except CardRefusedError:
        return 0
