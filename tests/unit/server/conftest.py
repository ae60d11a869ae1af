"""A small enterprise for the tests of what is shown."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django.fixtures import Settings

if TYPE_CHECKING:
    from tests.simulators.enterprise import Enterprise
    from tests.simulators.two_departments import Things


@pytest.fixture
def enterprise_without_keys(db: None, tmp_path: Path, settings: Settings) -> Iterator["Enterprise"]:
    """An enterprise that cannot sign anything yet."""
    # Not above: this file is read before Django is set up.
    from server.library.blobs import store
    from server.publishing.signing import forget_signer
    from tests.simulators.enterprise import Enterprise

    settings.DATA = tmp_path
    forget_signer()
    store.cache_clear()
    yield Enterprise(tmp_path)
    store.cache_clear()


@pytest.fixture
def enterprise(enterprise_without_keys: "Enterprise") -> "Enterprise":
    """An enterprise with its keys installed (level 1)."""
    enterprise_without_keys.install_keys()
    return enterprise_without_keys


@pytest.fixture
def ours(enterprise: "Enterprise") -> "Things":
    """One thing of each kind that belongs to the department of the enterprise."""
    from tests.simulators.two_departments import Things

    return Things(enterprise, enterprise.department)
