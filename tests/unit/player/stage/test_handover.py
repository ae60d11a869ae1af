"""A new generation takes the screen where an item ends, or at once where that must not wait."""

from datetime import timedelta

import pytest
from msgspec.structs import replace

from manifest.model import Manifest, Takeover
from player.stage.handover import PATIENCE
from tests.simulators.director_desk import Desk
from tests.simulators.moved_clock import NOON
from tests.simulators.stage_programmes import image, item, manifest, programme, whole

OLD = {name: image(name) for name in "ab"}
NEW = {name: image(name) for name in "abz"}


def now_playing(first: Manifest, desk: Desk | None = None) -> Desk:
    desk = desk or Desk()
    desk.director.load(waiting(first))
    return desk


def waiting(one: Manifest):
    return replace(programme(one), waits=True)


def of(assets, *names: str, seconds: float = 10) -> Manifest:
    return manifest(assets, [item(name, seconds) for name in names])


def test_the_item_on_the_screen_plays_to_its_end():
    desk = now_playing(of(OLD, "a", "b"))
    desk.run_to(4)
    desk.director.load(waiting(of(NEW, "z", "a", "b")))
    desk.run_to(9.99)
    assert desk.house.items == {"main": "a"}
    desk.run_to(10.01)
    assert desk.house.items == {"main": "a"}, "the new programme, at its own place in the rotation"
    desk.run_to(30.5)
    assert desk.house.items == {"main": "z"}


def test_what_comes_next_is_made_ready_before_it_takes_over():
    desk = now_playing(of(OLD, "a", "b"))
    desk.run_to(4)
    desk.director.load(waiting(of(NEW, "b", "z", "a")))
    desk.run_to(9)
    assert {cue.take.item.id for cue in desk.house.cues} == {"z"}
    desk.run_to(10.01)
    assert desk.house.items == {"main": "z"}


def test_a_programme_that_cuts_nothing_short_takes_over_at_once():
    desk, taken_up = Desk(), []
    desk.director.when_taken_up(lambda each: taken_up.append(each.manifest))
    now_playing(of(OLD, "a", "b"), desk)
    desk.run_to(4)
    same_now = of(NEW, "a", "z")
    desk.director.load(waiting(same_now))
    assert taken_up[-1] is same_now


def test_an_item_that_is_taken_down_goes_at_once():
    desk = now_playing(of(OLD, "a", "b"))
    desk.run_to(4)
    desk.director.load(waiting(of({"b": OLD["b"]}, "b")))
    assert desk.house.items == {"main": "b"}


def test_bytes_that_are_taken_down_go_at_once_though_the_item_keeps_its_name():
    desk = now_playing(of(OLD, "a", "b"))
    desk.run_to(4)
    other = OLD | {"a": image("other bytes")}
    desk.director.load(waiting(of(other, "b", "a")))
    desk.run_to(4.01)
    assert desk.house.scene.takes["main"].asset != OLD["a"]


def test_a_takeover_comes_at_once():
    desk = now_playing(of(OLD, "a", "b"))
    desk.run_to(4)
    desk.director.load(waiting(_with_takeover(of(NEW, "a", "b"))))
    assert desk.house.items == {"main": "z"}


def test_a_takeover_that_is_called_off_goes_at_once():
    desk = now_playing(_with_takeover(of(NEW, "a", "b")))
    desk.run_to(4)
    assert desk.house.items == {"main": "z"}
    desk.director.load(waiting(of(NEW, "a", "b")))
    assert desk.house.items == {"main": "a"}


def test_a_takeover_that_begins_while_the_programme_waits_does_not_wait():
    desk = now_playing(of(OLD, "a", "b", seconds=100))
    desk.run_to(4)
    desk.director.load(waiting(_with_takeover(of(NEW, "b", "a"), after_s=20)))
    desk.run_to(19)
    assert desk.house.items == {"main": "a"}
    desk.run_to(21.1)
    assert desk.house.items == {"main": "z"}


def test_no_item_keeps_a_publication_waiting_for_more_than_minutes():
    desk = now_playing(of(OLD, "a", "b", seconds=3600))
    desk.run_to(4)
    desk.director.load(waiting(of(NEW, "b", "a", seconds=3600)))
    patience_s = PATIENCE.total_seconds()
    desk.run_to(4 + patience_s - 2)
    assert desk.house.items == {"main": "a"}
    desk.run_to(4 + patience_s + 2)
    assert desk.house.items == {"main": "b"}


def test_the_wait_is_on_the_monotonic_clock():
    desk = now_playing(of(OLD, "a", "b"))
    desk.run_to(4)
    desk.director.load(waiting(of(NEW, "b", "a")))
    desk.clock.step(-3 * 365 * 86_400)
    taken_up = []
    desk.director.when_taken_up(lambda each: taken_up.append(each.manifest))
    for _second in range(12):
        desk.clock.advance(1)
        desk.alarm.ring()
    assert len(taken_up) == 1


def test_of_two_that_wait_the_newer_one_comes():
    desk, taken_up = Desk(), []
    now_playing(of(OLD, "a", "b"), desk)
    desk.director.when_taken_up(lambda each: taken_up.append(each.manifest))
    desk.run_to(4)
    first, second = of(NEW, "b", "a"), of(NEW, "b", "z", "a")
    desk.director.load(waiting(first))
    desk.director.load(waiting(second))
    desk.run_to(11)
    assert taken_up == [second]


def test_after_the_slate_nothing_waits():
    desk = Desk()
    desk.director.step()
    desk.director.load(waiting(of(OLD, "a")))
    assert desk.house.items == {"main": "a"}


@pytest.mark.parametrize("seconds", [0.5, 3, 9.9])
def test_a_source_that_does_not_wait_changes_at_once(seconds: float):
    """A folder on the command line: who puts a file there wants to see it."""
    desk = Desk()
    desk.director.load(programme(of(OLD, "a", "b")))
    desk.run_to(seconds)
    desk.director.load(programme(of(NEW, "z", "a", "b")))
    desk.run_to(seconds + 0.01)
    assert desk.house.scene is not None
    assert desk.director._handover.coming is None


def _with_takeover(one: Manifest, after_s: float = 0) -> Manifest:
    """The same, with the picture z over it for an hour, `after_s` from NOON on."""
    base = manifest(NEW, [item("z", 10)])
    playlist = next(iter(base.playlists.values()))
    start = NOON + timedelta(seconds=after_s)
    return replace(
        one,
        playlists=one.playlists | {"urgent": playlist},
        layouts=one.layouts | {"urgent": whole("urgent")},
        takeovers=(
            *one.takeovers,
            Takeover("t1", "urgent", start, start + timedelta(hours=1), 1),
        ),
    )
