"""A small client of the server's interface for scripts, as a script of an editor would have it."""

import http.client
import json
import os
import time
from pathlib import Path
from typing import Any

from command import Failed

__all__ = ["Api"]

PIECE_BYTES = 8 << 20
#: How long a request may take, and how long a file may take to be prepared, in seconds.
REQUEST_S, PREPARE_S = 60.0, 600.0


class Api:
    """Speaks to `http://127.0.0.1:port/api/v1/` with the token of a member of staff."""

    def __init__(self, port: int, token: str) -> None:
        self._port, self._token = port, token

    def call(self, method: str, path: str, body: Any = None) -> Any:
        """Send JSON and return what is answered; `Failed` with the server's sentence otherwise."""
        data = None if body is None else json.dumps(body).encode()
        return self._send(method, path, data, {"Content-Type": "application/json"})

    def upload(self, file: Path, title: str) -> int:
        """Send a file in pieces and return its asset, which the server then prepares."""
        size = file.stat().st_size
        upload = self.call("POST", "uploads/", {"name": file.name, "bytes": size})
        where = f"uploads/{upload['id']}/"
        with file.open("rb") as content:
            while piece := content.read(PIECE_BYTES):
                at = {"Upload-Offset": str(content.tell() - len(piece))}
                self._send("PATCH", where, piece, at)
        asset = self.call("POST", f"{where}finish/", {"title": title})
        return int(asset["id"])

    def prepared(self, asset: int) -> int:
        """Wait until the server has prepared an asset, and return it."""
        end = time.monotonic() + PREPARE_S
        while time.monotonic() < end:
            found = self.call("GET", f"assets/{asset}/")
            if found["state"] == "ready":
                return asset
            if found["state"] == "failed":
                raise Failed(
                    f"{found['title']} cannot be used: {found['failure_code']}", os.EX_DATAERR
                )
            time.sleep(0.2)
        raise Failed(f"asset {asset} was not prepared within {PREPARE_S:.0f} s", os.EX_UNAVAILABLE)

    def _send(self, method: str, path: str, data: bytes | None, headers: dict[str, str]) -> Any:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=REQUEST_S)
        try:
            everything = {"Authorization": f"Bearer {self._token}", **headers}
            connection.request(method, f"/api/v1/{path}", data, everything)
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        told = json.loads(content) if content else None
        if answer.status >= 400:
            said = told["error"]["message"] if told else answer.status
            raise Failed(f"{method} {path}: {said}", os.EX_DATAERR)
        return told
