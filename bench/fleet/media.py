"""A large file from the server: itself, and behind nginx, beside nginx alone; and every range.

The bytes are read into one buffer and dropped, so the speed is the server's, not that of a disk.
"""

import hashlib
import http.client
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from bench.fleet.box import Identity
from bench.fleet.places import bare_nginx, front
from bench.fleet.server import Home, Process, server
from bench.fleet.site import LARGE_BYTES
from bench.process_cost import TreeCost, memory_of

__all__ = ["media", "wrong_answers"]

#: Read at a time, in bytes.
READ_BYTES = 1 << 20

#: How often each is asked for the whole file.
TURNS = 7

_SETTINGS = '[web]\nx_accel_path = "/_blobs/"\ntrusted_proxies = ["127.0.0.1"]\n'


class _Source:
    """The large file at one address."""

    def __init__(self, process: Process, path: str, identity: Identity) -> None:
        self.process, self._path = process, path
        self._headers = {"Authorization": f"Bearer {identity.token}"}
        self._where = urlsplit(process.url).netloc

    def get(self, method: str = "GET", **more: str) -> tuple[http.client.HTTPResponse, bytes]:
        """An answer, whole."""
        line = http.client.HTTPConnection(self._where, timeout=60)
        try:
            headers = {name.replace("_", "-"): value for name, value in more.items()}
            line.request(method, self._path, headers=self._headers | headers)
            answer = line.getresponse()
            return answer, answer.read()
        finally:
            line.close()

    def bytes_per_s(self) -> float:
        """How fast the whole file comes."""
        line = http.client.HTTPConnection(self._where, timeout=60)
        try:
            begun = time.perf_counter()
            line.request("GET", self._path, headers=self._headers)
            answer = line.getresponse()
            buffer, got = memoryview(bytearray(READ_BYTES)), 0
            while read := answer.readinto(buffer):
                got += read
            if got != LARGE_BYTES:
                raise RuntimeError(f"{LARGE_BYTES} bytes were due, and {got} came")
            return got / (time.perf_counter() - begun)
        finally:
            line.close()


def media(
    home: Home, identities: Sequence[Identity], sha256: str, folder: Path
) -> dict[str, float]:
    """One run."""
    settings = folder / "server.toml"
    folder.mkdir()
    settings.write_text(_SETTINGS)
    behind = {"YINGBI_SERVER_CONFIG": str(settings)}
    blob, root = f"/player/v1/blobs/{sha256}", home.folder / "data" / "blobs"
    with (
        server(home) as ours,
        server(home, behind) as other,
        front(folder / "front", home, other) as proxy,
        bare_nginx(folder / "nginx", root) as theirs,
    ):
        alone = _Source(ours, blob, identities[0])
        fronted = _Source(proxy, blob, identities[0])
        reference = _Source(theirs, f"/{sha256[:2]}/{sha256}", identities[0])
        content = (root / sha256[:2] / sha256).read_bytes()
        wrong = wrong_answers(alone, content) + wrong_answers(fronted, content)
        for sentence in wrong:
            print(sentence)
        before = memory_of(ours.pid).pss_mib
        figures = _speeds(alone, fronted, reference)
        added = memory_of(ours.pid).pss_mib - before
    return figures | {
        "wrong answers to ranges": len(wrong),
        "PSS that serving added, MiB": added,
    }


def _speeds(ours: _Source, front: _Source, theirs: _Source) -> dict[str, float]:
    """Medians of `TURNS` turns.

    In a turn each is asked, one right after the other, and the two are held against nginx of the
    same turn: what slows the machine for a while slows all three.
    """
    sources = {"ours": ours, "front": front, "nginx": theirs}
    turns = []
    for _turn in range(TURNS):
        turn: dict[str, float] = {}
        for name, source in sources.items():
            cost = TreeCost(source.process.pid)
            turn[f"{name}, MB/s"] = source.bytes_per_s() / 1e6
            turn[f"{name}, CPU s a GB"] = cost.seconds() / (LARGE_BYTES / 1e9)
        turn["the server itself, of nginx"] = turn["ours, MB/s"] / turn["nginx, MB/s"]
        turn["X-Accel-Redirect behind nginx, of nginx"] = turn["front, MB/s"] / turn["nginx, MB/s"]
        turns.append(turn)
    return {figure: statistics.median(turn[figure] for turn in turns) for figure in turns[0]}


def wrong_answers(source: _Source, content: bytes) -> list[str]:
    """What is not as RFC 9110 has it (sections 13 and 14), each in a sentence."""
    size, digest = len(content), hashlib.sha256(content).hexdigest()
    tag = f'"{digest}"'
    cases: list[tuple[dict[str, str], int, bytes | None]] = [
        ({"Range": "bytes=1000-1999"}, 206, content[1000:2000]),
        ({"Range": "bytes=0-0"}, 206, content[:1]),
        ({"Range": "bytes=-500"}, 206, content[-500:]),
        ({"Range": f"bytes={size - 700}-"}, 206, content[-700:]),
        ({"Range": f"bytes={size - 10}-{size + 10}"}, 206, content[-10:]),
        ({"Range": f"bytes={size + 10}-"}, 416, None),
        ({"Range": "bytes=0-9", "If_Range": tag}, 206, content[:10]),
        ({"Range": "bytes=0-9", "If_Range": '"another"'}, 200, content),
        ({"Range": f"bytes={size // 3}-", "If_Range": tag}, 206, content[size // 3 :]),
        ({"If_None_Match": tag}, 304, b""),
        ({}, 200, content),
    ]
    wrong = []
    for headers, status, body in cases:
        answer, got = source.get(**headers)
        if answer.status != status or (body is not None and got != body):
            wrong.append(f"{headers}: {answer.status} with {len(got)} bytes")
        elif status != 416 and answer.headers["ETag"] != tag:
            wrong.append(f"{headers}: the entity tag is {answer.headers['ETag']}")
    head, body = source.get("HEAD")
    if (head.status, head.headers["Content-Length"], body) != (200, str(size), b""):
        wrong.append(f"HEAD: {head.status}, length {head.headers['Content-Length']}")
    return wrong
