"""What an honest player does with a publisher's documents, without its disk and network."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

import pytest

from manifest.candidate import Candidate, activated
from manifest.errors import ManifestError
from manifest.trust import Trust
from manifest.trust_state import TrustState
from tests.simulators.publisher import Publisher

__all__ = ["accept", "follow_roots", "fresh_pass", "later", "refused", "sync"]


def follow_roots(trust: Trust, publisher: Publisher) -> Trust:
    """Take every root that is newer than the trusted one; returns the pass."""
    for root in publisher.roots[trust.trusted_root.version :]:
        trust.root(root)
    return trust


def fresh_pass(state: TrustState, publisher: Publisher, clock: datetime | None = None) -> Trust:
    """A pass that has taken all roots and a new freshness, at the publisher's time or `clock`."""
    trust = follow_roots(Trust(state, publisher.now if clock is None else clock), publisher)
    trust.freshness(publisher.freshness_bytes())
    return trust


def accept(state: TrustState, publisher: Publisher, clock: datetime | None = None) -> Candidate:
    """The newest manifest, accepted in a pass of its own."""
    return fresh_pass(state, publisher, clock).manifest(publisher.manifest_bytes())


def sync(state: TrustState, publisher: Publisher, clock: datetime | None = None) -> TrustState:
    """A whole pass that activates what is new; the state to persist after it."""
    trust = fresh_pass(state, publisher, clock)
    if trust.wanted() is None:
        return trust.state
    return activated(trust.state, trust.manifest(publisher.manifest_bytes()))


def later(publisher: Publisher, by: timedelta = timedelta(hours=1)) -> Publisher:
    """The publisher after some time."""
    publisher.now += by
    return publisher


@contextmanager
def refused(trust: Trust, error: type[ManifestError], text: str | None = None) -> Iterator[None]:
    """The step inside raises this error, and leaves the state as it was."""
    before = trust.state
    with pytest.raises(error, match=text):
        yield
    assert trust.state == before
