"""The sync pass step by step, against a site in memory."""

import hashlib
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from content_cache.errors import DiskFull
from content_cache.eviction import Room
from content_cache.fetch_errors import ServerRefused, ServerUnreachable, TooSlow
from content_cache.outcome import Ending, SyncOutcome
from content_cache.progress import Progress
from content_cache.sync import PassOptions, in_order_of_need
from manifest.codec import decode
from manifest.documents import ManifestReference
from manifest.envelope import DocumentType, open_envelope
from tests.simulators.manifests import a_card, an_image, an_item
from tests.simulators.publisher import NOW
from tests.simulators.site import Site, SiteFetcher, Wall, digest_of, refused_by

FIRST, SECOND, THIRD = b"first" * 2000, b"second" * 2000, b"third" * 2000


@pytest.fixture
def site() -> Site:
    return Site(FIRST, SECOND)


@pytest.fixture
def wall(tmp_path: Path, site: Site) -> Wall:
    return Wall(tmp_path / "cache", site.paired)


def codes(outcome: SyncOutcome) -> list[str]:
    return [fault.code for fault in outcome.faults]


def test_a_new_release_is_fetched_and_becomes_current(wall: Wall, site: Site) -> None:
    outcome = wall.sync(SiteFetcher(site))
    assert (outcome.ending, outcome.version) == (Ending.ACTIVATED, site.version)
    assert outcome.is_good
    assert (outcome.bytes_fetched, outcome.bytes_left) == (len(FIRST) + len(SECOND), 0)
    assert wall.shows() == wall.floor() == site.version


def test_a_pass_without_news_asks_for_no_manifest_and_no_blob(wall: Wall, site: Site) -> None:
    wall.sync(SiteFetcher(site))
    again = SiteFetcher(site)
    assert wall.sync(again).ending is Ending.UNCHANGED
    assert again.calls == ["root/2", "freshness"]


def test_only_what_is_missing_is_fetched(wall: Wall, site: Site) -> None:
    wall.sync(SiteFetcher(site))
    site.publish(FIRST, THIRD)
    outcome = wall.sync(SiteFetcher(site))
    assert (outcome.ending, outcome.bytes_fetched) == (Ending.ACTIVATED, len(THIRD))
    assert wall.shows() == site.version


def test_a_release_is_never_live_before_it_is_complete(wall: Wall, site: Site) -> None:
    wall.sync(SiteFetcher(site))
    before = site.version
    site.publish(FIRST, THIRD)
    fetcher = SiteFetcher(site)
    fetcher.cut = {digest_of(THIRD)}
    missing = site.blobs.pop(digest_of(THIRD))
    outcome = wall.sync(fetcher)
    assert (outcome.ending, codes(outcome)) == (Ending.INCOMPLETE, ["REFUSED"])
    assert (outcome.version, outcome.blobs_left) == (site.version, 1)
    assert outcome.bytes_left == len(THIRD)
    assert wall.shows() == wall.floor() == before
    site.blobs[digest_of(THIRD)] = missing
    assert wall.sync(SiteFetcher(site)).ending is Ending.ACTIVATED


def test_a_broken_transfer_goes_on_where_it_stopped(wall: Wall, site: Site) -> None:
    fetcher = SiteFetcher(site)
    fetcher.cut = {digest_of(FIRST)}  # half of what is left, each time
    outcome = wall.sync(fetcher)
    assert (outcome.ending, codes(outcome)) == (Ending.INCOMPLETE, ["CUT"])
    assert 0 < outcome.bytes_left < len(FIRST) // 100
    outcome = wall.sync(SiteFetcher(site))
    assert outcome.ending is Ending.ACTIVATED
    assert outcome.bytes_fetched < len(FIRST) // 100


def test_a_blob_of_wrong_bytes_is_refused_and_the_others_come(wall: Wall, site: Site) -> None:
    fetcher = SiteFetcher(site)
    fetcher.swapped = {digest_of(FIRST)}
    outcome = wall.sync(fetcher)
    assert (outcome.ending, codes(outcome)) == (Ending.INCOMPLETE, ["BLOB_BAD"])
    assert wall.shows() is None
    assert wall.store.digests() == [digest_of(SECOND)]
    assert wall.store.parts() == []  # not one byte of it is kept


def test_a_blob_that_the_server_has_lost_does_not_keep_the_others_from_coming(
    wall: Wall, site: Site
) -> None:
    del site.blobs[digest_of(FIRST)]
    outcome = wall.sync(SiteFetcher(site), PassOptions(parallel=1))
    assert (outcome.ending, codes(outcome)) == (Ending.INCOMPLETE, ["REFUSED"])
    assert (outcome.blobs_left, outcome.bytes_left) == (1, len(FIRST))
    assert wall.store.digests() == [digest_of(SECOND)]


