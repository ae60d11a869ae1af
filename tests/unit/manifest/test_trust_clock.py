"""What time it is to a screen: the clock, the time floor, and answered challenges (W01, W02)."""

from datetime import UTC, datetime, timedelta

import pytest

from manifest.errors import Expired, StaleFreshness
from manifest.trust import Flag, Trust
from manifest.trust_state import TrustState
from manifest.trusted_time import BUILT_AT
from tests.simulators.player import fresh_pass, later, sync
from tests.simulators.publisher import NOW, Publisher

THE_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TEN_YEARS = timedelta(days=3652)
DAY = timedelta(days=1)
CHALLENGE = "0123456789abcdef"
THE_LAST_INSTANT = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_a_clock_that_is_right_is_believed(state: TrustState) -> None:
    trust = Trust(state, NOW + DAY)
    assert trust.now == NOW + DAY
    assert trust.flags == {Flag.FRESHNESS_EXPIRED}


def test_a_clock_at_1970_is_replaced_by_the_time_floor_and_the_uptime(state: TrustState) -> None:
    trust = Trust(state, THE_EPOCH, uptime=timedelta(minutes=5))
    assert trust.now == NOW + timedelta(minutes=5)
    assert Flag.CLOCK_SUSPECT in trust.flags


def test_before_the_first_contact_the_build_time_is_the_floor(publisher: Publisher) -> None:
    trust = Trust(publisher.pair(), THE_EPOCH)
    assert trust.now == BUILT_AT


def test_a_clock_ahead_is_found_out_when_the_server_answers_a_challenge(
    state: TrustState, publisher: Publisher
) -> None:
    later(publisher)
    trust = Trust(state, publisher.now + TEN_YEARS)
    assert trust.now == publisher.now + TEN_YEARS
    trust.freshness(publisher.freshness_bytes(challenge=CHALLENGE), CHALLENGE)
    assert trust.now == publisher.now
    assert trust.flags == {Flag.CLOCK_SUSPECT}


def test_a_clock_some_minutes_behind_the_server_is_no_fault(
    state: TrustState, publisher: Publisher
) -> None:
    later(publisher)
    trust = fresh_pass(state, publisher, publisher.now - timedelta(minutes=20))
    assert trust.now == publisher.now
    assert trust.flags == frozenset()


def test_a_box_with_a_dead_clock_that_is_up_for_a_month_takes_new_manifests(
    state: TrustState, publisher: Publisher
) -> None:
    """The uptime from before a contact says nothing about what has passed since."""
    later(publisher).publish()
    trust = Trust(state, THE_EPOCH, uptime=timedelta(days=30))
    trust.freshness(publisher.freshness_bytes())
    assert trust.now == publisher.now
    assert trust.manifest(publisher.manifest_bytes()).manifest == publisher.manifest


def test_an_echo_of_another_challenge_proves_nothing(
    state: TrustState, publisher: Publisher
) -> None:
    later(publisher)
    for echoed in (None, CHALLENGE[::-1]):
        trust = Trust(state, publisher.now + TEN_YEARS)
        trust.freshness(publisher.freshness_bytes(challenge=echoed), CHALLENGE)
        assert trust.now == publisher.now + TEN_YEARS


# --- the time floor ------------------------------------------------------------


def test_the_first_contact_sets_the_time_floor(publisher: Publisher) -> None:
    """A new box with a dead clock battery must be able to accept its first manifest."""
    later(publisher, timedelta(days=400)).publish()
    assert sync(publisher.pair(), publisher, THE_EPOCH).time_floor == publisher.now


def test_later_contacts_move_it_a_day_at_the_most(state: TrustState, publisher: Publisher) -> None:
    later(publisher, timedelta(days=10))
    assert fresh_pass(state, publisher).state.time_floor == NOW + DAY


def test_it_never_goes_back(state: TrustState, publisher: Publisher) -> None:
    publisher.freshness_version += 1
    trust = Trust(state, NOW)
    trust.freshness(publisher.freshness_bytes(server_time=NOW - TEN_YEARS))
    assert trust.state.time_floor == NOW


def test_the_system_clock_never_moves_it(state: TrustState, publisher: Publisher) -> None:
    """Or one boot with a wild clock would expire everything for ever."""
    after = fresh_pass(state, later(publisher), publisher.now + TEN_YEARS).state
    assert after.time_floor == publisher.now


def test_a_box_with_a_dead_clock_catches_up_after_three_months_offline(
    state: TrustState, publisher: Publisher
) -> None:
    """Its floor is so old that the new version seems to be of the future, until the floor is up."""
    later(publisher, timedelta(days=90)).publish()
    contacts = 0
    while state.manifest.version != publisher.version:
        trust = fresh_pass(state, publisher, THE_EPOCH)
        state, contacts = trust.state, contacts + 1
        if state.time_floor + DAY >= publisher.now:
            state = sync(state, publisher, THE_EPOCH)
    assert contacts == 89


@pytest.mark.parametrize("clock", [THE_EPOCH, NOW, THE_LAST_INSTANT])
def test_the_last_instant_that_there_is_breaks_nothing(clock: datetime) -> None:
    publisher = Publisher(now=NOW)
    state = publisher.pair()
    last = {"server_time": THE_LAST_INSTANT, "expires_at": THE_LAST_INSTANT}
    trust = Trust(state, clock)
    trust.freshness(publisher.freshness_bytes(**last))
    with pytest.raises((StaleFreshness, Expired)):
        trust.manifest(publisher.manifest_bytes())
    again = Trust(trust.state, clock, uptime=DAY)
    again.freshness(publisher.freshness_bytes(**last))
    assert Flag.FRESHNESS_EXPIRED in again.flags
