"""Small manifests for the scheduler's tests, written as a reader would say them."""

from datetime import UTC, datetime
from typing import Any

from manifest.model import (
    Calendar,
    Canvas,
    Entry,
    ImageAsset,
    Item,
    Layout,
    Manifest,
    Playlist,
    Takeover,
    Window,
    Zone,
)

NO_HOLIDAYS = Calendar()


def utc(text: str) -> datetime:
    """`2026-11-22T03:00:00` as an instant."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def wall(text: str) -> datetime:
    """`2026-11-22T03:00:00` as a wall time."""
    return datetime.fromisoformat(text)


def item(name: str, seconds: float = 10, **more: Any) -> Item:
    return Item(id=name, asset=f"asset-{name}", duration_ms=round(seconds * 1000), **more)


def full_screen(playlist: str) -> Layout:
    return Layout("#101820", (Zone("main", 0, 0, 1920, 1080, playlist),))


def window(start: str, hours: float = 1, rrule: str | None = None, **more: Any) -> Window:
    return Window(wall(start), round(hours * 3600), rrule, **more)


def programme(
    playlists: dict[str, Playlist],
    entries: tuple[Entry, ...] = (),
    takeovers: tuple[Takeover, ...] = (),
    *,
    layouts: dict[str, Layout] | None = None,
    default: str = "p0",
    zone: str = "Asia/Shanghai",
    calendar: Calendar = NO_HOLIDAYS,
) -> Manifest:
    """A manifest in which every playlist is also a full-screen layout of the same name."""
    names = {one.asset for playlist in playlists.values() for one in playlist.items}
    return Manifest(
        site="hq",
        screen="lobby-1",
        version=1,
        issued_at=utc("2026-01-01T00:00:00"),
        expires_at=utc("2027-01-01T00:00:00"),
        timezone=zone,
        canvas=Canvas(1920, 1080),
        calendar=calendar,
        assets={
            name: ImageAsset(name, "0" * 64, 1, "image/png", 1920, 1080) for name in sorted(names)
        },
        playlists=playlists,
        layouts={name: full_screen(name) for name in playlists} | (layouts or {}),
        entries=entries,
        default_layout=default,
        takeovers=takeovers,
    )
