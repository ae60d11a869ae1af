"""Trust without an enemy: the honest way through a pass, misuse of it, and the state it leaves."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from manifest.candidate import activated
from manifest.errors import DigestMismatch, ManifestFormatError, RolledBack, WrongDocument
from manifest.trust import Trust
from manifest.trust_state import (
    KEPT_ACTIVATIONS,
    TrustState,
    decode_state,
    encode_state,
    fingerprint,
    pair,
)
from tests.simulators.player import accept, fresh_pass, later, sync
from tests.simulators.publisher import NOW, Publisher


def test_a_paired_screen_accepts_the_newest_manifest(publisher: Publisher) -> None:
    trust = Trust(publisher.pair(), NOW)
    trust.freshness(publisher.freshness_bytes())
    assert trust.wanted() == publisher.reference
    candidate = trust.manifest(publisher.manifest_bytes())
    assert candidate.manifest == publisher.manifest
    assert not candidate.expired
    assert trust.flags == frozenset()


def test_a_screen_that_has_the_newest_wants_nothing(
    state: TrustState, publisher: Publisher
) -> None:
    assert fresh_pass(state, publisher).wanted() is None


def test_acceptance_alone_raises_no_floor(state: TrustState, publisher: Publisher) -> None:
    later(publisher).publish()
    trust = fresh_pass(state, publisher)
    trust.manifest(publisher.manifest_bytes())
    assert trust.state.manifest == state.manifest
    assert trust.state.activated == state.activated


def test_activation_raises_the_floor_and_keeps_the_previous_generation_known(
    state: TrustState, publisher: Publisher
) -> None:
    shown = publisher.manifest_bytes()
    later(publisher).publish()
    after = activated(state, accept(state, publisher))
    assert after.manifest.version == publisher.version > state.manifest.version
    assert Trust(after, publisher.now).recall(shown)


def test_only_the_last_few_activations_are_remembered(
    state: TrustState, publisher: Publisher
) -> None:
    shown = publisher.manifest_bytes()
    for _ in range(KEPT_ACTIVATIONS):
        later(publisher).publish()
        state = sync(state, publisher)
    assert len(state.activated) == KEPT_ACTIVATIONS
    with pytest.raises(DigestMismatch):
        Trust(state, publisher.now).recall(shown)


def test_a_candidate_that_was_overtaken_is_not_activated(
    state: TrustState, publisher: Publisher
) -> None:
    later(publisher).publish()
    slow = accept(state, publisher)
    later(publisher).publish()
    state = sync(state, publisher)
    with pytest.raises(RolledBack, match="activated before"):
        activated(state, slow)


def test_activating_twice_is_activating_once(state: TrustState, publisher: Publisher) -> None:
    later(publisher).publish()
    candidate = accept(state, publisher)
    once = activated(state, candidate)
    assert activated(once, candidate) == once


# --- pairing -----------------------------------------------------------------------------------


def test_a_screen_is_paired_by_the_fingerprint_of_a_root(publisher: Publisher) -> None:
    root = publisher.roots[0]
    state = pair(root, fingerprint(root).upper(), "hq", "lobby-1")
    assert Trust(state, NOW).trusted_root.version == 1


def test_a_screen_can_be_paired_with_a_later_root(publisher: Publisher) -> None:
    publisher.rotate("root")
    publisher.rotate("publisher")
    later(publisher).publish()
    assert sync(publisher.pair(), publisher).manifest.version == publisher.version


def test_another_root_than_the_fingerprint_says_is_not_trusted(publisher: Publisher) -> None:
    other = Publisher(org="another").roots[0]
    with pytest.raises(DigestMismatch, match="ask who gave you the fingerprint"):
        pair(other, fingerprint(publisher.roots[0]), "hq", "lobby-1")


def test_only_a_root_can_be_paired_with(publisher: Publisher) -> None:
    with pytest.raises(WrongDocument):
        pair(publisher.manifest_bytes(), "0" * 64, "hq", "lobby-1")


# --- misuse ------------------------------------------------------------------------------------


def test_steps_out_of_order_are_our_bug(state: TrustState, publisher: Publisher) -> None:
    fresh = Trust(state, NOW)
    for early in (fresh.wanted, lambda: fresh.manifest(publisher.manifest_bytes())):
        with pytest.raises(RuntimeError, match="out of order"):
            early()
    after = fresh_pass(state, publisher)
    for late, data in (
        (after.root, publisher.root_bytes()),
        (after.freshness, publisher.freshness_bytes()),
        (after.bundle, publisher.bundle_bytes()),
    ):
        with pytest.raises(RuntimeError, match="out of order"):
            late(data)


# --- the state -----------------------------------------------------------------------------------


def test_a_state_survives_its_encoding(state: TrustState, publisher: Publisher) -> None:
    for each in (state, publisher.pair()):
        assert decode_state(encode_state(each)) == each


@given(st.data())
def test_no_flipped_bit_of_a_state_goes_unnoticed(data: st.DataObject) -> None:
    publisher = Publisher()
    kept = bytearray(encode_state(sync(publisher.pair(), publisher)))
    place = data.draw(st.integers(0, 8 * len(kept) - 1))
    kept[place // 8] ^= 1 << place % 8
    with pytest.raises(ManifestFormatError):
        decode_state(bytes(kept))


@given(st.data())
def test_no_truncated_state_is_read(data: st.DataObject) -> None:
    kept = encode_state(Publisher().pair())
    with pytest.raises(ManifestFormatError):
        decode_state(kept[: data.draw(st.integers(0, len(kept) - 1))])
