"""A content server that speaks the interface for players over real HTTP, from a `Site` in memory.

It pairs, signs on demand, keeps what boxes report, pushes, and lies where a test says so.  Runs in
threads of the test's own process, so that a test can look into it and change it at any moment.

    with ContentServer(site) as server:
        server.claim(code)
"""

import gzip
import hashlib
import json
import queue
import re
import secrets
import ssl
import threading
from collections.abc import Callable
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self
from urllib.parse import parse_qs, urlsplit

from manifest.times import write
from manifest.trust_state import fingerprint
from tests.simulators.site import Site

PREFIX = "/player/v1/"
PING_S = 0.2


class Box:
    """A pairing that waits, or was claimed."""

    def __init__(self, device: dict[str, Any], code: str | None) -> None:
        self.device, self.code = device, code
        self.secret = secrets.token_urlsafe(32)
        self.claimed = code is None


class Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = 0
    server: "_Http"

    def handle(self) -> None:
        try:
            super().handle()
        except OSError:  # the box went away
            self.close_connection = True

    def do_GET(self) -> None:
        self.answer_to("GET")

    def do_POST(self) -> None:
        self.answer_to("POST")

    def do_PUT(self) -> None:
        self.answer_to("PUT")

    def answer_to(self, method: str) -> None:
        parts = urlsplit(self.path)
        self.query = {name: values[0] for name, values in parse_qs(parts.query).items()}
        name = parts.path.removeprefix(PREFIX)
        content = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        if self.headers.get("Content-Encoding") == "gzip":
            content = gzip.decompress(content)
        here = self.server.content
        with here.lock:
            here.requests.append(f"{method} {self.path}")
        if instead := here.instead(method, name):
            return self.send(*instead)
        word, _, rest = name.partition("/")
        route: Callable[[str, bytes], None] | None = getattr(self, f"{method.lower()}_{word}", None)
        if route is None:
            return self.refuse(404, "NOT_FOUND")
        if word != "pairing" and self.token() not in here.tokens:
            return self.refuse(401, "TOKEN_REFUSED")
        return route(rest, content)

    def token(self) -> str:
        return self.headers.get("Authorization", "").removeprefix("Bearer ")

    # --- pairing -------------------------------------------------------------------------------

    def post_pairing(self, _rest: str, content: bytes) -> None:
        here, asked = self.server.content, json.loads(content)
        key = asked.get("enrolment_key")
        if key is not None and key not in here.enrolment_keys:
            return self.refuse(403, "ENROLMENT_KEY_REFUSED")
        here.enrolment_keys.discard(key)
        code = None if key else f"{secrets.randbelow(10**6):06d}"
        name = secrets.token_hex(8)
        here.boxes[name] = box = Box(asked["device"], code)
        return self.say(
            {
                "pairing": name,
                "secret": box.secret,
                "code": code,
                "expires_at": write(here.now()),
                "poll_s": here.poll_s,
            },
            201,
        )

    def get_pairing(self, rest: str, _content: bytes) -> None:
        here = self.server.content
        box = here.boxes.get(rest)
        if box is None or self.token() != box.secret:
            return self.refuse(404, "PAIRING_UNKNOWN")
        if not box.claimed:
            return self.say({"state": "waiting"})
        token = secrets.token_urlsafe(32)
        here.tokens.add(token)
        root = here.offered_root or here.site.publisher.roots[-1]
        return self.say(
            {
                "state": "paired",
                "token": token,
                "organisation": here.site.publisher.org,
                "site": here.site.publisher.site,
                "screen": here.site.publisher.screen,
                "name": "Lobby, east wall",
                "root": json.loads(root),
                "root_sha256": fingerprint(root),
            }
        )

    # --- documents and blobs -------------------------------------------------------------------

    def get_root(self, rest: str, _content: bytes) -> None:
        roots = self.server.content.site.publisher.roots
        if not 1 <= int(rest) <= len(roots):
            return self.refuse(404, "NOT_FOUND")
        return self.document(roots[int(rest) - 1])

    def get_freshness(self, _rest: str, _content: bytes) -> None:
        here = self.server.content
        challenge = self.query.get("challenge")
        with here.lock:
            if challenge is None:
                return self.document(here.site.freshness)
            body = here.site.publisher.freshness_bytes(now=here.now(), challenge=challenge)
        return self.document(body)

    def get_manifest(self, _rest: str, _content: bytes) -> None:
        self.document(self.server.content.site.manifest)

    def get_blobs(self, rest: str, _content: bytes) -> None:
        here = self.server.content
        body = here.site.blobs.get(rest)
        if body is None:
            return self.refuse(404, "NOT_FOUND")
        here.before_blob(rest)
        wanted = re.fullmatch(r"bytes=(\d+)-", self.headers.get("Range", ""))
        start = int(wanted[1]) if wanted else 0
        headers = {"ETag": f'"{rest}"'}
        if wanted:
            headers["Content-Range"] = f"bytes {start}-{len(body) - 1}/{len(body)}"
        return self.send(
            206 if wanted else 200, body[start:], "application/octet-stream", **headers
        )

    # --- reports -------------------------------------------------------------------------------

    def post_heartbeat(self, _rest: str, content: bytes) -> None:
        here = self.server.content
        with here.lock:
            here.heartbeats.append(json.loads(content))
            wanted, here.wanted = here.wanted, []
        here.heard.put(("heartbeat", here.heartbeats[-1]))
        self.say({"server_time": write(here.now()), "wanted": wanted, "poll_s": 1})

    def post_reports(self, _rest: str, content: bytes) -> None:
        here, sent = self.server.content, json.loads(content)
        if status := here.refuse_reports:
            return self.refuse(status, "NO")
        with here.lock:
            new = sent["segment"] not in here.segments
            here.segments.setdefault(sent["segment"], sent["reports"])
        here.heard.put(("reports", sent))
        return self.say({"accepted": len(sent["reports"]) if new else 0, "refused": 0})

    def put_screenshots(self, _rest: str, content: bytes) -> None:
        self.server.content.heard.put(("screenshot", (self.query["at"], content)))
        self.send(204, b"")

    def put_logs(self, _rest: str, content: bytes) -> None:
        self.server.content.heard.put(("log", content.decode()))
        self.send(204, b"")

    def get_push(self, _rest: str, _content: bytes) -> None:
        """Server-sent events until the server or the box ends it."""
        here = self.server.content
        events: queue.Queue[str] = queue.Queue()
        with here.lock:
            here.listeners.append((events, self.headers.get("Last-Event-ID")))
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        here.heard.put(("listening", self.headers.get("Last-Event-ID")))
        while not here.closing.is_set() and here.pushes:
            try:
                said = events.get(timeout=PING_S)
            except queue.Empty:
                said = "" if here.mute else ": ping\n\n"
            self.wfile.write(said.encode())

    # --- how -----------------------------------------------------------------------------------

    def document(self, body: bytes) -> None:
        etag = f'"{hashlib.sha256(body).hexdigest()}"'
        if self.headers.get("If-None-Match") == etag:
            return self.send(304, b"", ETag=etag)
        return self.send(200, body, ETag=etag)

    def say(self, value: object, status: int = 200) -> None:
        self.send(status, json.dumps(value).encode())

    def refuse(self, status: int, code: str) -> None:
        self.say({"error": {"code": code, "message": "no", "details": {}}}, status)

    def send(
        self, status: int, body: bytes, kind: str = "application/json", **headers: str
    ) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        if status not in (204, 304):
            self.send_header("Content-Length", str(len(body)))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        if status not in (204, 304):
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Quiet."""


class _Http(ThreadingHTTPServer):
    daemon_threads = True
    content: "ContentServer"


class ContentServer:
    """The server of one organisation; everything in it may be changed while it runs.

    `heard` gives what boxes sent, as (kind, value), in the order in which it came.
    """

    def __init__(self, site: Site, tls: ssl.SSLContext | None = None) -> None:
        self.site, self._tls = site, tls
        self.lock = threading.RLock()
        self.closing = threading.Event()
        self.boxes: dict[str, Box] = {}
        self.tokens: set[str] = set()
        self.enrolment_keys: set[str | None] = set()
        self.offered_root: bytes | None = None
        self.poll_s = 0.2
        self.requests: list[str] = []
        self.heartbeats: list[dict[str, Any]] = []
        self.segments: dict[str, list[dict[str, Any]]] = {}
        self.refuse_reports = 0
        self.wanted: list[str] = []
        self.listeners: list[tuple[queue.Queue[str], str | None]] = []
        self.pushes = self.mute = False
        self.pushes = True
        self.heard: queue.Queue[tuple[str, Any]] = queue.Queue()
        self.before_blob: Callable[[str], None] = lambda _sha256: None
        self.instead: Callable[[str, str], tuple[int, bytes, str] | None] = lambda _m, _n: None

    def __enter__(self) -> Self:
        self._http = _Http(("127.0.0.1", 0), Handler)
        self._http.content = self
        if self._tls is not None:
            # The handshake is the handler's, in its thread: a box that hangs up keeps no other.
            self._http.socket = self._tls.wrap_socket(
                self._http.socket, server_side=True, do_handshake_on_connect=False
            )
        self._thread = threading.Thread(
            target=self._http.serve_forever, kwargs={"poll_interval": 0.05}, name="content server"
        )
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self._http.shutdown()
        self._thread.join()
        self._http.server_close()

    @property
    def url(self) -> str:
        scheme = "https" if self._tls else "http"
        return f"{scheme}://127.0.0.1:{self._http.server_address[1]}"

    def now(self) -> datetime:
        return self.site.publisher.now

    def code(self) -> str:
        """The code of the newest pairing that waits."""
        return [box.code for box in self.boxes.values() if box.code and not box.claimed][-1]

    def claim(self, code: str) -> None:
        """An administrator types the code in."""
        next(box for box in self.boxes.values() if box.code == code).claimed = True

    def publish(self, *contents: bytes, **changes: Any) -> int:
        """Publish a programme of these pictures, and tell the boxes."""
        with self.lock:
            version = self.site.publish(*contents, **changes)
        self.push("look", version)
        return version

    def push(self, name: str, number: int = 1) -> None:
        with self.lock:
            for events, _last_id in self.listeners:
                events.put(f"id: {number}\nevent: {name}\ndata: {{}}\n\n")

    def reports(self, kind: str) -> list[dict[str, Any]]:
        """Every report of this kind, each segment counted once."""
        with self.lock:
            found = [report for reports in self.segments.values() for report in reports]
        return [report for report in found if report["kind"] == kind]

    def await_heard(self, kind: str, timeout_s: float = 30.0) -> Any:
        """The next thing of this kind that a box sends."""
        while True:
            heard, value = self.heard.get(timeout=timeout_s)
            if heard == kind:
                return value
