"""The stage that draws the cards of these tests."""

import pytest

from tests.golden.rendering import Renderer


@pytest.fixture(scope="module")
def renderer(qapp):
    """One warm stage for all of them."""
    drawing = Renderer()
    yield drawing
    drawing.close()
