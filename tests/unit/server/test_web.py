"""Every answer: headers that browsers obey, errors in one shape, never a traceback."""

import pytest
from django.db import OperationalError
from django.test import Client

from server.accounts import services
from server.accounts.models import LoginSession, Role, Staff
from tests.simulators import server_objects as objects
from tests.simulators.server_objects import NOW, PASSWORD

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.simulators.server_pages")]


@pytest.fixture
def browser():
    return Client(raise_request_exception=False, enforce_csrf_checks=True)


@pytest.fixture
def logged_in(browser):
    person = objects.staff(Role.ADMINISTRATOR, everywhere=True, password=PASSWORD)
    objects.administrator()
    browser.get(f"/enter/{person.pk}/")
    return person


def error_of(answer):
    """The one shape of errors, for programs."""
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message", "details"}
    assert body["error"]["code"].isupper()
    return body["error"]


@pytest.mark.parametrize(
    ("page", "status", "code"),
    [
        ("refuse", 409, "CONFLICT"),
        ("nowhere", 404, "NOT_FOUND"),
    ],
)
def test_a_program_reads_one_shape_of_errors(browser, page, status, code):
    answer = browser.get(f"/api/v1/{page}/")
    assert answer.status_code == status
    assert error_of(answer)["code"] == code


@pytest.mark.expects_log("nothing was changed, try again")
def test_a_database_that_is_busy_is_said_so_with_when_to_try_again(browser):
    answer = browser.get("/api/v1/locked/")
    assert answer.status_code == 503
    assert error_of(answer)["code"] == "BUSY"
    assert answer["Retry-After"] == "2"


@pytest.mark.expects_log("/fail/: failed")
@pytest.mark.parametrize("prefix", ["/", "/api/v1/"])
def test_what_nobody_foresaw_is_said_without_a_word_of_the_inside(browser, prefix):
    answer = browser.get(f"{prefix}fail/")
    assert answer.status_code == 500
    text = answer.content.decode()
    assert "Traceback" not in text
    assert "do-not-tell-anybody" not in text


@pytest.mark.parametrize("page", ["who", "refuse", "nowhere"])
def test_every_answer_has_the_headers(browser, page):
    answer = browser.get(f"/{page}/")
    policy = answer["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "DENY"
    assert answer["Referrer-Policy"] == "same-origin"
    assert answer["Cross-Origin-Opener-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "no-store"


def test_a_host_that_is_not_ours_is_refused(browser):
    assert browser.get("/who/", headers={"host": "evil.example"}).status_code == 400


def test_a_form_without_its_seal_is_refused(browser):
    answer = browser.post("/api/v1/write/")
    assert answer.status_code == 403
    assert error_of(answer)["code"] == "CSRF"


def test_a_body_that_is_too_large_is_refused(browser, settings):
    body = b"x=" + b"1" * (settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 1)
    answer = browser.post("/who/", body, content_type="application/x-www-form-urlencoded")
    assert answer.status_code in {400, 403, 413}


def test_the_session_gets_a_new_name_at_login(browser):
    person = objects.staff()
    browser.get("/remember/")
    before = browser.cookies["session"].value
    browser.get(f"/enter/{person.pk}/")
    assert browser.cookies["session"].value != before
    assert not LoginSession.objects.filter(pk=before).exists()


def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(browser):
    browser.get("/remember/")
    cookie = browser.cookies["session"]
    assert cookie["httponly"]
    assert cookie["samesite"] == "Lax"


def test_a_disabled_account_is_refused_at_its_next_request(browser, logged_in):
    assert browser.get("/who/").json()["in"]
    services.staff_disable(staff=logged_in, actor=None, now=NOW)
    assert browser.get("/who/").json() == {"name": "", "in": False}


def test_a_changed_password_ends_every_other_session(browser, logged_in):
    services.password_change(
        staff=logged_in, old=PASSWORD, new="another lantern", actor=logged_in, now=NOW
    )
    assert not browser.get("/who/").json()["in"]


def test_an_unknown_session_is_nobody(browser):
    browser.cookies["session"] = "x" * 32
    assert not browser.get("/who/").json()["in"]


@pytest.mark.expects_log("nothing was changed, try again")
def test_a_session_that_cannot_be_kept_is_no_bug(browser, monkeypatch):
    def locked(*_arguments, **_options):
        raise OperationalError("database is locked")

    from django.contrib.sessions.backends.db import SessionStore

    monkeypatch.setattr(SessionStore, "save", locked)
    assert browser.get("/remember/").status_code == 503


def test_a_member_of_staff_who_is_gone_is_nobody(browser, logged_in):
    Staff.objects.filter(pk=logged_in.pk).update(is_active=False)
    assert not browser.get("/who/").json()["in"]
