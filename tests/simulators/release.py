"""Releases to put into a cache: a manifest in its envelope, and the blobs that it names."""

import base64
import hashlib
import json
from dataclasses import dataclass
from typing import Any

from content_cache.blobs import BlobStore
from content_cache.generations import Generation, Generations

__all__ = ["Release", "digest_of", "fill", "publish", "release"]


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


@dataclass(frozen=True)
class Release:
    """What a server would send: the envelope, and the blobs by their digest."""

    version: int
    envelope: bytes
    blobs: dict[str, bytes]


def release(version: int, *contents: bytes) -> Release:
    """A release that shows one picture for each of `contents` in turn (their bytes are opaque)."""
    blobs = {digest_of(content): content for content in contents}
    payload = json.dumps(_manifest(version, blobs)).encode()
    envelope = {
        "payloadType": "application/vnd.yingbi.manifest+json",
        "payload": base64.b64encode(payload).decode(),
        "signatures": [],
    }
    return Release(version, json.dumps(envelope).encode(), blobs)


def fill(store: BlobStore, what: Release) -> None:
    """Put every blob of a release into the store."""
    for sha256, content in what.blobs.items():
        store.take(sha256, len(content), [content])


def publish(store: BlobStore, generations: Generations, what: Release) -> Generation:
    """Take a release in whole: its blobs, then the switch, with its version as trust state."""
    fill(store, what)
    return generations.activate(what.envelope, trust=str(what.version).encode())


def _manifest(version: int, blobs: dict[str, bytes]) -> dict[str, Any]:
    assets = {f"a{number}": _image(sha, blobs[sha]) for number, sha in enumerate(blobs)}
    items = [{"id": f"i{asset}", "asset": asset, "duration_ms": 10_000} for asset in assets]
    zone = {"id": "main", "x": 0, "y": 0, "width": 1920, "height": 1080, "playlist": "p1"}
    return {
        "format": "yingbi/1",
        "site": "hq",
        "screen": "lobby-1",
        "version": version,
        "issued_at": "2026-11-22T03:00:00Z",
        "expires_at": "2026-12-22T03:00:00Z",
        "timezone": "Asia/Shanghai",
        "canvas": {"width": 1920, "height": 1080},
        "assets": assets,
        "playlists": {"p1": {"items": items}},
        "layouts": {"l1": {"background": "#101820", "zones": [zone]}},
        "entries": [],
        "default_layout": "l1",
    }


def _image(sha256: str, content: bytes) -> dict[str, Any]:
    return {
        "kind": "image",
        "title": "a picture",
        "sha256": sha256,
        "bytes": len(content),
        "mime": "image/jpeg",
        "width": 1920,
        "height": 1080,
    }
