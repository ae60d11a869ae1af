"""What looks wrong in a layout is said in words, with the zones that it is about."""

import pytest

from manifest.model import Canvas
from server.programme.drafts import ZoneDraft
from server.programme.layout_cautions import Viewing, cautions, least_text_px, lines_in
from server.staff.layouts.presets import CANVASES, PRESETS, zones_of_preset

FULL_HD = Canvas(1920, 1080)


def zone(slug, *place, z=0):
    x, y, width, height = place
    return ZoneDraft(slug=slug, x=x, y=y, width=width, height=height, z=z, playlist=1)


def said(*zones, canvas=FULL_HD, viewing=Viewing()):  # noqa: B008  (frozen)
    return [str(each.sentence) for each in cautions(zones, canvas, viewing)]


def test_a_layout_that_fills_the_screen_is_right():
    assert said(zone("main", 0, 0, 1920, 972), zone("ticker", 0, 972, 1920, 108)) == []


def test_what_leaves_the_screen_is_told_with_by_how_much():
    (found,) = said(zone("main", 0, 0, 1928, 1080))
    assert found == "“main” leaves the screen by 8 pixels."


def test_what_covers_what_is_told_by_level():
    below, above = zone("main", 0, 0, 1920, 1080), zone("clock", 1440, 0, 480, 270, z=1)
    (found,) = cautions([above, below], FULL_HD)
    assert str(found.sentence) == "“clock” covers 6 % of “main”."
    assert set(found.zones) == {"main", "clock"}
    (found,) = cautions([zone("main", 0, 0, 1920, 1080), zone("clock", 0, 0, 480, 270)], FULL_HD)
    assert "overlap on one level" in found.sentence


def test_zones_that_only_touch_do_not_overlap():
    assert said(zone("a", 0, 0, 960, 1080), zone("b", 960, 0, 960, 1080)) == []


def test_what_shows_nothing_is_told_as_a_part_of_the_screen():
    assert said(zone("main", 0, 0, 960, 1080)) == ["50 % of the screen shows the background alone."]
    overlapping = said(zone("a", 0, 0, 960, 1080), zone("b", 0, 0, 960, 1080, z=1))
    assert overlapping[-1].startswith("50 %")


def test_a_zone_too_low_for_text_says_how_high_it_must_be():
    found = said(zone("main", 0, 0, 1920, 1030), zone("ticker", 0, 1030, 1920, 50))
    assert found == [
        "“ticker” is too low for a line of text that can be read from there: it needs 64 pixels."
    ]


def test_text_is_at_least_that_of_the_design_and_larger_from_afar():
    near, far = Viewing(55, 1.0), Viewing(55, 16.0)
    assert least_text_px(FULL_HD, near) == round(0.037 * 1080)
    assert least_text_px(FULL_HD, far) == pytest.approx(2 * least_text_px(FULL_HD, Viewing()), 0.02)
    assert lines_in(zone("x", 0, 0, 1, 1080), FULL_HD, far) < 10


#: Most of the screen is dark at night, on purpose.
LIT_WHOLLY = [name for name in PRESETS if name != "night"]


@pytest.mark.parametrize("preset", LIT_WHOLLY)
@pytest.mark.parametrize("size", [size for size, _title in CANVASES])
def test_no_preset_looks_wrong_on_any_size_that_is_offered(preset, size):
    width, height = map(int, size.split("x"))
    canvas = Canvas(width, height)
    zones = zones_of_preset(preset, canvas, {"main": 1})
    found = [each for each in said(*zones, canvas=canvas, viewing=Viewing(distance_m=1.0))
             if "too low" not in each]  # fmt: skip
    assert [each for each in found if preset != "l" or "covers" not in each] == []


def test_a_preset_plays_what_was_chosen_for_each_part():
    zones = zones_of_preset("side-ticker", FULL_HD, {"main": 1, "ticker": 3})
    assert {each.slug: each.playlist for each in zones} == {"main": 1, "side": 1, "ticker": 3}


def test_each_place_has_a_preset_that_says_what_it_is_for_and_for_which_screen():
    places = {name: preset for name, preset in PRESETS.items() if preset.purpose}
    assert len(places) == 8
    assert {preset.size for preset in places.values()} <= {size for size, _title in CANVASES}


@pytest.mark.parametrize("preset", [name for name, each in PRESETS.items() if each.size])
def test_what_is_meant_for_a_screen_holds_words_there_that_are_read(preset):
    canvas = Canvas(*map(int, PRESETS[preset].size.split("x")))
    viewing = Viewing(distance_m=2.0 if PRESETS[preset].upright else 5.0)
    zones = zones_of_preset(preset, canvas, {"main": 1})
    assert [
        each for each in said(*zones, canvas=canvas, viewing=viewing) if "too low" in each
    ] == []


def test_at_night_most_of_the_screen_is_dark():
    zones = zones_of_preset("night", FULL_HD, {"main": 1})
    assert sum(each.width * each.height for each in zones) < 0.3 * 1920 * 1080
    assert PRESETS["night"].background == "#05070A"


def test_no_zone_but_the_ticker_crosses_the_seam_of_two_panels():
    zones = zones_of_preset("wall", Canvas(3840, 1080), {"main": 1})
    assert {each.slug for each in zones if each.x < 1920 < each.x + each.width} == {"ticker"}
