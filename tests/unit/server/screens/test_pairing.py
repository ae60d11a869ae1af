"""How a box becomes a screen, by the services; and how guessing is stopped (I10)."""

from datetime import timedelta

import pytest

from server.accounts.models import Role
from server.accounts.tokens import digest
from server.audit.models import AuditRow
from server.errors import Conflict, Forbidden, NotFound, TooManyRequests
from server.screens.enrolment import enrolment_key_create, enrolment_key_revoke
from server.screens.errors import EnrolmentRefused, NoSuchPairing, PairingExpired
from server.screens.models import Pairing, Screen, ScreenToken
from server.screens.pairing import (
    CODE_LIFE,
    OPEN_LIMIT_OF_ADDRESS,
    TRIES_LIMIT,
    TRY_SPAN,
    pairing_answer,
    pairing_claim,
    pairing_request,
)
from server.screens.tokens import token_use, tokens_revoke
from tests.simulators import server_objects as objects
from tests.simulators.server_objects import NOW

pytestmark = pytest.mark.django_db


def ask(key=None, address="10.0.0.9", now=NOW):
    device = {
        "hostname": "Lobby Box",
        "outputs": [{"name": "HDMI-1", "width": 1080, "height": 1920}],
    }
    return pairing_request(device=device, address=address, enrolment_key=key, now=now)


@pytest.fixture
def department():
    return objects.department()


@pytest.fixture
def administrator():
    return objects.administrator()


def test_a_code_is_claimed_and_gives_one_token_that_is_kept_as_a_digest(department, administrator):
    screen, asked = objects.screen(department), ask()
    pairing_claim(code=asked.pairing.code, screen=screen, actor=administrator, now=NOW)
    paired = pairing_answer(pairing=str(asked.pairing.pk), secret=asked.secret, now=NOW)
    assert paired is not None
    (row,) = ScreenToken.objects.all()
    assert (row.screen, row.sha256) == (screen, digest(paired.token))
    assert AuditRow.objects.filter(action="screen.pair").count() == 1
    token_use(token=row.pk, now=NOW)
    with pytest.raises(NoSuchPairing):
        pairing_answer(pairing=str(asked.pairing.pk), secret=asked.secret, now=NOW)


def test_a_code_works_once(department, administrator):
    asked = ask()
    for _screen in range(2):
        screen = objects.screen(department)
        if Pairing.objects.get().screen is None:
            pairing_claim(code=asked.pairing.code, screen=screen, actor=administrator, now=NOW)
        else:
            with pytest.raises(NotFound):
                pairing_claim(code=asked.pairing.code, screen=screen, actor=administrator, now=NOW)


def test_a_code_expires_and_its_number_is_free_again(department, administrator):
    asked, later = ask(), NOW + CODE_LIFE
    screen = objects.screen(department)
    with pytest.raises(NotFound):
        pairing_claim(code=asked.pairing.code, screen=screen, actor=administrator, now=later)
    with pytest.raises(PairingExpired):
        pairing_answer(pairing=str(asked.pairing.pk), secret=asked.secret, now=later)
    ask(now=later)
    assert Pairing.objects.filter(closed_at=None).count() == 1


def test_ten_thousand_guesses_are_stopped_after_a_few(department, administrator):
    screen, asked, refused = objects.screen(department), ask(), 0
    for guess in range(10_000):
        code = f"{guess:06d}"
        if code == asked.pairing.code:
            continue
        with pytest.raises((NotFound, TooManyRequests)) as error:
            pairing_claim(code=code, screen=screen, actor=administrator, now=NOW)
        refused += error.type is TooManyRequests
        if refused == 20:
            break
    assert guess == TRIES_LIMIT + 19, "every further code is refused, right or wrong"
    with pytest.raises(TooManyRequests):
        pairing_claim(code=asked.pairing.code, screen=screen, actor=administrator, now=NOW)
    after = NOW + TRY_SPAN + timedelta(seconds=1)
    again = ask(now=after)
    pairing_claim(code=again.pairing.code, screen=screen, actor=administrator, now=after)


def test_only_who_manages_the_screens_of_a_department_claims_for_it(department):
    asked, screen = ask(), objects.screen(department)
    with pytest.raises(Forbidden):
        pairing_claim(
            code=asked.pairing.code, screen=screen, actor=objects.editor(department), now=NOW
        )
    stranger = objects.staff(Role.ADMINISTRATOR, of=objects.department())
    with pytest.raises(NotFound):
        pairing_claim(code=asked.pairing.code, screen=screen, actor=stranger, now=NOW)


