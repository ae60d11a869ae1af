"""Sites, screens and groups: two who change one thing at once, and what may not be."""

from datetime import timedelta

import pytest

from server.accounts.models import Role
from server.audit.models import AuditRow
from server.errors import Conflict, Forbidden, Invalid, NotFound
from server.screens.models import ScreenToken
from server.screens.services import (
    group_change,
    group_create,
    group_delete,
    screen_change,
    screen_create,
    screen_retire,
    site_create,
)
from server.screens.states import LATE_AFTER, OFFLINE_AFTER, ScreenState, state_of
from tests.simulators import server_objects as objects
from tests.simulators.server_objects import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def department():
    return objects.department()


@pytest.fixture
def administrator():
    return objects.administrator()


def create(department, actor, **more):
    fields = {"slug": "lobby-1", "name": "Lobby", "site": objects.site(), **more}
    return screen_create(department=department, actor=actor, now=NOW, **fields)


def test_the_second_of_two_changes_is_told_and_nothing_is_lost(department, administrator):
    screen = create(department, administrator)
    screen_change(screen=screen, version=1, place="East wall", actor=administrator, now=NOW)
    with pytest.raises(Conflict) as refused:
        screen_change(screen=screen, version=1, place="West", actor=administrator, now=NOW)
    assert refused.value.details == {"version": 2}
    screen.refresh_from_db()
    assert screen.place == "East wall"
    assert AuditRow.objects.filter(action="screen.change").count() == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"slug": "a b"},
        {"name": ""},
        {"canvas_width": 1},
        {"timezone": "Mars/Base"},
        {"panel_on": [{"start": "now", "duration_s": 5}]},
        {"panel_on": {}},
        {"retired_at": NOW},
    ],
)
def test_a_screen_that_could_not_be_published_is_refused(department, administrator, wrong):
    with pytest.raises(Invalid):
        create(department, administrator, **wrong)


def test_a_panel_may_be_lit_in_windows(department, administrator):
    window = {"start": "2026-11-22T07:00:00", "duration_s": 43_200, "rrule": "FREQ=DAILY"}
    screen = create(department, administrator, panel_on=[window])
    assert screen.panel_on == [window]


def test_a_slug_is_taken_once_a_site(department, administrator):
    screen = create(department, administrator)
    create(department, administrator)  # at another site
    with pytest.raises(Invalid):
        create(department, administrator, site=screen.site)


def test_a_retired_screen_locks_its_box_out_and_keeps_its_slug(department, administrator):
    screen = create(department, administrator)
    ScreenToken.objects.create(screen=screen, sha256="0" * 64, created_at=NOW)
    for _twice in range(2):
        screen_retire(screen=screen, actor=administrator, now=NOW)
    assert not ScreenToken.objects.filter(revoked_at=None).exists()
    assert AuditRow.objects.filter(action="screen.retire").count() == 1
    with pytest.raises(Invalid):
        create(department, administrator, site=screen.site)


def test_who_may_not_manage_screens_changes_nothing(department, administrator):
    screen = create(department, administrator)
    with pytest.raises(Forbidden):
        screen_change(
            screen=screen, version=1, name="Mine", actor=objects.editor(department), now=NOW
        )
    stranger = objects.staff(Role.ADMINISTRATOR, of=objects.department())
    with pytest.raises(NotFound):
        screen_retire(screen=screen, actor=stranger, now=NOW)
    with pytest.raises(NotFound):
        site_create(slug="s", name="S", actor=stranger, now=NOW)


def test_a_group_holds_screens_that_its_maker_may_manage(department, administrator):
    own, other = objects.screen(department), objects.screen(objects.department())
    local = objects.staff(Role.ADMINISTRATOR, of=department)
    group = group_create(name="Lobbies", department=department, screens=[own], actor=local, now=NOW)
    with pytest.raises(NotFound):
        group_change(group=group, version=1, screens=[own, other], actor=local, now=NOW)
    with pytest.raises(Invalid):
        create(department, administrator, groups=[objects.group(other.department)])
    changed = group_change(group=group, version=1, allow_4k=True, actor=local, now=NOW)
    assert changed.allow_4k
    group_delete(group=changed, actor=local, now=NOW)
    assert own.groups.count() == 0


@pytest.mark.parametrize(
    ("silence", "state"),
    [
        (timedelta(0), ScreenState.ONLINE),
        (LATE_AFTER, ScreenState.LATE),
        (OFFLINE_AFTER, ScreenState.OFFLINE),
        (timedelta(days=400), ScreenState.OFFLINE),
        (timedelta(seconds=-5), ScreenState.ONLINE),
    ],
)
def test_the_state_follows_from_the_last_heartbeat(silence, state):
    assert state_of(NOW - silence, NOW) is state
    assert state_of(None, NOW) is ScreenState.NEVER
    assert state_of(NOW, NOW, retired=True) is ScreenState.RETIRED
