"""Fast-forward and the way back by a new epoch; offline packages; what lies on the disk."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from manifest.candidate import activated
from manifest.codec import MAX_VERSION
from manifest.errors import (
    BadSignature,
    DigestMismatch,
    FastForward,
    ManifestFormatError,
    RolledBack,
    WrongAudience,
)
from manifest.times import unix_ms
from manifest.trust import Trust
from manifest.trust_state import TrustState, decode_state, encode_state
from tests.simulators.player import follow_roots, fresh_pass, later, refused, sync
from tests.simulators.publisher import Publisher, a_signer


def test_fast_forward_of_the_manifest_is_refused(state: TrustState, publisher: Publisher) -> None:
    publisher.publish(version=2**62)
    trust = fresh_pass(state, later(publisher))
    with refused(trust, FastForward):
        trust.wanted()
    with refused(trust, FastForward):
        trust.manifest(publisher.manifest_bytes())


def test_a_version_of_tomorrow_is_the_last_that_is_accepted(
    state: TrustState, publisher: Publisher
) -> None:
    tomorrow = unix_ms(publisher.now) + 86_400_000
    publisher.publish(version=tomorrow + 1)
    with pytest.raises(FastForward):
        fresh_pass(state, publisher).wanted()
    publisher.publish(version=tomorrow)
    assert fresh_pass(state, publisher).wanted() == publisher.reference


def test_fast_forward_of_the_manifest_by_a_day_is_recovered_by_a_new_epoch(
    state: TrustState, publisher: Publisher
) -> None:
    honest = publisher.version
    publisher.publish(version=unix_ms(publisher.now) + 86_000_000)
    state = sync(state, publisher)
    publisher.version = honest
    later(publisher).publish()
    with pytest.raises(RolledBack):
        sync(state, publisher)
    publisher.rotate("publisher", new_epoch=True)
    assert sync(state, publisher).manifest.version == publisher.version


def test_fast_forward_of_the_freshness_is_recovered_by_a_new_epoch(
    state: TrustState, publisher: Publisher
) -> None:
    trust = Trust(state, publisher.now)
    trust.freshness(publisher.freshness_bytes(version=MAX_VERSION))
    publisher.publish()
    with pytest.raises(RolledBack):
        sync(trust.state, later(publisher))
    publisher.rotate("freshness", new_epoch=True)
    assert sync(trust.state, publisher).manifest.version == publisher.version


def test_fast_forward_of_time_is_a_day_at_the_most_and_recovered_by_a_new_epoch(
    state: TrustState, publisher: Publisher
) -> None:
    trust = Trust(state, publisher.now)
    trust.freshness(publisher.freshness_bytes(server_time=publisher.now + timedelta(days=9000)))
    assert trust.state.time_floor == publisher.now + timedelta(days=1)
    publisher.rotate("freshness", new_epoch=True)
    assert sync(trust.state, later(publisher)).time_floor == publisher.now


def test_fast_forward_of_the_bundle_is_refused(state: TrustState, publisher: Publisher) -> None:
    trust = Trust(state, later(publisher).now)
    with refused(trust, FastForward):
        trust.bundle(publisher.bundle_bytes(version=2**62))


def test_fast_forward_of_the_bundle_by_a_day_is_recovered_by_a_new_epoch(
    state: TrustState, publisher: Publisher
) -> None:
    ahead = unix_ms(publisher.now) + 86_000_000
    later(publisher).publish()
    trust = Trust(state, publisher.now)
    trust.bundle(publisher.bundle_bytes(version=ahead))
    state = activated(trust.state, trust.manifest(publisher.manifest_bytes()))
    later(publisher).publish()
    with pytest.raises(RolledBack):
        Trust(state, publisher.now).bundle(publisher.bundle_bytes())
    publisher.rotate("bundle", new_epoch=True)
    trust = follow_roots(Trust(state, publisher.now), publisher)
    trust.bundle(publisher.bundle_bytes())
    assert trust.wanted() == publisher.reference


def test_a_new_epoch_takes_nothing_off_the_screen(state: TrustState, publisher: Publisher) -> None:
    on_disk = publisher.manifest_bytes()
    publisher.rotate("publisher", new_epoch=True)
    trust = follow_roots(Trust(state, publisher.now), publisher)
    assert trust.recall(on_disk).manifest == publisher.manifest


def test_a_candidate_of_the_old_epoch_is_not_activated_in_the_new_one(
    state: TrustState, publisher: Publisher
) -> None:
    """What a thief signed may be half downloaded when the key is revoked."""
    publisher.publish()
    candidate = fresh_pass(state, publisher).manifest(publisher.manifest_bytes())
    publisher.rotate("publisher", new_epoch=True)
    recovered = follow_roots(Trust(state, publisher.now), publisher).state
    with pytest.raises(RolledBack, match="epoch 1"):
        activated(recovered, candidate)


def test_an_offline_package_takes_the_place_of_freshness(
    state: TrustState, publisher: Publisher
) -> None:
    later(publisher).publish()
    trust = Trust(state, publisher.now)
    trust.bundle(publisher.bundle_bytes())
    candidate = trust.manifest(publisher.manifest_bytes())
    after = activated(trust.state, candidate)
    assert after.bundle is not None
    assert after.manifest.version == publisher.version


def test_an_older_package_is_refused_after_a_newer_one(
    state: TrustState, publisher: Publisher
) -> None:
    old = publisher.bundle_bytes()
    later(publisher).publish()
    trust = Trust(state, publisher.now)
    trust.bundle(publisher.bundle_bytes())
    state = activated(trust.state, trust.manifest(publisher.manifest_bytes()))
    trust = Trust(state, publisher.now)
    with refused(trust, RolledBack):
        trust.bundle(old)


def test_a_package_that_was_never_completed_does_not_raise_its_floor(
    state: TrustState, publisher: Publisher
) -> None:
    old = publisher.bundle_bytes()
    later(publisher).publish()
    trust = Trust(state, publisher.now)
    trust.bundle(publisher.bundle_bytes())
    again = Trust(trust.state, publisher.now)
    again.bundle(old)


@pytest.mark.parametrize("field", ["org", "site"])
def test_a_package_of_another_audience(field: str, state: TrustState, publisher: Publisher) -> None:
    trust = Trust(state, publisher.now)
    with refused(trust, WrongAudience):
        trust.bundle(publisher.bundle_bytes(**{field: "another"}))


def test_a_package_for_other_screens(state: TrustState, publisher: Publisher) -> None:
    trust = Trust(state, publisher.now)
    with refused(trust, WrongAudience):
        trust.bundle(publisher.bundle_bytes(manifests={"canteen": publisher.reference}))


def test_a_package_where_nobody_may_sign_packages(publisher: Publisher) -> None:
    """A role without keys has a threshold of 0, and 0 signatures are still not enough."""
    signers = publisher.signers["bundle"]
    publisher.signers["bundle"], publisher.thresholds["bundle"] = [], 0
    publisher.publish_root()
    trust = Trust(publisher.pair(), publisher.now)
    for by in (signers, []):
        with refused(trust, BadSignature, "names nobody"):
            trust.bundle(publisher.bundle_bytes(by))


def test_a_manifest_that_was_tampered_with_on_the_disk(
    state: TrustState, publisher: Publisher
) -> None:
    trust = Trust(state, publisher.now)
    publisher.publish(items=[])
    with refused(trust, DigestMismatch, "never activated"):
        trust.recall(publisher.manifest_bytes())


def test_a_state_that_was_tampered_with_on_the_disk(state: TrustState) -> None:
    kept = encode_state(state)
    floor = str(state.manifest.version).encode()
    assert floor in kept
    with pytest.raises(ManifestFormatError, match="the digest of the state"):
        decode_state(kept.replace(floor, floor[:-1] + b"1"))


def test_a_root_in_the_state_that_its_own_keys_did_not_sign(
    state: TrustState, publisher: Publisher
) -> None:
    forged = publisher.root_bytes([a_signer("somebody")])
    with pytest.raises(BadSignature):
        Trust(replace(state, root=forged), publisher.now)


def test_power_cut_between_acceptance_and_activation(
    state: TrustState, publisher: Publisher
) -> None:
    """M17: the state kept before activation still accepts that manifest, and the old one plays."""
    shown = publisher.manifest_bytes()
    later(publisher).publish()
    trust = fresh_pass(state, publisher)
    candidate = trust.manifest(publisher.manifest_bytes())
    rebooted = fresh_pass(decode_state(encode_state(trust.state)), publisher)
    assert rebooted.recall(shown)
    assert rebooted.manifest(publisher.manifest_bytes()).sha256 == candidate.sha256
