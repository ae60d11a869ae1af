"""The second factor: a code lets in once, a lost telephone bars nobody, the secret lies sealed."""

from datetime import timedelta

import pyotp
import pytest
from django.test import Client

from server.accounts import second_factor, services
from server.accounts.models import LoginSession, RecoveryCode, Role, SecondFactor
from server.accounts.sealing import Unsealable, seal, unseal
from server.accounts.session_store import SessionStore
from server.audit.models import AuditRow
from server.clock import SystemClock
from server.errors import Conflict, Forbidden, LoginRefused, TooManyRequests
from server.secret_key import SECOND_FACTOR_KEY_FILE
from tests.simulators import server_objects as objects
from tests.simulators.server_objects import NOW, PASSWORD
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db

HERE = "10.0.0.1"

#: The secret of RFC 6238, appendix B, in base 32; its codes there have eight digits.
RFC_SECRET = pyotp.TOTP("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")


@pytest.fixture(autouse=True)
def folder(tmp_path, settings):
    settings.DATA = tmp_path
    return tmp_path


class Telephone:
    """Somebody with an app that shows codes."""

    def __init__(self, staff, now=NOW):
        self.staff = staff
        self.clock = pyotp.TOTP(second_factor.secret_of(
            second_factor.begin_second_factor(staff=staff, now=now)
        ))  # fmt: skip
        self.codes = second_factor.confirm_second_factor(
            staff=staff, password=PASSWORD, code=self.clock.at(now), now=now, address=HERE
        )

    def tries(self, code, now):
        second_factor.check_second_factor(staff=self.staff, code=code, now=now, address=HERE)


@pytest.fixture
def owner():
    return objects.staff(Role.EDITOR, of=objects.department(), password=PASSWORD)


@pytest.fixture
def telephone(owner):
    return Telephone(owner)


LATER = NOW + timedelta(minutes=5)


@pytest.mark.parametrize(("at", "code"), [(59, "287082"), (1111111109, "081804")])
def test_codes_are_those_of_the_standard(at, code):
    assert RFC_SECRET.at(at) == code


def test_the_code_of_now_lets_in_and_only_once(telephone):
    code = telephone.clock.at(LATER)
    telephone.tries(code, LATER)
    with pytest.raises(LoginRefused, match="used already"):
        telephone.tries(code, LATER)


def test_the_clock_of_a_telephone_may_be_a_step_off_and_no_more(telephone):
    telephone.tries(telephone.clock.at(LATER - timedelta(seconds=30)), LATER)
    for seconds in (-60, 60):
        with pytest.raises(LoginRefused):
            telephone.tries(telephone.clock.at(LATER + timedelta(seconds=seconds)), LATER)


def test_an_older_code_is_refused_after_a_newer_one(telephone):
    telephone.tries(telephone.clock.at(LATER), LATER)
    with pytest.raises(LoginRefused):
        telephone.tries(telephone.clock.at(LATER - timedelta(seconds=30)), LATER)


@pytest.mark.parametrize("code", ["", "12345", "abcdef", "１２３４５６", "000000 ", "\0", "9" * 40])
def test_what_is_no_code_lets_nobody_in_and_stands_in_the_audit(telephone, code):
    with pytest.raises(LoginRefused):
        telephone.tries(code, LATER)
    assert AuditRow.objects.filter(action="login.second-factor-refused").count() == 1


def test_a_recovery_code_works_once_however_it_is_typed(telephone):
    code = telephone.codes[0]
    telephone.tries(f" {code.lower().replace('-', ' ')} ", LATER)
    assert second_factor.recovery_codes_left(telephone.staff) == 9
    with pytest.raises(LoginRefused):
        telephone.tries(code, LATER)


def test_guessing_is_slow_and_the_wait_is_told(telephone):
    for _ in range(5):
        with pytest.raises(LoginRefused):
            telephone.tries("000000", LATER)
    with pytest.raises(TooManyRequests) as told:
        telephone.tries(telephone.clock.at(LATER), LATER)
    assert 0 < told.value.retry_after_s <= 60
    after = LATER + timedelta(seconds=told.value.retry_after_s)
    telephone.tries(telephone.clock.at(after), after)


def test_neither_secret_nor_codes_lie_open(telephone, folder):
    row = SecondFactor.objects.get()
    assert telephone.clock.secret not in str(vars(row))
    digests = set(RecoveryCode.objects.values_list("sha256", flat=True))
    assert len(telephone.codes) == len(digests) == 10
    assert not digests & set(telephone.codes)
    assert (folder / SECOND_FACTOR_KEY_FILE).stat().st_mode & 0o777 == 0o600


def test_what_was_sealed_for_one_account_opens_for_no_other():
    sealed = seal("secret", 1)
    assert unseal(sealed, 1) == "secret"
    for stolen, owner in ((sealed, 2), (sealed[:-8] + "AAAAAAA=", 1), ("", 1), ("!", 1)):
        with pytest.raises(Unsealable):
            unseal(stolen, owner)


