"""Programmes for the stage out of a few words: what stands for how long, in which zones."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from manifest.model import (
    Asset,
    Canvas,
    CardAsset,
    ImageAsset,
    Item,
    Layout,
    Manifest,
    Playlist,
    Takeover,
    Transition,
    VideoAsset,
    Zone,
)
from player.stage.programme import Programme
from tests.simulators.moved_clock import NOON

YEARS = timedelta(days=36500)


def image(path: Path | str) -> ImageAsset:
    """A picture that is named by its path."""
    return ImageAsset(str(path), digest(path), 1, "image/png", 0, 0)


def video(path: Path | str, duration_ms: int, audio: bool = False) -> VideoAsset:
    return VideoAsset(str(path), digest(path), 1, "video/mp4", 0, 0, duration_ms, audio)


def notice(title: str) -> CardAsset:
    data = {"title": title, "body": "请相互转告。", "issuer": "后勤部", "date": "2026-11-20"}
    return CardAsset(title, "notice", data)


def ticker(message: str) -> CardAsset:
    return CardAsset(message, "ticker", {"messages": [message]})


def digest(path: Path | str) -> str:
    return sha256(str(path).encode()).hexdigest()


def item(name: str, seconds: float, transition: Transition = Transition()) -> Item:  # noqa: B008
    return Item(name, name, round(seconds * 1000), transition=transition)


def whole(playlist: str = "main") -> Layout:
    return Layout("#404040", (Zone("main", 0, 0, 1920, 1080, playlist),))


def manifest(
    assets: dict[str, Asset],
    items: Sequence[Item],
    anchor: datetime = NOON,
    layout: Layout | None = None,
    **more: Sequence[Item],
) -> Manifest:
    """One layout for ever, its loop beginning at `anchor`; `more` names further playlists."""
    playlists = {"main": Playlist(tuple(items))}
    playlists |= {name: Playlist(tuple(their)) for name, their in more.items()}
    return Manifest(
        site="hq",
        screen="lobby",
        version=1,
        issued_at=NOON,
        expires_at=NOON + YEARS,
        timezone="Asia/Shanghai",
        canvas=Canvas(1920, 1080),
        assets=assets,
        playlists=playlists,
        layouts={"l": layout or whole()},
        entries=(),
        default_layout="l",
        takeovers=(Takeover("t", "l", anchor, NOON + YEARS, 0),),
    )


def programme(made: Manifest, paths: Sequence[Path] = ()) -> Programme:
    """`made`, with its files where their titles say."""
    files = {digest(path): path for path in paths}
    return Programme(made.screen, made, files.get, lambda _sha: True)
