"""The preview of a screen: any instant, the pictures beside it, and the timeline from there on."""

from itertools import pairwise

import pytest

from server.publishing.services import publish
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db

AT = "2026-11-25T11:30:05"


@pytest.fixture
def admin(enterprise):
    return browser_of(enterprise.administrator)


@pytest.fixture
def lobby(enterprise):
    screen = enterprise.lobby(enterprise.picture("Flag"), enterprise.picture("Gate"))
    publish(screens=[screen], actor=None, reason="", now=enterprise.now)
    return screen


def test_the_pictures_before_and_after_have_addresses_of_their_own(admin, lobby):
    page = f"/screens/{lobby.pk}/at/"
    one = admin.get(page, {"at": AT})
    shown = one.context["seen"].zones[0].title
    following = admin.get(page, {"at": one.context["after"]})
    assert following.context["seen"].zones[0].title != shown
    back = admin.get(page, {"at": following.context["before"]})
    assert back.context["seen"].zones[0].title == shown
    assert f'href="{page}?at={one.context["after"]}&amp;of=published"' in one.content.decode()


def test_the_form_leads_to_the_address_of_what_is_chosen(enterprise, admin, lobby):
    first = admin.get("/preview/")
    assert first.status_code == 200
    answer = admin.get("/preview/", {"screen": lobby.pk, "at": AT, "of": "programme"})
    assert answer["Location"] == f"/screens/{lobby.pk}/at/?at=2026-11-25T11%3A30%3A05&of=programme"


def test_without_a_screen_it_says_so(enterprise, admin):
    assert "No screen yet" in admin.get("/preview/").content.decode()


def test_the_timeline_of_a_screen_can_be_played(admin, lobby):
    told = admin.get(f"/screens/{lobby.pk}/reel/", {"at": AT, "minutes": 1}).json()
    assert told["until"] - told["since"] == 60_000
    assert told["timezone"] == lobby.timezone
    titles = [span["parts"][0]["title"] for span in told["spans"]]
    assert set(titles) == {"Flag", "Gate"}
    assert all(one != other for one, other in pairwise(titles))
    assert len({span["picture"] for span in told["spans"]}) == 2


@pytest.mark.parametrize("query", [{}, {"of": "nonsense"}, {"of": "nonsense", "at": "soon"}])
def test_a_picture_of_nothing_is_refused(admin, query):
    assert admin.get("/preview/frame/", query).status_code in {404, 422}


def test_what_is_no_time_is_refused(admin, lobby):
    assert admin.get(f"/screens/{lobby.pk}/reel/", {"at": "soon"}).status_code == 422


def test_the_picture_of_a_screen_belongs_to_the_previews(admin, lobby):
    navigation = admin.get(f"/screens/{lobby.pk}/at/").context["navigation"]
    current = [link.name for group in navigation.groups for link in group.links if link.is_current]
    assert current == ["preview"]
