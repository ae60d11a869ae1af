"""Any mix of publishing, syncing, cutting, lying, corrupting, evicting, and restarting.

At every moment: what the wall shows is a published release, whole but for the blobs that this very
test damaged, and those are never handed out as verified; the trusted version never falls; and at
the end one honest pass after a scrub leads to the newest release.
"""

import shutil
import tempfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from content_cache.blobs import BlobStore
from content_cache.disk import RealDisk
from content_cache.fetch_errors import ServerUnreachable, TooSlow
from content_cache.generations import Generations
from content_cache.outcome import Ending
from content_cache.sync import PassOptions, _Pass
from tests.conftest import DEEP, long_when_deep
from tests.simulators.faulty_disk import FaultyDisk
from tests.simulators.site import Site, SiteFetcher, Wall, digest_of

#: Lives of a wall, and what may happen in each.
LIVES, STEPS = (1000, 40) if DEEP else (60, 20)

CONTENTS = [bytes([65 + number]) * (1500 + 700 * number) for number in range(5)]
PROGRAMMES = st.lists(st.sampled_from(CONTENTS), min_size=1, max_size=4, unique=True)
#: One download at a time: what a search finds must happen again when it is tried again.
ONE_BY_ONE = PassOptions(parallel=1)
FAULTS = st.sampled_from([5, 28, 30])  # EIO, ENOSPC, EROFS


