"""Releases to put into a cache: a manifest in its envelope, and the blobs that it names."""

import hashlib
import json
from dataclasses import dataclass

from content_cache.blobs import BlobStore
from content_cache.generations import Generation, Generations
from manifest.envelope import DocumentType, seal
from tests.simulators.manifests import a_document, an_image, an_item

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
    """A release that shows one picture for each of `contents` in turn (any bytes; nobody signs)."""
    blobs = {digest_of(content): content for content in contents}
    assets = {f"a{number}": an_image(content) for number, content in enumerate(contents)}
    items = [an_item(f"i{asset}", asset) for asset in assets]
    document = a_document(version=version, assets=assets, items=items)
    envelope = seal(DocumentType.MANIFEST, json.dumps(document).encode(), [])
    return Release(version, envelope, blobs)


def fill(store: BlobStore, what: Release) -> None:
    """Put every blob of a release into the store."""
    for sha256, content in what.blobs.items():
        store.take(sha256, len(content), [content])


def publish(store: BlobStore, generations: Generations, what: Release) -> Generation:
    """Take a release in whole: its blobs, then the switch, with its version as trust state."""
    fill(store, what)
    return generations.activate(what.envelope, trust=str(what.version).encode())
