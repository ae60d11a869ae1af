"""One sync pass: bring the newest generation here, and make it current when it is complete.

Called by the agent, one pass at a time, by the process that holds the cache's lock.  The steps
follow the player rules of docs/trust.md in their order; `manifest.trust` decides what is accepted,
`generations` what is complete, and this module owns no rule but the order of the steps.  Whatever
the network, the server or the disk does, a pass ends with a `SyncOutcome`, and the generation on
the wall stays until a better one is whole.
"""

import logging
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from content_cache.bandwidth import Bandwidth
from content_cache.blobs import BlobStore
from content_cache.download import PARALLEL, Downloads
from content_cache.errors import BlobsMissing, CacheError, IntegrityError, StorageError
from content_cache.faults import Fault
from content_cache.fetch_errors import Cancelled, FetchError
from content_cache.fetcher import MANIFEST, Fetcher
from content_cache.generations import Generation, Generations
from content_cache.hearing import Hearing, document
from content_cache.known import Known
from content_cache.leash import StopSignal
from content_cache.need import in_order_of_need, is_urgent
from content_cache.outcome import Ending, SyncOutcome, fault_of, retry_after_of
from content_cache.progress import Meter, Progress
from content_cache.remembered import payload_digest, remembered_state
from content_cache.scrub import UNREADABLE_LIMIT
from manifest.candidate import Candidate, activated
from manifest.errors import ManifestError
from manifest.model import FileReference, Manifest
from manifest.trust_state import TrustState, encode_state

__all__ = ["Cache", "PassOptions", "run_pass"]

_log = logging.getLogger("yingbi.sync")


def _at_any_time(_now: datetime) -> bool:
    return True


@dataclass(frozen=True)
class Cache:
    """What a pass works on.  `make_room` is `Eviction.make_room`: digests to bytes, or an error."""

    store: BlobStore
    generations: Generations
    make_room: Callable[[Mapping[str, int]], object]


@dataclass(frozen=True)
class PassOptions:
    """How a pass goes about it.

    `uptime` is the time since the machine started, or since the time floor last rose.  `challenge`
    is random text (16–64 characters of A–Z a–z 0–9 _ -) that the server is asked to sign, so that
    its answer is no recording.  With `known` (what the pass before came to know) it is asked only
    whether there is news, and the challenge goes along only where it is needed.  `may_download`
    says at the trusted time whether a release that changes nothing on the screen within the hour
    may come now.
    """

    uptime: timedelta = timedelta(0)
    challenge: str | None = None
    known: Known | None = None
    may_download: Callable[[datetime], bool] = _at_any_time
    parallel: int = PARALLEL
    bandwidth: Bandwidth = field(default_factory=lambda: Bandwidth(None))
    stop: StopSignal = field(default_factory=threading.Event)
    report: Callable[[Progress], None] | None = None


def run_pass(
    cache: Cache,
    fetcher: Fetcher,
    paired: TrustState,
    clock: datetime,
    options: PassOptions | None = None,
) -> SyncOutcome:
    """Make one attempt at `clock` (aware; the system's time, which may be wrong).

    `paired` is the trust state from the pairing: it names the screen, and is where trust begins
    again when what was remembered is lost.  Never raises for the network, the server or the disk.
    """
    one = _Pass(cache, fetcher, options or PassOptions())
    try:
        return one.run(paired, clock)
    except Cancelled:
        return one.ended(Ending.CANCELLED)
    except FetchError as error:
        return one.ended(Ending.UNREACHED, error)
    except ManifestError as error:
        return one.ended(Ending.REFUSED, error)
    except StorageError as error:
        return one.ended(Ending.STORAGE_FAILED, error)
    except IntegrityError as error:
        return one.ended(Ending.INCOMPLETE, error)


