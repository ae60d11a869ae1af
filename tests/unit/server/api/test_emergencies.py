"""Emergencies and take-downs for scripts: begun once, read screen by screen, ended, undone."""

import uuid
from datetime import timedelta

import pytest
from django.test import Client

from server.accounts.models import Role
from server.accounts.services import token_issue
from server.clock import SystemClock
from server.programme.models import Takeover
from server.publishing.services import publish

pytestmark = pytest.mark.django_db


@pytest.fixture
def poster(enterprise):
    return enterprise.picture("Poster")


@pytest.fixture
def screen(enterprise, poster):
    made = enterprise.lobby(poster)
    publish(screens=[made], actor=None, reason="", now=enterprise.now)
    return made


def script_of(enterprise, person):
    """Sends as a script of `person` does: the status, and what is answered."""
    now = SystemClock().now()
    _row, secret = token_issue(staff=person, name="x", expires_at=None, actor=person, now=now)
    client = Client(headers={"Authorization": f"Bearer {secret}"})

    def ask(method, path, **body):
        sent = {"data": body, "content_type": "application/json"} if body else {}
        answer = getattr(client, method)(f"/api/v1/{path}", **sent)
        return answer.status_code, answer.json()

    return ask


def wanted(screen, **changes):
    return {
        "request": str(uuid.uuid4()), "typed": "演练", "is_drill": True, "title": "停电",
        "issuer": "总值班室", "screens": [screen.pk],
        "ends_at": (SystemClock().now() + timedelta(hours=1)).isoformat(),
    } | changes  # fmt: skip


def test_a_drill_is_begun_once_read_and_ended(enterprise, screen):
    ask, body = script_of(enterprise, enterprise.administrator), wanted(screen)
    status, begun = ask("post", "emergencies/", **body)
    assert (status, begun["emergency"]["is_drill"]) == (201, True)
    assert ask("post", "emergencies/", **body)[1]["emergency"]["id"] == begun["emergency"]["id"]
    assert Takeover.objects.count() == 1
    there = f"emergencies/{begun['emergency']['id']}/"
    (line,) = ask("get", there)[1]["screens"]
    assert (line["screen"], line["stage"]) == (screen.pk, "unreached")
    assert ask("get", "emergencies/")[1]["emergencies"][0]["name"] == "【演练】停电"
    status, refused = ask("post", "emergencies/", **wanted(screen))
    assert (status, refused["error"]["details"]["takeover"]) == (409, begun["emergency"]["id"])
    for _twice in range(2):
        status, over = ask("post", f"{there}end/")
        assert (status, over["is_running"]) == (200, False)
    assert over["emergency"]["ended_by"] == enterprise.administrator.username


def test_the_word_for_the_real_thing_begins_no_drill(enterprise, screen):
    ask = script_of(enterprise, enterprise.administrator)
    assert ask("post", "emergencies/", **wanted(screen, typed="插播"))[0] == 422
    assert ask("post", "emergencies/", **wanted(screen, screens=[99_999]))[0] == 404
    editor = script_of(enterprise, enterprise.staff("editor", Role.EDITOR))
    assert editor("post", "emergencies/", **wanted(screen))[0] == 403
    assert not Takeover.objects.exists()


def test_a_take_down_tells_its_receipts_and_is_undone(enterprise, screen, poster):
    ask = script_of(enterprise, enterprise.administrator)
    there = f"assets/{poster.pk}/"
    assert ask("get", f"{there}take-down/")[1]["is_down"] is False
    assert ask("post", f"{there}withdraw/", reason="Wrong.")[0] == 200
    down = ask("get", f"{there}take-down/")[1]
    assert (down["is_down"], down["reason"]) == (True, "Wrong.")
    assert [(each["screen"], each["stage"]) for each in down["screens"]] == [(screen.pk, "kept")]
    assert ask("post", f"{there}put-back/") == (200, {"asset": poster.pk, "screens": 1})
    assert ask("post", f"{there}put-back/")[0] == 409
