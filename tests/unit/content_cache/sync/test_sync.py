"""The sync pass, blob by blob, against a site in memory: what comes, and what is refused."""

import hashlib
from pathlib import Path

from content_cache.need import in_order_of_need
from content_cache.outcome import Ending
from content_cache.sync import PassOptions
from tests.simulators.manifests import a_card, an_image, an_item
from tests.simulators.publisher import NOW
from tests.simulators.site import Site, SiteFetcher, Wall, digest_of
from tests.unit.content_cache.sync.conftest import FIRST, SECOND, THIRD, codes


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


def test_two_files_with_the_same_bytes_are_fetched_once(tmp_path: Path) -> None:
    site = Site(FIRST, FIRST)
    fetcher = SiteFetcher(site)
    assert Wall(tmp_path, site.paired).sync(fetcher).ending is Ending.ACTIVATED
    assert fetcher.calls.count(f"blobs/{hashlib.sha256(FIRST).hexdigest()}") == 1
