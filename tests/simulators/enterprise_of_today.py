"""The small enterprise at the time that it is: for tests that come in by the doors of the server.

Views ask the system's clock; what was published before must not lie in their future.  Imports
Django late: conftest files are read before it is set up.
"""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django.fixtures import Settings

if TYPE_CHECKING:
    from tests.simulators.enterprise import Enterprise

__all__ = ["enterprise", "of_today"]


def of_today(folder: Path) -> "Enterprise":
    """The same, made in `folder`."""
    from server.clock import SystemClock
    from tests.simulators.enterprise import Enterprise

    an_hour_ago = SystemClock().now().replace(microsecond=0) - timedelta(hours=1)
    made = Enterprise(folder, an_hour_ago)
    made.install_keys()
    return made


@pytest.fixture
def enterprise(db: None, tmp_path: Path, settings: Settings) -> "Iterator[Enterprise]":
    """An enterprise with its keys installed, an hour old."""
    from server.library import parts
    from server.library.blobs import store
    from server.publishing.signing import forget_signer

    settings.DATA = tmp_path
    settings.MIN_FREE_BYTES = 0
    forget_signer()
    store.cache_clear()
    yield of_today(tmp_path)
    store.cache_clear()
    parts.forget(tmp_path)
