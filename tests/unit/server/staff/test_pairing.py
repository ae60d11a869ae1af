"""The QR code on an unpaired screen leads to a page that asks for a login and keeps the code."""

import pytest
from django.test import Client

from manifest.trust_state import fingerprint
from player.agent.slate_card import pairing_address
from player.stage.slate import FINGERPRINT_DIGITS as ON_THE_GLASS
from server.accounts.models import Role
from server.clock import SystemClock
from server.publishing.selectors import newest_root
from server.screens.models import Screen
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
    assert "Type the six digits that stand on the screen of the box" in answer.content.decode()


@pytest.mark.parametrize("more", [{}, {"make": "1"}])
def test_a_wrong_code_is_told_before_anything_else_is_asked(enterprise, more):
    browser = browser_of(enterprise.administrator)
    answer = browser.post("/pair", {"code": "000000", "screen": "", **more})
    assert answer.status_code == 422
    assert "No box shows the code 000000 now" in answer.content.decode()


def test_so_many_wrong_codes_are_refused_there_too(enterprise):
    browser = browser_of(enterprise.administrator)
    for _ in range(10):
        browser.post("/pair", {"code": "000000", "make": "1"})
    shown = Things(enterprise, objects.department()).code(SystemClock().now())
    answer = browser.post("/pair", {"code": shown, "make": "1"})
    assert answer.status_code == 422
    assert "Too many wrong codes" in answer.content.decode()


def test_a_new_screen_is_made_without_a_code_too(enterprise):
    answer = browser_of(enterprise.administrator).post("/pair", {"code": "", "make": "1"})
    assert answer["Location"] == "/screens/new/"


def new_screen(enterprise, **more):
    return {
        "name": "大厅屏", "slug": "", "site": enterprise.site.pk, "panel": "always",
        "department": enterprise.department.pk, "canvas_width": 1920, "canvas_height": 1080,
        "timezone": "Asia/Shanghai",
    } | more  # fmt: skip


def test_digits_that_were_typed_come_along_to_a_new_screen_and_pair_it(enterprise):
    code = Things(enterprise, objects.department()).code(SystemClock().now())
    browser = browser_of(enterprise.administrator)
    answer = browser.post("/pair", {"code": code, "screen": "", "make": "1"})
    there = answer["Location"]
    assert there == f"/screens/new/?code={code}"
    assert code in browser.get(there).content.decode()
    refused = browser.post(there, new_screen(enterprise, name=""))
    assert (refused.status_code, code in refused.content.decode()) == (422, True)
    answer = browser.post(there, new_screen(enterprise))
    screen = Screen.objects.get(name="大厅屏")
    assert answer["Location"] == f"/screens/{screen.pk}/wall/"
    assert (screen.slug, screen.pairings.get().code) == ("dtp", code)


def test_a_code_that_nobody_shows_is_told_with_the_screen_made_and_the_digits_kept(enterprise):
    browser = browser_of(enterprise.administrator)
    answer = browser.post("/screens/new/?code=000000", new_screen(enterprise))
    there = f"/screens/{Screen.objects.get(name='大厅屏').pk}/?code=000000"
    assert answer["Location"] == f"{there}#pair"
    page = browser.get(there).content.decode()
    assert 'value="000000"' in page
    assert "No box shows the code 000000 now" in page
    for nonsense in ("<b>", "12", "１２３４５６"):
        page = browser.get("/screens/new/", {"code": nonsense}).content.decode()
        assert "becomes this screen" not in page


def test_the_short_name_is_shown_as_the_name_is_typed(enterprise):
    browser = browser_of(enterprise.administrator)
    objects.screen(enterprise.department, enterprise.site, slug="dtp")
    told = browser.get("/screens/short-name/", {"name": "大厅屏", "site": enterprise.site.pk})
    assert told.content.decode() == "→ dtp-2"
    assert browser.get("/screens/short-name/", {"name": "大厅屏"}).content.decode() == "→ dtp"
    assert browser.get("/screens/short-name/", {"name": " "}).content == b""
    assert 'hx-get="/screens/short-name/"' in browser.get("/screens/new/").content.decode()


def test_a_box_that_shows_its_code_waits_for_who_manages_screens_and_for_nobody_else(enterprise):
    code = Things(enterprise, objects.department()).code(SystemClock().now())
    waits = "A new box waits to be paired"
    page = browser_of(enterprise.administrator).get("/overview/state/").content.decode()
    assert waits in page
    assert 'href="/pair"' in page
    assert code not in page, "the digits prove that somebody stands before the box"
    editor = enterprise.staff("editor", Role.EDITOR)
    assert waits not in browser_of(editor).get("/overview/state/").content.decode()


def test_so_many_boxes_are_one_line(enterprise):
    things = Things(enterprise, objects.department())
    for _ in range(6):
        things.code(SystemClock().now())
    page = browser_of(enterprise.administrator).get("/overview/state/").content.decode()
    assert page.count('href="/pair"') == 1
