"""The picture that is due first is decoded before there is a window, and handed out once."""

import subprocess
import sys
from pathlib import Path

import pytest
from msgspec.structs import replace
from PIL import Image

from player.stage.early import EarlyPicture
from player.stage.inquest import EARLY_CRUMB
from player.stage.media.animation import Wish, prepare
from tests.simulators.moved_clock import NOON
from tests.simulators.stage_programmes import image, item, manifest, programme, video

CRASH = """
import ctypes, sys
from pathlib import Path
from player.stage import early
from tests.simulators.moved_clock import NOON
from tests.unit.player.stage.test_early import playing
early.load_still = lambda path: ctypes.string_at(0)
crashing = early.EarlyPicture(Path(sys.argv[1]))
crashing.begin(playing(Path(sys.argv[2])), NOON)
crashing.take(Path(sys.argv[2]))
"""


def playing(path, make=image):
    return programme(manifest({"first": make(path)}, [item("first", 10)]), [path])


@pytest.fixture
def still(tmp_path):
    path = tmp_path / "still.png"
    Image.radial_gradient("L").convert("RGB").save(path)
    return path


@pytest.fixture
def animated(tmp_path):
    path = tmp_path / "animated.gif"
    frames = [Image.new("RGB", (16, 16), colour) for colour in ("red", "blue")]
    frames[0].save(path, save_all=True, append_images=frames[1:], duration=100)
    return path


@pytest.fixture
def state(tmp_path):
    return tmp_path / "state"


def begun(state, shown):
    early = EarlyPicture(state)
    early.begin(shown, NOON)
    return early


def test_the_picture_that_is_due_is_handed_out_once(state, still):
    early = begun(state, playing(still))
    loaded = early.take(still)
    assert loaded is not None
    assert loaded.picture.size == (256, 256)
    assert early.take(still) is None
    loaded.close()


def test_whoever_asks_for_another_file_does_not_take_it(state, still):
    early = begun(state, playing(still))
    assert early.take(still.with_name("other.png")) is None
    loaded = early.take(still)
    assert loaded is not None
    loaded.close()


def test_what_nobody_took_is_let_go_of(state, still):
    early = begun(state, playing(still))
    assert early.close(10.0)
    assert early.take(still) is None


@pytest.mark.parametrize("fit", ["contain", "cover", "stretch"])
@pytest.mark.parametrize("form", ["png", "jpg", "webp", "tiff"])
def test_the_frame_is_that_of_the_ordinary_way(state, still, fit, form):
    path = still.with_suffix(f".{form}")
    Image.open(still).save(path)
    wish = Wish(path, (300, 100), fit, 0)
    early = begun(state, playing(path))
    frame = prepare(wish, lambda: None, early.take).frame
    assert early.take(path) is None, "it was not used"
    plain = prepare(wish, lambda: None).frame
    assert (frame.target, frame.image) == (plain.target, plain.image)


def test_an_animation_a_video_and_garbage_are_left_to_the_ordinary_way(state, animated, tmp_path):
    garbage = tmp_path / "garbage.png"
    garbage.write_bytes(b"\x89PNG\r\n\x1a\n" + bytes(100))
    assert begun(state, playing(animated)).take(animated) is None
    assert begun(state, playing(garbage)).take(garbage) is None
    clip = tmp_path / "clip.mp4"
    assert begun(state, playing(clip, lambda path: video(path, 1000))).take(clip) is None


def test_a_programme_that_cannot_be_asked_is_left_to_the_director(state, still):
    bad = replace(manifest({}, [item("first", 10)]), default_layout="nowhere")
    assert begun(state, programme(bad, [still])).take(still) is None


def test_it_leaves_no_crumb_behind(state, still):
    assert begun(state, playing(still)).close(10.0)
    assert not (state / EARLY_CRUMB).exists()


def test_after_a_crash_nothing_is_hurried(state, still):
    command = [sys.executable, "-c", CRASH, str(state), str(still)]
    child = subprocess.run(command, check=False, capture_output=True)
    assert child.returncode < 0, child.stderr
    assert (state / EARLY_CRUMB).exists()
    early = EarlyPicture(state, crashed=True)
    early.begin(playing(still), NOON)
    assert early.take(still) is None


def test_nothing_is_hurried_while_anything_has_a_strike(state, still):
    state.mkdir()
    (state / "quarantine.json").write_text("{}")
    assert begun(state, playing(still)).take(still) is None
    (state / "quarantine.json").unlink()
    hurried = begun(state, playing(still))
    loaded = hurried.take(Path(still))
    assert loaded is not None
    loaded.close()
