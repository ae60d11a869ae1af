"""Frames of a video are used again and again, and never while somebody looks at them."""

import pytest

from player.stage.media.frames import FRAMES, FramePool, planar_layout
from player.stage.media.swscale import Colours


@pytest.fixture
def pool() -> FramePool:
    return FramePool(planar_layout(64, 48), Colours(bt709=False))


def test_a_frame_that_nobody_holds_is_used_again_at_once(pool: FramePool) -> None:
    number, addresses = pool.take(lambda _frame: False)
    assert pool.take(lambda _frame: False) == (number, addresses)


def test_a_frame_that_somebody_holds_is_never_handed_out(pool: FramePool) -> None:
    held = [pool.frame(number) for number in range(1, FRAMES)]
    number, addresses = pool.take(lambda frame: frame in held)
    assert pool.frame(number) not in held
    assert addresses == pool.frame(number).addresses
