"""From the first frame to the last: hold, start, join in the middle, loop, cut, answer once."""

import itertools
import time

import pytest

from player.stage.media.video import Limits
from tests.integration.video.zone import ClipMaker, Zone, ZoneMaker

JOINT = 3
"""Frames of 40 ms: a joint is right within 0.12 s (0.5 s are promised)."""


def numbers_until(zone: Zone, seconds: float) -> list[int]:
    """Every frame number that stands in the scene meanwhile, each change once."""
    seen = [zone.number()]
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        zone.qtbot.wait(5)
        if (number := zone.number()) != seen[-1]:
            seen.append(number)
    return seen


def test_it_stands_on_its_first_frame_until_it_is_started(zone: Zone, numbered: ClipMaker) -> None:
    zone.show(numbered(4))
    held = numbers_until(zone, 0.5)
    assert len(held) == 1, f"it went on by itself: {held}"
    assert held[0] <= 2  # a busy machine may be late for the very first
    zone.slot.start(zone.tickets)
    zone.wait(lambda: zone.number() > 10)


def test_it_begins_with_its_first_frames_and_skips_none_to_speak_of(
    zone: Zone, numbered: ClipMaker
) -> None:
    zone.play(numbered(4))
    seen = numbers_until(zone, 1.0)
    assert seen == sorted(seen)
    assert seen[0] <= 1  # it plays while the first picture is grabbed
    assert seen[1] <= 3, f"it jumped when it was started: {seen[:5]}"


@pytest.mark.parametrize("offset_ms", [1, 1_240, 2_000, 3_700])
def test_joining_in_the_middle_shows_the_frame_of_that_instant(
    zone: Zone, numbered: ClipMaker, offset_ms: int
) -> None:
    zone.show(numbered(4), offset_ms=offset_ms)
    assert zone.number() == pytest.approx(offset_ms / 40, abs=JOINT)


def test_joining_late_in_a_span_that_loops_finds_the_right_pass(
    zone: Zone, numbered: ClipMaker
) -> None:
    zone.show(numbered(4), offset_ms=4_000 * 3 + 1_000)
    assert zone.number() == pytest.approx(25, abs=JOINT)


def test_a_lying_manifest_does_not_move_the_joint_out_of_the_clip(
    zone: Zone, numbered: ClipMaker
) -> None:
    zone.show(numbered(4), offset_ms=9_000, duration_ms=60_000)
    assert zone.number() == pytest.approx(25, abs=JOINT)
    assert "4.0 s long, not 60.0 s" in zone.noted[0]


def test_a_clip_as_long_as_promised_is_not_remarked_upon(zone: Zone, numbered: ClipMaker) -> None:
    zone.show(numbered(4), duration_ms=4_050)
    assert zone.noted == []


def test_a_clip_shorter_than_its_span_begins_again_without_a_break(
    zone: Zone, numbered: ClipMaker
) -> None:
    zone.play(numbered(2))
    seen = numbers_until(zone, 5.0)
    falls = [index for index, (a, b) in enumerate(itertools.pairwise(seen)) if b < a]
    assert len(falls) >= 2, f"it did not loop: {seen}"
    for fall in falls:
        assert seen[fall] >= 46, f"the end of the pass was cut at {seen[fall]} of 49"
        assert seen[fall + 1] <= 3, f"the next pass began at {seen[fall + 1]}"
    assert zone.failed == []


@pytest.mark.parametrize("rate", [25, 30])
def test_a_clip_that_fills_its_span_is_not_begun_again(
    zone: Zone, numbered: ClipMaker, rate: int
) -> None:
    """Its very last frame comes and stands (`libvlc.FILE_CACHING_MS`)."""
    zone.play(numbered(2, rate), span_ms=2_000)
    zone.wait(lambda: zone.number() == 2 * rate - 1)
    numbers_until(zone, 1.0)
    assert zone.number() == 2 * rate - 1


@pytest.mark.parametrize("frames", [1, 3])
def test_a_clip_of_a_few_frames_is_a_picture(zone: Zone, numbered: ClipMaker, frames: int) -> None:
    zone.play(numbered(frames / 25))
    zone.qtbot.wait(4_000)  # longer than every deadline of a picture that stands still
    assert zone.failed == []
    assert zone.number() < frames


def test_a_clip_of_two_hours_starts_at_once_and_in_its_middle(
    zone: Zone, make_clip: ClipMaker
) -> None:
    clip = make_clip("long.mp4", "-preset", "ultrafast", size="64x64", seconds=7200, rate=1)
    zone.show(clip, offset_ms=3_600_000, duration_ms=7_200_000)
    assert (zone.failed, zone.noted) == ([], [])


def test_one_picture_every_four_seconds_is_not_a_stall(
    make_zone: ZoneMaker, make_clip: ClipMaker
) -> None:
    zone = make_zone(limits=Limits(stall_s=1.0))
    zone.play(make_clip("slow.mp4", "-vf", "fps=1/2", seconds=8, rate=1))
    zone.qtbot.wait(4_000)
    assert zone.failed == []


def test_answers_to_an_earlier_ticket_are_dropped(zone: Zone, numbered: ClipMaker) -> None:
    first, second = zone.prepare(numbered(4)), zone.prepare(numbered(4), offset_ms=2_000)
    assert zone.answer() is None
    zone.slot.start(first)
    assert numbers_until(zone, 0.3) == [pytest.approx(50, abs=JOINT)], "the old ticket started it"
    assert zone.ready == [second]


def test_release_lets_go_of_the_frames_and_of_the_decoder(zone: Zone, make_clip: ClipMaker) -> None:
    zone.play(make_clip("red.mp4"))
    zone.slot.release()
    zone.wait(lambda: zone.colour().blue() > 200)  # the window's own colour
    zone.slot.start(zone.tickets)  # too late: nothing happens
    zone.wait(lambda: not zone.engine._closing)


def test_the_last_picture_stays_until_the_next_one_is_there(
    zone: Zone, make_clip: ClipMaker
) -> None:
    zone.play(make_clip("red.mp4"))
    zone.prepare(make_clip("lime.mp4", colour="lime"))
    while zone.tickets not in zone.ready:
        shown = zone.colour()
        assert shown.red() > 200 or shown.green() > 200, f"{shown.name()} between two clips"
        zone.qtbot.wait(2)
