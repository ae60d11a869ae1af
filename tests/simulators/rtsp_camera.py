"""A camera that is watched by RTSP: the control is ours, what it sends is ffmpeg's RTP.

For tests of streams.  One viewer at a time, over TCP (RFC 2326, 10.12); the camera can be silent,
refuse, be unplugged in the midst of it, and come back.
"""

import selectors
import socket
import struct
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

__all__ = ["H264", "MOTION_JPEG", "RtspCamera"]

H264 = ("-c:v", "libx264", "-preset", "ultrafast", "-tune", "zerolatency", "-g", "12")
MOTION_JPEG = ("-c:v", "mjpeg", "-pix_fmt", "yuvj420p", "-huffman", "default")
_G711 = ("-c:a", "pcm_mulaw", "-ar", "8000", "-ac", "1")

_ANSWERS = {
    "OPTIONS": "Public: OPTIONS, DESCRIBE, SETUP, PLAY, TEARDOWN\r\n",
    "DESCRIBE": "Content-Type: application/sdp\r\n",
    "PLAY": "Session: 1\r\n",
    "TEARDOWN": "Session: 1\r\n",
}


def _datagram_socket() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    return made


class RtspCamera:
    """Sends one colour (and G.711 sound) to whoever asks at `url`."""

    def __init__(self, folder: Path) -> None:
        self._sdp = folder / "camera.sdp"
        self._tracks = [_datagram_socket(), _datagram_socket()]
        self._server = socket.create_server(("127.0.0.1", 0))
        port = self._server.getsockname()[1]
        self.url = f"rtsp://127.0.0.1:{port}/live"
        self.url_with_password = f"rtsp://viewer:secret@127.0.0.1:{port}/live"
        self.viewers = 0
        self.refusal = ""
        self._viewer: socket.socket | None = None
        self._thread = threading.Thread(target=self._serve, name="camera")
        self._thread.start()

    @contextmanager
    def on_air(self, encoder: tuple[str, ...] = H264, rgb: str = "red") -> Iterator[None]:
        """Send, as long as the block lasts."""
        source = f"color=c={rgb}:s=320x176:r=25,noise=alls=6:allf=t"
        command = ["ffmpeg", "-nostdin", "-v", "error", "-re", "-f", "lavfi", "-i", source]
        command += ["-f", "lavfi", "-i", "sine", "-map", "0:v", "-pix_fmt", "yuv420p", *encoder]
        command += ["-f", "rtp", f"rtp://127.0.0.1:{self._tracks[0].getsockname()[1]}"]
        command += ["-map", "1:a", *_G711, "-sdp_file", str(self._sdp)]
        command += ["-f", "rtp", f"rtp://127.0.0.1:{self._tracks[1].getsockname()[1]}"]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as sender:
            try:
                yield
            finally:
                sender.kill()
                self._sdp.unlink(missing_ok=True)
                self.cut()

    def cut(self) -> None:
        """Break the viewer's connection off."""
        viewer = self._viewer
        if viewer is not None:
            with suppress(OSError):
                viewer.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        """Unplug it."""
        self._server.shutdown(socket.SHUT_RDWR)
        self.cut()
        self._thread.join()
        for each in (self._server, *self._tracks):
            each.close()

    # On the camera's thread

    def _serve(self) -> None:
        while True:
            try:
                self._viewer, _address = self._server.accept()
            except OSError:  # unplugged
                return
            self.viewers += 1
            with self._viewer, suppress(OSError):
                self._talk(self._viewer)

    def _talk(self, viewer: socket.socket) -> None:
        with viewer.makefile("rb") as lines:
            while question := lines.readline().decode():
                headers = {}
                while line := lines.readline().decode().strip():
                    name, _colon, value = line.partition(":")
                    headers[name.lower()] = value.strip()
                self._answer(viewer, question, headers)

    def _answer(self, viewer: socket.socket, question: str, headers: dict[str, str]) -> None:
        method, address, _version = question.split()
        body, more = b"", _ANSWERS.get(method, "")
        status = self.refusal if method == "DESCRIBE" and self.refusal else "200 OK"
        if method == "DESCRIBE" and not self._sdp.exists():
            status = "404 Not Found"
        elif method == "DESCRIBE":
            body = self._description()
        elif method == "SETUP":
            track = int(address[-1])
            channels = f"{track * 2}-{track * 2 + 1}"
            more = f"Transport: RTP/AVP/TCP;unicast;interleaved={channels}\r\nSession: 1\r\n"
        head = f"RTSP/1.0 {status}\r\nCSeq: {headers['cseq']}\r\n{more}"
        viewer.sendall(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        if method == "PLAY":
            self._play(viewer)

    def _description(self) -> bytes:
        """What ffmpeg says of its tracks (RFC 8866), each with the address of its SETUP."""
        told = [line for line in self._sdp.read_text().splitlines() if line[:2] not in ("SD", "c=")]
        session, *tracks = "\r\n".join(told).split("\r\nm=")
        for number, track in enumerate(tracks):
            kind, _port, rest = track.split(" ", 2)
            session += f"\r\nm={kind} 0 {rest}\r\na=control:track{number}"
        return f"{session}\r\n".encode()

    def _play(self, viewer: socket.socket) -> None:
        with selectors.DefaultSelector() as arriving:
            for number, track in enumerate(self._tracks):
                _empty(track)
                arriving.register(track, selectors.EVENT_READ, number)
            arriving.register(viewer, selectors.EVENT_READ, None)
            while True:
                for key, _events in arriving.select():
                    if key.data is None:
                        return  # the viewer says something (goodbye), or is gone
                    packet = self._tracks[key.data].recv(65_536)
                    viewer.sendall(struct.pack(">cBH", b"$", key.data * 2, len(packet)) + packet)


def _empty(track: socket.socket) -> None:
    """What was sent before anybody looked is gone, as with a real camera."""
    track.setblocking(False)
    with suppress(BlockingIOError):
        while track.recv(65_536):
            pass
    track.setblocking(True)
