"""A large file into the cache, hashed and durable, beside `curl -o` and a sync of what it wrote.

Both from the same nginx.  The cache's way is that of a box: resumable part, digest on the way,
the file and its folder synced before the name counts.
"""

import shutil
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

from bench.fleet.places import bare_nginx
from bench.fleet.server import Home
from bench.fleet.site import LARGE_BYTES
from content_cache.bandwidth import Bandwidth
from content_cache.blobs import BlobStore
from content_cache.disk import RealDisk
from content_cache.download import Downloads
from content_cache.http_fetcher import HttpFetcher
from content_cache.progress import Meter
from manifest.model import FileReference

__all__ = ["download"]


def download(home: Home, sha256: str, folder: Path) -> dict[str, float]:
    """One run: each three times in turn, the best of each."""
    blobs = folder / "static" / "player" / "v1" / "blobs"
    blobs.mkdir(parents=True)
    (blobs / sha256).hardlink_to(home.folder / "data" / "blobs" / sha256[:2] / sha256)
    with bare_nginx(folder / "nginx", folder / "static") as theirs:
        url = f"{theirs.url}/player/v1/blobs/{sha256}"
        ours, curl = [], []
        for turn in range(3):
            curl.append(_timed(lambda: _curl(url, folder / "curl")))
            cache = folder / f"cache-{turn}"
            ours.append(_timed(lambda: _cached(theirs.url, sha256, cache)))  # noqa: B023  (called at once)
            shutil.rmtree(cache)
    best_ours, best_curl = (LARGE_BYTES / 1e6 / min(each) for each in (ours, curl))
    return {
        "into the cache, MB/s": best_ours,
        "curl and fsync, MB/s": best_curl,
        "into the cache, of curl and fsync": best_ours / best_curl,
    }


def _timed(act: Callable[[], object]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _curl(url: str, file: Path) -> None:
    file.unlink(missing_ok=True)
    subprocess.run(["curl", "--silent", "--fail", "-o", file, url], check=True)
    subprocess.run(["sync", file], check=True)


def _cached(url: str, sha256: str, folder: Path) -> None:
    store = BlobStore(folder, RealDisk())
    fetcher = HttpFetcher([url])
    meter = Meter(LARGE_BYTES, 1, None)
    downloads = Downloads(fetcher, store, meter, threading.Event(), Bandwidth(None))
    try:
        downloads.run([FileReference(sha256, LARGE_BYTES, "image/webp")])
    finally:
        fetcher.close()
    for error in downloads.failures.values():
        raise error
