"""Other systems hand in notices, rows and alerts: done once, with narrow tokens."""

import json
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client

from server.accounts import services as accounts
from server.api.models import SentOnce
from server.api.once import KEPT, answers_forget
from server.clock import SystemClock
from server.configuration import Configuration
from server.library.models import Asset
from tests.simulators.cap_documents import cap

API_DOCUMENT = Path(__file__).parents[4] / "docs" / "api.md"
NOTICE = {"title": "周三停水通知", "body": "三号楼周三停水。", "issuer": "后勤部", "tags": ["OA"]}


class Script:
    """A program with a token of some scope."""

    def __init__(self, staff, scope=""):
        now = SystemClock().now()
        _token, secret = accounts.token_issue(
            staff=staff, name="script", scope=scope, expires_at=now + timedelta(days=1),
            actor=staff, now=now,
        )  # fmt: skip
        self._headers = {"Authorization": f"Bearer {secret}"}

    def sends(self, path, body, key="", method="post"):
        headers = self._headers | ({"Idempotency-Key": key} if key else {})
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        send = getattr(Client(), method)
        return send(f"/api/v1/{path}", data, content_type="application/json", headers=headers)


@pytest.fixture
def office(ours):
    return Script(ours.people["editor"])


def test_a_notice_becomes_a_card_that_waits_in_the_library(ours, office):
    until = (SystemClock().now() + timedelta(days=9)).isoformat()
    answer = office.sends("notices/", NOTICE | {"valid_until": until})
    assert answer.status_code == 201, answer.content
    card = Asset.objects.get(pk=answer.json()["asset"])
    assert card.content["template"] == "notice"
    assert card.content["data"]["issuer"] == "后勤部"
    assert [each.name for each in card.tags.all()] == ["OA"]
    assert card.valid_until is not None
    assert not card.items.exists()


def test_a_notice_that_the_wall_could_not_show_is_refused(office):
    answer = office.sends("notices/", NOTICE | {"body": "   "})
    assert answer.status_code == 422
    assert not Asset.objects.filter(title=NOTICE["title"]).exists()


def test_a_card_is_handed_in_with_its_pictures_and_keeps_them(ours, office):
    picture = ours.enterprise.picture("先锋")
    card = {
        "title": "先锋", "template": "honour", "pictures": {"portrait1": picture.pk},
        "data": {"people": [{"name": "先锋", "portrait": "portrait1"}]},
    }  # fmt: skip
    answer = office.sends("cards/", card)
    assert answer.status_code == 201, answer.content
    made, version = Asset.objects.get(pk=answer.json()["id"]), answer.json()["version"]
    files = made.content["blobs"]
    assert files["portrait1"]["sha256"] == picture.renditions.get(purpose="wall").blob_id
    change = {"version": version, "data": card["data"] | {"title": "身边的先锋"}}
    answer = office.sends(f"cards/{made.pk}/", change, method="patch")
    assert answer.status_code == 200, answer.content
    made.refresh_from_db()
    assert made.content["blobs"] == files
    wrong = office.sends("cards/", card | {"pictures": {"photo": picture.pk}})
    assert (wrong.status_code, "photo" in wrong.json()["error"]["message"]) == (422, True)


def test_the_same_request_with_the_same_key_has_the_same_answer_and_is_done_once(office):
    first, again = (office.sends("notices/", NOTICE, key="oa-1") for _ in range(2))
    assert (first.status_code, first.content) == (again.status_code, again.content)
    assert Asset.objects.filter(title=NOTICE["title"]).count() == 1


def test_another_request_with_the_same_key_is_refused(office):
    office.sends("notices/", NOTICE, key="oa-1")
    other = office.sends("notices/", NOTICE | {"title": "改了"}, key="oa-1")
    assert (other.status_code, other.json()["error"]["code"]) == (422, "KEY_REUSED")


def test_keys_are_each_accounts_own_and_what_was_refused_may_come_again(ours, office):
    assert office.sends("notices/", NOTICE | {"body": " "}, key="oa-1").status_code == 422
    assert office.sends("notices/", NOTICE, key="oa-1").status_code == 201
    other = Script(ours.people["administrator"])
    assert other.sends("notices/", NOTICE, key="oa-1").status_code == 201


def test_a_key_is_forgotten_after_a_day(office):
    office.sends("notices/", NOTICE, key="oa-1")
    SentOnce.objects.update(at=SystemClock().now() - KEPT)
    assert office.sends("notices/", NOTICE, key="oa-1").status_code == 201
    assert Asset.objects.filter(title=NOTICE["title"]).count() == 2
    answers_forget(Configuration(), SystemClock().now() + KEPT)
    assert not SentOnce.objects.exists()


def test_rows_are_put_behind_the_others_once(ours, office):
    path = f"datasets/{ours.dataset.pk}/rows/"
    before = ours.dataset.version
    body = {"rows": [{"line": "Mind the step"}]}
    answers = [office.sends(path, body, key="mes-1").json() for _ in range(2)]
    assert answers[0] == answers[1]
    ours.dataset.refresh_from_db()
    assert ours.dataset.version == before + 1


@pytest.mark.parametrize(
    ("scope", "may", "may_not"),
    [
        ("notices", ["notices/"], ["datasets/1/rows/", "playlists/", "cards/"]),
        ("cap", [], ["notices/", "emergencies/", "datasets/1/rows/"]),
        ("data", [], ["notices/", "cap/sources/1/alerts/"]),
        ("read", [], ["notices/", "cap/sources/1/alerts/"]),
    ],
)
def test_a_token_can_do_what_it_is_for_and_nothing_else(ours, scope, may, may_not):
    script = Script(ours.people["administrator"], scope)
    for path in may:
        assert script.sends(path, NOTICE).status_code == 201
    for path in may_not:
        assert script.sends(path, NOTICE).json()["error"]["code"] == "OUT_OF_SCOPE"


def test_an_alert_is_handed_in_once_and_told_what_became_of_it(ours):
    script = Script(ours.people["administrator"], "cap")
    path = f"cap/sources/{ours.cap_source.pk}/alerts/"
    document = cap("B", SystemClock().now(), severity="Minor")
    first, again = (script.sends(path, document) for _ in range(2))
    assert first.status_code == 201, first.content
    assert first.json() == again.json()
    assert first.json()["outcome"] == "recorded"
    assert script.sends(path, b"<html/>").json()["error"]["code"] == "CAP_REFUSED"
    assert script.sends("cap/alerts/1/show/", {"typed": "插播"}).status_code == 403


def test_what_the_document_tells_to_send_is_taken(ours, office):
    """The curl lines of docs/api.md, sent as they stand there."""
    text = API_DOCUMENT.read_text()
    (notice,) = re.findall(r"-d '([^']*)' \$API/notices/", text)
    assert office.sends("notices/", notice.encode()).status_code == 201
    (rows,) = re.findall(r"-X PUT -d '([^']*)' \$API/datasets/1/rows/", text)
    columns = [
        {"key": "line", "title": "线", "kind": "text"},
        {"key": "tons", "title": "吨", "kind": "whole"},
    ]
    made = office.sends("datasets/", {"name": "产量", "columns": columns}).json()
    path = f"datasets/{made['id']}/rows/"
    assert office.sends(path, rows.encode(), "mes-1", method="put").status_code == 200
