"""Attacks on the chain of roots, and what key rotation does to those who hold old keys."""

from datetime import timedelta

import pytest

from manifest.errors import (
    BadSignature,
    RolledBack,
    RootChainBroken,
    WrongAudience,
)
from manifest.trust import MAX_ROOTS_PER_PASS, Trust
from manifest.trust_state import TrustState
from tests.simulators.player import follow_roots, later, refused, sync
from tests.simulators.publisher import Publisher, a_signer


def test_threshold_2_with_1_signature(state: TrustState, publisher: Publisher) -> None:
    trust = Trust(state, publisher.now)
    with refused(trust, BadSignature, "asks for 2 signatures"):
        trust.root(publisher.root_bytes(publisher.signers["root"][:1]))


def test_threshold_met_only_by_repeating_one_signature(
    state: TrustState, publisher: Publisher
) -> None:
    trust = Trust(state, publisher.now)
    with refused(trust, BadSignature, "has 1 "):
        trust.root(publisher.root_bytes(publisher.signers["root"][:1] * 3))


def test_root_of_the_same_version(state: TrustState, publisher: Publisher) -> None:
    trust = Trust(state, publisher.now)
    with refused(trust, RolledBack):
        trust.root(publisher.root_bytes(version=1))


def test_root_of_an_older_version(publisher: Publisher) -> None:
    publisher.rotate("publisher")
    trust = Trust(publisher.pair(), publisher.now)
    with refused(trust, RolledBack):
        trust.root(publisher.roots[0])


def test_root_of_an_older_epoch(publisher: Publisher) -> None:
    publisher.rotate("publisher", new_epoch=True)
    trust = Trust(publisher.pair(), publisher.now)
    with refused(trust, RolledBack, "epoch"):
        trust.root(publisher.root_bytes(epoch=1))


def test_root_that_skips_a_version(state: TrustState, publisher: Publisher) -> None:
    trust = Trust(state, publisher.now)
    with refused(trust, RootChainBroken):
        trust.root(publisher.root_bytes(version=3))


def test_root_that_skips_an_epoch(state: TrustState, publisher: Publisher) -> None:
    trust = Trust(state, publisher.now)
    with refused(trust, RootChainBroken):
        trust.root(publisher.root_bytes(epoch=3))


def test_root_signed_by_the_old_keys_only(state: TrustState, publisher: Publisher) -> None:
    old = publisher.new_keys("root")
    trust = Trust(state, publisher.now)
    with refused(trust, BadSignature, "root 2 asks"):
        trust.root(publisher.root_bytes(old))


def test_root_signed_by_the_new_keys_only(state: TrustState, publisher: Publisher) -> None:
    publisher.new_keys("root")
    trust = Trust(state, publisher.now)
    with refused(trust, BadSignature, "root 1 asks"):
        trust.root(publisher.root_bytes())


def test_root_of_another_organisation_by_our_own_keys(
    state: TrustState, publisher: Publisher
) -> None:
    trust = Trust(state, publisher.now)
    with refused(trust, WrongAudience):
        trust.root(publisher.root_bytes(org="another"))


def test_a_chain_of_three_roots_with_new_root_keys_each_is_followed(
    state: TrustState, publisher: Publisher
) -> None:
    for _ in range(3):
        publisher.rotate("root")
    trust = follow_roots(Trust(state, publisher.now), publisher)
    assert trust.trusted_root.version == 4


def test_a_chain_with_a_missing_link_is_not_followed(
    state: TrustState, publisher: Publisher
) -> None:
    for _ in range(3):
        publisher.rotate("root")
    trust = Trust(state, publisher.now)
    trust.root(publisher.roots[1])
    with refused(trust, BadSignature):  # root 3's keys are unknown to root 2
        trust.root(publisher.roots[3])
    assert trust.trusted_root.version == 2


def test_33_rotations_take_two_passes(state: TrustState, publisher: Publisher) -> None:
    for _ in range(33):
        publisher.rotate("root")
    trust = Trust(state, publisher.now)
    for root in publisher.roots[1 : MAX_ROOTS_PER_PASS + 1]:
        trust.root(root)
    with refused(trust, RootChainBroken, "the next pass goes on"):
        trust.root(publisher.roots[33])
    assert follow_roots(Trust(trust.state, publisher.now), publisher).trusted_root.version == 34


def test_after_a_refused_root_the_pass_goes_on_with_the_trusted_one(
    state: TrustState, publisher: Publisher
) -> None:
    publisher.publish()
    trust = Trust(state, publisher.now)
    with refused(trust, BadSignature):
        trust.root(publisher.root_bytes([a_signer("somebody")]))
    trust.freshness(publisher.freshness_bytes())
    assert trust.manifest(publisher.manifest_bytes()).manifest == publisher.manifest


@pytest.mark.parametrize("role", ["publisher", "freshness", "bundle", "root"])
def test_a_screen_that_slept_through_two_rotations_catches_up(
    role: str, state: TrustState, publisher: Publisher
) -> None:
    publisher.rotate(role)
    publisher.rotate(role)
    later(publisher, timedelta(days=200)).publish()
    assert sync(state, publisher).manifest.version == publisher.version


@pytest.mark.parametrize(("role", "document"), [("publisher", "manifest"), ("freshness",) * 2])
def test_a_revoked_key_signs_nothing_any_more(
    role: str, document: str, state: TrustState, publisher: Publisher
) -> None:
    stolen = publisher.new_keys(role)
    publisher.publish_root()
    later(publisher).publish()
    trust = follow_roots(Trust(state, publisher.now), publisher)
    if document == "manifest":
        trust.freshness(publisher.freshness_bytes())
    with refused(trust, BadSignature):
        getattr(trust, document)(publisher.signed_by(document, stolen))
