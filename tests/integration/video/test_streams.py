"""Live streams over loopback: they play, come back when they were lost, and fail in the end."""

import http.server
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from player.stage.media.video import Limits
from tests.integration.video.zone import ClipMaker, ZoneMaker

PATIENT = Limits(stream_s=4.0, stall_s=1.0, reconnect_s=(0.2, 0.4))


class Broadcast:
    """An HTTP server that sends a transport stream in real time, as ffmpeg makes it."""

    def __init__(self) -> None:
        self.connections = 0
        self._senders: list[subprocess.Popen[bytes]] = []
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                outer.connections += 1
                self.send_response(200)
                self.send_header("Content-Type", "video/mp2t")
                self.end_headers()
                outer.send(self.wfile)

            def log_message(self, *_: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, name="broadcast")
        self._thread.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_address[1]}/live.ts"

    def send(self, wire: object) -> None:
        source = "color=c=red:s=320x180:r=25,noise=alls=20:allf=t"
        command = ["ffmpeg", "-nostdin", "-v", "quiet", "-re", "-f", "lavfi", "-i", source]
        command += ["-c:v", "mpeg2video", "-g", "12", "-f", "mpegts", "-"]
        with subprocess.Popen(command, stdout=subprocess.PIPE) as sender:
            self._senders.append(sender)
            assert sender.stdout is not None
            try:
                while chunk := sender.stdout.read1(65_536):
                    wire.write(chunk)  # type: ignore[attr-defined]  # a socket's file
            except OSError:  # the player hung up
                sender.kill()

    def break_off(self) -> None:
        for sender in self._senders:
            sender.kill()

    def close(self) -> None:
        self.break_off()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture
def broadcast() -> Iterator[Broadcast]:
    server = Broadcast()
    yield server
    server.close()


def test_a_stream_plays_and_comes_back_when_it_was_cut(
    make_zone: ZoneMaker, broadcast: Broadcast
) -> None:
    zone = make_zone(limits=Limits(stall_s=1.0, reconnect_s=(0.2, 0.4)))
    zone.play(broadcast.url, kind="stream")
    zone.wait(lambda: zone.item.frames_painted > 5)
    broadcast.break_off()
    zone.wait(lambda: broadcast.connections > 1)
    painted = zone.item.frames_painted
    assert zone.colour().red() > 150, "the last good frame is gone"
    zone.wait(lambda: zone.item.frames_painted > painted + 5)
    assert zone.failed == []


def test_a_stream_stands_on_its_first_picture_until_it_is_started(
    make_zone: ZoneMaker, broadcast: Broadcast
) -> None:
    zone = make_zone(limits=PATIENT)
    first = zone.show(broadcast.url, kind="stream")
    zone.qtbot.wait(2_000)  # longer than `stall_s`: to be held is not to be lost
    assert zone.window.grabWindow() == first
    # libVLC may look at the stream first, on a busy machine twice; to lose it is more than that.
    assert broadcast.connections <= 3
    assert zone.failed == []


def test_a_stream_that_is_gone_for_good_fails_and_its_last_picture_stays(
    make_zone: ZoneMaker, broadcast: Broadcast
) -> None:
    zone = make_zone(limits=PATIENT)
    zone.play(broadcast.url, kind="stream")
    zone.wait(lambda: zone.item.frames_painted > 5)
    broadcast.close()
    zone.wait(lambda: bool(zone.failed))
    assert "the stream is lost" in zone.failed[0][1]
    assert zone.colour().red() > 150


def test_a_stream_whose_server_is_not_there_is_asked_for_again_a_few_times(
    make_zone: ZoneMaker,
) -> None:
    zone = make_zone(limits=Limits(stream_s=1.5, reconnect_s=(0.2, 0.4)))
    told = zone.reason("http://editor:secret@127.0.0.1:9/live.ts", kind="stream")
    assert "it gave no picture for 1.5 s" in told
    assert "secret" not in told


def test_a_stream_may_be_asked_for_again_after_it_failed(
    make_zone: ZoneMaker, broadcast: Broadcast
) -> None:
    zone = make_zone(limits=Limits(stream_s=0.5, reconnect_s=(0.2,)))
    zone.reason("http://127.0.0.1:9/live.ts", kind="stream")
    zone.engine.limits = zone.slot.limits = Limits()
    zone.play(broadcast.url, kind="stream")
    zone.wait(lambda: zone.item.frames_painted > 5)


@pytest.mark.parametrize(
    "url", ["screen://", "file:///etc/passwd", "v4l2:///dev/video0", "http://", "http://[", "live"]
)
def test_what_is_no_stream_is_refused(make_zone: ZoneMaker, url: str) -> None:
    zone = make_zone(limits=Limits(stream_s=0.3, reconnect_s=(0.2,)))
    assert "stream" in zone.reason(url, kind="stream")


def test_a_file_is_a_stream_too_when_a_server_sends_it(
    make_zone: ZoneMaker, make_clip: ClipMaker, tmp_path: Path
) -> None:
    folder = make_clip("red.mp4").parent

    class Files(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments: object) -> None:
            super().__init__(*arguments, directory=str(folder))  # type: ignore[arg-type]  # as they came

        def log_message(self, *_: object) -> None:
            pass

    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), Files) as server:
        thread = threading.Thread(target=server.serve_forever, name="files")
        thread.start()
        zone = make_zone(limits=PATIENT)
        zone.play(f"http://127.0.0.1:{server.server_address[1]}/red.mp4", kind="stream")
        zone.wait(lambda: zone.colour().red() > 200)
        zone.slot.release()
        server.shutdown()
        thread.join()
    assert zone.failed == []
