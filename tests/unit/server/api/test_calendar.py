"""The calendar by scripts: a year as a whole, a day by itself, a file."""

import json

import pytest
from django.test import Client

from server.accounts.services import token_issue
from server.clock import SystemClock

pytestmark = pytest.mark.django_db

DAYS = [
    {"date": "2026-10-01", "kind": "rest", "name": "国庆节"},
    {"date": "2026-10-10", "kind": "work", "name": ""},
]


@pytest.fixture
def ask(enterprise):
    now = SystemClock().now()
    _token, secret = token_issue(
        staff=enterprise.administrator, name="test", actor=None, now=now, expires_at=None
    )

    def send(method, path="", body=None, raw=b""):
        content = raw if body is None else json.dumps(body).encode()
        return Client().generic(
            method,
            f"/api/v1/calendar/{path}",
            content,
            content_type="application/json",
            headers={"Authorization": f"Bearer {secret}"},
        )

    return send


def test_a_year_is_set_read_and_corrected_by_a_day(ask):
    assert ask("PUT", body={"year": 2026, "days": DAYS}).json() == {
        "added": 2, "changed": 0, "unchanged": 0, "cleared": 0,
    }  # fmt: skip
    assert ask("GET", "?year=2026").json() == {"days": DAYS}
    assert ask("GET", "?year=2027").json() == {"days": []}
    moved = {"date": "2026-10-10", "kind": "rest"}
    assert ask("PATCH", body={"days": [moved]}).json()["changed"] == 1
    assert ask("PUT", body={"year": 2026, "days": DAYS[:1]}).json()["cleared"] == 1
    assert ask("GET").json() == {"days": DAYS[:1]}


def test_a_file_is_taken(ask):
    answer = ask("POST", "import/", raw="2026-10-01,休,国庆节\n2026-10-10,班\n".encode())
    assert answer.json()["added"] == 2
    assert ask("GET").json() == {"days": DAYS}


@pytest.mark.parametrize(
    ("method", "path", "body", "status"),
    [
        ("GET", "?year=soon", None, 422),
        ("GET", "?year=1999", None, 422),
        ("PUT", "", {"year": 2026, "days": [DAYS[0] | {"kind": "half"}]}, 422),
        ("PUT", "", {"year": 2026, "days": [DAYS[0] | {"date": "2026-02-30"}]}, 422),
        ("PUT", "", {"year": 2027, "days": DAYS}, 422),
        ("PATCH", "", {"days": [DAYS[0], DAYS[0] | {"kind": "work"}]}, 422),
        ("POST", "import/", None, 422),
    ],
)
def test_what_is_no_calendar_is_refused(ask, method, path, body, status):
    assert ask(method, path, body).status_code == status
    assert ask("GET").json() == {"days": []}


def test_a_file_without_end_is_not_read_to_its_end(ask):
    assert ask("POST", "import/", raw=b"2026-10-01,rest\n" * (1 << 18)).status_code == 413
