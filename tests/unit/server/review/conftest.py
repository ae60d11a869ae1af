"""An enterprise whose screens need three steps of review, and the people who do them."""

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.simulators.enterprise import Enterprise
    from tests.simulators.reviewers import Reviewing


@pytest.fixture
def reviewing(enterprise: "Enterprise") -> "Reviewing":
    """Three steps everywhere; an editor, and a reviewer for each step."""
    # Not above: this file is read before Django is set up.
    from tests.simulators.reviewers import Reviewing

    return Reviewing(enterprise)
