"""Zones lie where the canvas puts them, in a window of any shape."""

import pytest

from manifest.model import Canvas
from player.stage.geometry import WHOLE_WINDOW, Mapping, overlap


def test_a_canvas_of_the_windows_shape_fills_it():
    mapping = Mapping(Canvas(1920, 1080), 960, 540)
    assert mapping.place(0, 0, 1920, 1080) == (0, 0, 960, 540)


def test_a_portrait_canvas_stands_in_the_middle_of_a_landscape_window():
    mapping = Mapping(Canvas(1080, 1920), 1920, 1080)
    x, y, width, height = mapping.place(0, 0, 1080, 1920)
    assert (y, height) == (0, 1080)
    assert abs(x - (1920 - width) / 2) <= 1
    assert abs(width / height - 1080 / 1920) < 0.002


@pytest.mark.parametrize("size", [(1366, 768), (1279, 719), (333, 777), (3840, 2160)])
def test_neighbours_still_touch_after_rounding(size):
    mapping = Mapping(Canvas(1920, 1080), *size)
    upper = mapping.place(0, 0, 1920, 971)
    lower = mapping.place(0, 971, 1920, 109)
    assert upper[1] + upper[3] == lower[1]
    assert not overlap(upper, lower)


def test_nothing_is_ever_without_a_size():
    assert Mapping(Canvas(10_000, 10_000), 64, 64).place(9_999, 9_999, 1, 1)[2:] == (1, 1)


def test_a_programme_without_a_canvas_fills_any_window():
    assert Mapping(WHOLE_WINDOW, 333, 777).place(0, 0, 1, 1) == (0, 0, 333, 777)


def test_zones_that_share_a_pixel_overlap():
    assert overlap((0, 0, 10, 10), (9, 9, 5, 5))
    assert not overlap((0, 0, 10, 10), (10, 0, 5, 5))
