"""Level 2: urgent acts that wait for approvers are held by the next one, and can be seen."""

import uuid
from datetime import timedelta

import pytest

from server.emergency.board import board_of
from server.emergency.lines import Stage
from server.emergency.models import Emergency
from server.emergency.services import Asked, begin, end
from server.emergency.takedowns import GoneStage, put_back, take_down, take_down_of
from server.emergency.waiting import unsigned
from server.emergency.words import Words
from server.library.models import Asset
from server.programme.drafts import Where
from server.publishing.approvals import approve, pending
from server.publishing.errors import NotApproved
from server.publishing.models import Publication
from server.publishing.renewal import renew_what_expires
from server.publishing.services import publish
from server.publishing.urgent import renew, take_over
from server.screens.models import Screen
from tests.simulators.enterprise import Enterprise
from tests.simulators.wall import PairedWall
from tests.unit.server.publishing.test_approvals import signed


@pytest.fixture
def enterprise(enterprise_without_keys: Enterprise) -> Enterprise:
    enterprise_without_keys.install_keys(approvers=1)
    return enterprise_without_keys


@pytest.fixture
def poster(enterprise: Enterprise) -> Asset:
    return enterprise.picture("Poster")


@pytest.fixture
def lobby(enterprise: Enterprise, poster: Asset) -> Screen:
    """A screen that shows two pictures, signed by the approver."""
    screen = enterprise.lobby(poster, enterprise.picture("Kept"))
    publish(screens=[screen], actor=None, reason="", now=enterprise.later())
    sign(enterprise)
    return screen


def sign(enterprise: Enterprise) -> None:
    """The approver signs whatever waits."""
    for each in list(pending()):
        approve(envelope=signed(each, *enterprise.approvers), actor=None, now=enterprise.now)


def begun(enterprise: Enterprise, screen: Screen) -> Emergency:
    asked = Asked(
        request=uuid.uuid4(), words=Words("Fire", "", "Duty"), where=Where(screens=[screen.pk]),
        ends_at=enterprise.now + timedelta(hours=1), is_drill=False, typed="插播",
    )  # fmt: skip
    return begin(asked=asked, actor=enterprise.administrator, now=enterprise.later())


def taken_down(enterprise: Enterprise, poster: Asset) -> None:
    boss = enterprise.administrator
    take_down(asset=poster, actor=boss, reason="Wrong.", now=enterprise.later())
    poster.refresh_from_db()


def wall_of(enterprise: Enterprise, screen: Screen) -> PairedWall:
    wall = PairedWall(enterprise, screen)
    wall.sync()
    return wall


def acts(enterprise: Enterprise, screen: Screen) -> list[str]:
    found = unsigned([screen.pk], enterprise.now)
    return [str(each.asset or f"{each.takeover}{' ends' if each.is_end else ''}") for each in found]


def test_a_takeover_and_a_take_down_that_wait_are_both_in_what_is_signed_last(
    enterprise: Enterprise, lobby: Screen, poster: Asset
) -> None:
    emergency = begun(enterprise, lobby)
    taken_down(enterprise, poster)
    assert acts(enterprise, lobby) == ["Fire", "Poster"]
    assert len(list(pending())) == 1
    sign(enterprise)
    wall = wall_of(enterprise, lobby)
    assert (wall.glass(), "Poster" in wall.titles()) == (["Fire"], False)
    assert acts(enterprise, lobby) == []
    (line,) = board_of(emergency.takeover, enterprise.now).lines
    assert line.stage is Stage.UNREACHED, "signed, by what came after it"


def test_the_other_way_round_too_and_the_board_of_the_take_down_says_so(
    enterprise: Enterprise, lobby: Screen, poster: Asset
) -> None:
    taken_down(enterprise, poster)
    (gone,) = take_down_of(poster, enterprise.now).screens
    assert gone.stage is GoneStage.WAITING
    begun(enterprise, lobby)
    sign(enterprise)
    wall = wall_of(enterprise, lobby)
    assert (wall.glass(), "Poster" in wall.titles()) == (["Fire"], False)
    (gone,) = take_down_of(poster, enterprise.now).screens
    assert gone.stage is GoneStage.KEPT, "signed, and not heard of"


def test_what_was_begun_and_ended_before_anybody_signed_is_on_no_wall(
    enterprise: Enterprise, lobby: Screen, poster: Asset
) -> None:
    emergency = begun(enterprise, lobby)
    alarm = next(pending())
    end(takeover=emergency.takeover, actor=enterprise.administrator, now=enterprise.later())
    with pytest.raises(NotApproved, match="was overtaken by"):
        approve(envelope=signed(alarm, *enterprise.approvers), actor=None, now=enterprise.now)
    assert acts(enterprise, lobby) == []
    taken_down(enterprise, poster)
    sign(enterprise)
    assert wall_of(enterprise, lobby).glass() == ["Kept"]


def test_an_end_that_waits_is_said_and_is_held_by_what_comes_next(
    enterprise: Enterprise, lobby: Screen, poster: Asset
) -> None:
    emergency = begun(enterprise, lobby)
    sign(enterprise)
    assert wall_of(enterprise, lobby).glass() == ["Fire"]
    end(takeover=emergency.takeover, actor=enterprise.administrator, now=enterprise.later())
    assert acts(enterprise, lobby) == ["Fire ends"]
    taken_down(enterprise, poster)
    sign(enterprise)
    assert wall_of(enterprise, lobby).glass() == ["Kept"]


@pytest.mark.expects_log("APPROVAL_DUE 1 manifests")
def test_what_waits_survives_a_renewal(
    enterprise: Enterprise, lobby: Screen, poster: Asset
) -> None:
    begun(enterprise, lobby)
    taken_down(enterprise, poster)
    renew(screens=[lobby.pk], reason="New dates.", now=enterprise.later())
    assert put_back(asset=poster, actor=enterprise.administrator, now=enterprise.later()) == 0, (
        "something else was told since"
    )
    assert renew_what_expires(enterprise.now) == 0
    sign(enterprise)
    assert wall_of(enterprise, lobby).glass() == ["Fire"]


def test_a_take_down_that_waits_is_undone_without_losing_the_takeover(
    enterprise: Enterprise, lobby: Screen, poster: Asset
) -> None:
    begun(enterprise, lobby)
    taken_down(enterprise, poster)
    assert put_back(asset=poster, actor=enterprise.administrator, now=enterprise.later()) == 1
    sign(enterprise)
    wall = wall_of(enterprise, lobby)
    assert (wall.glass(), "Poster" in wall.titles()) == (["Fire"], True)


def test_a_screen_without_a_signed_programme_keeps_its_first_takeover(
    enterprise: Enterprise, poster: Asset
) -> None:
    screen = enterprise.lobby(poster)
    begun(enterprise, screen)
    begun_again = Publication.objects.filter(screen=screen).count()
    other = enterprise.layout(enterprise.playlist(enterprise.picture("Flood")))
    takeover = enterprise.takeover(other, screen)
    take_over(takeover=takeover, actor=None, reason="", now=enterprise.later())
    assert Publication.objects.filter(screen=screen).count() == begun_again + 1
    sign(enterprise)
    wall = wall_of(enterprise, screen)
    assert wall.shown is not None
    assert len(wall.shown.takeovers) == 2