class _Pass:
    """The state of one pass; the steps in the order in which they are taken."""

    def __init__(self, cache: Cache, fetcher: Fetcher, options: PassOptions) -> None:
        self._store, self._generations = cache.store, cache.generations
        self._make_room, self._fetcher, self._options = cache.make_room, fetcher, options
        self._hearing = Hearing(fetcher, cache.generations, options.uptime, options.challenge)
        self._manifest: Manifest | None = None
        self._bytes_fetched = 0
        self._damage: list[BlobsMissing] = []

    def run(self, paired: TrustState, clock: datetime) -> SyncOutcome:
        """The pass.  Raises what `run_pass` turns into an outcome."""
        known, hearing = self._options.known, self._hearing
        if known is not None and hearing.is_as_known(known, clock):
            ending = Ending.DEFERRED if known.is_deferred else Ending.UNCHANGED
            flags = hearing.trust.flags
            return SyncOutcome(ending, version=known.version, known=known, flags=flags)
        state = remembered_state(self._generations, paired)
        hearing.hear(state, clock)
        current = self._generations.current()
        if self._hearing.trust.wanted() is None and current and self._is_newest(current):
            return self._heal(current.manifest)
        envelope = document(self._fetcher, MANIFEST)
        return self._bring(self._hearing.trust.manifest(envelope), envelope, current)

    def ended(self, ending: Ending, *errors: CacheError | ManifestError) -> SyncOutcome:
        """The outcome, with one fault for each cause among `errors`."""
        missing = self._absent(self._manifest) if self._manifest else []
        faults: dict[str, Fault] = {}
        for fault in map(fault_of, errors):
            faults.setdefault(fault.code, fault)
        waits = [error for error in errors if isinstance(error, CacheError)]
        return SyncOutcome(
            ending,
            version=self._manifest.version if self._manifest else None,
            faults=tuple(faults.values()),
            bytes_fetched=self._bytes_fetched,
            bytes_left=sum(one.bytes - self._store.part_length(one.sha256) for one in missing),
            blobs_left=len(missing),
            retry_after_s=next(filter(None, map(retry_after_of, waits)), None),
            answered=self._hearing.answered,
        )

    def _ended_well(self, ending: Ending, state: TrustState) -> SyncOutcome:
        """The outcome of a pass that leaves nothing to mend, with what the next may go by."""
        outcome = self.ended(ending)
        deferred = ending is Ending.DEFERRED
        mark = self._generations.mark()
        known = Known(self._hearing.etag, mark, state, outcome.version, is_deferred=deferred)
        return replace(outcome, known=known, flags=self._hearing.trust.flags)

    def _is_newest(self, current: Generation) -> bool:
        """Is the generation that would be shown the one that was activated last?

        If its manifest was damaged, the one before it is shown, and it is fetched again.
        """
        newest = self._hearing.trust.state.manifest
        return newest is not None and newest.sha256 == payload_digest(current)

    # --- blobs (rules 7 and 8) -----------------------------------------------------------------

    def _heal(self, manifest: Manifest) -> SyncOutcome:
        """Fetch what the current generation has lost: blobs that were damaged and set aside."""
        self._manifest = manifest
        if missing := self._missing(manifest):
            self._make_room({file.sha256: file.bytes for file in manifest.files().values()})
            if failed := self._download(missing):
                return failed
        return self._ended_well(Ending.UNCHANGED, self._hearing.trust.state)

    def _bring(
        self, candidate: Candidate, envelope: bytes, current: Generation | None
    ) -> SyncOutcome:
        manifest = self._manifest = candidate.manifest
        if self._may_wait(manifest, current):
            return self._ended_well(Ending.DEFERRED, self._hearing.trust.state)
        files = {file.sha256: file.bytes for file in manifest.files().values()}
        self._store.drop_parts(keep=files)
        self._make_room(files)
        for _attempt in range(2):
            if failed := self._download(self._missing(manifest)):
                return failed
            state = activated(self._hearing.trust.state, candidate)
            if self._activate(manifest, envelope, state):
                return self._ended_well(Ending.ACTIVATED, state)
        return self.ended(Ending.INCOMPLETE, *self._damage)

    def _may_wait(self, manifest: Manifest, current: Generation | None) -> bool:
        """Does this release wait for the download window?"""
        if self._options.may_download(self._hearing.trust.now) or not self._absent(manifest):
            return False
        shown = None if current is None else current.manifest
        return not is_urgent(manifest, shown, self._hearing.trust.now)

    def _activate(self, manifest: Manifest, envelope: bytes, state: TrustState) -> bool:
        """Complete, then live: the floor rises in the same stroke.

        A blob that was here already may turn out to be damaged: it is set aside by the
        generations, and False says that it is to come again.
        """
        self._verify(manifest)
        try:
            self._generations.activate(envelope, encode_state(state))
        except BlobsMissing as error:
            self._damage.append(error)
            self._set_aside_unreadable(error.missing)
            return False
        _log.info("manifest %d is current", manifest.version)
        return True

    def _verify(self, manifest: Manifest) -> None:
        """Read the blobs as the activation will, so that a call to stop is heard between two."""
        for sha256 in manifest.files():
            if self._options.stop.is_set():
                raise Cancelled
            self._store.verified_path(sha256)

    def _set_aside_unreadable(self, missing: Sequence[str]) -> None:
        """Let a blob that cannot be read come to a new file, unless the whole disk is at fault."""
        unreadable = [sha256 for sha256 in missing if self._store.path(sha256) is not None]
        if len(unreadable) <= UNREADABLE_LIMIT:
            for sha256 in unreadable:
                self._store.quarantine(sha256, "unreadable")

    def _absent(self, manifest: Manifest) -> list[FileReference]:
        """What is not here; what is here is verified on activation."""
        return [
            file
            for file in manifest.files().values()
            if self._store.path(file.sha256) is None or self._store.size(file.sha256) != file.bytes
        ]

    def _missing(self, manifest: Manifest) -> list[FileReference]:
        """What is not here, what is needed first coming first."""
        if not (absent := {file.sha256 for file in self._absent(manifest)}):
            return []
        ordered = in_order_of_need(manifest, self._hearing.trust.now)
        return [file for file in ordered if file.sha256 in absent]

    def _download(self, missing: Sequence[FileReference]) -> SyncOutcome | None:
        """Fetch `missing`; None when all of it is here."""
        if not missing:
            return None
        options, total = self._options, sum(file.bytes for file in missing)
        meter = Meter(total, len(missing), options.report)
        meter.resumed(sum(self._store.part_length(file.sha256) for file in missing))
        _log.info("%d blobs to fetch, %s bytes in all", len(missing), f"{total:,}")
        downloads = Downloads(self._fetcher, self._store, meter, options.stop, options.bandwidth)
        try:
            downloads.run(missing, options.parallel)
        finally:
            self._bytes_fetched += meter.bytes_fetched
        if options.stop.is_set():
            return self.ended(Ending.CANCELLED)
        return self._fell_short(downloads)

    def _fell_short(self, downloads: Downloads) -> SyncOutcome | None:
        fatal, failures = downloads.fatal, list(downloads.failures.values())
        if not failures:
            return None
        first = [fatal] if fatal else []
        ending = Ending.STORAGE_FAILED if isinstance(fatal, StorageError) else Ending.INCOMPLETE
        return self.ended(ending, *first, *failures)
