"""Every rule of expiry, with the clock right, at 1970 and ten years ahead (M06, M07, W01, W02).

Expiry takes nothing off the screen.  It decides whether something new may come, and what is said.
"""

from datetime import UTC, datetime, timedelta

import pytest

from manifest.candidate import activated
from manifest.errors import Expired, RolledBack, StaleFreshness
from manifest.trust import Flag, Trust
from manifest.trust_state import TrustState
from tests.simulators.player import accept, follow_roots, fresh_pass, later, refused, sync
from tests.simulators.publisher import NOW, Publisher

THE_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
TEN_YEARS = timedelta(days=3652)
DAY = timedelta(days=1)
CHALLENGE = "0123456789abcdef"
THE_LAST_INSTANT = datetime(9999, 12, 31, 23, 59, 59, tzinfo=UTC)


# --- freshness ---------------------------------------------------------------------------------


def _recorded_two_days_ago(publisher: Publisher) -> tuple[bytes, bytes]:
    """A freshness and its manifest, newer than the screen's, recorded and played back later."""
    later(publisher).publish()
    recorded = publisher.freshness_bytes(), publisher.manifest_bytes()
    later(publisher, 2 * DAY)
    return recorded


def test_freshness_that_has_expired_brings_no_new_manifest(
    state: TrustState, publisher: Publisher
) -> None:
    freshness, manifest = _recorded_two_days_ago(publisher)
    trust = Trust(state, publisher.now)
    trust.freshness(freshness)
    with refused(trust, StaleFreshness):
        trust.wanted()
    with refused(trust, StaleFreshness):
        trust.manifest(manifest)


def test_freshness_that_has_expired_still_guards_against_older_ones(
    state: TrustState, publisher: Publisher
) -> None:
    freshness, _ = _recorded_two_days_ago(publisher)
    trust = Trust(state, publisher.now)
    said = trust.freshness(freshness)
    assert trust.state.freshness.version == said.version > state.freshness.version
    assert trust.state.time_floor > state.time_floor


def test_freshness_that_has_expired_names_the_manifest_on_the_screen_without_harm(
    state: TrustState, publisher: Publisher
) -> None:
    """M06: the server is frozen, the screen is not: it plays on and says so."""
    said = later(publisher).freshness_bytes()
    trust = Trust(state, publisher.now + 2 * DAY)
    trust.freshness(said)
    assert trust.wanted() is None
    assert trust.flags == {Flag.FRESHNESS_EXPIRED}


def test_expired_freshness_at_1970_is_not_fresh_again(
    state: TrustState, publisher: Publisher
) -> None:
    """The time floor says that it is later: a clock turned back revives no recording."""
    later(publisher).publish()
    trust = Trust(state, THE_EPOCH)
    trust.freshness(publisher.freshness_bytes(expires_at=NOW))
    with refused(trust, StaleFreshness):
        trust.manifest(publisher.manifest_bytes())


def test_freshness_with_a_clock_10_years_ahead_keeps_what_plays_and_heals_with_the_clock(
    state: TrustState, publisher: Publisher
) -> None:
    shown = publisher.manifest_bytes()
    later(publisher).publish()
    trust = fresh_pass(state, publisher, publisher.now + TEN_YEARS)
    with refused(trust, StaleFreshness):
        trust.wanted()
    assert trust.recall(shown)
    assert sync(trust.state, publisher).manifest.version == publisher.version


def test_freshness_with_a_clock_10_years_ahead_and_a_challenge_is_fresh(
    state: TrustState, publisher: Publisher
) -> None:
    later(publisher).publish()
    trust = Trust(state, publisher.now + TEN_YEARS)
    trust.freshness(publisher.freshness_bytes(challenge=CHALLENGE), CHALLENGE)
    assert trust.manifest(publisher.manifest_bytes()).manifest == publisher.manifest


# --- manifest ----------------------------------------------------------------------------------


def test_a_manifest_that_has_expired_before_it_came_is_refused(
    state: TrustState, publisher: Publisher
) -> None:
    publisher.publish()
    later(publisher, timedelta(days=31))
    trust = fresh_pass(state, publisher)
    with refused(trust, Expired):
        trust.manifest(publisher.manifest_bytes())


