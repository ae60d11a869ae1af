"""How a sync pass ends, other than well, and what it tells meanwhile and afterwards."""

import threading
from pathlib import Path

import pytest

from content_cache.errors import DiskFull
from content_cache.eviction import Room
from content_cache.fetch_errors import ServerRefused, ServerUnreachable, TooSlow
from content_cache.outcome import Ending
from content_cache.progress import Progress
from content_cache.sync import PassOptions
from tests.simulators.site import Site, SiteFetcher, Wall, digest_of, refused_by
from tests.unit.content_cache.sync.conftest import FIRST, SECOND, codes


def test_a_link_that_goes_down_ends_the_pass(wall: Wall, site: Site) -> None:
    def fail(name: str) -> None:
        if name.startswith("blobs/"):
            raise ServerUnreachable("the server", "Connection refused")

    fetcher = SiteFetcher(site, fail)
    outcome = wall.sync(fetcher, PassOptions(parallel=1))
    assert (outcome.ending, codes(outcome)) == (Ending.INCOMPLETE, ["OFFLINE"])
    assert sum(call.startswith("blobs/") for call in fetcher.calls) == 1


def test_a_release_that_cannot_fit_is_said_so_with_numbers_before_a_byte_comes(
    tmp_path: Path, site: Site
) -> None:
    wall = Wall(tmp_path / "small", site.paired, room=Room(len(FIRST) + 10, 0))
    fetcher = SiteFetcher(site)
    outcome = wall.sync(fetcher)
    assert (outcome.ending, codes(outcome)) == (Ending.STORAGE_FAILED, ["RELEASE_TOO_BIG"])
    assert f"{len(FIRST) + len(SECOND):,} bytes" in outcome.faults[0].sentence
    assert not any(call.startswith("blobs/") for call in fetcher.calls)


def test_a_full_disk_ends_the_pass_and_is_named(wall: Wall, site: Site) -> None:
    def full(name: str) -> None:
        if name.startswith("chunk/"):
            raise DiskFull(wall.root, 10, 0)

    outcome = wall.sync(SiteFetcher(site, full))
    assert (outcome.ending, codes(outcome)) == (Ending.STORAGE_FAILED, ["CACHE_FULL"])


def test_a_call_to_stop_ends_the_pass_and_keeps_what_came(wall: Wall, site: Site) -> None:
    stop = threading.Event()

    def stop_at_the_third_chunk(name: str) -> None:
        if name.startswith("chunk/"):
            chunks.append(name)
            if len(chunks) == 3:
                stop.set()

    chunks: list[str] = []
    options = PassOptions(parallel=1, stop=stop)
    outcome = wall.sync(SiteFetcher(site, stop_at_the_third_chunk), options)
    assert outcome.ending is Ending.CANCELLED
    assert outcome.bytes_left == len(FIRST) + len(SECOND) - 3000
    assert wall.sync(SiteFetcher(site)).bytes_fetched == outcome.bytes_left


def test_a_call_to_stop_is_heard_while_the_blobs_are_verified(wall: Wall, site: Site) -> None:
    for content in (FIRST, SECOND):
        wall.store.take(digest_of(content), len(content), [content])
    stop = threading.Event()

    def stop_with_the_manifest(name: str) -> None:
        if name == "manifest":
            stop.set()

    outcome = wall.sync(SiteFetcher(site, stop_with_the_manifest), PassOptions(stop=stop))
    assert outcome.ending is Ending.CANCELLED
    assert wall.shows() is None
    assert wall.floor() == 0


def test_a_box_without_a_thread_to_spare_downloads_all_the_same(
    wall: Wall, site: Site, monkeypatch: pytest.MonkeyPatch
) -> None:
    """P05."""

    def refuse(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", refuse)
    assert wall.sync(SiteFetcher(site)).ending is Ending.ACTIVATED


def test_the_fault_that_ended_the_pass_comes_first(wall: Wall, site: Site) -> None:
    seen: list[str] = []

    def fail(name: str) -> None:
        if name.startswith("blobs/"):
            seen.append(name)
            raise ServerRefused(name, 404) if len(seen) == 1 else TooSlow(name, "stall")

    outcome = wall.sync(SiteFetcher(site, fail), PassOptions(parallel=1))
    assert codes(outcome) == ["STALL", "REFUSED"]


def test_our_own_bug_is_not_taken_for_a_bad_network(wall: Wall, site: Site) -> None:
    def bug(name: str) -> None:
        if name.startswith("blobs/"):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        wall.sync(SiteFetcher(site, bug))


def test_progress_is_told_in_bytes_and_blobs(wall: Wall, site: Site) -> None:
    told: list[Progress] = []
    wall.sync(SiteFetcher(site), PassOptions(report=told.append))
    total = len(FIRST) + len(SECOND)
    assert (told[-1].bytes_done, told[-1].bytes_total) == (total, total)
    assert (told[-1].blobs_done, told[-1].blobs_total) == (2, 2)
    assert told[-1].bytes_per_s > 0


def test_an_outcome_reads_as_a_sentence(wall: Wall, site: Site) -> None:
    down = refused_by(ServerUnreachable("signage.example:443", "Connection refused"))
    assert str(wall.sync(SiteFetcher(site, down))) == (
        "unreached: cannot reach signage.example:443: Connection refused; "
        "check the cable, the network and the server's address"
    )
    assert str(wall.sync(SiteFetcher(site))) == f"activated (manifest {site.version})"
