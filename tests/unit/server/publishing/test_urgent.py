"""Undo, take-down, takeovers and renewal start from the walls, never from what is being edited."""

from datetime import timedelta

import pytest

from server.errors import Forbidden, NotFound
from server.library.models import AssetState
from server.publishing.errors import NothingToUndo
from server.publishing.models import Publication, Release
from server.publishing.preparation import prepare
from server.publishing.releases import LIFE
from server.publishing.selectors import payload_in
from server.publishing.services import publish
from server.publishing.undoing import undo
from server.publishing.urgent import end_takeover, renew, take_down, take_over
from server.screens.models import Screen
from tests.simulators.enterprise import Enterprise
from tests.simulators.wall import PairedWall


def published(enterprise: Enterprise, *screens: Screen) -> Release:
    release = publish(
        screens=screens, actor=enterprise.administrator, reason="", now=enterprise.later()
    )
    assert release is not None
    return release


def tail_of(screen: Screen) -> bytes:
    """The newest manifest of a screen without its head."""
    payload = payload_in(Publication.objects.filter(screen=screen)[0].envelope)
    return payload[payload.index(b',"timezone"') :]


def edit(enterprise: Enterprise, screen: Screen) -> None:
    """An editor puts another picture into what the screen shows, and does not publish it."""
    assert screen.default_layout is not None
    playlist = screen.default_layout.zones.get().playlist
    enterprise.add(playlist, enterprise.picture("Draft"))


# --- undo --------------------------------------------------------------------------------------


def test_undo_brings_back_the_bytes_of_then_but_for_version_and_dates(
    enterprise: Enterprise,
) -> None:
    screen = enterprise.lobby()
    first = published(enterprise, screen)
    before = tail_of(screen)
    edit(enterprise, screen)
    published(enterprise, screen)
    assert tail_of(screen) != before
    release = undo(release=first, actor=None, reason="A mistake", now=enterprise.later())
    assert release is not None
    assert release.restores == first
    assert tail_of(screen) == before


def test_undo_of_what_is_on_the_wall_already_does_nothing(enterprise: Enterprise) -> None:
    first = published(enterprise, enterprise.lobby())
    assert undo(release=first, actor=None, reason="", now=enterprise.later()) is None


def test_undo_leaves_out_what_was_taken_down_since(enterprise: Enterprise) -> None:
    kept, gone = enterprise.picture("Kept"), enterprise.picture("Gone")
    screen = enterprise.lobby(kept, gone)
    first = published(enterprise, screen)
    wall = PairedWall(enterprise, screen)
    take_down(asset=gone, actor=None, reason="Complaint", now=enterprise.later())
    edit(enterprise, screen)
    published(enterprise, screen)
    undo(release=first, actor=None, reason="", now=enterprise.later())
    wall.sync()
    assert wall.titles() == ["Kept"]


def test_undo_takes_a_screen_back_to_what_it_showed_when_the_release_was_made(
    enterprise: Enterprise,
) -> None:
    one, other = enterprise.lobby(), enterprise.lobby()
    published(enterprise, one)
    before = tail_of(one)
    later = published(enterprise, other)
    edit(enterprise, one)
    published(enterprise, one)
    undo(release=later, screens=[one], actor=None, reason="", now=enterprise.later())
    assert tail_of(one) == before


def test_undo_of_screens_that_had_nothing_then_says_so(enterprise: Enterprise) -> None:
    first = published(enterprise, enterprise.lobby())
    new = enterprise.lobby()
    with pytest.raises(NothingToUndo, match=f"release {first.pk}"):
        undo(release=first, screens=[new], actor=None, reason="", now=enterprise.later())


# --- take-down ---------------------------------------------------------------------------------


def test_a_take_down_reaches_every_screen_that_has_it_and_no_other(
    enterprise: Enterprise,
) -> None:
    gone, page = enterprise.picture("Gone"), enterprise.document(2, "Paper")
    one, two = enterprise.lobby(gone, enterprise.picture("A")), enterprise.lobby(gone, page)
    untouched = enterprise.lobby()
    published(enterprise, one, two, untouched)
    release = take_down(asset=gone, actor=None, reason="Complaint", now=enterprise.later())
    assert release is not None
    assert {each.screen for each in release.publications.all()} == {one, two}
    walls = [PairedWall(enterprise, each) for each in (one, two)]
    for wall in walls:
        wall.sync()
    assert [wall.titles() for wall in walls] == [["A"], ["Paper (1)", "Paper (2)"]]
    gone.refresh_from_db()
    assert gone.state == AssetState.WITHDRAWN


def test_a_take_down_publishes_nothing_that_is_being_edited(enterprise: Enterprise) -> None:
    gone = enterprise.picture("Gone")
    screen = enterprise.lobby(gone, enterprise.picture("Kept"))
    published(enterprise, screen)
    edit(enterprise, screen)
    take_down(asset=gone, actor=None, reason="", now=enterprise.later())
    wall = PairedWall(enterprise, screen)
    wall.sync()
    assert wall.titles() == ["Kept"]


