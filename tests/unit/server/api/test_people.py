"""Sessions, departments and the audit by scripts."""

import json

import pytest
from django.test import Client

from server.accounts.models import LoginSession, Role
from server.accounts.services import token_issue
from server.accounts.sessions import mark_of
from server.audit.models import AuditRow
from server.clock import SystemClock
from tests.simulators import server_objects as objects
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db


def script_of(person):
    now = SystemClock().now()
    _token, secret = token_issue(staff=person, name="test", actor=None, now=now, expires_at=None)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def marks(answer):
    return {each["id"] for each in answer.json()["sessions"]}


def test_a_script_ends_one_session_of_its_owner_and_leaves_the_others(enterprise):
    person = objects.staff(Role.EDITOR, of=enterprise.department)
    browsers = [browser_of(person) for _n in range(2)]
    for each in browsers:
        assert each.get("/").status_code == 200
    script = script_of(person)
    first, second = LoginSession.objects.filter(staff=person)
    assert marks(script.get("/api/v1/account/sessions/")) == {mark_of(first), mark_of(second)}
    gone = script.delete(f"/api/v1/account/sessions/{mark_of(first)}/")
    assert gone.status_code == 204
    assert marks(script.get("/api/v1/account/sessions/")) == {mark_of(second)}
    assert sorted(each.get("/").status_code for each in browsers) == [200, 302]
    assert script.delete("/api/v1/account/sessions/").json() == {"sessions": 1}
    assert AuditRow.objects.filter(action="session.end").count() == 1


def test_no_answer_gives_the_key_of_a_session_away(enterprise):
    browser_of(enterprise.administrator)
    key = LoginSession.objects.get().session_key
    told = script_of(enterprise.administrator).get("/api/v1/account/sessions/")
    assert marks(told)
    assert key not in told.content.decode()


def test_an_administrator_ends_the_sessions_of_somebody_else(enterprise):
    person = objects.staff(Role.EDITOR, of=enterprise.department)
    browser = browser_of(person)
    script = script_of(enterprise.administrator)
    assert person.pk in {each["id"] for each in script.get("/api/v1/people/").json()["people"]}
    where = f"/api/v1/people/{person.pk}/sessions/"
    (mark,) = marks(script.get(where))
    assert script.delete(f"{where}{mark}/").status_code == 204
    assert browser.get("/").status_code == 302
    assert script.delete(f"{where}{mark}/").status_code == 404


def test_a_department_is_made_moved_merged_and_closed(enterprise):
    script, top = script_of(enterprise.administrator), enterprise.department
    sent = {"name": "Canteens", "parent": top.pk}
    made = script.post("/api/v1/departments/", json.dumps(sent), "application/json").json()
    where = f"/api/v1/departments/{made['id']}/"
    moved = script.patch(where, json.dumps({"parent": None}), "application/json").json()
    assert moved == {"id": made["id"], "name": "Canteens", "parent": None}
    other = objects.department()
    merged = script.post(f"{where}merge/", json.dumps({"into": other.pk}), "application/json")
    assert merged.json()["id"] == other.pk
    assert script.get(where).status_code == 404
    assert script.delete(f"/api/v1/departments/{other.pk}/").status_code == 204


def test_the_chain_of_the_audit_is_verified_and_a_changed_row_is_named(enterprise):
    auditor = script_of(objects.staff(Role.AUDITOR, everywhere=True))
    sound = auditor.get("/api/v1/audit/verify/").json()
    assert sound["holds"]
    assert sound["rows"] == len(auditor.get("/api/v1/audit/").json()["rows"]) > 0
    row = AuditRow.objects.order_by("number").first()
    AuditRow.objects.filter(pk=row.pk).update(subject_name="another")
    broken = auditor.get("/api/v1/audit/verify/").json()
    assert not broken["holds"]
    assert [each["number"] for each in broken["breaks"]] == [row.number]
