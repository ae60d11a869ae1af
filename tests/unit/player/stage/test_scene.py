"""Scenes as values: what may stay on screen, and what is made ready next."""

from datetime import timedelta

from msgspec.structs import replace

from manifest.model import Canvas, Layout, StreamAsset, Zone
from player.stage.scene import Set, continues, identity, plan, same_showing, scene
from scheduler.timeline import next_change_after, on_screen_at
from tests.simulators.moved_clock import NOON
from tests.simulators.stage_programmes import image, item, manifest, notice, video


def at(made, t, fallen=frozenset()):
    return scene(made, on_screen_at(made, t), fallen)


def coming(made, t, count):
    for _change in range(count):
        t = next_change_after(made, t)
        yield t, at(made, t)


def test_a_still_that_is_due_again_stays():
    made = manifest({"a": image("a")}, [item("a", 10)])
    first, again = (
        at(made, NOON).takes["main"],
        at(made, NOON + timedelta(seconds=10)).takes["main"],
    )
    assert continues(first, again)
    assert not same_showing(first, again)


def test_a_video_that_is_due_again_begins_again():
    made = manifest({"v": video("v", 10_000)}, [item("v", 10)])
    first, again = (
        at(made, NOON).takes["main"],
        at(made, NOON + timedelta(seconds=10)).takes["main"],
    )
    assert not continues(first, again)


def test_a_video_goes_on_under_a_new_manifest_with_the_same_bytes():
    made = manifest({"v": video("v", 10_000)}, [item("v", 10)])
    newer = replace(made, version=2, assets={"v": replace(video("v", 10_000), title="renamed")})
    assert continues(at(made, NOON).takes["main"], at(newer, NOON).takes["main"])


def test_other_bytes_or_another_fit_do_not_go_on():
    made = manifest({"a": image("a")}, [item("a", 10)])
    other = manifest({"a": image("b")}, [item("a", 10)])
    fitted = manifest({"a": image("a")}, [replace(item("a", 10), fit="cover")])
    take = at(made, NOON).takes["main"]
    assert not continues(take, at(other, NOON).takes["main"])
    assert not continues(take, at(fitted, NOON).takes["main"])


def test_the_identity_of_a_card_is_what_it_says():
    assert identity(notice("one")) == identity(notice("one"))
    assert identity(notice("one")) != identity(notice("two"))


def test_the_next_item_of_every_zone_is_planned_once_in_order():
    layout = Layout("#000000", (Zone("x", 0, 0, 9, 9, "main"), Zone("y", 0, 0, 9, 9, "other")))
    assets = {"a": image("a"), "b": image("b"), "c": image("c"), "d": image("d")}
    made = manifest(
        assets, [item("a", 3), item("b", 3)], NOON, layout, other=[item("c", 2), item("d", 2)]
    )
    cues = plan(at(made, NOON), coming(made, NOON, 4))
    assert [(cue.take.zone, cue.take.item.id, cue.at - NOON) for cue in cues] == [
        ("y", "d", timedelta(seconds=2)),
        ("x", "b", timedelta(seconds=3)),
    ]


def test_what_stays_needs_no_preparation():
    made = manifest({"a": image("a")}, [item("a", 1)])
    assert plan(at(made, NOON), coming(made, NOON, 3)) == []


def test_a_fallen_stream_is_covered_by_its_fallback():
    assets = {"s": StreamAsset("s", "rtsp://x", "a"), "a": image("a")}
    made = manifest(assets, [item("s", 10)])
    assert at(made, NOON).takes["main"].asset == assets["s"]
    assert at(made, NOON, frozenset({"s"})).takes["main"].asset == assets["a"]


def test_layouts_that_differ_only_in_names_are_one_set():
    canvas = Canvas(10, 10)
    one = Layout("#000000", (Zone("x", 0, 0, 9, 9, "main"),))
    two = Layout("#000000", (Zone("x", 0, 0, 9, 9, "other"),))
    assert Set.of(canvas, one) == Set.of(canvas, two)
    higher = Layout("#000000", (Zone("b", 0, 0, 1, 1, "m", 1), Zone("a", 0, 0, 1, 1, "m", 2)))
    assert [place[0] for place in Set.of(canvas, higher).places] == ["b", "a"]
