"""A short name is made of a name where nobody types one: 拼音 by its initials, each once."""

import pytest
from django.db import transaction

from server.errors import Invalid
from server.screens.models import MANIFEST_ID
from server.screens.services import screen_create, site_create
from server.screens.short_names import short_name


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("大厅屏 1", "dtp-1"),
        ("食堂入口", "strk"),
        ("Foyer, left", "foyer-left"),
        ("Café Süd", "cafe-sud"),
        ("３号楼（东）", "3hl-d"),
        ("★", "screen"),
        ("", "screen"),
        ("a" * 99, "a" * 58),
    ],
)
def test_a_name_gives_a_short_one(name, short):
    found = short_name(name)
    assert found == short
    MANIFEST_ID(found)


def test_what_is_taken_gets_a_number():
    assert short_name("大厅", {"dt", "dt-2"}) == "dt-3"
    assert len(short_name("a" * 99, {"a" * 58})) <= 64


@pytest.mark.django_db
def test_services_make_one_where_none_is_given(enterprise):
    who = {"actor": enterprise.administrator, "now": enterprise.now}
    site = site_create(slug=" ", name="总部", **who)
    assert site.slug == "zb"
    where = {"site": site, "department": enterprise.department}
    made = [screen_create(slug="", name="大厅", **where, **who) for _ in range(2)]
    assert [each.slug for each in made] == ["dt", "dt-2"]
    with pytest.raises(Invalid), transaction.atomic():
        screen_create(slug="dt", name="大厅", **where, **who)
