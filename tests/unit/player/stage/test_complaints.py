"""What is wrong with an item is said once, and is over when the item was shown as it should be."""

import pytest
from msgspec.structs import replace

from manifest.model import StreamAsset
from tests.simulators.director_desk import THREE, Desk, three
from tests.simulators.moved_clock import NOON
from tests.simulators.stage_programmes import image, item, manifest, programme, video


def released(made, version):
    """The same programme in a release of its own."""
    return programme(replace(made, version=version))


@pytest.mark.expects_log("b (b) is left out")
def test_what_is_quarantined_is_said_once_whatever_is_released(caplog):
    desk = Desk()
    desk.director.quarantine(lambda bytes_: bytes_ == THREE["b"].sha256)
    for version in range(1, 6):
        desk.director.load(released(three(), version))
    assert [code for code, *_ in desk.journal.faults] == ["QUARANTINE"]
    assert len(caplog.records) == 1


@pytest.mark.expects_log("a (a) is left out")
def test_what_fails_is_said_once_whatever_is_released(caplog):
    desk = Desk()
    desk.director.load(released(three(), 1))
    broken = desk.house.scene.takes["main"]
    for version in range(2, 6):
        desk.director.failed(broken, "torn")
        desk.director.load(released(three(), version))
    assert [code for code, *_ in desk.journal.faults] == ["MEDIA_BAD"]
    assert len(caplog.records) == 1


@pytest.mark.expects_log("is left out: torn")
@pytest.mark.expects_log("is left out: too large")
def test_another_reason_is_said():
    desk = Desk()
    desk.director.load(programme(three()))
    take = desk.house.scene.takes["main"]
    for reason in ("torn", "torn", "too large", "too large"):
        desk.director.failed(take, reason)
    assert [reason for *_, reason in desk.journal.faults] == ["torn", "too large"]


@pytest.mark.expects_log("is left out: torn")
def test_other_bytes_under_the_same_name_may_fail_again():
    desk = Desk()
    for bytes_ in ("b", "b, mended"):
        made = manifest({**THREE, "b": image(bytes_)}, [item(name, 10) for name in THREE])
        desk.director.load(programme(made))
        desk.run_to((desk.clock.wall - NOON).total_seconds() + 28)
        desk.director.failed(
            next(cue.take for cue in reversed(desk.house.cues) if cue.take.item.id == "b"), "torn"
        )
    assert [code for code, *_ in desk.journal.faults] == ["MEDIA_BAD", "MEDIA_BAD"]


@pytest.mark.expects_log("is left out")
def test_a_picture_that_stands_again_is_well_and_its_next_failure_is_news():
    desk = Desk()
    desk.director.load(programme(three()))
    desk.play_to(8)
    broken = desk.house.cues[0].take
    desk.director.failed(broken, "torn")
    assert desk.journal.open == {("MEDIA_BAD", "b (b)")}
    desk.play_to(60)
    assert desk.journal.open == {("MEDIA_BAD", "b (b)")}, "it was not shown yet"
    desk.play_to(120)
    assert desk.journal.open == set()
    desk.director.failed(broken, "torn")
    assert desk.journal.open == {("MEDIA_BAD", "b (b)")}


@pytest.mark.expects_log("is left out")
def test_a_video_is_well_only_once_it_was_played_to_its_end():
    assets = {"v": video("v", 20_000), "a": image("a")}
    desk = Desk()
    desk.director.load(programme(manifest(assets, [item("a", 10), item("v", 20)])))
    desk.play_to(25)
    desk.director.failed(desk.house.scene.takes["main"], "it stopped")
    fault = {("MEDIA_BAD", "v (v)")}
    desk.play_to(85)
    assert desk.journal.open == fault
    while desk.house.items != {"main": "v"}:
        desk.play_to((desk.clock.wall - NOON).total_seconds() + 0.5)
    desk.play_to((desk.clock.wall - NOON).total_seconds() + 15)
    assert desk.journal.open == fault, "it may stop again where it stopped"
    desk.play_to((desk.clock.wall - NOON).total_seconds() + 10)
    assert desk.journal.open == set()


@pytest.mark.expects_log("is left out")
def test_a_stream_is_lost_until_it_stands_again_whatever_its_fallback_does():
    assets = {"s": StreamAsset("现场", "rtsp://x", "a"), "a": image("a")}
    desk = Desk()
    desk.director.load(programme(manifest(assets, [item("s", 600)])))
    for again_s in (70, 140, 210):
        desk.director.failed(replace(desk.house.scene.takes["main"], asset=assets["s"]), "no route")
        desk.play_to(again_s - 20)
        assert desk.house.scene.takes["main"].asset == assets["a"]
        desk.play_to(again_s)
        assert desk.house.scene.takes["main"].asset == assets["s"]
    assert [code for code, *_ in desk.journal.faults] == ["STREAM_LOST"]
    desk.play_to(250)
    assert desk.journal.open == {("STREAM_LOST", "s (现场)")}, "it may fall at once"
    desk.play_to(275)
    assert desk.journal.open == set()


@pytest.mark.expects_log("is left out: its fallback, 封面: torn")
@pytest.mark.expects_log("is left out: no route")
def test_a_fallback_that_is_broken_is_told_of_its_stream():
    assets = {"s": StreamAsset("现场", "rtsp://x", "a"), "a": image("封面")}
    desk = Desk()
    desk.director.load(programme(manifest(assets, [item("s", 600)])))
    desk.director.failed(desk.house.scene.takes["main"], "no route")
    desk.run_to(1)
    desk.director.failed(desk.house.scene.takes["main"], "torn")
    assert desk.journal.open == {("STREAM_LOST", "s (现场)"), ("MEDIA_BAD", "s (现场)")}
