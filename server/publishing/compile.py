"""The programme to manifests: pure, total for sound facts, and the same bytes for the same facts.

For `publishing.services`.  Only what a screen can come to show goes into its manifest: the layouts
that it is due, their playlists, the assets in them that are ready.  Screens with the same sheet
share one compiled body; what is theirs alone is the head of the document.

Ids: `a{asset}` (`a{asset}.{page}`, `a{asset}.mute`), `i{item}` (`i{item}.{page}`), `p{playlist}`,
`l{layout}`, `e{entry}`, `t{takeover}`.  What a takeover shows has ids of its own (`t7.l5`,
`t7.i12`), so that it can be put above a manifest that was published before its playlist was edited.
"""

import hashlib
from collections.abc import Iterator
from datetime import datetime
from typing import NamedTuple

from msgspec import Struct

from manifest.codec import encode
from manifest.model import (
    Asset,
    Calendar,
    Canvas,
    Entry,
    Item,
    Layout,
    Manifest,
    Model,
    Panel,
    Playlist,
    StreamAsset,
    Takeover,
    Window,
)
from manifest.times import EPOCH
from manifest.writing import to_json
from server.publishing.facts import (
    AssetFacts,
    Facts,
    FileFacts,
    ItemFacts,
    LayoutFacts,
    PlaylistFacts,
    ScreenFacts,
    TakeoverFacts,
    ZoneFacts,
)
from server.publishing.in_use import entries_in_use
from server.publishing.parts import card, duration_ms, earliest, fitted, media, muted, transition

__all__ = [
    "EMPTY_LAYOUT",
    "Body",
    "Compiler",
    "Sheet",
    "alone",
    "body_of",
    "compiled",
    "head",
    "sheet_of",
]

#: The default layout of a screen that was given none: it has no zones, so the slate is shown.
EMPTY_LAYOUT = "l0"
#: How long an asset that is shown alone takes, in milliseconds.
ALONE_MS = 10_000

_SLATE = Layout("#101820", ())
_LEVEL = Canvas(1920, 1080)


class _Head(Model, frozen=True):
    """The fields of a manifest that differ between screens with the same body, in their order."""

    format: str
    site: str
    screen: str
    version: int
    issued_at: datetime
    expires_at: datetime


class Sheet(Struct, frozen=True):
    """All that decides what a screen shows, but for the facts: equal sheets, equal bodies."""

    canvas: Canvas
    timezone: str
    default_layout: int | None
    entries: tuple[int, ...]
    takeovers: tuple[int, ...]
    panel: tuple[Window, ...] | None
    allows_4k: bool


class Body(NamedTuple):
    """A manifest without its head: the bytes from `timezone` on, and their digest.

    `manifest` is the value that the bytes stand for, for nobody (`site` and `screen` are `-`).
    """

    manifest: Manifest
    tail: bytes
    sha256: str


def sheet_of(facts: Facts, screen: ScreenFacts, since: datetime) -> Sheet:
    """What `screen` is due; of takeovers those that end after `since`."""

    def is_due(screens: frozenset[int], groups: frozenset[int]) -> bool:
        return screen.pk in screens or not screen.groups.isdisjoint(groups)

    return Sheet(
        canvas=screen.canvas,
        timezone=screen.timezone,
        default_layout=screen.default_layout,
        entries=entries_in_use([e for e in facts.entries if is_due(e.screens, e.groups)], since),
        takeovers=tuple(
            t.pk for t in facts.takeovers if t.ends_at > since and is_due(t.screens, t.groups)
        ),
        panel=screen.panel,
        allows_4k=screen.allows_4k,
    )


class Compiler:
    """Compiles the sheets of one batch of facts, each different one once."""

    def __init__(self, facts: Facts) -> None:
        self.facts = facts
        self._bodies: dict[Sheet, Body] = {}
        self._playlists: _Playlists = {}

    def body(self, sheet: Sheet) -> Body:
        """The body for a sheet.  Raises `ManifestFormatError` for facts that no manifest holds."""
        if sheet not in self._bodies:
            self._bodies[sheet] = body_of(compiled(self.facts, sheet, self._playlists))
        return self._bodies[sheet]


def body_of(manifest: Manifest) -> Body:
    """Cut the body out of a manifest; raises `ManifestFormatError` if the codec refuses it."""
    whole = encode(manifest)
    start = len(head(manifest.site, manifest.screen, manifest.version,
                     manifest.issued_at, manifest.expires_at))  # fmt: skip
    tail = whole[start:]
    return Body(manifest, tail, hashlib.sha256(tail).hexdigest())


def head(site: str, screen: str, version: int, issued_at: datetime, expires_at: datetime) -> bytes:
    """The bytes that a body is put behind; together they are what the codec writes."""
    shell = _Head("yingbi/1", site, screen, version, issued_at, expires_at)
    return to_json(shell)[:-1]


def compiled(facts: Facts, sheet: Sheet, known: "_Playlists | None" = None) -> Manifest:
    """The manifest of a sheet, for nobody and at no time yet.

    `known` keeps playlists from one sheet of the same facts to the next.
    """
    work = _Compilation(facts, sheet, {} if known is None else known)
    default = EMPTY_LAYOUT if sheet.default_layout is None else work.layout(sheet.default_layout)
    entries = tuple(work.entries())
    takeovers = tuple(work.takeovers())
    if default == EMPTY_LAYOUT:
        work.layouts[EMPTY_LAYOUT] = _SLATE
    return Manifest(
        site="-",
        screen="-",
        version=1,
        issued_at=EPOCH,
        expires_at=EPOCH,
        timezone=sheet.timezone,
        canvas=sheet.canvas,
        calendar=Calendar(facts.rest_days, facts.work_days),
        assets=work.assets,
        playlists=work.playlists,
        layouts=work.layouts,
        entries=entries,
        default_layout=default,
        takeovers=takeovers,
        panel=None if sheet.panel is None else Panel(sheet.panel),
    )


