"""Rollback, equivocation and mix-up of freshness and manifest; each leaves the state as it was."""

import json
from datetime import timedelta

import pytest

from manifest.documents import ManifestReference
from manifest.errors import (
    BadSignature,
    DigestMismatch,
    Equivocated,
    RolledBack,
    Unapproved,
    WrongAudience,
)
from manifest.trust import Trust
from manifest.trust_state import TrustState
from tests.simulators.player import fresh_pass, later, refused, sync
from tests.simulators.publisher import Publisher


def test_freshness_rollback(state: TrustState, publisher: Publisher) -> None:
    recorded = publisher.freshness_bytes()
    state = sync(state, later(publisher))
    trust = Trust(state, publisher.now)
    with refused(trust, RolledBack):
        trust.freshness(recorded)


def test_freshness_of_equal_version_and_other_bytes(
    state: TrustState, publisher: Publisher
) -> None:
    trust = Trust(state, publisher.now)
    with refused(trust, Equivocated):
        trust.freshness(
            publisher.freshness_bytes(version=state.freshness.version, challenge="x" * 16)
        )


def test_the_very_same_freshness_again_is_no_attack(
    state: TrustState, publisher: Publisher
) -> None:
    publisher.now += timedelta(hours=1)
    said = publisher.freshness_bytes()
    first = Trust(state, publisher.now)
    first.freshness(said)
    second = Trust(first.state, publisher.now)
    second.freshness(said)
    assert second.state.freshness == first.state.freshness


@pytest.mark.parametrize("field", ["org", "site", "screen"])
def test_freshness_of_another_audience(field: str, state: TrustState, publisher: Publisher) -> None:
    trust = Trust(state, later(publisher).now)
    with refused(trust, WrongAudience):
        trust.freshness(publisher.freshness_bytes(**{field: "another"}))


def test_without_a_freshness_no_manifest_is_taken(state: TrustState, publisher: Publisher) -> None:
    """A freshness that never comes (404) leaves the screen as it is: there is no way round it."""
    publisher.publish()
    trust = Trust(state, publisher.now)
    with pytest.raises(RuntimeError, match="out of order"):
        trust.manifest(publisher.manifest_bytes())
    assert trust.state == state


def test_manifest_rollback(state: TrustState, publisher: Publisher) -> None:
    old = publisher.document["version"]
    publisher.publish()
    state = sync(state, later(publisher))
    publisher.publish(version=old)
    trust = fresh_pass(state, later(publisher))
    with refused(trust, RolledBack):
        trust.wanted()
    with refused(trust, RolledBack):
        trust.manifest(publisher.manifest_bytes())


def test_manifest_of_equal_version_and_other_bytes(state: TrustState, publisher: Publisher) -> None:
    publisher.publish(version=publisher.version, items=[])
    trust = fresh_pass(state, later(publisher))
    with refused(trust, Equivocated):
        trust.manifest(publisher.manifest_bytes())


def test_manifest_that_freshness_does_not_name(state: TrustState, publisher: Publisher) -> None:
    publisher.publish()
    trust = fresh_pass(state, publisher)
    publisher.publish()
    with refused(trust, DigestMismatch):
        trust.manifest(publisher.manifest_bytes())


def test_manifest_of_another_length_than_freshness_says(
    state: TrustState, publisher: Publisher
) -> None:
    publisher.publish()
    named = publisher.reference
    trust = Trust(state, publisher.now)
    wrong = ManifestReference(named.version, named.sha256, named.bytes + 1)
    trust.freshness(publisher.freshness_bytes(manifest=wrong))
    with refused(trust, DigestMismatch):
        trust.manifest(publisher.manifest_bytes())


def test_manifest_of_another_version_than_freshness_says(
    state: TrustState, publisher: Publisher
) -> None:
    publisher.publish()
    named = publisher.reference
    trust = Trust(state, publisher.now)
    wrong = ManifestReference(named.version + 1, named.sha256, named.bytes)
    trust.freshness(publisher.freshness_bytes(manifest=wrong))
    with refused(trust, DigestMismatch, "was announced"):
        trust.manifest(publisher.manifest_bytes())


@pytest.mark.parametrize("field", ["site", "screen"])
def test_manifest_of_another_audience(field: str, state: TrustState, publisher: Publisher) -> None:
    publisher.publish(**{field: "another"})
    trust = fresh_pass(state, publisher)
    with refused(trust, WrongAudience):
        trust.manifest(publisher.manifest_bytes())


def test_manifest_of_another_organisation(state: TrustState, publisher: Publisher) -> None:
    """Its keys are not ours, so its signature is none."""
    other = Publisher(org="another")
    publisher.publish()
    trust = fresh_pass(state, publisher)
    with refused(trust, BadSignature):
        trust.manifest(publisher.manifest_bytes(other.signers["publisher"]))


def test_restored_backup_is_refused_until_the_next_publication(
    state: TrustState, publisher: Publisher
) -> None:
    """M24: the server forgets its newest version; unix time carries the next one above it."""
    old_version, old_payload = publisher.version, publisher.payload
    later(publisher).publish()
    state = sync(state, publisher)
    publisher.version, publisher.payload = old_version, old_payload
    publisher.document = json.loads(old_payload)
    trust = fresh_pass(state, later(publisher))
    with refused(trust, RolledBack):
        trust.wanted()
    later(publisher).publish()
    assert sync(trust.state, publisher).manifest != state.manifest


def test_what_the_publisher_signed_alone_is_unapproved(
    state: TrustState, publisher: Publisher
) -> None:
    publisher.require_approvers(2)
    later(publisher).publish()
    trust = fresh_pass(state, publisher)
    online, approvers = publisher.signers["publisher"], publisher.signers["approver"]
    with refused(trust, Unapproved):
        trust.manifest(publisher.manifest_bytes(online))
    with refused(trust, Unapproved):
        trust.manifest(publisher.manifest_bytes([*online, approvers[0], approvers[0]]))
    with refused(trust, BadSignature):
        trust.manifest(publisher.manifest_bytes(approvers))
    assert trust.manifest(publisher.manifest_bytes()).manifest == publisher.manifest
