"""The instruments: a gap, a stall or a missed frame that is there has to be found."""

from pathlib import Path

import pytest

from bench.content import FPS, Content, ContentItem
from bench.goals import Goal
from bench.players import OURS, REFERENCE
from bench.summary import Segment, summarise

RED = ContentItem("red.png", "image", "red")
BLUE = ContentItem("blue.mp4", "video", "blue", frames=4)
GREEN = ContentItem("green.mp4", "video", "green", frames=4)
CONTENT = Content(Path(), {item.name: item for item in (RED, BLUE, GREEN)})


def frames(start: float, *numbers: int) -> list[tuple[float, int]]:
    """Frames that follow each other in time, from `start` on."""
    return [(start + i / FPS, number) for i, number in enumerate(numbers)]


def test_the_cold_start_ends_with_the_first_whole_item() -> None:
    seen = [Segment(0.0, 0.3, "root"), Segment(0.3, 0.4, "mixed"), Segment(0.4, 2.0, "red")]
    assert summarise(seen, CONTENT, spawned=0.0).cold_start_ms == pytest.approx(400)


def test_a_dark_gap_between_two_items_is_found() -> None:
    seen = [
        Segment(0.0, 1.0, "red"),
        Segment(1.0, 1.024, "black"),
        Segment(1.024, 2.0, "blue", frames(1.024, 0, 1, 2, 3)),
    ]
    summary = summarise(seen, CONTENT, spawned=0.0)
    assert summary.dark_ms == pytest.approx(24)
    assert summary.median("image->video", "dark_ms") == pytest.approx(24)


def test_no_gap_is_no_gap() -> None:
    seen = [Segment(0.0, 1.0, "red"), Segment(1.0, 2.0, "blue", frames(1.0, 0, 1, 2, 3))]
    summary = summarise(seen, CONTENT, spawned=0.0)
    assert (summary.dark_ms, summary.mixed_ms) == (0, 0)
    assert len(summary.changes) == 1


def test_darkness_before_the_first_item_is_start_up_and_not_a_gap() -> None:
    seen = [Segment(0.0, 0.5, "black"), Segment(0.5, 1.0, "red")]
    assert summarise(seen, CONTENT, spawned=0.0).dark_ms == 0


def test_a_missed_frame_is_counted() -> None:
    seen = [
        Segment(0.0, 1.0, "red"),
        Segment(1.0, 2.0, "blue", frames(1.0, 0, 1, 3)),
        Segment(2.0, 3.0, "red"),
    ]
    summary = summarise(seen, CONTENT, spawned=0.0)
    assert (summary.frames_expected, summary.frames_missed) == (4, 1)
    assert summary.missed_percent() == 25


def test_a_video_that_starts_again_is_a_new_showing() -> None:
    seen = [Segment(0.0, 1.0, "blue", frames(0.0, 0, 1, 2, 3, 0, 1, 2, 3))]
    summary = summarise(seen, CONTENT, spawned=0.0)
    assert [change.kind for change in summary.changes] == ["video->video (same)"]
    assert summary.frames_missed == 0


def test_a_last_frame_that_stands_too_long_is_a_stall() -> None:
    standing_s = 0.2
    seen = [
        Segment(0.0, 3 / FPS + standing_s, "blue", frames(0.0, 0, 1, 2, 3)),
        Segment(3 / FPS + standing_s, 2.0, "green", frames(3 / FPS + standing_s, 0, 1, 2, 3)),
    ]
    still = summarise(seen, CONTENT, spawned=0.0).median("video->video", "still_ms")
    assert still == pytest.approx(standing_s * 1000 - 1000 / FPS, abs=0.1)


def test_an_item_that_stands_too_long_is_found_whatever_was_to_follow() -> None:
    seen = [
        Segment(0.0, 0.3, "red"),
        Segment(0.3, 1.3, "blue", frames(0.3, 0, 1, 2, 3)),
        Segment(1.3, 2.42, "red"),
        Segment(2.42, 9.0, "green", frames(2.42, 0, 1, 2, 3)),
    ]
    summary = summarise(seen, CONTENT, spawned=0.0)
    due_ms = {"red.png": 1000.0, "blue.mp4": 1000.0, "green.mp4": 1000.0}
    assert summary.overstays_ms(due_ms) == pytest.approx([0, 120])
    assert summary.overstays_ms({"blue.mp4": 1000.0}) == pytest.approx([0])


def test_a_torn_look_does_not_split_a_showing() -> None:
    seen = [
        Segment(0.0, 0.5, "blue", frames(0.0, 0, 1)),
        Segment(0.5, 0.502, "mixed"),
        Segment(0.502, 1.0, "blue", frames(0.502, 2, 3)),
    ]
    assert len(summarise(seen, CONTENT, spawned=0.0).dwell) == 1


def test_a_goal_without_its_reference_stays_open() -> None:
    goal = Goal("cold", "cold start ms", 1.3, against="cold")
    assert goal.judge({"cold": {OURS: {"cold start ms": 300}}}).met is None


@pytest.mark.parametrize(("ours", "met"), [(390, True), (391, False)])
def test_a_goal_is_a_ratio_to_the_reference(ours: float, met: bool) -> None:
    goal = Goal("cold", "cold start ms", 1.3, against="cold")
    figures = {OURS: {"cold start ms": ours}, REFERENCE: {"cold start ms": 300}}
    assert goal.judge({"cold": figures}).met is met