class Sync(RuleBasedStateMachine):
    """A site and a wall; the rules are what may happen to either."""

    @initialize(programme=PROGRAMMES)
    def begin(self, programme: list[bytes]) -> None:
        self.folder = Path(tempfile.mkdtemp(dir="/dev/shm"))
        self.site = Site(*programme)
        self.wall = Wall(self.folder / "cache", self.site.paired)
        self.published = {self.site.version}
        self.past = [(self.site.freshness, self.site.manifest)]
        self.damaged: set[str] = set()
        self.floor = self.newest_shown = 0

    # --- the site ------------------------------------------------------------------------------

    @rule(programme=PROGRAMMES)
    def publish(self, programme: list[bytes]) -> None:
        self.published.add(self.site.publish(*programme))
        self.past.append((self.site.freshness, self.site.manifest))

    @precondition(lambda self: len(self.site.publisher.roots) < 30)  # one pass follows 32
    @rule()
    def rotate_keys(self) -> None:
        self.site.publisher.rotate("publisher")
        self.site.sign()

    # --- passes --------------------------------------------------------------------------------

    @rule()
    def sync(self) -> None:
        outcome = self.wall.sync(SiteFetcher(self.site), ONE_BY_ONE)
        assert outcome.is_good, outcome
        self.forget_what_is_gone()
        if outcome.ending is Ending.ACTIVATED:  # reads every blob before it switches
            kept = self.wall.generations.current()
            assert kept is not None
            self.damaged -= set(kept.manifest.files())

    @rule(number=st.integers(1, 12), down=st.booleans())
    def sync_over_a_bad_link(self, number: int, down: bool) -> None:
        calls = 0

        def fail(_name: str) -> None:
            nonlocal calls
            calls += 1
            if calls == number or (down and calls > number):
                raise ServerUnreachable("server", "gone") if down else TooSlow("server", "stall")

        self.wall.sync(SiteFetcher(self.site, fail), ONE_BY_ONE)
        self.forget_what_is_gone()

    @rule(cut=st.sets(st.sampled_from(CONTENTS)), swapped=st.sets(st.sampled_from(CONTENTS)))
    def sync_with_a_server_that_cuts_and_lies(self, cut: set[bytes], swapped: set[bytes]) -> None:
        fetcher = SiteFetcher(self.site)
        fetcher.cut, fetcher.swapped = set(map(digest_of, cut)), set(map(digest_of, swapped))
        self.wall.sync(fetcher, ONE_BY_ONE)
        self.forget_what_is_gone()

    @rule(choice=st.randoms(use_true_random=False), mixed=st.booleans())
    def sync_with_a_server_of_the_past(self, choice: object, mixed: bool) -> None:
        honest = self.site.freshness, self.site.manifest
        freshness, manifest = choice.choice(self.past)  # type: ignore[attr-defined]
        self.site.freshness = honest[0] if mixed else freshness
        self.site.manifest = manifest
        self.wall.sync(SiteFetcher(self.site), ONE_BY_ONE)
        self.site.freshness, self.site.manifest = honest
        self.forget_what_is_gone()

    @rule(number=st.integers(1, 150), fault=FAULTS, persistent=st.booleans())
    def sync_on_a_bad_disk(self, number: int, fault: int, persistent: bool) -> None:
        self.wall.restart(FaultyDisk(RealDisk(), number, fault, persistent=persistent))
        self.wall.sync(SiteFetcher(self.site), ONE_BY_ONE)
        self.wall.restart()
        self.forget_what_is_gone()

    # --- the box -------------------------------------------------------------------------------

    @rule()
    def restart(self) -> None:
        self.wall.restart()

    @rule()
    def evict(self) -> None:
        self.wall.eviction.clean()
        self.forget_what_is_gone()

    @precondition(lambda self: self.wall.store.digests())
    @rule(choice=st.randoms(use_true_random=False), delete=st.booleans())
    def damage_a_blob(self, choice: object, delete: bool) -> None:
        sha256 = choice.choice(self.wall.store.digests())  # type: ignore[attr-defined]
        path = self.wall.store.path(sha256)
        assert path is not None
        if delete:
            path.unlink()
        else:
            content = path.read_bytes()
            path.write_bytes(content[:-1] + bytes([content[-1] ^ 4]))
        self.damaged.add(sha256)
        self.forget_what_is_gone()  # the same bit twice is no damage

    @rule()
    def scrub(self) -> None:
        store = BlobStore(self.wall.root, RealDisk())
        for sha256 in store.digests():
            if store.check(sha256) == "wrong":
                assert sha256 in self.damaged
                store.quarantine(sha256, "wrong")

    @precondition(lambda self: list((self.wall.root / "state").glob("generations.*")))
    @rule()
    def damage_a_copy_of_the_register(self) -> None:
        """The older one: the newer would lose the last change, which is another promise."""
        copies = sorted(
            (self.wall.root / "state").glob("generations.*"),
            key=lambda path: path.read_bytes().partition(b"\n")[2],
        )
        if len(copies) == 2:
            copies[0].write_bytes(b"damaged")

    # --- what must hold ------------------------------------------------------------------------

    def forget_what_is_gone(self) -> None:
        """A damaged blob that was fetched again is whole; one that was evicted is not there."""
        store = BlobStore(self.wall.root, RealDisk())
        self.damaged = {
            sha for sha in self.damaged if store.path(sha) is None or store.check(sha) != "good"
        }

    @invariant()
    def the_wall_shows_a_published_release_that_is_whole(self) -> None:
        store = BlobStore(self.wall.root, RealDisk())
        current = Generations(self.wall.root, RealDisk(), store).current()
        if current is None:  # nothing was activated, or all of it is damaged
            assert self.damaged or self.floor == 0
            return
        assert current.manifest.version in self.published
        for sha256 in current.manifest.files():
            verified = store.verified_path(sha256)
            assert (verified is None) == (sha256 in self.damaged), sha256
            assert verified is None or digest_of(verified.read_bytes()) == sha256

    @invariant()
    def the_trusted_version_never_falls_and_is_never_ahead_of_the_wall(self) -> None:
        """Ahead of all that the wall has shown, that is: what it showed may be damaged since."""
        current = Generations(self.wall.root, RealDisk()).current()
        self.newest_shown = max(self.newest_shown, current.manifest.version if current else 0)
        floor = self.wall.floor()
        assert self.floor <= floor <= self.newest_shown
        self.floor = floor

    def teardown(self) -> None:
        self.scrub()
        self.wall.restart()
        assert self.wall.sync(SiteFetcher(self.site), ONE_BY_ONE).is_good
        assert self.wall.shows() == self.wall.floor() == self.site.version
        shutil.rmtree(self.folder)


def examples(number: int, steps: int, **named: object) -> settings:
    return settings(
        max_examples=number,
        stateful_step_count=steps,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
        **named,  # type: ignore[arg-type]
    )


@long_when_deep
def test_whatever_happens_the_wall_is_right_and_never_goes_back() -> None:
    plan = examples(LIVES, STEPS)
    run_state_machine_as_test(Sync, settings=plan)  # type: ignore[no-untyped-call]


def test_the_machine_sees_a_release_that_goes_live_before_it_is_complete(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The negative control."""
    monkeypatch.setattr(Generations, "_require", lambda *_: None)
    monkeypatch.setattr(_Pass, "_download", lambda *_: None)
    plan = examples(10, 5, phases=[Phase.generate])
    with pytest.raises((AssertionError, ExceptionGroup)):
        run_state_machine_as_test(Sync, settings=plan)  # type: ignore[no-untyped-call]
