"""A drawing is known by what stands in it: the headlines of cards too."""

from datetime import timedelta

import pytest

from server.publishing.compile import alone
from server.publishing.drawing import drawing_of
from server.publishing.loader import load_asset
from tests.simulators.enterprise import NOW

pytestmark = pytest.mark.django_db


def identity(card):
    return drawing_of(alone(load_asset(card.pk)), NOW).identity


def test_a_card_is_known_by_its_headline(enterprise):
    first, last = NOW.date(), NOW.date() + timedelta(days=7)
    one, other = (enterprise.public_notice(each, first, last) for each in ("选拔公示", "评优公示"))
    assert identity(one) == identity(one)
    assert identity(one) != identity(other)