def test_without_its_key_recovery_codes_still_let_in(telephone, folder):
    """A backup without keys was restored: nobody is locked out who printed the codes."""
    (folder / SECOND_FACTOR_KEY_FILE).unlink()
    with pytest.raises(LoginRefused):
        telephone.tries(telephone.clock.at(LATER), LATER)
    telephone.tries(telephone.codes[0], LATER)


def test_it_counts_only_once_it_was_confirmed(owner):
    factor = second_factor.begin_second_factor(staff=owner, now=NOW)
    assert not second_factor.has_second_factor(owner)
    assert second_factor.begin_second_factor(staff=owner, now=LATER) == factor
    with pytest.raises(LoginRefused):
        second_factor.confirm_second_factor(
            staff=owner, password=PASSWORD, code="000000", now=NOW, address=HERE
        )
    assert not second_factor.has_second_factor(owner)


def test_a_second_one_takes_the_end_of_the_first(telephone):
    with pytest.raises(Conflict, match="turn it off first"):
        second_factor.begin_second_factor(staff=telephone.staff, now=LATER)


def test_turning_it_off_takes_password_and_code_once_more(telephone):
    owner, code = telephone.staff, telephone.clock.at(LATER)
    again = {"staff": owner, "now": LATER, "address": HERE}
    with pytest.raises(LoginRefused, match="present password"):
        second_factor.turn_off_second_factor(password="x", code=code, **again)
    with pytest.raises(LoginRefused):
        second_factor.turn_off_second_factor(password=PASSWORD, code="000000", **again)
    second_factor.turn_off_second_factor(password=PASSWORD, code=code, **again)
    assert not second_factor.has_second_factor(owner)
    assert not RecoveryCode.objects.exists()


def test_new_recovery_codes_end_the_former(telephone):
    former = telephone.codes[0]
    second_factor.new_recovery_codes(
        staff=telephone.staff, password=PASSWORD, code=telephone.clock.at(LATER), now=LATER,
        address=HERE,
    )  # fmt: skip
    with pytest.raises(LoginRefused):
        telephone.tries(former, LATER)


def test_an_administrator_takes_it_away_and_every_session_ends(telephone):
    owner, boss = telephone.staff, objects.administrator()
    browser_of(owner)
    assert second_factor.reset_second_factor(staff=owner, actor=boss, now=LATER)
    assert not second_factor.has_second_factor(owner)
    assert not LoginSession.objects.filter(staff=owner).exists()
    assert not second_factor.reset_second_factor(staff=owner, actor=boss, now=LATER)
    assert AuditRow.objects.filter(action="second-factor.reset", actor=boss.username).count() == 1


def test_nobody_takes_it_from_an_account_with_more_rights():
    boss = objects.administrator()
    local = objects.staff(Role.ADMINISTRATOR, of=objects.department())
    boss.department = local.department
    boss.save()
    with pytest.raises(Forbidden, match="beyond your own"):
        second_factor.reset_second_factor(staff=boss, actor=local, now=NOW)


def test_a_token_for_scripts_is_not_asked_for_it(telephone):
    _token, secret = services.token_issue(
        staff=telephone.staff, name="ci", actor=None, now=NOW, expires_at=None
    )
    script = Client(headers={"Authorization": f"Bearer {secret}"})
    assert script.get("/api/v1/playlists/").status_code == 200


# --- pages ---------------------------------------------------------------------------------------


def logs_in(browser, person):
    return browser.post("/login/", {"username": person.username, "password": PASSWORD})


@pytest.fixture
def live():
    """Somebody with a telephone, at the time that it is."""
    objects.administrator()
    person = objects.staff(Role.EDITOR, of=objects.department(), password=PASSWORD)
    return Telephone(person, SystemClock().now() - timedelta(minutes=10))


def test_the_password_alone_opens_nothing(live):
    browser = Client()
    assert logs_in(browser, live.staff)["Location"] == "/login/second/"
    assert browser.get("/library/")["Location"].startswith("/login/")
    assert not LoginSession.objects.filter(staff=live.staff).exists()
    wrong = browser.post("/login/second/", {"code": "000000"})
    assert wrong.status_code == 401
    code = live.clock.at(SystemClock().now())
    assert browser.post("/login/second/", {"code": code})["Location"] == "/"
    assert browser.get("/library/").status_code == 200


def test_nobody_begins_with_the_second_step():
    objects.administrator()
    browser = Client()
    assert browser.get("/login/second/")["Location"] == "/login/"
    assert browser.post("/login/second/", {"code": "000000"})["Location"] == "/login/"


def test_a_login_that_has_begun_ends_with_a_new_password(live):
    browser = Client()
    logs_in(browser, live.staff)
    live.staff.set_password("another lantern")
    live.staff.save()
    code = live.clock.at(SystemClock().now())
    assert browser.post("/login/second/", {"code": code})["Location"] == "/login/"


