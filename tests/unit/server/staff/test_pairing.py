"""The QR code on an unpaired screen leads to a page that asks for a login and keeps the code."""

import pytest
from django.test import Client

from manifest.trust_state import fingerprint
from player.agent.slate_card import pairing_address
from player.stage.slate import FINGERPRINT_DIGITS as ON_THE_GLASS
from server.accounts.models import Role
from server.clock import SystemClock
from server.publishing.selectors import newest_root
from server.staff.screens.pairing import FINGERPRINT_DIGITS, root_fingerprint
from tests.simulators import server_objects as objects
from tests.simulators.two_departments import Things
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db

PASSWORD = "a lantern over the gate"


def test_the_code_is_kept_through_the_login(enterprise):
    admin = enterprise.administrator
    admin.set_password(PASSWORD)
    admin.save()
    phone = Client()
    told = phone.get(pairing_address("", "123456"))
    assert told.status_code == 302
    login = told["Location"]
    page = phone.get(login)
    sent = {"username": admin.username, "password": PASSWORD, "next": page.context["next"]}
    answer = phone.post("/login/", sent)
    assert answer["Location"] == "/pair?code=123456"
    assert 'value="123456"' in phone.get(answer["Location"]).content.decode()


def test_the_box_whose_code_was_scanned_becomes_the_chosen_screen(enterprise):
    things = Things(enterprise, objects.department())
    screen = objects.screen(enterprise.department, enterprise.site)
    browser = browser_of(enterprise.administrator)
    code = things.code(SystemClock().now())
    page = browser.get(f"/pair?code={code}")
    assert f'value="{code}"' in page.content.decode()
    refused = browser.post(f"/pair?code={code}", {"code": code})
    assert refused.status_code == 422
    assert f'value="{code}"' in refused.content.decode()
    answer = browser.post(f"/pair?code={code}", {"code": code, "screen": screen.pk})
    assert answer["Location"] == f"/screens/{screen.pk}/wall/"
    assert screen.pairings.get().claimed_by == enterprise.administrator


def test_the_page_shows_the_fingerprint_that_the_box_shows(enterprise):
    digits, rest = root_fingerprint()
    assert FINGERPRINT_DIGITS == ON_THE_GLASS
    whole = fingerprint(bytes(newest_root()[0].envelope))
    assert (digits + rest).replace(" ", "") == whole
    assert len(digits.replace(" ", "")) == ON_THE_GLASS
    screen = objects.screen(enterprise.department, enterprise.site)
    browser = browser_of(enterprise.administrator)
    for page in ("/pair", f"/screens/{screen.pk}/"):
        assert digits in browser.get(page).content.decode()


def test_only_screens_of_ones_own_are_offered(enterprise):
    ours, theirs = objects.department(), objects.department()
    mine = objects.screen(ours, enterprise.site)
    other = objects.screen(theirs, enterprise.site)
    browser = browser_of(objects.staff(Role.ADMINISTRATOR, of=ours))
    page = browser.get("/pair?code=000000").content.decode()
    assert f'value="{mine.pk}"' in page
    assert f'value="{other.pk}"' not in page
    sent = {"code": "000000", "screen": other.pk}
    assert browser.post("/pair", sent).status_code == 422


def test_a_wrong_code_says_what_to_do(enterprise):
    screen = objects.screen(enterprise.department, enterprise.site)
    browser = browser_of(enterprise.administrator)
    answer = browser.post("/pair", {"code": "000000", "screen": screen.pk})
    assert answer.status_code == 422
    assert "look at the screen again" in answer.content.decode()
