"""Every template, field and choice of a card has a word for people, in Chinese too."""

import pytest
from django.utils import translation

from cards.catalogue import TEMPLATES
from server.datasets.shapes import fields_of, tree_of
from server.staff.data.words import choice_named, field_named, template_named


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_form_speaks_chinese_of_all_that_a_card_takes(name: str) -> None:
    fields = list(fields_of(tree_of(TEMPLATES[name].shape)))
    assert fields or name == "emergency", "a form asks for something"
    with translation.override("zh-hans"):
        said = [template_named(name)]
        said += [part for each in fields for part in field_named(each.path).split(" · ")]
        said += [choice_named(word) for each in fields for word in each.words]
    assert [each for each in said if each.isascii()] == []
