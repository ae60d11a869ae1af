"""The n-th-operation loop over a whole sync pass, for the network and for the disk.

Fail the first operation of the pass, then the second, and so on until a pass runs through
untouched.  After each: the wall shows the old release or the new one, whole; the floor is that of
what it shows; and an honest pass of a fresh process leads to the newest.
"""

import errno
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from content_cache import sync as sync_module
from content_cache.disk import RealDisk
from content_cache.fetch_errors import (
    CaptivePortal,
    CutShort,
    FetchError,
    ServerRefused,
    ServerUnreachable,
    TooSlow,
    WrongContent,
)
from content_cache.outcome import Ending
from content_cache.sync import PassOptions
from tests.simulators.faulty_disk import SHORT_WRITE, FaultyDisk
from tests.simulators.site import Site, SiteFetcher, Wall

OLD, NEW = b"old" * 1000, b"new" * 1000
ONE_BY_ONE = PassOptions(parallel=1)

NETWORK: list[FetchError] = [
    ServerUnreachable("server", "Connection refused"),
    TooSlow("server", "nothing came"),
    CutShort("server", 10, "reset"),
    ServerRefused("server", 500),
    CaptivePortal("server"),
    WrongContent("server", "it is empty"),
]
DISK = [errno.ENOSPC, errno.EIO, errno.EROFS, errno.EINTR, SHORT_WRITE]


class Release:
    """A wall with an old release, as often as it is wanted, and a site with a new one."""

    def __init__(self, folder: Path) -> None:
        self.site = Site(OLD)
        self._folder, self._count = folder, 0
        first = Wall(folder / "prepared", self.site.paired)
        assert first.sync(SiteFetcher(self.site)).ending is Ending.ACTIVATED
        self.before = self.site.version
        self.site.publisher.rotate("publisher")  # so that the pass has a root to follow, too
        self.newest = self.site.publish(OLD, NEW)

    @contextmanager
    def wall(self) -> Iterator[Wall]:
        self._count += 1
        root = self._folder / f"cache-{self._count}"
        shutil.copytree(self._folder / "prepared", root)
        yield Wall(root, self.site.paired)
        shutil.rmtree(root)

    def check(self, wall: Wall) -> None:
        """What must hold after any fault: old or new, whole; and never stuck."""
        shown = wall.shows()
        assert shown in (self.before, self.newest)
        assert wall.floor() == shown
        wall.restart()
        assert wall.sync(SiteFetcher(self.site)).is_good
        assert wall.shows() == wall.floor() == self.newest


@pytest.fixture
def release(memory: Path) -> Release:
    return Release(memory)


def failing_at(number: int, fault: FetchError, *, for_good: bool) -> Callable[[str], None]:
    """A `before` that lets `number` - 1 calls pass and fails the next, or all from there on."""
    calls = 0

    def count(_name: str) -> None:
        nonlocal calls
        calls += 1
        if calls == number or (for_good and calls > number):
            raise fault

    count.reached = lambda: calls >= number  # type: ignore[attr-defined]
    return count


@pytest.mark.parametrize("for_good", [False, True])
@pytest.mark.parametrize("fault", NETWORK, ids=lambda fault: type(fault).__name__)
def test_the_network_fails_at_every_step(
    release: Release, fault: FetchError, for_good: bool
) -> None:
    number, endings = 1, set()
    while True:
        fail = failing_at(number, fault, for_good=for_good)
        with release.wall() as wall:
            outcome = wall.sync(SiteFetcher(release.site, fail), ONE_BY_ONE)
            release.check(wall)
        if not fail.reached():  # type: ignore[attr-defined]
            break
        endings.add(outcome.ending)
        number += 1
    assert outcome.ending is Ending.ACTIVATED
    assert number > 8  # 2 roots, freshness, manifest, a blob and its 3 chunks
    assert {Ending.UNREACHED, Ending.INCOMPLETE} <= endings


@pytest.mark.parametrize("persistent", [False, True])
@pytest.mark.parametrize("fault", DISK, ids=lambda code: errno.errorcode.get(code, "SHORT"))
def test_the_disk_fails_at_every_step(release: Release, fault: int, persistent: bool) -> None:
    number = 1
    while True:
        with release.wall() as wall:
            disk = FaultyDisk(RealDisk(), number, fault, persistent=persistent)
            wall.restart(disk)
            outcome = wall.sync(SiteFetcher(release.site), ONE_BY_ONE)
            assert outcome.ending in (Ending.ACTIVATED, Ending.STORAGE_FAILED, Ending.INCOMPLETE)
            release.check(wall)
        if not disk.failed:
            break
        number += 1
    assert outcome.ending is Ending.ACTIVATED
    assert number > 5


def test_the_loop_sees_a_floor_that_rises_too_early(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control: persist the new floor before the blobs are here, and it is found."""
    honest = sync_module._Pass._bring

    def too_early(self: sync_module._Pass, candidate: object, *rest: object) -> object:
        state = sync_module.activated(self._hearing.trust.state, candidate)  # type: ignore[arg-type]
        self._generations.remember_trust(sync_module.encode_state(state))
        return honest(self, candidate, *rest)  # type: ignore[arg-type]

    monkeypatch.setattr(sync_module._Pass, "_bring", too_early)
    fail = failing_at(6, NETWORK[0], for_good=True)
    with release.wall() as wall:
        wall.sync(SiteFetcher(release.site, fail), ONE_BY_ONE)
        with pytest.raises(AssertionError):
            release.check(wall)


def test_the_loop_sees_a_generation_that_goes_live_before_it_is_complete(
    release: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The negative control of completeness."""
    monkeypatch.setattr("content_cache.generations.Generations._require", lambda *_: None)
    monkeypatch.setattr(sync_module._Pass, "_download", lambda *_: None)
    with release.wall() as wall:
        wall.sync(SiteFetcher(release.site), ONE_BY_ONE)
        with pytest.raises(AssertionError, match="is missing"):
            release.check(wall)
