"""Files to walls in one go, for scripts: into the library, into a playlist, onto screens.

For `yingbi-server publish`.  Every step is a service that pages use too; this puts them in a row.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime, timedelta
from pathlib import Path

from django.utils.translation import get_language

from manifest.model import Canvas
from server.accounts.models import Department, Staff
from server.clock import Clock
from server.library.ingest.failures import FAILURES, Language
from server.library.ingest.tasks import ingest_asset
from server.library.models import Asset, AssetState, Rendition
from server.library.services import asset_from_file, blobs_wanting
from server.programme.drafts import ItemDraft, ZoneDraft
from server.programme.models import Layout, Playlist
from server.programme.playlists import drafts_of
from server.programme.services import (
    layout_create,
    playlist_change,
    playlist_create,
    screen_fallback,
)
from server.publishing.loader import FOR_WALLS
from server.screens.models import Screen

__all__ = [
    "Waiting",
    "fallback_to",
    "filled_playlist",
    "not_showing",
    "read_before",
    "taken_in",
    "why_failed",
]

#: The states in which an asset is still on its way.
_ON_ITS_WAY = (AssetState.RECEIVED, AssetState.PROCESSING)

#: How often somebody who prepares our asset is looked at.
LOOK_AGAIN_S = 0.25


def taken_in(
    paths: Iterable[Path], *, actor: Staff, department: Department, now: datetime
) -> list[Asset]:
    """The files as assets, not prepared yet.  Raises `OSError` before anything else is taken."""
    found = list(paths)
    for path in found:
        with path.open("rb"):
            pass
    return [asset_from_file(path, actor=actor, department=department, now=now) for path in found]


class Waiting:
    """Prepares assets, or waits for the worker that does, until all are done.

    `pause` waits for some seconds; `report` is called with the share that is done, 0 to 1.
    """

    def __init__(
        self, clock: Clock, pause: Callable[[float], None], report: Callable[[float], None]
    ) -> None:
        self._clock, self._pause, self._report = clock, pause, report

    def until_done(self, assets: Sequence[Asset], patience: timedelta) -> list[Asset]:
        """The assets as they are when all are done, or when patience is over."""
        deadline = self._clock.monotonic() + patience.total_seconds()
        while True:
            rows = {each.pk: each for each in Asset.objects.filter(pk__in=[a.pk for a in assets])}
            left = [each for each in rows.values() if each.state in _ON_ITS_WAY]
            self._report(_share(list(rows.values())))
            if not left or self._clock.monotonic() > deadline:
                return [rows[each.pk] for each in assets]
            waiting = [each for each in left if each.state == AssetState.RECEIVED]
            if waiting:
                ingest_asset(waiting[0].pk, self._clock)
            else:
                self._pause(LOOK_AGAIN_S)


def _share(assets: Sequence[Asset]) -> float:
    done = [each.progress_percent if each.state in _ON_ITS_WAY else 100 for each in assets]
    return sum(done) / (100 * len(done)) if done else 1.0


def read_before(assets: Iterable[Asset], now: datetime) -> None:
    """Read what walls would fetch of these, so that publishing them need not (`files`)."""
    made = Rendition.objects.filter(asset__in=list(assets), purpose__in=FOR_WALLS)
    blobs_wanting(list(made.values_list("blob", flat=True)), now=now)


def why_failed(asset: Asset) -> str:
    """Why an asset cannot be used, and what to do."""
    if asset.state in _ON_ITS_WAY:
        return "It is not prepared yet: publish later, or wait longer (--timeout)."
    failure = FAILURES.get(asset.failure_code)
    language: Language = "zh" if (get_language() or "").startswith("zh") else "en"
    return failure.sentence(language, asset.failure_detail) if failure else asset.failure_code


def filled_playlist(
    name: str,
    assets: Sequence[Asset],
    *,
    seconds: float | None,
    append: bool,
    department: Department,
    actor: Staff,
    now: datetime,
) -> Playlist:
    """The playlist of this name, made if need be, with these assets as its items.

    `seconds` is for each item; None is ten seconds, or a video's own length.
    """
    duration_ms = None if seconds is None else round(seconds * 1000)
    items = [ItemDraft(asset=each.pk, duration_ms=duration_ms) for each in assets]
    known = Playlist.objects.filter(name=name, department=department).first()
    if known is None:
        return playlist_create(name=name, department=department, items=items, actor=actor, now=now)
    before = drafts_of(known) if append else []
    return playlist_change(
        playlist=known, version=known.version, items=[*before, *items], actor=actor, now=now
    )


def not_showing(playlist: Playlist, screens: Iterable[Screen]) -> list[Screen]:
    """The screens that never show the playlist: by no entry, and not when nothing is due."""
    layouts = set(playlist.zones.values_list("layout", flat=True))
    found = []
    for screen in screens:
        groups = screen.groups.all()
        due = Layout.objects.filter(entries__screens=screen) | Layout.objects.filter(
            entries__groups__in=groups
        )
        if screen.default_layout_id not in layouts and not due.filter(pk__in=layouts).exists():
            found.append(screen)
    return found


def fallback_to(
    playlist: Playlist, screens: Iterable[Screen], *, actor: Staff, now: datetime
) -> None:
    """Have these screens show the playlist, on all of the screen, whenever nothing is due."""
    for screen in screens:
        canvas = Canvas(screen.canvas_width, screen.canvas_height)
        layout = _full_screen(playlist, canvas, actor, now)
        screen_fallback(screen=screen, version=screen.version, layout=layout, actor=actor, now=now)


def _full_screen(playlist: Playlist, canvas: Canvas, actor: Staff, now: datetime) -> Layout:
    name = f"{playlist.name[:80]} {canvas.width}x{canvas.height}"
    known = Layout.objects.filter(name=name, department=playlist.department).first()
    if known is not None:
        return known
    zone = ZoneDraft(
        slug="main", x=0, y=0, width=canvas.width, height=canvas.height, playlist=playlist.pk
    )
    return layout_create(
        name=name,
        department=playlist.department,
        canvas=canvas,
        zones=[zone],
        actor=actor,
        now=now,
    )
