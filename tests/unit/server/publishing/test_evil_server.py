"""Somebody has taken over the server: database, network, even its keys.  What do walls show?

Each hostile release goes through the real sync pass into a real cache.  What the wall shows after
it must be something that was honestly published (level 2: approved), and never older than before.
The negative control is at the end: the same thief with the keys that count is obeyed.
"""

import hashlib
import random
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import cast

import pytest
from msgspec.structs import replace

from content_cache.outcome import Ending, SyncOutcome
from manifest.codec import decode, encode
from manifest.documents import (
    Freshness,
    ManifestReference,
    decode_freshness,
    encode_freshness,
    encode_root,
)
from manifest.envelope import DocumentType, open_envelope, seal
from manifest.keys import LocalSigner
from manifest.model import ImageAsset, Manifest
from manifest.times import unix_ms
from server.publishing.approvals import approve
from server.publishing.freshness import LIFE_OF_A_FRESHNESS
from server.publishing.models import Publication
from server.publishing.releases import LIFE
from server.publishing.roots import next_root
from server.publishing.selectors import manifest_in
from server.publishing.services import publish
from server.screens.models import Screen
from tests.conftest import DEEP
from tests.simulators.enterprise import Enterprise
from tests.simulators.enterprise_site import EnterpriseSite
from tests.simulators.publisher import a_signer
from tests.simulators.site import Site, SiteFetcher, Wall

#: Hostile releases that one run tries.
RELEASES = 1_000 if DEEP else 60

SLOGAN = b"a slogan of the thief"


class Thief:
    """Holds the server and the network, and keys of their own; `stolen` adds the server's."""

    def __init__(self, site: EnterpriseSite, seed: int, *, stolen: bool) -> None:
        self.site, self.random = site, random.Random(seed)
        self.keys = {role: a_signer(f"thief/{role}") for role in ("publisher", "freshness")}
        if stolen:
            self.keys = {role: site.enterprise.signer(role) for role in self.keys}
        self.recorded: list[dict[str, bytes]] = []
        digest = hashlib.sha256(SLOGAN).hexdigest()
        site.blobs.swapped[digest] = SLOGAN
        self.slogan = ImageAsset("Slogan", digest, len(SLOGAN), "image/jpeg", 1920, 1080)

    def record(self) -> None:
        """Remember what was honest, to play it back later."""
        self.recorded.append(self.site.honest())

    def lie(self) -> str:
        """Replace what the server says by something hostile; returns what was tried."""
        tricks: list[Callable[[], dict[str, bytes]]] = [
            self.another_programme,
            self.another_programme_with_another_freshness,
            self.one_bit,
            self.a_recording,
            self.a_mixture,
            self.a_root_of_mine,
            self.a_version_far_ahead,
            self.the_same_version_again,
            self.another_document,
        ]
        trick = self.random.choice(tricks)
        self.site.lies = trick()
        return trick.__name__

    # --- tricks --------------------------------------------------------------------------------

    def _manifest(self) -> Manifest:
        return manifest_in(self.random.choice(self.recorded)["manifest"])

    def _hijacked(self, ahead: timedelta = timedelta(minutes=1)) -> bytes:
        now = self.site.enterprise.now + ahead
        manifest = self._manifest()
        assets = dict.fromkeys(manifest.assets, self.slogan)
        changed = replace(
            manifest, version=unix_ms(now), issued_at=now, expires_at=now + LIFE, assets=assets
        )
        return encode(changed)

    def _freshness(self, payload: bytes, version: int | None = None) -> bytes:
        now, manifest = self.site.enterprise.now, decode(payload)
        named = ManifestReference(
            manifest.version, hashlib.sha256(payload).hexdigest(), len(payload)
        )
        freshness = Freshness(
            org="group",
            site=manifest.site,
            screen=manifest.screen,
            version=version or manifest.version + 10,
            server_time=now,
            expires_at=now + LIFE_OF_A_FRESHNESS,
            manifest=named,
        )
        return seal(DocumentType.FRESHNESS, encode_freshness(freshness), [self.keys["freshness"]])

    def another_programme(self) -> dict[str, bytes]:
        return {"manifest": self._sealed(self._hijacked())}

    def another_programme_with_another_freshness(self) -> dict[str, bytes]:
        payload = self._hijacked()
        return {"manifest": self._sealed(payload), "freshness": self._freshness(payload)}

    def one_bit(self) -> dict[str, bytes]:
        name = self.random.choice(["manifest", "freshness"])
        body = bytearray(self.site.honest()[name])
        body[self.random.randrange(len(body))] ^= 1 << self.random.randrange(8)
        return {name: bytes(body)}

    def a_recording(self) -> dict[str, bytes]:
        return dict(self.random.choice(self.recorded))

    def a_mixture(self) -> dict[str, bytes]:
        one, other = self.random.choice(self.recorded), self.random.choice(self.recorded)
        return {"manifest": one["manifest"], "freshness": other["freshness"]}

    def a_root_of_mine(self) -> dict[str, bytes]:
        mine = {role: ([key.public_key], 1) for role, key in self.keys.items()}
        mine["root"] = ([a_signer("thief/root").public_key], 1)
        root = next_root(self.site.enterprise.root, changes=mine, now=self.site.enterprise.now)
        envelope = seal(DocumentType.ROOT, encode_root(root), [a_signer("thief/root")])
        return {f"root/{root.version}": envelope} | self.another_programme_with_another_freshness()

    def a_version_far_ahead(self) -> dict[str, bytes]:
        payload = self._hijacked(timedelta(days=400))
        return {"manifest": self._sealed(payload), "freshness": self._freshness(payload)}

    def the_same_version_again(self) -> dict[str, bytes]:
        newest = manifest_in(self.site.honest()["manifest"])
        assets = dict.fromkeys(newest.assets, self.slogan)
        payload = encode(replace(newest, assets=assets))
        return {"manifest": self._sealed(payload), "freshness": self._freshness(payload)}

    def another_document(self) -> dict[str, bytes]:
        honest = self.site.honest()
        return {"manifest": honest["freshness"], "freshness": honest["manifest"]}

    def _sealed(self, payload: bytes) -> bytes:
        """Signed with the thief's keys; approvals of another manifest are tried as well."""
        return seal(DocumentType.MANIFEST, payload, [self.keys["publisher"]])