def test_a_resumed_transfer_that_comes_out_wrong_begins_again_once(wall: Wall, site: Site) -> None:
    with wall.store.part(digest_of(FIRST), len(FIRST)) as part:
        part.append(b"another version of the same length"[:30])
    fetcher = SiteFetcher(site)
    assert wall.sync(fetcher).ending is Ending.ACTIVATED
    assert fetcher.calls.count(f"blobs/{digest_of(FIRST)}") == 2


def test_a_whole_part_left_by_a_power_cut_needs_no_server(wall: Wall, site: Site) -> None:
    with wall.store.part(digest_of(FIRST), len(FIRST)) as part:
        part.append(FIRST)
    fetcher = SiteFetcher(site)
    assert wall.sync(fetcher).ending is Ending.ACTIVATED
    assert f"blobs/{digest_of(FIRST)}" not in fetcher.calls


def test_a_link_that_goes_down_ends_the_pass(wall: Wall, site: Site) -> None:
    def fail(name: str) -> None:
        if name.startswith("blobs/"):
            raise ServerUnreachable("the server", "Connection refused")

    fetcher = SiteFetcher(site, fail)
    outcome = wall.sync(fetcher, PassOptions(parallel=1))
    assert (outcome.ending, codes(outcome)) == (Ending.INCOMPLETE, ["OFFLINE"])
    assert sum(call.startswith("blobs/") for call in fetcher.calls) == 1


@pytest.mark.parametrize("name", ["root/2", "freshness", "manifest"])
def test_without_a_document_the_wall_stays(wall: Wall, site: Site, name: str) -> None:
    wall.sync(SiteFetcher(site))
    before = site.version
    site.publish(THIRD)

    def fail(called: str) -> None:
        if called == name:
            raise ServerRefused(name, 503, 7.0)

    outcome = wall.sync(SiteFetcher(site, fail))
    assert (outcome.ending, codes(outcome)) == (Ending.UNREACHED, ["REFUSED"])
    assert outcome.retry_after_s == 7.0
    assert not outcome.is_good
    assert wall.shows() == before


def test_an_older_manifest_is_refused_and_the_wall_stays(wall: Wall, site: Site) -> None:
    old = site.freshness, site.manifest
    site.publish(THIRD)
    wall.sync(SiteFetcher(site))
    newest = site.version
    site.freshness, site.manifest = old
    outcome = wall.sync(SiteFetcher(site))
    assert (outcome.ending, codes(outcome)) == (Ending.REFUSED, ["ROLLBACK"])
    assert outcome.faults[0].severity == "C"
    assert wall.shows() == newest


def test_yesterdays_manifest_under_todays_freshness_is_refused(wall: Wall, site: Site) -> None:
    old = site.manifest
    site.publish(THIRD)
    site.manifest = old
    outcome = wall.sync(SiteFetcher(site))
    assert (outcome.ending, codes(outcome)) == (Ending.REFUSED, ["HASH"])


@pytest.mark.parametrize("name", ["freshness", "manifest"])
def test_a_document_that_is_no_document_is_refused(wall: Wall, site: Site, name: str) -> None:
    setattr(site, name, b"{}")
    outcome = wall.sync(SiteFetcher(site))
    assert (outcome.ending, codes(outcome)) == (Ending.REFUSED, ["MALFORMED"])


def test_new_roots_are_followed_and_remembered(wall: Wall, site: Site) -> None:
    wall.sync(SiteFetcher(site))
    for _ in range(2):
        site.publisher.rotate("publisher")
    site.publish(THIRD)
    fetcher = SiteFetcher(site)
    assert wall.sync(fetcher).ending is Ending.ACTIVATED
    assert fetcher.calls[:4] == ["root/2", "root/3", "root/4", "freshness"]
    again = SiteFetcher(site)
    wall.restart()
    wall.sync(again)
    assert again.calls == ["root/4", "freshness"]


def test_a_damaged_blob_found_on_activation_is_set_aside_and_comes_again(
    wall: Wall, site: Site
) -> None:
    wall.sync(SiteFetcher(site))
    path = wall.store.path(digest_of(FIRST))
    assert path is not None
    path.write_bytes(b"f" * len(FIRST))
    site.publish(FIRST, THIRD)
    wall.restart()
    outcome = wall.sync(SiteFetcher(site))
    assert outcome.ending is Ending.ACTIVATED
    assert outcome.bytes_fetched == len(FIRST) + len(THIRD)
    assert wall.shows() == site.version


def test_a_pass_without_news_heals_what_the_current_generation_lost(wall: Wall, site: Site) -> None:
    wall.sync(SiteFetcher(site))
    wall.store.quarantine(digest_of(FIRST), "bit flip")
    fetcher = SiteFetcher(site)
    outcome = wall.sync(fetcher)
    assert (outcome.ending, outcome.bytes_fetched) == (Ending.UNCHANGED, len(FIRST))
    assert "manifest" not in fetcher.calls
    assert wall.shows() == site.version


