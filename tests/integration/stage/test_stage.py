"""What stands on the glass: real files, real QML, real decoders, every pixel that matters."""

from datetime import timedelta
from itertools import pairwise

import pytest

from manifest.model import Layout, Transition, Zone
from player.clock import SystemClock
from tests.integration.stage.conftest import CYAN, RED, YELLOW
from tests.simulators.moved_clock import FastClock
from tests.simulators.stage_programmes import image, item, manifest, notice, ticker, video
from tests.simulators.theatre import alike, colour_at

#: The paper of the notice card.
PAPER = (250, 249, 245)


def now():
    return SystemClock().now()


def test_pictures_take_turns(theatre, solid):
    red, yellow = solid("red.png", RED), solid("yellow.png", YELLOW)
    house = theatre()
    assets = {"a": image(red), "b": image(yellow)}
    house.play(manifest(assets, [item("a", 0.6), item("b", 0.6)], now()), [red, yellow])
    house.wait_for_colour(RED)
    house.wait_for_colour(YELLOW)
    house.wait_for_colour(RED)
    order = house.book.shown_items
    assert all(one != other for one, other in pairwise(order))
    item_, since, until = house.book.plays[0]
    assert item_ == order[0]
    assert since < until


@pytest.mark.parametrize("kind", ["cut", "fade", "slide"])
def test_any_kind_follows_any_other_with_every_transition(theatre, solid, clip, kind):
    red, cyan = solid("red.png", RED), clip("cyan.mp4", CYAN, 4.0)
    transition = Transition(kind, 150)
    assets = {"p": image(red), "v": video(cyan, 4000), "n": notice("停水通知")}
    order = ["p", "v", "n", "v", "p", "n", "p"]
    items = [item(name, 0.9, transition) for name in dict.fromkeys(order)]
    house = theatre()
    house.play(manifest(assets, items, now()), [red, cyan])
    for rgb in (RED, CYAN, PAPER, RED, CYAN, PAPER):
        house.wait_for_colour(rgb, 0.02, 0.5)
    assert house.book.faults == []


def test_a_picture_of_another_shape_stands_on_the_layouts_background(theatre, solid):
    from PIL import Image

    path = solid("red.png", RED).with_name("tall.png")
    Image.new("RGB", (90, 180), RED).save(path)
    house = theatre()
    house.play(manifest({"a": image(path)}, [item("a", 60)], now()), [path])
    house.wait_for_colour(RED)
    assert alike(house.colour(0.02, 0.5), (0x40, 0x40, 0x40))


def test_zones_lie_above_each_other_and_the_lower_shines_through(theatre, solid):
    from PIL import Image

    red = solid("red.png", RED)
    logo = red.with_name("logo.png")
    with_hole = Image.new("RGBA", (100, 100), (0, 0, 0, 0))
    with_hole.paste((*YELLOW, 255), (0, 0, 100, 50))
    with_hole.save(logo)
    layout = Layout(
        "#404040",
        (Zone("logo", 0, 0, 400, 400, "top", 5), Zone("main", 0, 0, 1920, 1080, "main", 1)),
    )
    assets = {"a": image(red), "b": image(logo)}
    made = manifest(assets, [item("a", 60)], now(), layout, top=[item("b", 60)])
    house = theatre(size=(960, 540))
    house.play(made, [red, logo])
    house.wait_for_colour(YELLOW, 0.1, 0.05)
    house.wait_for_colour(RED, 0.1, 0.3)
    house.wait_for_colour(RED, 0.9, 0.9)


def test_a_ticker_runs_beside_a_picture(theatre, solid):
    red = solid("red.png", RED)
    layout = Layout(
        "#404040",
        (Zone("main", 0, 0, 1920, 900, "main"), Zone("foot", 0, 900, 1920, 180, "foot")),
    )
    assets = {"a": image(red), "t": ticker("安全生产，人人有责")}
    house = theatre(size=(640, 360))
    house.play(manifest(assets, [item("a", 60)], now(), layout, foot=[item("t", 60)]), [red])
    house.wait_for_colour(RED)
    strip = house.look().copy(0, 310, 640, 50)
    house.wait_for(lambda: house.look().copy(0, 310, 640, 50) != strip)


@pytest.mark.expects_log("is left out")
def test_a_broken_item_is_skipped_before_its_moment_and_said_once(theatre, solid, tmp_path):
    red = solid("red.png", RED)
    torn = tmp_path / "torn.png"
    torn.write_bytes(red.read_bytes()[:100])
    assets = {"a": image(red), "b": image(torn)}
    house = theatre()
    seen = []
    house.inspect(lambda look: seen.append(look.pixelColor(160, 90).getRgb()[:3]))
    house.play(manifest(assets, [item("a", 0.5), item("b", 0.5)], now()), [red, torn])
    house.wait_for_colour(RED)
    house.wait_for(lambda: bool(house.book.faults))
    house.qtbot.wait(1200)
    assert alike(house.colour(), RED)
    assert set(house.book.shown_items) == {"a"}
    assert [code for code, _subject, _reason in house.book.faults] == ["MEDIA_BAD"]


