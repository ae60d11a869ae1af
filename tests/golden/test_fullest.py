"""However much a card is given, it stands: its first page is there, and it says how many follow."""

import pytest

from tests.golden.case import Case
from tests.golden.fullest import FULLEST
from tests.golden.rendering import Renderer


@pytest.mark.parametrize("case", FULLEST, ids=lambda case: case.name)
def test_a_card_stands_with_as_much_as_it_takes(case: Case, renderer: Renderer) -> None:
    shown = renderer.draw(case).image
    assert shown.size == case.size
    assert len(shown.convert("L").resize((160, 90)).getcolors(256) or ()) > 8, (
        "nothing stands there"
    )
