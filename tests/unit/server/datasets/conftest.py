"""Reviews, for the tests of what data may change, and a feed that is followed."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.simulators.newsroom import Newsroom
from tests.unit.server.review.conftest import reviewing

__all__ = ["reviewing"]


@pytest.fixture
def newsroom() -> Iterator[Newsroom]:
    """A site with a feed on the loopback."""
    made = Newsroom()
    yield made
    made.close()


@pytest.fixture
def wire(enterprise: Any, newsroom: Newsroom, settings: Any) -> Any:
    """A data set that follows it."""
    from tests.unit.server.datasets.following import Wire, followed

    return Wire(enterprise, newsroom, followed(enterprise, newsroom, settings))
