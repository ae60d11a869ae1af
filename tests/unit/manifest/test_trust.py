"""Trust: the honest way through a pass, and what misuse of it is."""

from datetime import datetime

import pytest

from manifest.candidate import activated
from manifest.trust import Trust
from manifest.trust_state import TrustState
from tests.simulators.publisher import NOW, Publisher


@pytest.fixture
def publisher() -> Publisher:
    return Publisher()


def sync(state: TrustState, publisher: Publisher, clock: datetime | None = None) -> TrustState:
    """One pass of an honest player that activates what it gets; the state after it."""
    trust = Trust(state, publisher.now if clock is None else clock)
    for root in publisher.roots[trust.trusted_root.version :]:
        trust.root(root)
    trust.freshness(publisher.freshness_bytes())
    if trust.wanted() is None:
        return trust.state
    return activated(trust.state, trust.manifest(publisher.manifest_bytes()))


def test_a_paired_screen_accepts_the_newest_manifest(publisher: Publisher) -> None:
    trust = Trust(publisher.pair(), NOW)
    trust.freshness(publisher.freshness_bytes())
    assert trust.wanted() == publisher.reference
    candidate = trust.manifest(publisher.manifest_bytes())
    assert candidate.manifest == publisher.manifest
    assert not candidate.expired
    assert trust.flags == frozenset()
