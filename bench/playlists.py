"""One programme in the forms that players read: m3u, a web page, and our own manifest."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bench.content import FPS, HEIGHT, WIDTH, Content
from player.clock import Clock

__all__ = [
    "CARDS",
    "CARD_SUFFIX",
    "Entry",
    "Ticker",
    "entries_of",
    "write_m3u",
    "write_manifest",
    "write_page",
]

STANDARD_SECONDS = 4.0
VIDEO_SUFFIX = ".mp4"
#: No file: a card of the template that is its name (only manifests have them).
CARD_SUFFIX = ".card"

#: What the cards say, by template.
CARDS: dict[str, dict[str, Any]] = {
    "notice": {
        "title": "食堂开放时间",
        "body": "早餐六点半至八点半，午餐十一点至一点，晚餐五点至七点。",
        "issuer": "后勤服务中心",
        "date": "2026-11-22",
    }
}


@dataclass(frozen=True, slots=True)
class Entry:
    """A file and how long it stands; videos that are to play to their end have their length."""

    path: Path
    is_video: bool
    seconds: float


@dataclass(frozen=True, slots=True)
class Ticker:
    """A moving line of text in the lowest part of the screen."""

    text: str
    height: int


def entries_of(content: Content, names: Iterable[str]) -> list[Entry]:
    """`NAME` or `NAME:SECONDS` each; a name that is not in the content is a missing file."""
    entries = []
    for specification in names:
        name, _, seconds = specification.partition(":")
        path = content.folder / name
        is_video = path.suffix == VIDEO_SUFFIX
        known = content.items.get(name)
        length = known.frames / FPS if known and known.frames else STANDARD_SECONDS
        entries.append(Entry(path, is_video, float(seconds or length)))
    return entries


def write_m3u(entries: Iterable[Entry], to: Path) -> None:
    """A plain list of absolute paths."""
    to.write_text("#EXTM3U\n" + "".join(f"{entry.path}\n" for entry in entries))


def write_page(entries: Iterable[Entry], to: Path) -> None:
    """A page that loads and decodes the next item behind the one on the screen."""
    items = [
        {
            "url": "file://" + quote(str(entry.path)),
            "kind": "video" if entry.is_video else "image",
            "seconds": entry.seconds,
        }
        for entry in entries
    ]
    page = Path(__file__).with_name("preloading.html").read_text()
    to.write_text(page.replace("/*LIST*/[]", json.dumps(items)))


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"


def _asset(entry: Entry, blobs: Path) -> dict[str, Any]:
    """The asset of a file, which is put into `blobs`; a missing file is promised all the same."""
    if entry.path.suffix == CARD_SUFFIX:
        return _card(entry.path.stem, entry.path.name, CARDS[entry.path.stem])
    data = entry.path.read_bytes() if entry.path.exists() else b"promised, and not there"
    digest = hashlib.sha256(data).hexdigest()
    if entry.path.exists() and not (blobs / digest).exists():
        (blobs / digest).symlink_to(entry.path)
    asset: dict[str, Any] = {
        "kind": "video" if entry.is_video else "image",
        "title": entry.path.name,
        "sha256": digest,
        "bytes": max(1, len(data)),
        "mime": "video/mp4" if entry.is_video else f"image/{entry.path.suffix[1:]}",
        "width": WIDTH,
        "height": HEIGHT,
    }
    if entry.is_video:
        asset |= {"duration_ms": round(entry.seconds * 1000), "audio": False}
    return asset


def _card(template: str, title: str, data: dict[str, Any]) -> dict[str, Any]:
    return {"kind": "card", "template": template, "title": title, "data": data}


def _zone(name: str, top: int, height: int) -> dict[str, Any]:
    return {"id": name, "x": 0, "y": top, "width": WIDTH, "height": height, "playlist": name}


def write_manifest(
    entries: Iterable[Entry], to: Path, clock: Clock, ticker: Ticker | None = None
) -> Path:
    """A manifest that begins with the first entry now; answers the folder of its blobs.

    It is a takeover, because the anchor of one is an instant of our choice: what a manifest shows
    is a function of time alone, and a benchmark wants to see the beginning.
    """
    blobs = to.with_suffix(".blobs")
    blobs.mkdir(exist_ok=True)
    now = clock.now()
    assets = {f"a{n}": _asset(entry, blobs) for n, entry in enumerate(entries)}
    items = [
        {
            "id": f"i{n}",
            "asset": f"a{n}",
            "duration_ms": round(entry.seconds * 1000),
            "fit": "stretch",
        }
        for n, entry in enumerate(entries)
    ]
    playlists = {"main": {"items": items}}
    zones = [_zone("main", 0, HEIGHT - (ticker.height if ticker else 0))]
    if ticker:
        assets["line"] = _card("ticker", "line", {"messages": [ticker.text]})
        line = {"id": "line", "asset": "line", "duration_ms": 86_400_000}
        playlists["line"] = {"items": [line]}
        zones.append(_zone("line", HEIGHT - ticker.height, ticker.height))
    manifest = {
        "format": "yingbi/1",
        "site": "bench",
        "screen": "bench",
        "version": 1,
        "issued_at": _instant(now),
        "expires_at": _instant(now + timedelta(days=30)),
        "timezone": "UTC",
        "canvas": {"width": WIDTH, "height": HEIGHT},
        "assets": assets,
        "playlists": playlists,
        "layouts": {"all": {"background": "#000000", "zones": zones}},
        "entries": [],
        "default_layout": "all",
        "takeovers": [
            {
                "id": "now",
                "layout": "all",
                "from": _instant(now),
                "until": _instant(now + timedelta(days=1)),
                "priority": 0,
            }
        ],
    }
    to.write_text(json.dumps(manifest))
    return blobs
