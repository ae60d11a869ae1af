"""RTSP: a stream comes through ffmpeg into libVLC, and says why when it does not."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from player.stage.media.errors import MediaUnplayable
from player.stage.media.rtsp_relay import RtspRelay
from player.stage.media.video import Limits
from tests.integration.video.zone import ZoneMaker
from tests.simulators.rtsp_camera import H264, MOTION_JPEG, RtspCamera

PATIENT = Limits(stall_s=2.0, reconnect_s=(0.2, 0.4))
IMPATIENT = Limits(stream_s=1.5, reconnect_s=(0.2,))


@pytest.fixture
def camera(tmp_path: Path) -> Iterator[RtspCamera]:
    plugged_in = RtspCamera(tmp_path)
    yield plugged_in
    plugged_in.close()


@pytest.mark.parametrize("encoder", [H264, MOTION_JPEG], ids=["h264", "mjpeg"])
def test_a_camera_is_on_the_wall(
    make_zone: ZoneMaker, camera: RtspCamera, encoder: tuple[str, ...]
) -> None:
    zone = make_zone(limits=PATIENT)
    with camera.on_air(encoder):
        zone.play(camera.url, kind="stream", sound=True)
        zone.wait(lambda: zone.item.frames_painted > 5)
        assert zone.colour().red() > 150
        zone.slot.release()
    assert zone.failed == []


def test_a_camera_that_was_unplugged_comes_back(make_zone: ZoneMaker, camera: RtspCamera) -> None:
    zone = make_zone(limits=PATIENT)
    with camera.on_air():
        zone.play(camera.url, kind="stream")
        zone.wait(lambda: zone.item.frames_painted > 5)
    with camera.on_air(rgb="cyan"):
        zone.wait(lambda: zone.colour().blue() > 150)
        zone.slot.release()
    assert camera.viewers > 1
    assert zone.failed == []


def test_a_camera_that_refuses_is_quoted_without_the_password(
    make_zone: ZoneMaker, camera: RtspCamera
) -> None:
    camera.refusal = "403 Forbidden"
    with camera.on_air():
        zone = make_zone(limits=IMPATIENT)
        told = zone.reason(camera.url_with_password, kind="stream")
    assert "403 Forbidden" in told
    assert "secret" not in told


def test_where_nobody_listens_the_reason_says_so(make_zone: ZoneMaker) -> None:
    zone = make_zone(limits=IMPATIENT)
    told = zone.reason("rtsp://viewer:secret@127.0.0.1:9/live", kind="stream")
    assert "Connection refused" in told
    assert "secret" not in told


def test_without_ffmpeg_the_reason_says_what_to_install() -> None:
    with pytest.raises(MediaUnplayable, match="install the package ffmpeg"):
        RtspRelay("rtsp://127.0.0.1:9/live", sound=False, program=("no-such-program",))


def test_a_talkative_child_is_not_held_up_and_its_last_words_are_kept() -> None:
    """More complaints than a pipe holds, before anybody asks for them."""
    script = "import sys\nfor n in range(200_000): print('complaint', n, file=sys.stderr)"
    relay = RtspRelay("rtsp://x", sound=False, program=("python3", "-c", script))
    try:
        with open(relay.descriptor, "rb", closefd=False) as pipe:
            assert pipe.read() == b""  # it came to its end
        assert relay.reason().startswith("complaint")
    finally:
        relay.close()
