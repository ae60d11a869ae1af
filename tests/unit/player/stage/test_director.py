"""The director: what it asks for, when, and what it does when things go wrong."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace

from manifest.model import StreamAsset
from player.stage.director import AHEAD_S, TICK_S
from tests.simulators.director_desk import THREE, Desk, three
from tests.simulators.moved_clock import NOON
from tests.simulators.stage_programmes import image, item, manifest, programme, video


def test_every_item_is_shown_at_its_moment():
    desk = Desk()
    desk.director.load(programme(three()))
    assert desk.house.items == {"main": "a"}
    desk.run_to(9.99)
    assert desk.house.items == {"main": "a"}
    desk.run_to(10.01)
    assert desk.house.items == {"main": "b"}
    desk.run_to(20.01)
    assert desk.house.items == {"main": "c"}


def test_the_next_item_is_made_ready_ahead_of_its_moment():
    desk = Desk()
    desk.director.load(programme(three()))
    desk.run_to(10 - AHEAD_S - 0.1)
    assert desk.house.cues == []
    desk.run_to(10 - AHEAD_S + 0.05)
    cue = desk.house.cues[0]
    assert (cue.take.item.id, cue.at) == ("b", NOON + timedelta(seconds=10))


def test_short_items_are_made_ready_one_at_a_time():
    desk = Desk()
    desk.director.load(programme(three(0.5)))
    assert [cue.take.item.id for cue in desk.house.cues] == ["b"]


def test_it_looks_at_least_once_a_second():
    desk = Desk()
    desk.director.load(programme(three(3600)))
    assert desk.alarm.delay_ms <= TICK_S * 1000


@pytest.mark.parametrize("step_s", [-3600, -15, 15, 3600, 86400 * 365])
def test_a_step_of_the_wall_clock_is_followed_within_a_tick(step_s):
    desk = Desk()
    desk.director.load(programme(three()))
    desk.clock.step(step_s)
    desk.clock.advance(desk.alarm.delay_ms / 1000)
    desk.alarm.ring()
    # Before the takeover began the default layout shows the same items, counted from 1970.
    assert desk.house.items["main"] in THREE
    assert "CLOCK_STEP" in [code for code, _subject, _reason in desk.journal.faults]
    assert desk.house.realigned > 0


@pytest.mark.parametrize("year", [1970, 2038, 2100, 9998])
def test_any_year_is_played(year):
    desk = Desk(datetime(year, 1, 2, tzinfo=UTC))
    desk.director.load(programme(three()))
    assert desk.house.items["main"] in THREE


@pytest.mark.expects_log("is left out")
def test_an_item_that_fails_ahead_of_its_moment_is_left_out_from_its_moment_on():
    desk = Desk()
    desk.director.load(programme(three()))
    desk.run_to(8)
    desk.director.failed(desk.house.cues[0].take, "torn")
    desk.run_to(9.9)
    assert desk.house.items == {"main": "a"}
    assert desk.house.cues[-1].take.item.id != "b"
    desk.run_to(30)
    assert desk.house.items["main"] != "b"
    assert [code for code, _subject, _reason in desk.journal.faults] == ["MEDIA_BAD"]


@pytest.mark.expects_log("a (红.png) is left out")
@pytest.mark.expects_log("b (蓝.png) is left out")
def test_a_fault_names_the_item_and_its_title():
    assert faulty_subjects(programme(titled())) == ["b (蓝.png)", "a (红.png)"]


@pytest.mark.expects_log("红.png is left out")
@pytest.mark.expects_log("蓝.png is left out")
def test_a_fault_names_the_title_alone_where_ids_are_made_up():
    of_a_folder = replace(programme(titled()), titles_name_items=True)
    assert faulty_subjects(of_a_folder) == ["蓝.png", "红.png"]


def titled():
    assets = {"a": image("红.png"), "b": image("蓝.png"), "c": image("c")}
    return manifest(assets, [item(name, 10) for name in assets])


def faulty_subjects(made):
    """One item is quarantined, one fails: what the faults call them."""
    desk = Desk()
    desk.director.quarantine(lambda bytes_: bytes_ == made.manifest.assets["b"].sha256)
    desk.director.load(made)
    desk.director.failed(desk.house.scene.takes["main"], "torn")
    assert [code for code, _subject, _reason in desk.journal.faults] == ["QUARANTINE", "MEDIA_BAD"]
    return [subject for _code, subject, _reason in desk.journal.faults]


@pytest.mark.expects_log("is left out")
def test_every_item_with_the_same_bytes_is_left_out():
    assets = {"a": image("a"), "b": image("same"), "c": image("same")}
    desk = Desk()
    desk.director.load(programme(manifest(assets, [item(name, 10) for name in assets])))
    desk.run_to(8)
    desk.director.failed(desk.house.cues[0].take, "torn")
    desk.run_to(25)
    assert desk.house.items == {"main": "a"}


@pytest.mark.expects_log("is left out")
def test_when_all_have_failed_the_slate_comes_and_they_are_tried_again():
    desk = Desk()
    desk.director.load(programme(manifest({"a": image("a")}, [item("a", 10)])))
    desk.director.failed(desk.house.scene.takes["main"], "torn")
    desk.run_to(1)
    assert desk.house.slate == "waiting"
    desk.run_to(12)
    assert desk.house.items == {"main": "a"}


def test_nothing_due_is_told_apart_from_nothing_playable():
    desk = Desk()
    desk.director.load(programme(manifest({}, [])))
    assert desk.house.slate == "off_hours"


@pytest.mark.expects_log("is left out")
def test_a_stream_that_fails_is_covered_and_tried_again():
    assets = {"s": StreamAsset("s", "rtsp://x", "a"), "a": image("a")}
    desk = Desk()
    desk.director.load(programme(manifest(assets, [item("s", 600)])))
    desk.director.failed(desk.house.scene.takes["main"], "no route")
    desk.run_to(1)
    assert desk.house.scene.takes["main"].asset == assets["a"]
    desk.run_to(70)
    assert desk.house.scene.takes["main"].asset == assets["s"]


@pytest.mark.expects_log("left out")
def test_quarantined_bytes_are_never_shown_until_they_change():
    desk = Desk()
    made = three()
    desk.director.quarantine(lambda bytes_: bytes_ == THREE["a"].sha256)
    desk.director.load(programme(made))
    assert desk.house.items == {"main": "b"}
    desk.run_to(120)
    assert desk.house.items["main"] != "a"
    changed = {**THREE, "a": image("a, mended")}
    desk.director.load(programme(manifest(changed, [item(name, 10) for name in changed])))
    desk.run_to(121)
    assert desk.house.items == {"main": "a"}


@pytest.mark.expects_log("the director stumbled")
def test_an_error_of_ours_leaves_the_picture_and_the_director_tries_again():
    desk = Desk()
    desk.director.load(programme(three()))
    honest = desk.house.show

    def broken(scene):
        raise RuntimeError("a bug")

    desk.house.show = broken
    desk.run_to(2)
    desk.house.show = honest
    desk.run_to(11)
    assert desk.house.items == {"main": "b"}


def test_ten_thousand_items_cost_no_noticeable_time():
    assets = {f"a{n}": video(f"v{n}", 1000) for n in range(10_000)}
    made = manifest(assets, [item(name, 1) for name in assets])
    desk = Desk()
    desk.director.load(programme(made))
    desk.run_to(20)
    assert desk.house.items in ({"main": "a20"}, {"main": "a19"})
