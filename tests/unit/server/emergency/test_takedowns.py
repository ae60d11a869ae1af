"""Off every screen with receipts, and back to where it was if nothing else was told since."""

from datetime import timedelta

import pytest

from server.emergency.takedowns import GoneStage, put_back, take_down, take_down_of
from server.errors import Conflict
from server.library.models import Asset, AssetState
from server.publishing.models import Publication
from server.publishing.services import publish
from server.screens.models import Screen
from server.telemetry.services import heartbeats_save, segments_take
from server.telemetry.values import Beat, ReceiptNote, Segment
from tests.simulators.enterprise import Enterprise
from tests.simulators.wall import PairedWall


@pytest.fixture
def poster(enterprise: Enterprise) -> Asset:
    return enterprise.picture("Poster")


@pytest.fixture
def screens(enterprise: Enterprise, poster: Asset) -> list[Screen]:
    made = [enterprise.lobby(poster, enterprise.picture("Kept")) for _ in range(2)]
    publish(screens=made, actor=None, reason="", now=enterprise.later())
    return made


def taken_down(enterprise: Enterprise, poster: Asset) -> None:
    boss = enterprise.administrator
    take_down(asset=poster, actor=boss, reason="A complaint.", now=enterprise.later())
    poster.refresh_from_db()


def stages(enterprise: Enterprise, poster: Asset) -> dict[str, GoneStage]:
    found = take_down_of(poster, enterprise.now)
    return {each.screen.name: each.stage for each in found.screens}


def test_each_screen_says_when_it_is_gone_and_one_that_is_away_keeps_it(
    enterprise: Enterprise, poster: Asset, screens: list[Screen]
) -> None:
    here, away = screens
    taken_down(enterprise, poster)
    beat = Beat(here.pk, enterprise.now, "boot", "192.0.2.1", 1, {})
    heartbeats_save(beats=[beat], sampled=(), now=enterprise.now)
    assert stages(enterprise, poster) == {here.name: GoneStage.SENT, away.name: GoneStage.KEPT}
    assert not take_down_of(poster, enterprise.now).is_settled
    note = ReceiptNote(Publication.objects.filter(screen=here)[0].version, enterprise.now)
    segment = Segment(here.pk, "receipt", receipts=(note,))
    segments_take(segments=[segment], now=enterprise.now)
    found = take_down_of(poster, enterprise.now)
    assert stages(enterprise, poster)[here.name] is GoneStage.GONE
    assert (found.gone, found.is_settled) == (1, True), "nobody is left who is heard of"


def test_what_was_taken_down_by_mistake_comes_back_to_where_it_was(
    enterprise: Enterprise, poster: Asset, screens: list[Screen]
) -> None:
    wall = PairedWall(enterprise, screens[0])
    wall.sync()
    taken_down(enterprise, poster)
    wall.sync()
    assert wall.titles() == ["Kept"]
    boss, now = enterprise.administrator, enterprise.later(timedelta(minutes=1))
    assert put_back(asset=poster, actor=boss, now=now) == 2
    wall.sync()
    assert sorted(wall.titles()) == ["Kept", "Poster"]
    assert poster.state == AssetState.READY
    with pytest.raises(Conflict, match="is back already"):
        put_back(asset=poster, actor=boss, now=enterprise.later())


def test_a_screen_that_was_told_something_else_since_is_left_alone(
    enterprise: Enterprise, poster: Asset, screens: list[Screen]
) -> None:
    taken_down(enterprise, poster)
    changed = screens[0]
    assert changed.default_layout is not None
    enterprise.add(changed.default_layout.zones.get().playlist, enterprise.picture("News"))
    publish(screens=[changed], actor=None, reason="", now=enterprise.later())
    assert put_back(asset=poster, actor=enterprise.administrator, now=enterprise.later()) == 1
    wall = PairedWall(enterprise, changed)
    wall.sync()
    assert sorted(wall.titles()) == ["Kept", "News"]


def test_of_what_was_never_taken_down_there_is_nothing_to_say(
    enterprise: Enterprise, poster: Asset
) -> None:
    assert take_down_of(poster, enterprise.now).screens == ()