def test_a_code_that_sets_a_password_does_not_pass_by_the_second_factor(live):
    from server.accounts.setup_codes import password_code

    code = password_code(staff=live.staff, actor=None, now=SystemClock().now())
    browser = Client()
    sent = {"code": code, "password": "a lantern over another gate"}
    assert browser.post("/code/", sent)["Location"] == "/login/second/"
    assert browser.get("/library/")["Location"].startswith("/login/")


def test_it_is_set_up_on_its_page(live):
    person = objects.staff(Role.EDITOR, of=objects.department(), password=PASSWORD)
    browser = browser_of(person)
    page = browser.get("/account/second-factor/")
    secret = page.context["secret"].replace(" ", "")
    assert b"<svg" in browser.get("/account/second-factor/qr.svg").content
    code = pyotp.TOTP(secret).at(SystemClock().now())
    sent = {"password": PASSWORD, "code": code}
    done = browser.post("/account/second-factor/confirm/", sent)
    assert len(done.context["codes"]) == 10
    assert second_factor.has_second_factor(person)
    shown_again = browser.get("/account/second-factor/").content.decode()
    assert done.context["codes"][0] not in shown_again
    assert secret[:8] not in shown_again
    assert browser.get("/account/second-factor/qr.svg").status_code == 409


def test_a_role_may_ask_for_it(settings):
    settings.SECOND_FACTOR_ROLES = ("editor",)
    person = objects.staff(Role.EDITOR, of=objects.department(), password=PASSWORD)
    browser = browser_of(person)
    assert browser.get("/library/")["Location"] == "/account/second-factor/"
    assert browser.post("/account/sessions/end/")["Location"] == "/account/second-factor/"
    assert "asks for a second factor" in browser.get("/account/second-factor/").content.decode()
    Telephone(person, SystemClock().now())
    assert browser.get("/library/").status_code == 200
    other = browser_of(objects.staff(Role.AUDITOR, of=person.department))
    assert other.get("/library/").status_code == 200


def test_the_login_page_says_when_to_try_again():
    person = objects.administrator()
    browser = Client()
    for _ in range(5):
        logs_in(browser, person)
    answer = logs_in(browser, person)
    assert answer.status_code == 429
    assert 0 < int(answer["Retry-After"]) <= 60
    assert f'data-wait="{answer["Retry-After"]}"' in answer.content.decode()


# --- sessions ------------------------------------------------------------------------------------


def test_sessions_are_listed_and_ended_one_by_one_or_all_others(owner):
    here, phone, office = (browser_of(owner) for _ in range(3))
    page = here.get("/account/")
    listed = page.context["sessions"]
    assert [each.is_this for each in listed].count(True) == 1
    assert all(each.row.session_key not in page.content.decode() for each in listed)
    (of_phone,) = [e for e in listed if e.row.session_key == phone.session.session_key]
    assert here.post("/account/sessions/end/", {"session": of_phone.mark}).status_code == 302
    assert phone.get("/library/")["Location"].startswith("/login/")
    assert office.get("/library/").status_code == 200
    here.post("/account/sessions/end/")
    assert office.get("/library/")["Location"].startswith("/login/")
    assert here.get("/library/").status_code == 200


def test_nobody_ends_a_session_of_another_by_its_mark(owner):
    other = objects.staff(Role.EDITOR, of=owner.department)
    theirs = browser_of(other)
    mark = theirs.get("/account/").context["sessions"][0].mark
    assert browser_of(owner).post("/account/sessions/end/", {"session": mark}).status_code == 404
    assert theirs.get("/library/").status_code == 200


def test_a_session_tells_from_where_it_came_and_when_it_was_seen(owner):
    browser = Client(headers={"User-Agent": "Mozilla/5.0 (Windows NT 10.0) Chrome/140 Edg/140"})
    objects.administrator()
    logs_in(browser, owner)
    (row,) = LoginSession.objects.filter(staff=owner)
    assert row.address == "127.0.0.1"
    long_ago = SystemClock().now() - timedelta(hours=1)
    LoginSession.objects.update(seen_at=long_ago)
    page = browser.get("/account/")
    assert page.context["sessions"][0].device == "Edge · Windows"
    assert LoginSession.objects.get(pk=row.pk).seen_at > long_ago


def test_a_new_password_ends_the_other_sessions(owner):
    here, other = browser_of(owner), browser_of(owner)
    here.post("/account/", {"old": PASSWORD, "new": "a lantern over another gate"})
    assert here.get("/library/").status_code == 200
    assert other.get("/library/")["Location"].startswith("/login/")
    assert LoginSession.objects.filter(staff=owner).count() == 1


def test_a_hostile_browser_is_text(owner):
    session = SessionStore()
    session["_auth_user_id"] = str(owner.pk)
    session["browser"] = "<script>alert(1)</script>\0" * 40
    session.save()
    page = browser_of(owner).get("/account/").content.decode()
    assert "<script>alert" not in page
