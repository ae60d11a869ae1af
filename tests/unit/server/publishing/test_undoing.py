"""Undo and takeovers: an alarm that runs stays on the wall, and one that was ended stays ended."""

import pytest

from manifest.model import Manifest
from server.errors import Conflict
from server.publishing.models import Publication, Release
from server.publishing.selectors import manifest_in, told
from server.publishing.services import publish
from server.publishing.undoing import undo
from server.publishing.urgent import end_takeover, take_over
from server.screens.models import Screen
from tests.simulators.enterprise import Enterprise


def published(enterprise: Enterprise, *screens: Screen) -> Release:
    release = publish(screens=screens, actor=None, reason="", now=enterprise.later())
    assert release is not None
    return release


def manifest_on(screen: Screen) -> Manifest:
    """The newest manifest of a screen."""
    return manifest_in(Publication.objects.filter(screen=screen)[0].envelope)


def test_undo_during_an_alarm_leaves_the_alarm_on_the_wall(enterprise: Enterprise) -> None:
    screen = enterprise.lobby(enterprise.picture("Good"))
    first = published(enterprise, screen)
    assert first is not None
    assert screen.default_layout is not None
    enterprise.add(screen.default_layout.zones.get().playlist, enterprise.picture("Mistake"))
    published(enterprise, screen)
    layout = enterprise.layout(enterprise.playlist(enterprise.picture("Leave the building")))
    alarm = enterprise.takeover(layout, screen)
    take_over(takeover=alarm, actor=None, reason="", now=enterprise.later())
    undo(release=first, actor=None, reason="", now=enterprise.later())
    manifest = manifest_on(screen)
    assert {each.title for each in manifest.assets.values()} == {"Good", "Leave the building"}
    assert [each.id for each in manifest.takeovers] == [f"t{alarm.pk}"]


def test_undo_to_another_size_waits_for_the_end_of_an_alarm(enterprise: Enterprise) -> None:
    screen = enterprise.lobby()
    first = published(enterprise, screen)
    screen.canvas_width, screen.canvas_height = 3840, 2160
    screen.save()
    published(enterprise, screen)
    layout = enterprise.layout(enterprise.playlist(enterprise.picture()))
    alarm = enterprise.takeover(layout, screen)
    take_over(takeover=alarm, actor=None, reason="", now=enterprise.later())
    with pytest.raises(Conflict, match="had another size then"):
        undo(release=first, actor=None, reason="", now=enterprise.later())
    end_takeover(takeover=alarm, actor=None, reason="", now=enterprise.later())
    assert undo(release=first, actor=None, reason="", now=enterprise.later()) is not None
    assert manifest_on(screen).canvas.width == 1920


def test_undo_begins_no_alarm_again_that_was_ended(enterprise: Enterprise) -> None:
    screen = enterprise.lobby(enterprise.picture("Good"))
    published(enterprise, screen)
    before = told([screen.pk])[screen.pk].content_sha256
    layout = enterprise.layout(enterprise.playlist(enterprise.picture("Leave the building")))
    alarm = enterprise.takeover(layout, screen)
    begun = take_over(takeover=alarm, actor=None, reason="", now=enterprise.later())
    assert begun is not None
    end_takeover(takeover=alarm, actor=None, reason="", now=enterprise.later())
    assert undo(release=begun, actor=None, reason="", now=enterprise.later()) is None
    assert told([screen.pk])[screen.pk].content_sha256 == before