def test_a_damaged_current_manifest_is_fetched_again(wall: Wall, site: Site) -> None:
    wall.sync(SiteFetcher(site))
    site.publish(FIRST, THIRD)
    wall.sync(SiteFetcher(site))
    current = wall.generations.current()
    assert current is not None
    (wall.root / "manifests" / current.sha256).write_bytes(b"damaged")
    assert wall.sync(SiteFetcher(site)).ending is Ending.ACTIVATED
    assert wall.shows() == site.version


def test_a_lost_trust_state_begins_at_the_pairing_and_keeps_the_floor(
    wall: Wall, site: Site
) -> None:
    old = site.freshness, site.manifest
    site.publish(THIRD)
    wall.sync(SiteFetcher(site))
    for copy in (wall.root / "state").glob("generations.*"):
        copy.write_bytes(b"damaged")
    newest = site.version
    site.freshness, site.manifest = old
    outcome = wall.sync(SiteFetcher(site))
    assert (outcome.ending, codes(outcome)) == (Ending.REFUSED, ["ROLLBACK"])
    assert wall.shows() == newest
    site.publish(FIRST)
    assert wall.sync(SiteFetcher(site)).ending is Ending.ACTIVATED


def test_a_state_that_is_older_than_the_generation_takes_its_floor_from_it(
    wall: Wall, site: Site
) -> None:
    """A register whose newest copy could not be read gives the state before the last change."""
    wall.sync(SiteFetcher(site))
    older = wall.generations.trust()
    old = site.freshness, site.manifest
    site.publish(THIRD)
    wall.sync(SiteFetcher(site))
    wall.generations.remember_trust(older)
    assert wall.floor() < site.version
    site.freshness = site.publisher.freshness_bytes(manifest=_reference(old[1]))
    site.manifest = old[1]
    outcome = wall.sync(SiteFetcher(site))
    assert (outcome.ending, codes(outcome)) == (Ending.REFUSED, ["ROLLBACK"])
    assert wall.floor() == wall.shows() == site.version


def test_a_root_of_a_new_epoch_lets_go_of_a_floor_from_the_future(wall: Wall, site: Site) -> None:
    """A stolen key published far ahead; a new epoch takes the wall back, pass after pass."""
    site.publish(THIRD, version=site.version + 80_000_000)  # within a day: accepted
    assert wall.sync(SiteFetcher(site)).ending is Ending.ACTIVATED
    site.publisher.version = 0
    site.publisher.rotate("publisher", new_epoch=True)
    site.publish(FIRST)
    failing = SiteFetcher(site, refused_after("freshness"))
    assert wall.sync(failing).ending is Ending.UNREACHED  # the root is remembered, no more
    assert wall.sync(SiteFetcher(site)).ending is Ending.ACTIVATED
    assert wall.shows() == site.version


def _reference(envelope: bytes) -> ManifestReference:
    payload = open_envelope(envelope, DocumentType.MANIFEST).payload
    return ManifestReference(decode(payload).version, digest_of(payload), len(payload))


def refused_after(name: str) -> Callable[[str], None]:
    def fail(called: str) -> None:
        if called == name:
            raise ServerUnreachable("server", "gone")

    return fail


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


def test_what_is_shown_first_comes_first(site: Site) -> None:
    contents = [b"%d" % number for number in range(6)]
    # Listed in one order, shown in another: the playlist decides.
    assets = {f"a{n}": an_image(content) for n, content in enumerate(contents)}
    assets["card"] = a_card(
        blobs={"photo": {"sha256": digest_of(b"photo"), "bytes": 5, "mime": "image/png"}}
    )
    shown = ["a3", "card", "a5", "a0"]
    site.publisher.publish(assets=assets, items=[an_item(f"i{n}", a) for n, a in enumerate(shown)])
    manifest = site.publisher.manifest
    ordered = [file.sha256 for file in in_order_of_need(manifest, NOW)]
    contents_shown = [contents[3], b"photo", contents[5], contents[0]]
    wanted = [digest_of(content) for content in contents_shown]
    start = wanted.index(ordered[0])  # the loop may stand anywhere at this instant
    assert ordered[:4] == wanted[start:] + wanted[:start]
    assert set(ordered) == set(manifest.files())


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


def test_two_files_with_the_same_bytes_are_fetched_once(tmp_path: Path) -> None:
    site = Site(FIRST, FIRST)
    fetcher = SiteFetcher(site)
    assert Wall(tmp_path, site.paired).sync(fetcher).ending is Ending.ACTIVATED
    assert fetcher.calls.count(f"blobs/{hashlib.sha256(FIRST).hexdigest()}") == 1
