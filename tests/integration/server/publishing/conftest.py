"""An enterprise whose previews are drawn by the real stage, which is ended with the test."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

import pytest

from tests.integration.stage.conftest import clip, solid
from tests.unit.server.conftest import enterprise, enterprise_without_keys

if TYPE_CHECKING:
    from pathlib import Path

    from server.library.models import Asset
    from tests.simulators.enterprise import Enterprise
    from tests.simulators.theatre import Rgb

__all__ = ["clip", "enterprise", "enterprise_without_keys", "picture", "solid", "stage_ends"]


@pytest.fixture(autouse=True)
def stage_ends(enterprise: "Enterprise") -> Iterator[None]:
    """No child is left, whatever happens."""
    from server.publishing.preview import close_stage

    yield
    close_stage()


@pytest.fixture
def picture(
    enterprise: "Enterprise", solid: Callable[[str, "Rgb"], "Path"]
) -> Callable[[str, "Rgb"], "Asset"]:
    """A picture of one colour."""

    def make(title: str, rgb: "Rgb") -> "Asset":
        content = solid(f"{title}.jpg", rgb).read_bytes()
        return enterprise.media(title, content, "image/jpeg", width=320, height=180)

    return make