def test_an_expired_manifest_plays_on_and_is_flagged(
    state: TrustState, publisher: Publisher
) -> None:
    shown = publisher.manifest_bytes()
    assert not Trust(state, NOW).recall(shown).expired
    assert Trust(state, NOW + timedelta(days=31)).recall(shown).expired


def test_an_expired_manifest_on_the_screen_can_be_fetched_again(
    state: TrustState, publisher: Publisher
) -> None:
    """Its file was damaged, and the server has nothing newer: better this than nothing."""
    later(publisher, timedelta(days=31))
    trust = fresh_pass(state, publisher)
    assert trust.wanted() is None
    assert trust.manifest(publisher.manifest_bytes()).expired


def test_an_expired_manifest_still_refuses_older_ones(
    state: TrustState, publisher: Publisher
) -> None:
    publisher.publish(version=publisher.version - 1)
    later(publisher, timedelta(days=31))
    trust = fresh_pass(state, publisher)
    with refused(trust, RolledBack):
        trust.wanted()


def test_an_expired_manifest_at_1970_is_expired(state: TrustState, publisher: Publisher) -> None:
    publisher.publish(expires_at="2026-12-01T00:00:00Z")
    trust = fresh_pass(state, publisher, THE_EPOCH)
    with refused(trust, Expired):
        trust.manifest(publisher.manifest_bytes())


def test_a_manifest_on_the_disk_with_a_clock_10_years_ahead_plays_on(
    state: TrustState, publisher: Publisher
) -> None:
    recalled = Trust(state, NOW + TEN_YEARS).recall(publisher.manifest_bytes())
    assert recalled.manifest == publisher.manifest
    assert recalled.expired


# --- bundle ------------------------------------------------------------------------------------


def test_a_package_that_has_expired_is_refused(state: TrustState, publisher: Publisher) -> None:
    package = publisher.bundle_bytes()
    for clock in (NOW + timedelta(days=91), NOW + TEN_YEARS):
        trust = Trust(state, clock)
        with refused(trust, Expired):
            trust.bundle(package)


def test_an_expired_package_at_1970_is_expired(state: TrustState, publisher: Publisher) -> None:
    package = publisher.bundle_bytes(expires_at=NOW - DAY)
    trust = Trust(state, THE_EPOCH)
    with refused(trust, Expired):
        trust.bundle(package)


def test_packages_keep_the_time_of_a_box_that_never_meets_a_server(publisher: Publisher) -> None:
    """Dead clock battery, no network: each package says what time it is at the least."""
    state = publisher.pair()
    for months in (1, 3, 3):
        later(publisher, timedelta(days=30 * months)).publish()
        trust = Trust(state, THE_EPOCH)
        trust.bundle(publisher.bundle_bytes())
        state = activated(trust.state, trust.manifest(publisher.manifest_bytes()))
        assert state.time_floor == publisher.now


# --- root --------------------------------------------------------------------------------------


def test_an_expired_root_still_rules_and_is_flagged(
    state: TrustState, publisher: Publisher
) -> None:
    later(publisher, timedelta(days=5 * 366)).publish()
    trust = fresh_pass(state, publisher)
    assert Flag.ROOT_EXPIRED in trust.flags
    assert trust.manifest(publisher.manifest_bytes()).manifest == publisher.manifest


def test_an_expired_root_in_the_middle_of_a_chain_is_a_step_like_any_other(
    state: TrustState, publisher: Publisher
) -> None:
    later(publisher, timedelta(days=3 * 365)).rotate("root")
    later(publisher, timedelta(days=6 * 365)).rotate("root")
    trust = follow_roots(Trust(state, publisher.now), publisher)
    assert trust.trusted_root.version == 3
    assert Flag.ROOT_EXPIRED not in trust.flags


@pytest.mark.parametrize(
    ("clock", "flagged"), [(THE_EPOCH, False), (NOW, False), (NOW + TEN_YEARS, True)]
)
def test_a_root_at_1970_and_10_years_ahead(
    clock: datetime, flagged: bool, state: TrustState
) -> None:
    assert (Flag.ROOT_EXPIRED in Trust(state, clock).flags) is flagged


# --- activation --------------------------------------------------------------------------------


def test_a_candidate_activated_after_it_expired_is_shown(
    state: TrustState, publisher: Publisher
) -> None:
    """Its files took a month to come: it was in time when it was accepted."""
    publisher.publish()
    candidate = accept(state, publisher)
    assert activated(state, candidate).manifest.version == publisher.version
