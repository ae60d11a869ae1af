"""Where a video stands in its zone."""

import pytest

from manifest.model import Fit
from player.stage.media.fitting import MAX_FRAME_PIXELS, Placement, SourceFormat, place

HD = SourceFormat(1920, 1080)


@pytest.mark.parametrize(
    ("source", "fit", "box", "expected", "says"),
    [
        (HD, "contain", (1920, 1080), Placement(1920, 1080, 0, 0, 1920, 1080), "one to one"),
        (HD, "contain", (1920, 1200), Placement(1920, 1080, 0, 60, 1920, 1080), "bars above"),
        (HD, "contain", (2400, 1080), Placement(1920, 1080, 240, 0, 1920, 1080), "bars beside"),
        (HD, "cover", (1080, 1080), Placement(1920, 1080, -420, 0, 1920, 1080), "sides are cut"),
        (HD, "stretch", (500, 900), Placement(500, 900, 0, 0, 500, 900), "shape is given up"),
        (HD, "contain", (683, 384), Placement(684, 384, 0, 0, 684, 384), "odd box, no gap"),
        (
            SourceFormat(720, 576, 64, 45),
            "contain",
            (1024, 576),
            Placement(1024, 576, 0, 0, 1024, 576),
            "wide pixels are widened",
        ),
        (
            SourceFormat(576, 720, 45, 64),
            "contain",
            (576, 1024),
            Placement(576, 1024, 0, 0, 576, 1024),
            "wide pixels of a rotated video are made high",
        ),
        (
            SourceFormat(854, 480, 0, 0),
            "contain",
            (854, 480),
            Placement(854, 480, 0, 0, 854, 480),
            "no shape told means square",
        ),
    ],
)
def test_a_video_is_placed(
    source: SourceFormat, fit: Fit, box: tuple[int, int], expected: Placement, says: str
) -> None:
    assert place(source, fit, *box) == expected, says


def test_a_frame_for_a_giant_wall_is_decoded_smaller_and_drawn_in_full() -> None:
    spot = place(HD, "contain", 15360, 8640)
    assert (spot.shown_width, spot.shown_height) == (15360, 8640)
    assert spot.width * spot.height <= MAX_FRAME_PIXELS
    assert spot.width / spot.height == pytest.approx(16 / 9, rel=0.01)


@pytest.mark.parametrize("fit", ["contain", "cover", "stretch"])
@pytest.mark.parametrize("box", [(1, 1), (3, 2000), (1920, 1), (641, 359)])
def test_any_box_gets_frames_of_even_sides(fit: Fit, box: tuple[int, int]) -> None:
    spot = place(HD, fit, *box)
    assert min(spot.width, spot.height) >= 2
    assert spot.width % 2 == spot.height % 2 == 0
