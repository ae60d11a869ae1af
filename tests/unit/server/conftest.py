"""A small enterprise for the tests of publishing."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django.fixtures import Settings

if TYPE_CHECKING:
    from tests.simulators.enterprise import Enterprise


@pytest.fixture
def enterprise(db: None, tmp_path: Path, settings: Settings) -> "Enterprise":
    """An enterprise with its keys installed (level 1)."""
    # Not above: this file is read before Django is set up.
    from server.publishing.signing import forget_signer
    from tests.simulators.enterprise import Enterprise

    settings.DATA = tmp_path
    forget_signer()
    made = Enterprise(tmp_path)
    made.install_keys()
    return made