def synced(wall: Wall, site: EnterpriseSite) -> SyncOutcome:
    """One real pass against what the site says."""
    return wall.sync(SiteFetcher(cast(Site, site)))


def published_by_hand(enterprise: Enterprise, screen: Screen) -> None:
    """An editor adds a picture, it is published, and approved where that is asked for."""
    assert screen.default_layout is not None
    enterprise.add(screen.default_layout.zones.get().playlist, enterprise.picture())
    release = publish(screens=[screen], actor=None, reason="", now=enterprise.later())
    assert release is not None
    for publication in release.publications.filter(complete=False):
        payload = open_envelope(bytes(publication.envelope), DocumentType.MANIFEST).payload
        signed = seal(DocumentType.MANIFEST, payload, enterprise.approvers)
        approve(envelope=signed, actor=None, now=enterprise.now)


def honest_versions() -> set[int]:
    return set(Publication.objects.filter(complete=True).values_list("version", flat=True))


def besiege(enterprise: Enterprise, folder: Path, *, stolen: bool) -> None:
    """Try hostile releases between honest ones; the wall never shows anything else."""
    screen = enterprise.lobby()
    publish(screens=[screen], actor=None, reason="", now=enterprise.now)
    published_by_hand(enterprise, screen)
    site = EnterpriseSite(enterprise, screen)
    wall, thief = Wall(folder, site.paired), Thief(site, seed=7, stolen=stolen)
    thief.record()
    assert synced(wall, site).ending == Ending.ACTIVATED
    floor, tried = wall.shows(), set[str]()
    for number in range(RELEASES):
        if number % 10 == 9:
            published_by_hand(enterprise, screen)
            thief.record()
            site.lies = {}
        else:
            tried.add(thief.lie())
        synced(wall, site)
        shown = wall.shows()
        assert shown in honest_versions(), f"release {number}: {tried}"
        assert floor is not None
        assert shown >= floor, "an older manifest came back"
        floor = shown
    assert len(tried) == 9


def test_without_a_key_nothing_unsigned_and_nothing_older_is_shown(
    enterprise: Enterprise, tmp_path: Path
) -> None:
    besiege(enterprise, tmp_path / "wall", stolen=False)


