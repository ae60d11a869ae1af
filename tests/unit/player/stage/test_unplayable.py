"""Items that fail are left out from their moment on, and tried again later."""

from datetime import timedelta

from player.stage.unplayable import RETRY_S, Unplayable
from tests.simulators.moved_clock import NOON

LATER = NOON + timedelta(seconds=5)
A = frozenset({"a"})


def test_what_is_on_screen_stays_until_the_broken_item_would_be_due():
    left_out = Unplayable()
    left_out.add(A, LATER, 0.0)
    assert left_out.at(NOON) == frozenset()
    assert left_out.at(LATER) == A
    assert left_out.switch_at == LATER
    left_out.pass_to(LATER)
    assert left_out.at(NOON) == A
    assert left_out.switch_at is None


def test_it_is_tried_again_later_and_later():
    left_out = Unplayable()
    now_s = 0.0
    for wait_s in RETRY_S:
        left_out.add(A, NOON, now_s)
        left_out.pass_to(NOON)
        left_out.retry(now_s + wait_s - 1, NOON, hopeless=False)
        left_out.pass_to(NOON)
        assert left_out.at(NOON) == A
        now_s += wait_s
        left_out.retry(now_s, NOON, hopeless=False)
        left_out.pass_to(NOON)
        assert left_out.at(NOON) == frozenset()


def test_with_nothing_else_to_show_it_is_tried_again_soon():
    left_out = Unplayable()
    for _failure in range(4):
        left_out.add(A, NOON, 100.0)
    left_out.pass_to(NOON)
    left_out.retry(109.0, NOON, hopeless=True)
    left_out.pass_to(NOON)
    assert left_out.at(NOON) == A
    left_out.retry(110.0, NOON, hopeless=True)
    left_out.pass_to(NOON)
    assert left_out.at(NOON) == frozenset()


def test_quarantine_is_not_tried_again():
    left_out = Unplayable()
    left_out.add(A, NOON, 0.0, for_good=True)
    left_out.pass_to(NOON)
    left_out.retry(1e9, NOON, hopeless=True)
    assert left_out.at(NOON) == A


def test_new_bytes_are_forgiven():
    left_out = Unplayable()
    left_out.add(A, NOON, 0.0, for_good=True)
    left_out.pass_to(NOON)
    left_out.forgive(A)
    assert left_out.at(NOON) == frozenset()
