"""Bring blobs here: several at a time, each resumed where it stopped, verified before it counts.

Called by `sync` with what is missing, the first needed first.  A blob that cannot be had does not
keep the others from coming; a link that is down, or a disk that fails, does.
"""

import contextlib
import threading
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass

from content_cache.bandwidth import Bandwidth
from content_cache.blobs import BlobStore
from content_cache.errors import CacheError, IntegrityError, StorageError
from content_cache.fetch_errors import (
    Cancelled,
    CutShort,
    FetchError,
    ServerUnreachable,
    TooSlow,
    WrongContent,
)
from content_cache.fetcher import Fetcher
from content_cache.leash import StopSignal
from content_cache.part import PartFile
from content_cache.progress import Meter
from manifest.model import FileReference

__all__ = ["PARALLEL", "Downloads"]

#: How many blobs come at a time, unless somebody says otherwise.
PARALLEL = 3
#: How often one blob is gone on with in one pass, as long as each attempt brings bytes.
ATTEMPTS_LIMIT = 8


class Downloads:
    """The downloads of one pass.  `failures` says, by digest, what did not come and why.

    `fatal` is the first failure that concerns the link or the disk: after it nothing new was begun.
    """

    def __init__(
        self,
        fetcher: Fetcher,
        store: BlobStore,
        meter: Meter,
        stop: StopSignal,
        bandwidth: Bandwidth,
    ) -> None:
        self._transfer = _Transfer(fetcher, store, meter, stop, bandwidth)
        self._stop = stop
        self._lock = threading.Lock()
        self._waiting: deque[FileReference] = deque()
        self._bug: BaseException | None = None
        self.failures: dict[str, CacheError] = {}
        self.fatal: CacheError | None = None

    def run(self, files: Iterable[FileReference], parallel: int = PARALLEL) -> None:
        """Fetch `files`, in this order, `parallel` at a time; return when all threads ended."""
        self._waiting.extend(files)
        workers = [
            threading.Thread(target=self._work, name=f"download {number}")
            for number in range(1, min(parallel, len(self._waiting)) + 1)
        ]
        started = []
        with contextlib.suppress(RuntimeError):  # the box has no thread left: with fewer, then
            for worker in workers:
                worker.start()
                started.append(worker)
        if not started:
            self._work()
        for worker in started:
            worker.join()
        if self._bug is not None:
            raise self._bug

    def _work(self) -> None:
        while (file := self._next()) is not None:
            try:
                self._transfer.blob(file)
            except CacheError as error:
                self._failed(file, error)
            except BaseException as error:  # noqa: BLE001  (our bug: `run` raises it again)
                with self._lock:
                    self._bug = error

    def _next(self) -> FileReference | None:
        with self._lock:
            if not self._waiting or self.fatal or self._bug or self._stop.is_set():
                return None
            return self._waiting.popleft()

    def _failed(self, file: FileReference, error: CacheError) -> None:
        with self._lock:
            self.failures[file.sha256] = error
            ends_all = isinstance(error, StorageError) or (
                isinstance(error, FetchError) and error.concerns_link
            )
            if ends_all and self.fatal is None:
                self.fatal = error


@dataclass(frozen=True)
class _Transfer:
    """How one blob comes here; shared by the threads, and has no state."""

    fetcher: Fetcher
    store: BlobStore
    meter: Meter
    stop: StopSignal
    bandwidth: Bandwidth

    def blob(self, file: FileReference) -> None:
        """Fetch one blob.  Raises `FetchError`, `IntegrityError` or `StorageError`.

        A transfer that broke off goes on at once while every attempt brings bytes.  One that was
        gone on with and came out wrong (a range of another version) begins again, once.
        """
        may_restart = True
        for _attempt in range(ATTEMPTS_LIMIT):
            with self.store.part(file.sha256, file.bytes) as part:
                resumed_at = part.length
                try:
                    return self._fill(part)
                except (CutShort, TooSlow, ServerUnreachable) as error:
                    if part.length <= resumed_at:
                        raise
                    last: CacheError = error
                except (WrongContent, IntegrityError) as error:
                    if not (may_restart and resumed_at) or _concerns_link(error):
                        raise
                    self.meter.resumed(-part.length)
                    part.discard()
                    may_restart, last = False, error
        raise last

    def _fill(self, part: PartFile) -> None:
        if part.length < part.size:
            self._pour(part)
        part.commit()
        self.meter.completed()

    def _pour(self, part: PartFile) -> None:
        with self.fetcher.blob(part.sha256, part.size, part.length, part.validator) as stream:
            if stream.start == 0 and part.length:
                self.meter.resumed(-part.length)
                part.restart()
            self._remember(part, stream.etag)
            for chunk in stream:
                part.append(chunk)
                self.meter.arrived(len(chunk))
                self.bandwidth.take(len(chunk), self.stop)
                if self.stop.is_set():
                    raise Cancelled

    def _remember(self, part: PartFile, etag: str | None) -> None:
        """Keep the validator for a resume, unless it is the one that goes without saying."""
        unusual = None if etag == f'"{part.sha256}"' else etag
        if part.length == 0 and unusual != part.validator:
            part.remember(unusual)


def _concerns_link(error: CacheError) -> bool:
    return isinstance(error, FetchError) and error.concerns_link
