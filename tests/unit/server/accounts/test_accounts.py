"""Accounts: made with a code, closed at once, never without an administrator."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from server.accounts import services, setup_codes
from server.accounts.logins import token_of
from server.accounts.models import ApiToken, Grant, Role, SetupCode, Staff
from server.audit.models import AuditRow
from server.audit.selectors import verify_chain
from server.errors import Conflict, Forbidden, Invalid, LoginRefused, NotFound, TooManyRequests
from tests.simulators import server_objects as objects
from tests.simulators.server_objects import NOW, PASSWORD

pytestmark = pytest.mark.django_db

HERE = "10.0.0.1"


def first_code():
    return setup_codes.first_administrator_code(organisation="HQ", now=NOW)


def use_first(code, now=NOW, **changed):
    given = {"username": "admin", "full_name": "Admin", "password": PASSWORD, "address": HERE}
    return setup_codes.use_first_code(code=code, now=now, **{**given, **changed})


def last_action():
    return AuditRow.objects.order_by("-number").values_list("action", flat=True).first()


def test_the_first_administrator_is_made_with_the_code():
    staff = use_first(first_code())
    assert staff.check_password(PASSWORD)
    assert str(staff.department) == "HQ"
    assert Grant.objects.get(staff=staff).role == Role.ADMINISTRATOR
    assert last_action() == "staff.first"
    assert verify_chain().holds


def test_a_code_is_read_however_a_person_typed_it():
    code = first_code()
    assert use_first(f" {code.lower().replace('-', ' ')} ").username == "admin"


def test_a_code_works_once():
    code = first_code()
    use_first(code)
    with pytest.raises(LoginRefused):
        use_first(code, username="second")


def test_a_code_works_for_an_hour():
    code = first_code()
    with pytest.raises(LoginRefused, match="have a new one made"):
        use_first(code, now=NOW + timedelta(minutes=setup_codes.LIFETIME_MIN))


def test_a_new_code_ends_the_one_before():
    former = first_code()
    first_code()
    with pytest.raises(LoginRefused):
        use_first(former)


def test_there_is_no_code_once_there_is_an_administrator():
    objects.administrator()
    assert first_code() is None


def test_a_code_is_not_kept():
    code = first_code()
    kept = SetupCode.objects.get()
    assert code not in str(vars(kept))
    assert len(kept.sha256) == 64


def test_guessing_codes_is_slow():
    code = first_code()
    for _ in range(5):
        with pytest.raises(LoginRefused):
            use_first("AAAAA-AAAAA")
    with pytest.raises(TooManyRequests):
        use_first(code)


@pytest.mark.parametrize(
    "password", ["short", "123456789012345", "password1234", "administrator-admin"]
)
def test_a_weak_password_is_refused_and_the_code_still_works(password):
    code = first_code()
    with pytest.raises(Invalid):
        use_first(code, password=password, username="administrator-admin")
    assert use_first(code).username == "admin"


def test_a_forgotten_password_is_set_with_a_code():
    person = objects.staff(password=PASSWORD)
    code = setup_codes.password_code(staff=person, actor=objects.administrator(), now=NOW)
    changed = setup_codes.use_code(code=code, password="another lantern", address=HERE, now=NOW)
    assert changed == person
    assert changed.check_password("another lantern")


def test_a_password_code_of_a_closed_account_does_not_work():
    objects.administrator()
    person = objects.staff()
    code = setup_codes.password_code(staff=person, actor=None, now=NOW)
    services.staff_disable(staff=person, actor=None, now=NOW)
    with pytest.raises(LoginRefused):
        setup_codes.use_code(code=code, password=PASSWORD, address=HERE, now=NOW)


def test_a_password_code_does_not_make_an_administrator():
    code = setup_codes.password_code(staff=objects.staff(), actor=None, now=NOW)
    with pytest.raises(LoginRefused):
        use_first(code)


def test_names_are_one_whatever_their_case():
    person = objects.staff(username="Editor")
    with pytest.raises(Conflict, match="choose another name"):
        services.staff_create(
            username="editor", full_name="E", department=None, actor=None, now=NOW
        )
    assert Staff.objects.get_by_natural_key("EDITOR") == person
    with pytest.raises(IntegrityError), transaction.atomic():
        objects.staff(username="EDITOR")


def test_the_last_administrator_stays():
    last = objects.administrator()
    with pytest.raises(Conflict, match="last administrator"):
        services.staff_disable(staff=last, actor=last, now=NOW)
    with pytest.raises(Conflict, match="last administrator"):
        services.grant_remove(grant=last.grants.get(), actor=last, now=NOW)
    other = objects.administrator()
    services.staff_disable(staff=last, actor=other, now=NOW)
    assert not Staff.objects.get(pk=last.pk).is_active


def test_an_administrator_of_a_department_grants_nothing_beyond_it():
    ours, theirs = objects.department(), objects.department()
    local = objects.staff(Role.ADMINISTRATOR, of=ours)
    person = objects.staff(of=ours)
    services.grant_add(staff=person, role=Role.EDITOR, department=ours, actor=local, now=NOW)
    with pytest.raises(Forbidden):
        services.grant_add(staff=person, role=Role.EDITOR, department=None, actor=local, now=NOW)
    with pytest.raises(NotFound):
        services.grant_add(staff=person, role=Role.EDITOR, department=theirs, actor=local, now=NOW)


def test_nobody_makes_themselves_auditor():
    person = objects.administrator()
    with pytest.raises(Forbidden, match="auditor"):
        services.grant_add(staff=person, role=Role.AUDITOR, department=None, actor=person, now=NOW)


def test_a_grant_given_twice_is_one():
    person, admin = objects.staff(), objects.administrator()
    for _ in range(2):
        services.grant_add(staff=person, role=Role.EDITOR, department=None, actor=admin, now=NOW)
    assert person.grants.count() == 1
    assert AuditRow.objects.filter(action="grant.add").count() == 1


def test_an_editor_makes_no_accounts():
    ours = objects.department()
    with pytest.raises(Forbidden):
        services.staff_create(
            username="x", full_name="X", department=ours, actor=objects.editor(ours), now=NOW
        )
    assert not Staff.objects.filter(username="x").exists()


def test_a_token_acts_for_its_owner_until_it_is_revoked():
    person = objects.administrator()
    token, secret = services.token_issue(
        staff=person, name="ci", actor=person, now=NOW, expires_at=None
    )
    assert token_of(secret, NOW).staff == person
    services.token_revoke(token=token, actor=person, now=NOW)
    with pytest.raises(LoginRefused):
        token_of(secret, NOW)


def test_a_token_ends_at_its_time_and_with_its_owner():
    person = objects.staff()
    until = NOW + timedelta(days=1)
    _token, secret = services.token_issue(
        staff=person, name="ci", actor=None, now=NOW, expires_at=until
    )
    assert token_of(secret, until - timedelta(seconds=1)).staff == person
    with pytest.raises(LoginRefused):
        token_of(secret, until)
    services.staff_disable(staff=person, actor=None, now=NOW)
    with pytest.raises(LoginRefused):
        token_of(secret, NOW)


def test_a_token_is_kept_as_its_digest_alone():
    _token, secret = services.token_issue(
        staff=objects.staff(), name="ci", actor=None, now=NOW, expires_at=None
    )
    row = ApiToken.objects.get()
    assert secret not in str(vars(row))
    assert not AuditRow.objects.filter(detail__icontains=secret).exists()


@pytest.mark.parametrize("secret", ["", "x", "yba_", "\0", "x" * 10_000])
def test_what_is_no_token_lets_nobody_in(secret):
    with pytest.raises(LoginRefused):
        token_of(secret, NOW)


def test_changing_a_password_takes_the_present_one():
    person = objects.staff(password=PASSWORD)
    with pytest.raises(LoginRefused, match="present password"):
        services.password_change(
            staff=person, old="x", new="another lantern", actor=person, now=NOW
        )
    services.password_change(
        staff=person, old=PASSWORD, new="another lantern", actor=person, now=NOW
    )
    assert person.check_password("another lantern")