@pytest.mark.expects_log("is left out")
def test_with_nothing_left_the_slate_stands_and_it_is_tried_again(theatre, solid, tmp_path):
    path = tmp_path / "late.png"
    path.write_bytes(b"not yet")
    clock = FastClock(10, now())
    house = theatre(clock, make_alarm=clock.alarm)
    house.play(manifest({"a": image(path)}, [item("a", 60)], now()), [path])
    house.wait_for(lambda: house.stage.slate_is_shown)
    look = house.look()
    assert look.pixelColor(5, 5).lightness() > 0, "black"
    path.write_bytes(solid("red.png", RED).read_bytes())
    house.wait_for(lambda: alike(house.colour(), RED), 15_000)


@pytest.mark.expects_log("is left out")
def test_an_unknown_template_is_a_reason_and_no_crash(theatre, solid):
    from msgspec.structs import replace

    red = solid("red.png", RED)
    strange = replace(notice("x"), template="hologram")
    assets = {"a": image(red), "n": strange}
    house = theatre()
    house.play(manifest(assets, [item("n", 0.5), item("a", 0.5)], now()), [red])
    house.wait_for_colour(RED)
    assert "hologram" in house.book.faults[0][2]


def test_a_manifest_without_items_shows_the_slate(theatre):
    house = theatre()
    house.play(manifest({}, [], now()))
    house.wait_for(lambda: house.stage.slate_is_shown)


def test_a_new_generation_that_changes_nothing_leaves_the_video_alone(theatre, clip):
    cyan = clip("cyan.mp4", CYAN, 4.0)
    began = now()
    made = manifest({"v": video(cyan, 4000)}, [item("v", 4)], began)
    house = theatre()
    house.play(made, [cyan])
    house.wait_for_colour(CYAN)
    from msgspec.structs import replace

    touched = list(house.book.shown_items)
    house.play(replace(made, version=2), [cyan])
    house.qtbot.wait(300)
    assert house.book.shown_items == touched


def test_a_layout_gives_way_to_another_without_a_blank_frame(theatre, solid):
    red, yellow = solid("red.png", RED), solid("yellow.png", YELLOW)
    began = now()
    assets = {"a": image(red), "b": image(yellow)}
    one = manifest(assets, [item("a", 60)], began)
    halves = Layout(
        "#404040",
        (Zone("left", 0, 0, 960, 1080, "main"), Zone("right", 960, 0, 960, 1080, "other")),
    )
    two = manifest(assets, [item("b", 60)], began, halves, other=[item("b", 60)])
    house = theatre()
    house.play(one, [red, yellow])
    house.wait_for_colour(RED)
    dark = []
    middles = ((0.25, 0.5), (0.75, 0.5))
    house.inspect(lambda look: dark.extend(max(colour_at(look, *at)) for at in middles))
    house.play(two, [red, yellow])
    house.wait_for_colour(YELLOW, 0.25)
    house.wait_for_colour(YELLOW, 0.75)
    assert min(dark) > 80


def test_the_window_may_change_its_size(theatre, solid):
    red = solid("red.png", RED)
    house = theatre()
    house.play(manifest({"a": image(red)}, [item("a", 60)], now()), [red])
    house.wait_for_colour(RED)
    house.window.resize(200, 400)
    house.stage.resized()
    house.wait_for(lambda: house.window.height() == 400)
    house.wait_for_colour(RED)
    assert alike(house.colour(0.5, 0.02), (0x40, 0x40, 0x40))


def red_then_cyan(clip, red_s):
    """A clip of `red_s` of one colour and 20 s of another."""
    import subprocess

    first, second = clip(f"red{red_s:g}.mp4", RED, red_s), clip("cyan20.mp4", CYAN, 20.0)
    both = first.with_name(f"both{red_s:g}.mp4")
    inputs = ["-i", str(first), "-i", str(second)]
    join = ["-filter_complex", "[0:v][1:v]concat=n=2:v=1[v]", "-map", "[v]", "-g", "25"]
    subprocess.run(["ffmpeg", "-v", "error", "-y", *inputs, *join, str(both)], check=True)
    return both


def test_a_video_far_from_its_place_is_brought_back(theatre, clip, monkeypatch):
    monkeypatch.setattr("player.stage.place_in_time.REJOIN_EVERY_S", 0.5)
    monkeypatch.setattr("player.stage.place_in_time.SUSTAINED_S", 0.1)
    both = red_then_cyan(clip, 8.0)
    clock = FastClock(1.0)
    house = theatre(clock)
    began = clock.now() - timedelta(seconds=14)
    house.play(manifest({"v": video(both, 28_000)}, [item("v", 28)], began), [both])
    house.wait_for_colour(CYAN)
    house.qtbot.wait(1_000)
    clock.step(-14.0)
    house.wait_for_colour(RED)


def test_a_restart_joins_in_the_middle(theatre, clip):
    """The clip turns from one colour to another in the middle; we join after that."""
    both = red_then_cyan(clip, 3.0)
    began = now() - timedelta(seconds=4)
    house = theatre()
    seen = []
    house.inspect(lambda look: seen.append(look.pixelColor(160, 90).red()))
    house.play(manifest({"v": video(both, 23_000)}, [item("v", 23)], began), [both])
    house.wait_for_colour(CYAN)
    house.wait_for(lambda: any(red < 60 for red in seen))
    begun = [red for red in seen if not 60 < red < 70]  # 64 is the background
    assert all(red < 120 for red in begun), f"the beginning was seen: {seen}"
