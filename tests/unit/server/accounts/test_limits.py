"""Guessing is slow, whoever guesses from wherever; and the owner gets in all the same."""

from datetime import timedelta

import pytest

from server.accounts.limits import (
    ACCOUNT,
    ACCOUNT_FROM_ADDRESS,
    LONGEST_WAIT_S,
    WINDOW_MIN,
    begin_try,
    device_cookie,
    forget_old_failures,
    take_back,
)
from server.accounts.logins import staff_by_password
from server.accounts.models import LoginFailure
from server.errors import LoginRefused, TooManyRequests
from tests.simulators import server_objects as objects
from tests.simulators.server_objects import NOW, PASSWORD

pytestmark = pytest.mark.django_db


waits = []


@pytest.fixture(autouse=True)
def no_wait_is_long():
    waits.clear()
    yield
    assert all(0 < wait <= LONGEST_WAIT_S for wait in waits)


def tried(address, now, username="owner", **more):
    """Was a guess looked at, or told to wait?"""
    try:
        begin_try(username=username, address=address, now=now, **more)
    except TooManyRequests as refusal:
        waits.append(refusal.retry_after_s)
        return False
    return True


def addresses(number):
    return [f"10.{n // 65536}.{n // 256 % 256}.{n % 256}" for n in range(number)]


def test_many_guesses_at_once_from_one_address_are_a_handful():
    assert sum(tried("10.0.0.1", NOW) for _ in range(300)) == ACCOUNT_FROM_ADDRESS.free


def test_a_thousand_guesses_from_as_many_addresses_are_a_handful_more():
    assert sum(tried(address, NOW) for address in addresses(1000)) == ACCOUNT.free


def test_a_guess_every_five_seconds_for_a_quarter_of_an_hour_is_at_most_a_guess_a_minute():
    seconds = range(0, 900, 5)
    looked_at = sum(tried("10.0.0.1", NOW + timedelta(seconds=s)) for s in seconds)
    assert looked_at <= ACCOUNT_FROM_ADDRESS.free + 6 + 15


def test_the_owner_waits_a_minute_at_most_however_long_the_attack_lasts():
    for n, address in enumerate(addresses(100)):
        tried(address, NOW + timedelta(seconds=n))
    after = NOW + timedelta(seconds=100 + LONGEST_WAIT_S)
    assert tried("192.168.0.1", after)


def test_a_browser_that_was_here_before_does_not_wait_at_all():
    cookie = device_cookie("owner", "nonce")
    for address in addresses(100):
        tried(address, NOW)
    assert not tried("10.0.0.1", NOW)
    assert tried("10.0.0.1", NOW, device=cookie)


def test_a_stolen_browser_is_limited_like_everybody():
    cookie = device_cookie("owner", "nonce")
    assert sum(tried("10.0.0.1", NOW, device=cookie) for _ in range(50)) == 2 * 5


@pytest.mark.parametrize("cookie", ["", "x", device_cookie.__doc__])
def test_a_cookie_that_we_did_not_make_changes_nothing(cookie):
    looked_at = sum(tried("10.0.0.1", NOW, device=cookie) for _ in range(50))
    assert looked_at == ACCOUNT_FROM_ADDRESS.free


def test_a_cookie_of_somebody_else_changes_nothing():
    cookie = device_cookie("somebody", "nonce")
    assert sum(tried("10.0.0.1", NOW, device=cookie) for _ in range(50)) == 5


def test_one_account_under_attack_leaves_the_others_alone():
    for address in addresses(100):
        tried(address, NOW)
    assert tried("192.168.0.1", NOW, username="other")


def test_failures_are_forgotten_after_a_while():
    for _ in range(10):
        tried("10.0.0.1", NOW)
    later = NOW + timedelta(minutes=WINDOW_MIN, seconds=1)
    assert tried("10.0.0.1", later)
    assert forget_old_failures(later) == ACCOUNT_FROM_ADDRESS.free
    assert LoginFailure.objects.count() == 1


def test_a_right_password_takes_its_try_back():
    person = objects.staff(password=PASSWORD)
    for _ in range(7):
        found = staff_by_password(
            username=person.username, password=PASSWORD, address="10.0.0.1", now=NOW
        )
        assert found == person
    assert not LoginFailure.objects.exists()


def test_the_case_of_a_name_does_not_give_more_guesses():
    names = ["owner", "OWNER", "Owner"] * 20
    assert sum(tried("10.0.0.1", NOW, username=name) for name in names) == 5


@pytest.mark.parametrize("password", ["wrong", "", "x" * 10_000])
def test_a_wrong_password_and_an_unknown_name_are_refused_alike(password):
    person = objects.staff(password=PASSWORD)
    said = set()
    for username in (person.username, "nobody"):
        with pytest.raises(LoginRefused) as refused:
            staff_by_password(username=username, password=password, address="10.0.0.1", now=NOW)
        said.add(refused.value.message)
    assert len(said) == 1


def test_a_try_that_is_not_taken_back_counts():
    number = begin_try(username="owner", address="10.0.0.1", now=NOW)
    assert LoginFailure.objects.count() == 1
    take_back(number)
    assert not LoginFailure.objects.exists()


def test_nobody_can_close_the_door_of_the_codes_for_everybody():
    guesses = [tried(address, NOW, "(code)", is_code=True) for address in addresses(200)]
    assert all(guesses), "from so many addresses each has its own count"
    assert tried("192.0.2.7", NOW, "(code)", is_code=True), "who has a right code gets in"
    assert sum(tried("10.0.0.1", NOW, "(code)", is_code=True) for _ in range(50)) < 6
    assert not tried("10.0.0.1", NOW, "(code)", is_code=True)
    assert tried("192.0.2.7", NOW, "owner"), "an account has counts of its own"
