"""Any mix of releases, crashes, rot, scrubs and evictions: what is shown is whole, or nothing is.

After each step a fresh look must find the current generation decoded, its floor its own version,
and every blob that the store would show (`verified_path`) right; the version never falls.
"""

import os
import shutil
import tempfile
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from content_cache.blobs import BlobStore
from content_cache.disk import RealDisk
from content_cache.errors import BlobsMissing, CacheError
from content_cache.eviction import Eviction, Room
from content_cache.generations import Generations
from content_cache.scrub import Scrub
from tests.conftest import DEEP, long_when_deep
from tests.faults.cycle import begin, release_of, run_cycle
from tests.simulators.faulty_disk import FaultyDisk
from tests.simulators.release import digest_of

NOW = datetime(2026, 11, 22, tzinfo=UTC)


class PowerCut(BaseException):
    """The process ends here; nothing of it runs any more."""


class Dying(FaultyDisk):
    """Ends the process at the n-th operation, and does nothing for it afterwards."""

    def _hit(self, name: str) -> bool:
        self.operations += 1
        if self.operations >= self._fail_at:
            raise PowerCut
        return False


class Cache(RuleBasedStateMachine):
    """A box over months: everything that happens to its disk."""

    def __init__(self) -> None:
        super().__init__()
        shared = "/dev/shm" if os.access("/dev/shm", os.W_OK) else None
        self.folder = Path(tempfile.mkdtemp(dir=shared, prefix="yingbi-stateful-"))
        self.root = self.folder / "cache"
        self.offered = self.shown = 1
        self.now = NOW
        begin(self.root)

    def teardown(self) -> None:
        shutil.rmtree(self.folder)

    def _store(self) -> BlobStore:
        return BlobStore(self.root, RealDisk())

    @rule()
    def a_release_comes(self) -> None:
        self.offered += 1
        self._bring()

    @rule()
    def the_same_release_comes_again(self) -> None:
        if self.offered:
            self._bring()

    def _bring(self) -> None:
        with suppress(BlobsMissing):  # one had rotted: it was set aside, and comes with the next
            run_cycle(self.root, RealDisk(), release_of(self.offered))
        run_cycle(self.root, RealDisk(), release_of(self.offered))
        assert self._version() == self.offered, "nothing stands in the way"

    @rule(operation=st.integers(1, 220))
    def the_box_dies_in_the_middle(self, operation: int) -> None:
        self.offered += 1
        with suppress(PowerCut, BlobsMissing):  # the latter if one had rotted
            run_cycle(self.root, Dying(RealDisk(), operation), release_of(self.offered))

    @rule(operation=st.integers(1, 220), fault=st.sampled_from([5, 28, 30]))
    def the_disk_fails_from_here_on(self, operation: int, fault: int) -> None:
        self.offered += 1
        disk = FaultyDisk(RealDisk(), operation, fault, persistent=True)
        with suppress(CacheError):
            run_cycle(self.root, disk, release_of(self.offered))

    @rule(which=st.integers(0, 20), position=st.integers(0, 10_000))
    def a_blob_rots(self, which: int, position: int) -> None:
        digests = self._store().digests()
        if digests:
            path = self.root / "blobs" / digests[which % len(digests)]
            content = bytearray(path.read_bytes())
            content[position % len(content)] ^= 1
            path.write_bytes(content)

    @rule(which=st.integers(0, 20))
    def a_blob_vanishes(self, which: int) -> None:
        digests = self._store().digests()
        if digests:
            (self.root / "blobs" / digests[which % len(digests)]).unlink()

    @rule(hours=st.integers(1, 400), boot=st.sampled_from(["one", "two"]))
    def a_slice_is_scrubbed(self, hours: int, boot: str) -> None:
        self.now += timedelta(hours=hours)
        Scrub(self.root, self._store(), RealDisk(), boot).run(self.now)

    @rule(quota=st.integers(0, 20_000))
    def room_is_made(self, quota: int) -> None:
        store, generations = self._store(), Generations(self.root, RealDisk())
        kept = generations.kept_blobs() & set(store.digests())
        eviction = Eviction(self.root, store, generations, RealDisk(), Room(quota, 0))
        with suppress(CacheError):
            eviction.make_room({})
        assert kept <= set(store.digests())

    @rule()
    def it_is_tidied(self) -> None:
        store, generations = self._store(), Generations(self.root, RealDisk())
        generations.collect()  # what a killed activation left does not count
        kept = generations.kept_blobs() & set(store.digests())
        Eviction(self.root, store, generations, RealDisk(), Room(0, 0)).clean()
        assert set(store.digests()) == kept

    @rule()
    def the_current_generation_is_confirmed(self) -> None:
        generations = Generations(self.root, RealDisk())
        current = generations.current()
        if current:
            generations.confirm(current.sha256)

    @rule()
    def the_hints_are_lost(self) -> None:
        shutil.rmtree(self.root / "hints", ignore_errors=True)

    def _version(self) -> int:
        current = Generations(self.root, RealDisk()).current()
        return current.manifest.version if current else 0

    @invariant()
    def what_is_shown_is_whole_and_never_older(self) -> None:
        view = Generations(self.root, RealDisk()).view()
        version = view.current.manifest.version if view.current else 0
        assert self.shown <= version <= self.offered
        self.shown = version
        assert view.faults == ()
        if view.current:
            assert view.trust == str(version).encode()
            for sha256 in view.current.manifest.files():
                path = self._store().verified_path(sha256)
                assert path is None or digest_of(path.read_bytes()) == sha256


#: Lives of a cache, and what may happen in each.
LIVES, STEPS = (400 if DEEP else 15), 25

Cache.TestCase.settings = settings(
    max_examples=LIVES,
    stateful_step_count=STEPS,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow],
)
TestAnyMix = long_when_deep(Cache.TestCase)
