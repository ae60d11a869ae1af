"""Live streams as ffmpeg sends them, on the stage: stream, its fallback, and the stream again.

How RTSP is fetched is tests/integration/video/test_rtsp.py.
"""

import http.server
import socket
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import pytest

from manifest.model import StreamAsset
from tests.integration.stage.conftest import CYAN, RED, YELLOW
from tests.simulators.moved_clock import FastClock
from tests.simulators.stage_programmes import image, item, manifest
from tests.simulators.theatre import Rgb

#: A lost stream is tried again after a minute: of the stage's clock.
RATE = 10
DAY_S = 86_400
PATIENCE_MS = 60_000


@contextmanager
def ffmpeg(*output: str, rgb: Rgb = RED) -> Iterator[subprocess.Popen[bytes]]:
    """Send one colour in real time, as an encoder in a broadcast room does."""
    colour = "0x{:02x}{:02x}{:02x}".format(*rgb)
    source = f"color=c={colour}:s=320x180:r=25,noise=alls=6:allf=t"
    command = ["ffmpeg", "-nostdin", "-v", "error", "-re", "-f", "lavfi", "-i", source]
    command += ["-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "12"]
    with subprocess.Popen([*command, "-pix_fmt", "yuv420p", *output]) as sender:
        yield sender
        sender.kill()


class UdpSender:
    """MPEG-TS in datagrams, to a port of this machine."""

    def __init__(self) -> None:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as free:
            free.bind(("127.0.0.1", 0))
            self._port = free.getsockname()[1]
        self.url = f"udp://@127.0.0.1:{self._port}"

    def on_air(self, rgb):
        return ffmpeg("-f", "mpegts", f"udp://127.0.0.1:{self._port}?pkt_size=1316", rgb=rgb)


class HlsSender:
    """A playlist and its segments in a folder that an HTTP server shows."""

    class Handler(http.server.SimpleHTTPRequestHandler):
        """Says nothing."""

        def log_message(self, *_: object) -> None:
            pass

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        handler = partial(self.Handler, directory=str(folder))
        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
        self._thread = threading.Thread(target=self._server.serve_forever, name="hls")
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_address[1]}/live.m3u8"

    @contextmanager
    def on_air(self):
        playlist = self._folder / "live.m3u8"
        output = ["-f", "hls", "-hls_time", "1", "-hls_list_size", "4"]
        output += ["-hls_flags", "delete_segments+append_list+omit_endlist"]
        with ffmpeg(*output, str(playlist)) as sender:
            yield sender
        for path in self._folder.iterdir():  # off the air: nothing to fetch any more
            path.unlink()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.mark.timeout(240)
@pytest.mark.expects_log("is left out")
def test_hls_that_goes_off_the_air_is_covered_by_its_fallback_and_comes_back(
    theatre, solid, tmp_path
):
    sender = HlsSender(tmp_path)
    try:
        clock = FastClock(RATE)
        house = theatre(clock, make_alarm=clock.alarm)
        cover = solid("cover.png", YELLOW)
        assets = {"s": StreamAsset("现场", sender.url, "a"), "a": image(cover)}
        made = manifest(assets, [item("s", DAY_S)])
        with sender.on_air():
            house.play(made, [cover])
            house.wait_for(lambda: near(house, RED), PATIENCE_MS)
        house.wait_for(lambda: near(house, YELLOW), PATIENCE_MS)
        assert "STREAM_LOST" in [code for code, _subject, _reason in house.book.faults]
        with sender.on_air():
            house.wait_for(lambda: near(house, RED), PATIENCE_MS)
            house.director.stop()
    finally:
        sender.close()


@pytest.mark.timeout(240)
@pytest.mark.expects_log("is left out")
def test_datagrams_that_fall_silent_are_covered_by_the_fallback_and_come_back(theatre, solid):
    """libVLC never tells of the silence: it shows its last picture again and again."""
    sender = UdpSender()
    clock = FastClock(RATE)
    house = theatre(clock, make_alarm=clock.alarm)
    cover = solid("cover.png", YELLOW)
    assets = {"s": StreamAsset("现场", sender.url, "a"), "a": image(cover)}
    made = manifest(assets, [item("s", DAY_S)])
    with sender.on_air(RED):
        house.play(made, [cover])
        house.wait_for(lambda: near(house, RED), PATIENCE_MS)
    house.wait_for(lambda: near(house, YELLOW), PATIENCE_MS)
    assert "STREAM_LOST" in [code for code, _subject, _reason in house.book.faults]
    with sender.on_air(CYAN):
        house.wait_for(lambda: near(house, CYAN), PATIENCE_MS)
        house.director.stop()


@pytest.mark.timeout(240)
@pytest.mark.expects_log("is left out")
def test_rtsp_that_nothing_comes_of_is_covered_by_its_fallback(theatre, solid):
    """A server that takes the call and says nothing."""
    with socket.create_server(("127.0.0.1", 0)) as silent:
        clock = FastClock(RATE)
        house = theatre(clock, make_alarm=clock.alarm)
        cover = solid("cover.png", YELLOW)
        url = f"rtsp://127.0.0.1:{silent.getsockname()[1]}/live"
        assets = {"s": StreamAsset("现场", url, "a"), "a": image(cover)}
        house.play(manifest(assets, [item("s", DAY_S)]), [cover])
        house.wait_for(lambda: near(house, YELLOW), PATIENCE_MS)
        assert [code for code, *_ in house.book.faults] == ["STREAM_LOST"]
        house.director.stop()


def near(house, rgb):
    """Noise and the colours of video are a little off."""
    return all(abs(a - b) <= 40 for a, b in zip(house.colour(), rgb, strict=True))