def test_a_retired_screen_cannot_be_claimed(department, administrator):
    screen = objects.screen(department, retired_at=NOW)
    with pytest.raises(Conflict):
        pairing_claim(code=ask().pairing.code, screen=screen, actor=administrator, now=NOW)


def test_one_address_does_not_take_all_codes():
    for _box in range(OPEN_LIMIT_OF_ADDRESS):
        ask()
    with pytest.raises(TooManyRequests):
        ask()
    ask(address="10.0.0.10")


def test_a_crowd_that_waits_keeps_no_box_with_a_key_out(department, administrator):
    made = enrolment_key_create(
        name="Batch", site=objects.site(), department=department,
        expires_at=NOW + timedelta(days=1), actor=administrator, now=NOW,
    )  # fmt: skip
    for _box in range(OPEN_LIMIT_OF_ADDRESS):
        ask()
    assert ask(made.secret).pairing.screen is not None


@pytest.mark.expects_log("an enrolment key that is used up")
def test_an_enrolment_key_makes_a_screen_for_each_use_and_no_more(
    department, administrator, caplog
):
    made = enrolment_key_create(
        name="Batch", site=objects.site(), department=department, uses=2,
        expires_at=NOW + timedelta(days=1), actor=administrator, now=NOW,
    )  # fmt: skip
    first, second = ask(made.secret), ask(made.secret)
    assert first.pairing.code is None
    screens = Screen.objects.order_by("pk")
    assert [screen.slug for screen in screens] == ["lobby-box", "lobby-box-2"]
    assert (screens[0].canvas_width, screens[0].canvas_height) == (1080, 1920)
    paired = pairing_answer(pairing=str(second.pairing.pk), secret=second.secret, now=NOW)
    assert paired is not None
    assert paired.screen == screens[1]
    with pytest.raises(EnrolmentRefused, match="used up") as refused:
        ask(made.secret)
    assert refused.value.as_json()["error"]["details"] == {"why": "used up"}
    log = "an enrolment key that is used up (Batch)"
    assert log in caplog.text, "the maintainer finds the box that waits with a code"


TOLD = pytest.mark.expects_log("brought an enrolment key that is")


@pytest.mark.parametrize(
    "end", [pytest.param("expired", marks=TOLD), pytest.param("revoked", marks=TOLD), "unknown"]
)
def test_an_enrolment_key_that_is_over_is_refused_and_makes_nothing(department, administrator, end):
    made = enrolment_key_create(
        name="Batch", site=objects.site(), department=department,
        expires_at=NOW + timedelta(days=1), actor=administrator, now=NOW,
    )  # fmt: skip
    if end == "revoked":
        enrolment_key_revoke(key=made.key, actor=administrator, now=NOW)
    secret = "ybe_unknown" if end == "unknown" else made.secret
    with pytest.raises(EnrolmentRefused, match=end):
        ask(secret, now=NOW + timedelta(days=2) if end == "expired" else NOW)
    assert not Screen.objects.exists()
    assert not Pairing.objects.exists()


def test_the_first_use_of_a_token_revokes_those_of_the_box_before(department, administrator):
    screen = objects.screen(department)
    old = ScreenToken.objects.create(screen=screen, sha256="0" * 64, created_at=NOW, used_at=NOW)
    asked = ask()
    pairing_claim(code=asked.pairing.code, screen=screen, actor=administrator, now=NOW)
    pairing_answer(pairing=str(asked.pairing.pk), secret=asked.secret, now=NOW)
    new = ScreenToken.objects.exclude(pk=old.pk).get()
    token_use(token=new.pk, now=NOW)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.revoked_at, new.revoked_at) == (NOW, None)


def test_revoking_ends_tokens_and_pairings(department, administrator):
    screen = objects.screen(department)
    ScreenToken.objects.create(screen=screen, sha256="0" * 64, created_at=NOW)
    assert tokens_revoke(screen=screen, actor=administrator, now=NOW) == 1
    assert tokens_revoke(screen=screen, actor=administrator, now=NOW) == 0
    assert not ScreenToken.objects.filter(revoked_at=None).exists()
