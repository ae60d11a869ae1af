"""A file of gigabytes over HTTP: cut in its middle, gone on with, repeated; the server stays small.

200 MB through the nginx that ships in the ordinary run; with YINGBI_DEEP=1 2 GB, and without nginx
too.
No test process ever holds more than a piece of the file.
"""

import contextlib
import hashlib
import os
import re
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.parse import urlsplit

import pytest
import requests

from tests.simulators.clips import conforming
from tests.simulators.paired_screens import paired_screens
from tests.simulators.proxy import Proxy
from tests.simulators.server_process import Home, ServerProcess

DEEP = bool(os.environ.get("YINGBI_DEEP"))
SIZE = 2 * 10**9 if DEEP else 2 * 10**8
#: As much as a script may send at once.
PIECE_BYTES = 64 << 20
CHUNK_BYTES = 1 << 20
PEAK_LIMIT_MIB = 150
PREPARED_WITHIN_S = 120


class Film(NamedTuple):
    """A video that goes on with an empty box: real at its beginning, large, and made on the way."""

    clip: bytes
    size: int

    def pieces(self, start: int, end: int) -> Iterator[bytes]:
        """The bytes from `start` to `end`, a chunk at a time."""
        for at in range(start, end, CHUNK_BYTES):
            length = min(CHUNK_BYTES, end - at)
            head = self.clip[at : at + length]
            yield head + bytes(length - len(head))

    def digest(self) -> str:
        """The SHA-256 of all of it."""
        digest = hashlib.sha256()
        for chunk in self.pieces(0, self.size):
            digest.update(chunk)
        return digest.hexdigest()


class Piece:
    """A part of a film as the body of a request: of known length, made while it is sent."""

    def __init__(self, film: Film, start: int, end: int) -> None:
        self._film, self._start, self._end = film, start, end

    def __len__(self) -> int:
        return self._end - self._start

    def __iter__(self) -> Iterator[bytes]:
        return self._film.pieces(self._start, self._end)


@pytest.fixture
def film(tmp_path: Path) -> Film:
    """An MP4 with a box of free space behind it (ISO/IEC 14496-12, 8.1.2)."""
    clip = conforming(tmp_path / "clip.mp4").read_bytes()
    free = (SIZE - len(clip)).to_bytes(4, "big") + b"free"
    return Film(clip + free, SIZE)


class Door:
    """Uploads one file through an address, as a script does."""

    def __init__(self, address: str, token: str) -> None:
        self._address, self._token = address, token
        self._session = requests.Session()
        self._session.headers["Authorization"] = f"Bearer {token}"
        self._session.trust_env = False

    def ask(self, method: str, path: str, status: int, **more: Any) -> Any:
        """The answer to a request, which must have this status."""
        url = f"{self._address}/api/v1/{path}"
        answer = self._session.request(method, url, timeout=300, **more)
        assert answer.status_code == status, answer.text
        return answer.json()

    def append(self, upload: str, film: Film, at: int, status: int = 200) -> Any:
        """Send the piece that begins at `at`."""
        end = min(film.size, at + PIECE_BYTES)
        headers, piece = {"Upload-Offset": str(at)}, Piece(film, at, end)
        return self.ask("PATCH", f"uploads/{upload}/", status, data=piece, headers=headers)

    def append_and_vanish(self, upload: str, film: Film, at: int) -> None:
        """Send the first half of a piece; then the network is gone."""
        host, port = urlsplit(self._address).netloc.split(":")
        end = min(film.size, at + PIECE_BYTES)
        with socket.create_connection((host, int(port))) as line:
            line.sendall(
                f"PATCH /api/v1/uploads/{upload}/ HTTP/1.1\r\nHost: {host}:{port}\r\n"
                f"Authorization: Bearer {self._token}\r\nUpload-Offset: {at}\r\n"
                f"Content-Length: {end - at}\r\n\r\n".encode()
            )
            for chunk in film.pieces(at, at + (end - at) // 2):
                line.sendall(chunk)


def peak_mib(pid: int) -> float:
    """The most memory that a process ever had in its hands (VmHWM)."""
    found = re.search(r"VmHWM:\s+(\d+)", Path(f"/proc/{pid}/status").read_text())
    assert found is not None
    return int(found[1]) / 1024


def upload_with_troubles(door: Door, film: Film) -> str:
    """Send all of `film`, the middle piece in two tries; the id of the upload."""
    begun = door.ask("POST", "uploads/", 201, json={"name": "film.mp4", "bytes": film.size})
    upload = str(begun["id"])
    middle = film.size // PIECE_BYTES // 2 * PIECE_BYTES
    at = 0
    while at < film.size:
        if at == middle:
            door.append_and_vanish(upload, film, at)
            received = door.ask("GET", f"uploads/{upload}/", 200)["received"]
            assert received == at, "a piece that was cut counts as a whole or not at all"
            refused = door.append(upload, film, at - PIECE_BYTES, 409)  # the last one once more
            assert refused["error"]["code"] == "UPLOAD_OFFSET"
            assert refused["error"]["details"]["offset"] == at
        at = door.append(upload, film, at)["received"]
    return upload


def ready(door: Door, asset: int) -> dict[str, Any]:
    """The asset, when it has been prepared."""
    give_up = time.monotonic() + PREPARED_WITHIN_S
    while time.monotonic() < give_up:
        found: dict[str, Any] = door.ask("GET", f"assets/{asset}/", 200)
        if found["state"] in {"ready", "failed"}:
            return found
        time.sleep(0.2)
    raise AssertionError(found)


@pytest.mark.parametrize(
    "front", ["nginx", pytest.param("the server itself", marks=pytest.mark.deep)]
)
def test_a_large_file_that_is_cut_and_repeated_costs_the_server_no_memory(
    server_home: Callable[[], Home],
    server_process: Callable[..., ServerProcess],
    tmp_path: Path,
    film: Film,
    front: str,
) -> None:
    home, settings = server_home(), tmp_path / "server.toml"
    settings.write_text('[data]\nmin_free_gib = 0.1\n[web]\ntrusted_proxies = ["127.0.0.1"]\n')
    paired_screens(home)
    server = server_process(home=home, YINGBI_SERVER_CONFIG=str(settings))
    token = server.command("user", "token", "administrator", "script").stdout.split()[-1]
    with contextlib.ExitStack() as stack:
        address = server.address
        if front == "nginx":
            proxy = Proxy(tmp_path / "nginx", [address], blobs=str(home.data / "blobs"))
            address = stack.enter_context(contextlib.closing(proxy)).address
        door = Door(address, token)
        upload = upload_with_troubles(door, film)
        finish = f"uploads/{upload}/finish/"
        asset = door.ask("POST", finish, 200, json={"sha256": film.digest()})
        assert door.ask("POST", finish, 200, json={})["id"] == asset["id"], "once more: the same"
        prepared = ready(door, asset["id"])
    peak = peak_mib(server.pid)
    print(f"{film.size / 1e9:.1f} GB through {front}: peak of the server {peak:.0f} MiB")
    assert prepared["state"] == "ready", prepared
    assert [path.name for path in (home.data / "uploads").iterdir()] == []
    assert peak < PEAK_LIMIT_MIB
