"""Tokens of one's own and enrolment keys: made on a page, shown once, revoked, nobody else's."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils.timezone import localdate

from server.accounts.models import ApiToken, Role
from server.clock import SystemClock
from server.screens.errors import EnrolmentRefused
from server.screens.models import EnrolmentKey
from server.screens.pairing import pairing_request
from tests.simulators import server_objects as objects
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db

_SECRET = re.compile(r'<code class="secret">([^<]+)</code>')


def shown(answer):
    found = _SECRET.findall(answer.content.decode())
    return found[0] if found else None


def test_a_token_is_shown_once_works_and_is_revoked(enterprise):
    person = objects.staff(Role.EDITOR, of=enterprise.department)
    browser = browser_of(person)
    secret = shown(browser.post("/account/tokens/", {"name": "of the night", "days": 30}))
    token = person.api_tokens.get()
    assert token.expires_at - token.created_at == timedelta(days=30)
    assert shown(browser.get("/account/tokens/")) is None
    assert "of the night" in browser.get("/account/tokens/").content.decode()
    script = Client(headers={"Authorization": f"Bearer {secret}"})
    assert script.get("/api/v1/playlists/").status_code == 200
    assert browser.post(f"/account/tokens/{token.pk}/revoke/").status_code == 302
    assert script.get("/api/v1/playlists/").status_code == 401


def test_nobody_sees_or_revokes_a_token_of_another(enterprise):
    person = objects.staff(Role.EDITOR, of=enterprise.department)
    browser_of(person).post("/account/tokens/", {"name": "of the night", "days": 30})
    other = browser_of(enterprise.administrator)
    assert "of the night" not in other.get("/account/tokens/").content.decode()
    token = ApiToken.objects.get()
    assert other.post(f"/account/tokens/{token.pk}/revoke/").status_code == 404
    assert ApiToken.objects.get().revoked_at is None


def test_a_token_has_an_end_and_a_name(enterprise):
    browser = browser_of(enterprise.administrator)
    assert browser.post("/account/tokens/", {"name": "", "days": 30}).status_code == 422
    assert browser.post("/account/tokens/", {"name": "x", "days": 10_000}).status_code == 422
    assert not ApiToken.objects.exists()


@pytest.mark.expects_log("an enrolment key that is revoked")
def test_an_enrolment_key_is_shown_once_lets_boxes_in_and_is_revoked(enterprise):
    browser = browser_of(enterprise.administrator)
    group = objects.group(enterprise.department)
    sent = {"name": "canteen", "site": enterprise.site.pk, "uses": 2,
            "department": enterprise.department.pk, "groups": [group.pk],
            "last_day": localdate() + timedelta(days=3)}  # fmt: skip
    secret = shown(browser.post("/screens/keys/", sent))
    assert shown(browser.get("/screens/keys/")) is None
    asked = {"device": {"hostname": "canteen-1"}, "address": "10.0.0.9"}
    now = SystemClock().now()
    made = pairing_request(**asked, enrolment_key=secret, now=now).pairing.screen
    assert list(made.groups.all()) == [group]
    key = EnrolmentKey.objects.get()
    assert key.uses_left == 1
    assert browser.post(f"/screens/keys/{key.pk}/revoke/").status_code == 302
    with pytest.raises(EnrolmentRefused):
        pairing_request(**asked, enrolment_key=secret, now=now)


def test_a_key_that_is_over_before_it_begins_is_refused(enterprise):
    browser = browser_of(enterprise.administrator)
    sent = {"name": "canteen", "site": enterprise.site.pk, "uses": 1,
            "department": enterprise.department.pk, "last_day": "2020-01-01"}  # fmt: skip
    answer = browser.post("/screens/keys/", sent)
    assert answer.status_code == 422
    assert "ends in the future" in answer.content.decode()
    assert 'value="canteen"' in answer.content.decode()