def test_with_the_servers_keys_nothing_unapproved_is_shown_at_level_2(
    enterprise_without_keys: Enterprise, tmp_path: Path
) -> None:
    enterprise_without_keys.install_keys(approvers=2)
    enterprise = enterprise_without_keys
    screen = enterprise.lobby()
    publish(screens=[screen], actor=None, reason="", now=enterprise.now)
    published_by_hand(enterprise, screen)
    site = EnterpriseSite(enterprise, screen)
    wall, thief = Wall(tmp_path / "wall", site.paired), Thief(site, seed=11, stolen=True)
    thief.record()
    synced(wall, site)
    assert wall.shows() in honest_versions()
    for _release in range(RELEASES):
        thief.lie()
        synced(wall, site)
        assert wall.shows() in honest_versions()


def test_negative_control_with_the_servers_keys_level_1_obeys_the_thief(
    enterprise: Enterprise, tmp_path: Path
) -> None:
    screen = enterprise.lobby()
    publish(screens=[screen], actor=None, reason="", now=enterprise.now)
    site = EnterpriseSite(enterprise, screen)
    wall, thief = Wall(tmp_path / "wall", site.paired), Thief(site, seed=1, stolen=True)
    thief.record()
    synced(wall, site)
    site.lies = thief.another_programme_with_another_freshness()
    synced(wall, site)
    assert wall.shows() not in honest_versions(), "the siege above can see a break-in"
    # And the cure: new keys, a new epoch, everything published anew.
    site.lies = {}
    enterprise.later()
    enterprise.rotate("publisher", "freshness", new_epoch=True)
    published_by_hand(enterprise, screen)
    synced(wall, site)
    assert wall.shows() in honest_versions()
    site.lies = thief.another_programme_with_another_freshness()
    synced(wall, site)
    assert wall.shows() in honest_versions()


def test_a_blob_that_was_swapped_in_the_store_is_never_shown(
    enterprise: Enterprise, tmp_path: Path
) -> None:
    screen = enterprise.lobby()
    publish(screens=[screen], actor=None, reason="", now=enterprise.now)
    site = EnterpriseSite(enterprise, screen)
    wall = Wall(tmp_path / "wall", site.paired)
    for sha256 in list(site.blobs):
        site.blobs.swapped[sha256] = b"x" * len(site.blobs[sha256])
    synced(wall, site)
    assert wall.shows() is None
    site.blobs.swapped.clear()
    synced(wall, site)
    assert wall.shows() in honest_versions()


def test_the_freshness_of_one_screen_says_nothing_of_another(
    enterprise: Enterprise, tmp_path: Path
) -> None:
    mine, other = enterprise.lobby(), enterprise.lobby()
    publish(screens=[mine, other], actor=None, reason="", now=enterprise.now)
    site, foreign = EnterpriseSite(enterprise, mine), EnterpriseSite(enterprise, other).honest()
    wall = Wall(tmp_path / "wall", site.paired)
    for lies in (foreign, {"manifest": foreign["manifest"]}, {"freshness": foreign["freshness"]}):
        site.lies = lies
        assert synced(wall, site).ending == Ending.REFUSED
    assert wall.shows() is None
    said = open_envelope(foreign["freshness"], DocumentType.FRESHNESS).payload
    assert decode_freshness(said).screen == other.slug


@pytest.mark.parametrize("signer", ["publisher", "freshness"])
def test_a_key_of_another_role_signs_nothing_here(
    enterprise: Enterprise, tmp_path: Path, signer: str
) -> None:
    screen = enterprise.lobby()
    publish(screens=[screen], actor=None, reason="", now=enterprise.now)
    site = EnterpriseSite(enterprise, screen)
    thief = Thief(site, seed=1, stolen=True)
    thief.record()
    swapped: dict[str, LocalSigner] = {
        "publisher": thief.keys["freshness"], "freshness": thief.keys["publisher"],
    }  # fmt: skip
    thief.keys[signer] = swapped[signer]
    site.lies = thief.another_programme_with_another_freshness()
    wall = Wall(tmp_path / "wall", site.paired)
    assert synced(wall, site).ending == Ending.REFUSED
    assert wall.shows() is None
