"""An item that a screen cannot show is flagged wherever people meet it, with what to do."""

import pytest

from server.accounts.models import Role
from server.clock import SystemClock
from server.programme.models import Playlist, PlaylistItem
from server.publishing.services import publish
from server.telemetry.faults import fault_open
from server.telemetry.values import FaultNote
from tests.simulators import server_objects as objects
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db

WORDS = "A screen cannot show it"


@pytest.fixture
def poster(enterprise):
    return enterprise.picture("Poster")


@pytest.fixture
def screen(enterprise, poster):
    screen = enterprise.lobby(poster, enterprise.picture("Flag"))
    publish(screens=[screen], actor=None, reason="", now=enterprise.now)
    return screen


def tell(screen, subject, code="MEDIA_BAD"):
    now = SystemClock().now()
    fault_open(screen.pk, FaultNote(code, subject, "no picture", "W", now), now)


def item_of(poster):
    return PlaylistItem.objects.get(asset=poster).pk


@pytest.mark.parametrize("code", ["MEDIA_BAD", "QUARANTINE"])
def test_library_asset_and_playlist_flag_what_a_screen_cannot_show(
    enterprise, screen, poster, code
):
    boss = browser_of(enterprise.administrator)
    playlist = Playlist.objects.get()
    pages = ("/library/", f"/playlists/{playlist.pk}/")
    assert all(WORDS not in boss.get(page).content.decode() for page in pages)
    tell(screen, f"i{item_of(poster)} (Poster)", code)
    for page in pages:
        assert boss.get(page).content.decode().count(f">{WORDS}<") == 1, f"one item of {page}"
    page = boss.get(f"/library/{poster.pk}/").content.decode()
    assert "Screens report that they cannot show it" in page
    assert f'href="/screens/{screen.pk}/">{screen.name}' in page
    assert "Replace the file by one that is whole" in page


def test_the_overview_says_which_item_it_is(enterprise, screen, poster):
    tell(screen, f"i{item_of(poster)} (Poster)")
    page = browser_of(enterprise.administrator).get("/").content.decode()
    assert "“Poster”" in page
    assert "no picture" not in page


def test_of_screens_elsewhere_only_the_number_is_told(enterprise, screen, poster, ours):
    poster.department = ours.department
    poster.save()
    screen.department = objects.department(name="Elsewhere")
    screen.save()
    tell(screen, f"i{item_of(poster)} (Poster)")
    page = browser_of(ours.people[Role.EDITOR]).get(f"/library/{poster.pk}/").content.decode()
    assert "1 screen of another department" in page
    assert screen.name not in page


def test_what_names_no_item_flags_nothing(enterprise, screen):
    for subject in ("", "clock", "i", "i99999999999999999999 (x)", "(i1)"):
        tell(screen, subject)
    assert WORDS not in browser_of(enterprise.administrator).get("/library/").content.decode()
