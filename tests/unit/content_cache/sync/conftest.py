"""A site in memory that has published two pictures, and a wall that has nothing yet."""

from pathlib import Path

import pytest

from content_cache.outcome import SyncOutcome
from tests.simulators.site import Site, Wall

FIRST, SECOND, THIRD = b"first" * 2000, b"second" * 2000, b"third" * 2000


@pytest.fixture
def site() -> Site:
    return Site(FIRST, SECOND)


@pytest.fixture
def wall(tmp_path: Path, site: Site) -> Wall:
    return Wall(tmp_path / "cache", site.paired)


def codes(outcome: SyncOutcome) -> list[str]:
    return [fault.code for fault in outcome.faults]
