"""When something new is to be seen first: in its entry, at its place in the round, or never."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from server.publishing.first_airing import HORIZON, first_airing
from server.publishing.preview import manifest_of
from tests.simulators.enterprise import Enterprise

pytestmark = pytest.mark.django_db


def test_in_the_round_of_what_is_on_always(enterprise: Enterprise) -> None:
    one, other = enterprise.picture(), enterprise.picture()
    manifest = manifest_of(enterprise.lobby(one, other), "programme", enterprise.now)
    found = {first_airing(manifest, {each.pk}, enterprise.now) for each in (one, other)}
    assert enterprise.now in found, "one of both is on now"
    assert None not in found
    assert len(found) == 2
    assert max(each for each in found if each) - enterprise.now < timedelta(minutes=1)


def test_at_the_beginning_of_the_entry_that_shows_it(enterprise: Enterprise) -> None:
    screen, new = enterprise.lobby(), enterprise.picture()
    entry = enterprise.entry(enterprise.layout(enterprise.playlist(new)), screen)
    day = enterprise.now + timedelta(days=2)
    entry.start, entry.rrule = f"{day:%Y-%m-%d}T16:30:00", ""
    entry.save()
    manifest = manifest_of(screen, "programme", enterprise.now)
    found = first_airing(manifest, {new.pk}, enterprise.now)
    assert found is not None
    wall = found.astimezone(ZoneInfo("Asia/Shanghai"))
    assert f"{wall:%Y-%m-%dT%H:%M:%S}" == entry.start


def test_what_is_nowhere_or_too_far_off_has_none(enterprise: Enterprise) -> None:
    screen, new = enterprise.lobby(), enterprise.picture()
    entry = enterprise.entry(enterprise.layout(enterprise.playlist(new)), screen)
    day = enterprise.now + HORIZON + timedelta(days=2)
    entry.start, entry.rrule = f"{day:%Y-%m-%d}T16:30:00", ""
    entry.save()
    manifest = manifest_of(screen, "programme", enterprise.now)
    assert first_airing(manifest, {new.pk}, enterprise.now, HORIZON) is None
    assert first_airing(manifest, {999_999}, enterprise.now) is None
    assert first_airing(manifest, set(), enterprise.now) is None
