"""A process that makes one sync pass and ends: for tests that signal or starve it.

Arguments: the folder of the cache, the file with the trust state, and the server's address.
Prints "begun" when the first byte of a blob is here, and the ending of the pass at the end.
"""

import signal
import sys
import threading
from pathlib import Path
from types import FrameType

from content_cache.blobs import BlobStore
from content_cache.disk import RealDisk
from content_cache.eviction import Eviction
from content_cache.generations import Generations
from content_cache.http_fetcher import HttpFetcher
from content_cache.leash import NetworkLimits
from content_cache.progress import Progress
from content_cache.sync import Cache, PassOptions, run_pass
from manifest.trust_state import decode_state
from tests.simulators.publisher import NOW
from tests.simulators.site import PLENTY


def main(root: Path, paired: Path, base: str, connect_s: float) -> None:
    stop = threading.Event()

    def terminate(_signal: int, _frame: FrameType | None) -> None:
        stop.set()

    def report(progress: Progress) -> None:
        if progress.bytes_done:
            print("begun", flush=True)

    signal.signal(signal.SIGTERM, terminate)
    disk = RealDisk()
    store = BlobStore(root, disk)
    generations = Generations(root, disk, store)
    eviction = Eviction(root, store, generations, disk, PLENTY)
    limits = NetworkLimits(connect_s=connect_s)
    fetcher = HttpFetcher([base], stop=stop, cleartext=True, limits=limits)
    outcome = run_pass(
        Cache(store, generations, eviction.make_room),
        fetcher,
        decode_state(paired.read_bytes()),
        NOW,
        PassOptions(stop=stop, report=report),
    )
    fetcher.close()
    print(f"ended {outcome}", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), sys.argv[3], float(sys.argv[4]))