def test_a_take_down_is_what_compiling_without_the_asset_gives(enterprise: Enterprise) -> None:
    camera_picture = enterprise.picture("Stand-in")
    gone = enterprise.document(3, "Gone")
    screen = enterprise.lobby(gone, enterprise.stream(camera_picture), enterprise.video())
    published(enterprise, screen)
    for asset in (gone, camera_picture):
        take_down(asset=asset, actor=None, reason="", now=enterprise.later())
        assert prepare([screen.pk], enterprise.now).changed == ()


def test_a_take_down_of_what_is_nowhere_withdraws_it_and_publishes_nothing(
    enterprise: Enterprise,
) -> None:
    published(enterprise, enterprise.lobby())
    asset = enterprise.picture()
    assert take_down(asset=asset, actor=None, reason="", now=enterprise.later()) is None
    asset.refresh_from_db()
    assert asset.state == AssetState.WITHDRAWN


# --- takeovers ---------------------------------------------------------------------------------


def test_a_takeover_stands_above_what_was_published_and_brings_no_draft(
    enterprise: Enterprise,
) -> None:
    screen = enterprise.lobby(enterprise.picture("Everyday"))
    published(enterprise, screen)
    edit(enterprise, screen)
    alarm = enterprise.layout(enterprise.playlist(enterprise.picture("Alarm")))
    takeover = enterprise.takeover(alarm, enterprise.group(screen))
    take_over(takeover=takeover, actor=None, reason="Fire drill", now=enterprise.now)
    wall = PairedWall(enterprise, screen)
    wall.sync()
    assert wall.titles() == ["Everyday", "Alarm"]
    assert wall.shown is not None
    assert [each.id for each in wall.shown.takeovers] == [f"t{takeover.pk}"]


def test_a_takeover_with_nothing_else_changed_is_what_compiling_gives(
    enterprise: Enterprise,
) -> None:
    shared = enterprise.playlist(enterprise.picture("Shared"))
    layout = enterprise.layout(shared)
    screen = enterprise.screen(layout)
    published(enterprise, screen)
    takeover = enterprise.takeover(layout, screen)
    take_over(takeover=takeover, actor=None, reason="", now=enterprise.later())
    assert prepare([screen.pk], enterprise.now).changed == ()


def test_a_takeover_reaches_a_screen_to_which_nothing_was_published(
    enterprise: Enterprise,
) -> None:
    screen = enterprise.screen()
    alarm = enterprise.layout(enterprise.playlist(enterprise.picture("Alarm")))
    takeover = enterprise.takeover(alarm, screen)
    take_over(takeover=takeover, actor=None, reason="", now=enterprise.now)
    wall = PairedWall(enterprise, screen)
    wall.sync()
    assert wall.titles() == ["Alarm"]


def test_a_takeover_that_is_ended_early_is_gone_at_once(enterprise: Enterprise) -> None:
    screen = enterprise.lobby(enterprise.picture("Everyday"))
    published(enterprise, screen)
    before = tail_of(screen)
    takeover = enterprise.takeover(
        enterprise.layout(enterprise.playlist(enterprise.picture())), screen
    )
    take_over(takeover=takeover, actor=None, reason="", now=enterprise.now)
    end_takeover(takeover=takeover, actor=None, reason="", now=enterprise.later())
    assert tail_of(screen) == before
    takeover.refresh_from_db()
    assert takeover.ends_at == enterprise.now
    assert prepare([screen.pk], enterprise.now).changed == ()


def test_a_takeover_that_is_over_is_no_change_to_publish(enterprise: Enterprise) -> None:
    screen = enterprise.lobby()
    published(enterprise, screen)
    takeover = enterprise.takeover(
        enterprise.layout(enterprise.playlist(enterprise.picture())), screen
    )
    take_over(takeover=takeover, actor=None, reason="", now=enterprise.now)
    enterprise.later(timedelta(days=2))
    assert publish(screens=[screen], actor=None, reason="", now=enterprise.now) is None


# --- renewal -----------------------------------------------------------------------------------


def test_a_renewal_brings_new_dates_and_nothing_else(enterprise: Enterprise) -> None:
    screen = enterprise.lobby()
    published(enterprise, screen)
    before = tail_of(screen)
    edit(enterprise, screen)
    release = renew(screens=[screen.pk], reason="", now=enterprise.later(timedelta(days=21)))
    assert release is not None
    assert release.by is None
    assert release.publications.get().expires_at == enterprise.now + LIFE
    assert tail_of(screen) == before


# --- rights ------------------------------------------------------------------------------------


def test_who_may_not_publish_there_may_not_undo_take_down_or_take_over(
    enterprise: Enterprise,
) -> None:
    screen = enterprise.lobby()
    release = published(enterprise, screen)
    stranger = enterprise.staff("stranger")
    takeover = enterprise.takeover(enterprise.layout(), screen)
    now = enterprise.later()
    with pytest.raises((Forbidden, NotFound)):
        publish(screens=[screen], actor=stranger, reason="", now=now)
    with pytest.raises((Forbidden, NotFound)):
        undo(release=release, actor=stranger, reason="", now=now)
    with pytest.raises((Forbidden, NotFound)):
        take_down(asset=enterprise.picture(), actor=stranger, reason="", now=now)
    with pytest.raises((Forbidden, NotFound)):
        take_over(takeover=takeover, actor=stranger, reason="", now=now)
