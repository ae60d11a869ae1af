"""Music behind what is seen: a zone that draws nothing, and the same faults as everything else."""

import subprocess
import threading

import pytest

from manifest.model import CardAsset, FileReference, Layout, Zone
from player.clock import SystemClock
from tests.integration.stage.conftest import CYAN, RED
from tests.simulators.stage_programmes import digest, image, item, manifest, video, whole
from tests.simulators.theatre import alike

VOLUME = 50


@pytest.fixture(scope="session")
def tune(tmp_path_factory):
    path = tmp_path_factory.mktemp("tunes") / "tune.m4a"
    command = ["ffmpeg", "-v", "error", "-f", "lavfi", "-i", "sine=duration=2", str(path)]
    subprocess.run(command, check=True, timeout=60)
    return path


def music(path, **data):
    return CardAsset("music", "music", data, {"track": FileReference(digest(path), 1, "audio/mp4")})


def with_music():
    return Layout("#404040", (*whole().zones, Zone("music", 0, 0, 1, 1, "music", -1000)))


def now():
    return SystemClock().now()


def pieces_played():
    return sum(each.name == "music" for each in threading.enumerate())


def test_music_plays_behind_pictures_and_draws_nothing(theatre, solid, tune):
    red = solid("red.png", RED)
    house = theatre(volume=VOLUME)
    assets = {"a": image(red), "m": music(tune)}
    made = manifest(assets, [item("a", 60)], now(), with_music(), music=[item("m", 2)])
    house.play(made, [red, tune])
    house.wait_for_colour(RED)
    house.wait_for(lambda: pieces_played() == 1)
    assert alike(house.colour(0.0, 0.0), RED)
    assert house.book.faults == []
    assert set(house.book.shown_items) == {"a", "m"}


def test_a_video_that_speaks_turns_the_music_down(theatre, clip, tune):
    cyan = clip("cyan.mp4", CYAN, 4.0)
    house = theatre(volume=100)
    assets = {"v": video(cyan, 4000, audio=True), "m": music(tune, volume=80, ducked=10)}
    made = manifest(assets, [item("v", 4)], now(), with_music(), music=[item("m", 60)])
    house.play(made, [cyan, tune])
    house.wait_for_colour(CYAN)
    heard = house.makers._engine.mixer._backgrounds
    house.wait_for(lambda: [each._playback.volume for each in heard] == [10])


def test_a_mute_screen_loads_no_libvlc_for_music(theatre, solid, tune):
    red = solid("red.png", RED)
    house = theatre(volume=0)
    assets = {"a": image(red), "m": music(tune)}
    house.play(manifest(assets, [item("a", 60)], now(), with_music(), music=[item("m", 2)]),
               [red, tune])  # fmt: skip
    house.wait_for(lambda: "m" in house.book.shown_items)
    assert house.makers._engine is None


@pytest.mark.expects_log("m (music) is left out: it ")
@pytest.mark.parametrize(
    ("blobs", "reason"), [({}, "it has no track"), (None, "it holds no sound")]
)
def test_music_that_cannot_be_played_is_reported_and_the_picture_stays(
    theatre, solid, tmp_path, blobs, reason
):
    red, bad = solid("red.png", RED), tmp_path / "bad.m4a"
    bad.write_bytes(bytes(5000))
    card = music(bad) if blobs is None else CardAsset("music", "music", {}, blobs)
    house = theatre(volume=VOLUME)
    made = manifest({"a": image(red), "m": card}, [item("a", 60)], now(), with_music(),
                    music=[item("m", 60)])  # fmt: skip
    house.play(made, [red, bad])
    house.wait_for(lambda: bool(house.book.faults))
    assert reason in house.book.faults[0][2]
    house.wait_for_colour(RED)
