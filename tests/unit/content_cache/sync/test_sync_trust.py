"""The documents of a sync pass: what is believed, refused and remembered."""

from collections.abc import Callable

import pytest

from content_cache.fetch_errors import ServerRefused, ServerUnreachable
from content_cache.outcome import Ending
from manifest.codec import decode
from manifest.documents import ManifestReference
from manifest.envelope import DocumentType, open_envelope
from tests.simulators.site import Site, SiteFetcher, Wall, digest_of
from tests.unit.content_cache.sync.conftest import FIRST, THIRD, codes


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
