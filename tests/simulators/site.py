"""Both ends of a sync pass: a site that publishes, and a wall whose cache is to follow it.

`Site` signs with the publisher simulator and keeps the blobs; `write_to` puts everything into the
folder of a server process, and `SiteFetcher` is the same site as a `Fetcher` in memory, which lies
and fails on request.  `Wall` is a cache in a folder, and what a passer-by would see of it.
"""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from content_cache.blobs import BlobStore
from content_cache.disk import Disk, RealDisk
from content_cache.eviction import Eviction, Room
from content_cache.fetch_errors import CutShort, FetchError, ServerRefused
from content_cache.fetcher import BlobStream, Document, DocumentName, Fetcher
from content_cache.generations import Generations
from content_cache.outcome import SyncOutcome
from content_cache.sync import Cache, PassOptions, run_pass
from manifest.trust_state import TrustState, decode_state
from tests.simulators.hostile_server import ServerProcess
from tests.simulators.manifests import an_image, an_item
from tests.simulators.publisher import NOW, Publisher

PLENTY = Room(quota_bytes=10**12, min_free_bytes=0)


def digest_of(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class Site:
    """What a server has to give: documents and blobs, signed by `publisher`."""

    def __init__(self, *contents: bytes) -> None:
        self.publisher = Publisher()
        self.paired = self.publisher.pair()
        self.blobs: dict[str, bytes] = {}
        self.publish(*contents)

    def publish(self, *contents: bytes, **changes: Any) -> int:
        """Publish a programme that shows a picture for each of `contents`, in turn."""
        named = {f"a{number}": content for number, content in enumerate(contents)}
        self.blobs.update({digest_of(content): content for content in contents})
        assets = {name: an_image(content) for name, content in named.items()}
        items = [an_item(f"i-{name}", name) for name in named]
        version = self.publisher.publish(assets=assets, items=items, **changes)
        self.sign()
        return version

    def sign(self) -> None:
        """Say anew which manifest is the newest."""
        self.freshness = self.publisher.freshness_bytes()
        self.manifest = self.publisher.manifest_bytes()

    @property
    def version(self) -> int:
        return self.publisher.version

    def documents(self) -> dict[str, bytes]:
        roots = {f"root/{n}": body for n, body in enumerate(self.publisher.roots, start=1)}
        return {"freshness": self.freshness, "manifest": self.manifest, **roots}

    def write_to(self, server: ServerProcess) -> None:
        for stale in (server.folder / "root").glob("*"):
            stale.unlink()
        for name, body in self.documents().items():
            server.put(name, body)
        for sha256, content in self.blobs.items():
            server.put(f"blobs/{sha256}", content)


class _Stream:
    def __init__(self, start: int, etag: str | None, chunks: Iterator[bytes]) -> None:
        self.start, self.etag, self._chunks = start, etag, chunks

    def __iter__(self) -> Iterator[bytes]:
        return self._chunks


class SiteFetcher:
    """The site as a fetcher; `before` is called with the name of every call, and may raise."""

    def __init__(self, site: Site, before: Callable[[str], None] = lambda _name: None) -> None:
        self.site, self._before = site, before
        self.calls: list[str] = []
        #: Blobs whose bytes come flipped, and blobs that break off half-way.
        self.swapped: set[str] = set()
        self.cut: set[str] = set()

    def document(self, name: DocumentName, etag: str | None = None) -> Document:
        path = name.path.partition("?")[0]
        self._called(path)
        body = self.site.documents().get(path)
        if body is None:
            raise ServerRefused(path, 404)
        return Document(body, None)

    @contextmanager
    def blob(
        self, sha256: str, size: int, start: int = 0, etag: str | None = None
    ) -> Iterator[BlobStream]:
        self._called(f"blobs/{sha256}")
        content = self.site.blobs.get(sha256)
        if content is None:
            raise ServerRefused(f"blobs/{sha256}", 404)
        if sha256 in self.swapped:
            content = bytes(byte ^ 1 for byte in content)
        yield _Stream(start, f'"{sha256}"', self._chunks(sha256, content[start:]))

    def _chunks(self, sha256: str, content: bytes) -> Iterator[bytes]:
        end = len(content) // 2 if sha256 in self.cut else len(content)
        for begin in range(0, end, 1000):
            self._before(f"chunk/{sha256}")
            yield content[begin : min(begin + 1000, end)]
        if end < len(content):
            raise CutShort(f"blobs/{sha256}", end, "the simulator cut it")

    def _called(self, name: str) -> None:
        self.calls.append(name)
        self._before(name)


class Wall:
    """A cache at `root`, as one process has it open; `restart` opens it anew."""

    def __init__(
        self, root: Path, paired: TrustState, disk: Disk | None = None, room: Room = PLENTY
    ) -> None:
        self.root, self.paired, self._room = root, paired, room
        self.restart(disk)

    def restart(self, disk: Disk | None = None) -> None:
        disk = disk or RealDisk()
        self.store = BlobStore(self.root, disk)
        self.generations = Generations(self.root, disk, self.store)
        self.eviction = Eviction(self.root, self.store, self.generations, disk, self._room)
        self.cache = Cache(self.store, self.generations, self.eviction.make_room)

    def sync(self, fetcher: Fetcher, options: PassOptions | None = None) -> SyncOutcome:
        return run_pass(self.cache, fetcher, self.paired, NOW, options)

    def shows(self) -> int | None:
        """The version on the wall, every byte of it checked by a fresh process; None: the slate."""
        store = BlobStore(self.root, RealDisk())
        current = Generations(self.root, RealDisk(), store).current()
        if current is None:
            return None
        for file in current.manifest.files().values():
            path = store.path(file.sha256)
            assert path is not None, f"{file.sha256} of the current generation is missing"
            content = path.read_bytes()
            assert (digest_of(content), len(content)) == (file.sha256, file.bytes)
        return current.manifest.version

    def floor(self) -> int:
        """The version that the remembered trust would not fall below; 0 if there is none."""
        trust = Generations(self.root, RealDisk()).trust()
        mark = decode_state(trust).manifest if trust else None
        return mark.version if mark else 0


def refused_by(fault: FetchError) -> Callable[[str], None]:
    """A `before` for `SiteFetcher` under which every call fails so."""

    def fail(_name: str) -> None:
        raise fault

    return fail
