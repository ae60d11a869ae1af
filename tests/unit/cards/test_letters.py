"""What the screens can draw, and what is named that they cannot."""

from typing import get_type_hints

import pytest

from cards.catalogue import TEMPLATES
from cards.letters import Undrawable, is_drawable, undrawable_in


def test_a_letter_without_a_shape_is_named_once_for_each_field() -> None:
    data = {"title": "欢迎😀😀", "rows": [{"name": "平安"}, {"name": "ก"}], "n": 3}
    found = list(undrawable_in(data))
    assert found == [Undrawable("data.title", "😀"), Undrawable("data.rows[1].name", "ก")]
    assert [each.is_emoji for each in found] == [True, False]
    assert found[0].code == "U+1F600"


@pytest.mark.parametrize(
    "text", ["中文，Latin 123 —…“”", "★☎→①℃㎡", "𠮷", "e\u0301", "☎\ufe0f", "a\u200db"]
)
def test_common_text_can_be_drawn(text: str) -> None:
    assert list(undrawable_in(text)) == []


def test_what_is_dropped_before_it_is_drawn_is_no_fault() -> None:
    assert list(undrawable_in("停水\u202e\x07")) == []


def test_the_ends_of_the_table_are_no_letters() -> None:
    assert not is_drawable("\U0010fffd")
    assert is_drawable(" ")


def test_no_field_of_a_card_takes_a_colour() -> None:
    """So no contrast has to be checked: all pairs are the theme's, which a test measures."""
    named = [
        f"{name}.{field}"
        for name, template in TEMPLATES.items()
        for field in get_type_hints(template.shape)
        if any(word in field for word in ("color", "colour", "background", "ink", "paper"))
    ]
    assert named == []
