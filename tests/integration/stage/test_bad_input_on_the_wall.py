"""Broken, huge and endless files through the whole stage: what the wall shows, and what is said.

Each bad file is named once, and the good picture beside it goes on.
"""

import subprocess
from collections import Counter
from datetime import timedelta

import pytest
from PIL import Image

from player.clock import SystemClock
from tests.integration.stage.conftest import CYAN, RED
from tests.simulators.stage_programmes import image, item, manifest, video

#: How long each file's item stands, in seconds.
PACE_S = 0.2

#: These are beyond any doubt; whether the others can be shown is the decoders' business.
SURELY_BAD = {"broken_data_stream.png", "decompression_bomb_extents.gif", "truncated_jpeg.jpg"}

HOUR_S = 3600


def _play_beside_a_good_picture(theatre, solid, bad):
    """Play `bad` files after a red picture until each was shown or named; return the house."""
    red = solid("red.png", RED)
    assets = {"good": image(red)} | {path.name: image(path) for path in bad}
    house = theatre()
    items = [item(name, PACE_S) for name in assets]
    house.play(manifest(assets, items, SystemClock().now()), [red, *bad])

    def is_settled():
        return {path.name for path in bad} <= _named(house).keys() | set(house.book.shown_items)

    house.wait_for(is_settled, 60_000)
    return house


def _named(house):
    """How often each file was named as bad."""
    faults = house.book.faults
    assert {code for code, _subject, _reason in faults} <= {"MEDIA_BAD"}
    return Counter(subject.partition(" (")[0] for _code, subject, _reason in faults)


def _wait_for_two_more_rounds(house):
    goods = house.book.shown_items.count("good")
    house.wait_for(lambda: house.book.shown_items.count("good") >= goods + 2, 60_000)


@pytest.mark.expects_log("is left out")
def test_every_hostile_picture_is_shown_or_named_once_beside_the_good_one(theatre, solid, samples):
    bad = sorted((samples / "hostile-images").iterdir())
    house = _play_beside_a_good_picture(theatre, solid, bad)
    _wait_for_two_more_rounds(house)
    house.wait_for_colour(RED)
    named = _named(house)
    assert named.keys() >= SURELY_BAD
    assert set(named.values()) == {1}
    shown = set(house.book.shown_items)
    # An animation may stand until it comes to its bad frame, on a machine that is busy.
    both = {name for name in named.keys() & shown if not name.endswith(".gif")}
    assert not both, f"these were shown and called bad: {both}"
    assert not [reason for _code, _subject, reason in house.book.faults if "%" in reason]
    names = {path.name for path in bad}
    assert not [reason for *_, reason in house.book.faults if any(name in reason for name in names)]


@pytest.mark.expects_log("is left out")
def test_a_picture_of_400_million_pixels_is_named_once_beside_the_good_one(
    theatre, solid, tmp_path
):
    huge = tmp_path / "huge.png"
    Image.new("1", (20_000, 20_000)).save(huge, "PNG")
    house = _play_beside_a_good_picture(theatre, solid, [huge])
    house.wait_for_colour(RED)
    ((_code, _subject, reason),) = house.book.faults
    assert "pixels" in reason


@pytest.fixture(scope="module")
def long_video(tmp_path_factory):
    """Two hours: red in the first, cyan in the second."""
    path = tmp_path_factory.mktemp("long") / "long.mp4"
    halves = []
    for rgb in (RED, CYAN):
        colour = "0x{:02x}{:02x}{:02x}".format(*rgb)
        halves += ["-f", "lavfi", "-i", f"color=c={colour}:s=64x36:r=1:d={HOUR_S}"]
    command = ["ffmpeg", "-v", "error", *halves, "-filter_complex", "concat=n=2"]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", str(path)]
    subprocess.run(command, check=True, timeout=120)
    return path


@pytest.mark.parametrize(("minutes", "rgb"), [(1, RED), (59, RED), (61, CYAN), (119, CYAN)])
def test_a_video_of_two_hours_is_joined_where_the_timeline_is(theatre, long_video, minutes, rgb):
    began = SystemClock().now() - timedelta(minutes=minutes)
    film = video(long_video, 2 * HOUR_S * 1000)
    house = theatre()
    house.play(manifest({"film": film}, [item("film", 2 * HOUR_S)], began), [long_video])
    house.wait_for(lambda: house.book.shown_items == ["film"])
    house.wait_for_colour(rgb)
    assert house.book.faults == []
