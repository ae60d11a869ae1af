"""One publisher, and one screen that has already shown a manifest of it."""

import pytest

from manifest.trust_state import TrustState
from tests.simulators.player import sync
from tests.simulators.publisher import Publisher


@pytest.fixture
def publisher() -> Publisher:
    return Publisher()


@pytest.fixture
def state(publisher: Publisher) -> TrustState:
    """The state of a screen on which the publisher's first manifest was activated."""
    return sync(publisher.pair(), publisher)
