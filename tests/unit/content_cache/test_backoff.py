"""When to try again."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from content_cache.backoff import Backoff, retry_delay_s

chances = st.floats(0.0, 1.0, exclude_max=True)


@given(st.integers(1, 10_000), chances)
def test_a_delay_is_never_longer_than_the_cap_nor_shorter_than_half_the_first(
    failures: int, chance: float
) -> None:
    assert 2.5 <= retry_delay_s(failures, chance) <= 300.0


@given(st.integers(1, 100), chances)
def test_the_longest_delay_grows_until_the_cap(failures: int, chance: float) -> None:
    assert retry_delay_s(failures, chance) <= retry_delay_s(failures + 1, chance)


@given(st.integers(1, 100), chances, st.floats(-10, 1e9))
def test_what_the_server_asks_for_is_honoured_up_to_an_hour(
    failures: int, chance: float, asked: float
) -> None:
    delay = retry_delay_s(failures, chance, asked)
    assert delay >= min(asked, 3600.0)
    assert delay <= 3600.0 * 1.1


def test_two_hundred_players_do_not_return_as_one() -> None:
    chance = random.Random(1)
    delays = [retry_delay_s(10, chance.random()) for _ in range(200)]
    fullest = max(sum(start <= delay < start + 5 for delay in delays) for start in range(150, 300))
    assert fullest <= 20  # of 200 within any 5 s; all at once would be 200


def test_the_rule_can_be_another() -> None:
    rule = Backoff(first_s=1.0, cap_s=4.0)
    assert [retry_delay_s(n, 0.0, rule=rule) for n in (1, 2, 3, 4)] == [0.5, 1.0, 2.0, 2.0]


def test_a_wrong_call_is_our_bug() -> None:
    for failures, chance in ((0, 0.5), (1, 1.0)):
        with pytest.raises(AssertionError):
            retry_delay_s(failures, chance)