def alone(asset: AssetFacts, canvas: Canvas = _LEVEL) -> Manifest:
    """The manifest of a screen (1920 x 1080) in UTC that shows nothing but this asset."""
    zone = ZoneFacts("all", 0, 0, canvas.width, canvas.height, playlist=1)
    facts = Facts(
        layouts={1: LayoutFacts(1, "", canvas, _SLATE.background, (zone,))},
        playlists={1: PlaylistFacts(1, "", (ItemFacts(1, asset.pk, duration_ms=ALONE_MS),))},
        assets={asset.pk: asset},
    )
    return compiled(facts, Sheet(canvas, "UTC", 1, (), (), None, False))


#: Compiled playlists and the assets in them, by id and by whether the wall plays 4K.
_Playlists = dict[tuple[str, bool], tuple[Playlist, dict[str, Asset]]]


class _Compilation:
    """What is being put into one manifest; every part is added once, when it is first needed."""

    def __init__(self, facts: Facts, sheet: Sheet, known: _Playlists) -> None:
        self._facts, self._sheet, self._known = facts, sheet, known
        self.assets: dict[str, Asset] = {}
        self.playlists: dict[str, Playlist] = {}
        self.layouts: dict[str, Layout] = {}

    def entries(self) -> Iterator[Entry]:
        due = set(self._sheet.entries)
        for each in sorted(self._facts.entries, key=lambda entry: entry.pk):
            if each.pk in due:
                layout = self.layout(each.layout)
                yield Entry(f"e{each.pk}", layout, each.priority, each.window, each.turn_ms)

    def takeovers(self) -> Iterator[Takeover]:
        due = set(self._sheet.takeovers)
        for each in sorted(self._facts.takeovers, key=lambda takeover: takeover.pk):
            if each.pk in due:
                yield self._takeover(each)

    def _takeover(self, each: TakeoverFacts) -> Takeover:
        id_ = f"t{each.pk}"
        layout = self.layout(each.layout, f"{id_}.")
        return Takeover(id_, layout, each.starts_at, each.ends_at, each.priority)

    def layout(self, pk: int, prefix: str = "") -> str:
        """Add a layout, fitted to the canvas, and all that its zones play; returns its id."""
        id_ = f"{prefix}l{pk}"
        if id_ not in self.layouts:
            facts = self._facts.layouts[pk]
            for zone in facts.zones:
                self._playlist(zone.playlist, prefix)
            zones = tuple(fitted(zone, facts, self._sheet.canvas, prefix) for zone in facts.zones)
            self.layouts[id_] = Layout(facts.background.lower(), zones)
        return id_

    def _playlist(self, pk: int, prefix: str) -> None:
        id_ = f"{prefix}p{pk}"
        key = (id_, self._sheet.allows_4k)
        if key not in self._known:
            facts, assets = self._facts.playlists[pk], dict[str, Asset]()
            items = tuple(i for each in facts.items for i in self._items(each, prefix, assets))
            self._known[key] = (Playlist(items, facts.order), assets)
        self.playlists[id_], assets = self._known[key]
        self.assets |= assets

    def _items(self, item: ItemFacts, prefix: str, assets: dict[str, Asset]) -> Iterator[Item]:
        """The items that an item becomes: one, or one a page; none while its asset is not ready.

        What they show goes into `assets`.
        """
        asset = self._facts.assets[item.asset]
        for suffix, made in self._parts(asset, item.page, assets):
            sound, value = muted(made) if item.is_muted else ("", made)
            assets[f"a{asset.pk}{suffix}{sound}"] = value
            yield Item(
                id=f"{prefix}i{item.pk}{suffix}",
                asset=f"a{asset.pk}{suffix}{sound}",
                duration_ms=duration_ms(item, value),
                weight=item.weight,
                fit=item.fit,
                transition=transition(item),
                valid_from=item.valid_from,
                valid_until=earliest(item.valid_until, asset.valid_until),
            )

    def _parts(
        self, asset: AssetFacts, page: int | None, assets: dict[str, Asset]
    ) -> Iterator[tuple[str, Asset]]:
        """What an asset is in a manifest: the ends of the ids, and the values."""
        if not asset.is_ready:
            return
        if asset.kind == "card":
            yield "", card(asset)
        elif asset.kind == "stream":
            yield from self._stream(asset, assets)
        else:
            for file in self._files(asset):
                if page in {None, file.page}:
                    suffix = f".{file.page}" if file.page else ""
                    yield suffix, media(asset, file)

    def _files(self, asset: AssetFacts) -> tuple[FileFacts, ...]:
        if self._sheet.allows_4k and asset.files_4k:
            return asset.files_4k
        return asset.files

    def _stream(self, asset: AssetFacts, assets: dict[str, Asset]) -> Iterator[tuple[str, Asset]]:
        """A stream whose stand-in is ready; the stand-in comes along."""
        other = self._facts.assets.get(asset.content.get("fallback", 0))
        if other is None or other.kind == "stream":
            return
        for suffix, value in self._parts(other, None, assets):
            fallback = f"a{other.pk}{suffix}"
            assets[fallback] = value
            yield "", StreamAsset(asset.title, asset.content["url"], fallback)
            return
