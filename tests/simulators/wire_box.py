"""A box at the wire, for stories in a browser: asks and says what a box does, plays nothing."""

import io
import uuid
from typing import Any

import requests
from PIL import Image

from manifest import times
from manifest.codec import decode
from manifest.envelope import DocumentType, open_envelope
from manifest.model import Manifest
from server.clock import SystemClock
from server.programme.instants import whole_ms

__all__ = ["Box"]


class Box:
    """A box at the wire: fetches its manifest, says what it activated and shows."""

    def __init__(self, address: str, token: str = "") -> None:
        self._url, self._boot = f"{address}/player/v1/", str(uuid.uuid4())
        self._session = requests.Session()
        self._sent, self._claim = 0, ("", "")
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"

    def asks_to_be_paired(self) -> str:
        """The six digits that it shows."""
        body = {"device": {"model": "box at the wire"}}
        begun = self._ask("POST", "pairing", json=body).json()
        self._claim = begun["pairing"], begun["secret"]
        return str(begun["code"])

    def is_let_in(self) -> bool:
        """Has somebody typed its digits?  Then it keeps its token."""
        pairing, secret = self._claim
        headers = {"Authorization": f"Bearer {secret}"}
        token = self._ask("GET", f"pairing/{pairing}", headers=headers).json().get("token")
        if token:
            self._session.headers["Authorization"] = f"Bearer {token}"
        return bool(token)

    def _ask(self, method: str, path: str, **more: Any) -> requests.Response:
        answer = self._session.request(method, self._url + path, timeout=30, **more)
        assert answer.ok, answer.text
        return answer

    def manifest(self) -> Manifest:
        envelope = open_envelope(self._ask("GET", "manifest").content, DocumentType.MANIFEST)
        return decode(envelope.payload)

    def says(self) -> list[str]:
        """Activate what is newest, report it, and be heard of; what the server wants of it."""
        newest = self.manifest()
        at = times.write(whole_ms(SystemClock().now()))
        self._sent += 1
        receipt = {"kind": "receipt", "version": newest.version, "activated_at": at}
        segment = f"{self._sent:012d}-agent"
        self._ask("POST", "reports", json={"segment": segment, "reports": [receipt]})
        over = newest.takeovers[0] if newest.takeovers else None
        because = {"kind": "takeover", "id": over.id} if over else {"kind": "default"}
        body = {
            "boot": self._boot, "sequence": self._sent, "at": at,
            "generation": {"version": newest.version}, "picture": {"because": because},
        }  # fmt: skip
        wanted: list[str] = self._ask("POST", "heartbeat", json=body).json()["wanted"]
        return wanted

    def is_heard(self) -> list[str]:
        """Send a sign of life that says nothing of programmes; what the server wants of it."""
        self._sent += 1
        at = times.write(whole_ms(SystemClock().now()))
        body = {"boot": self._boot, "sequence": self._sent, "at": at}
        wanted: list[str] = self._ask("POST", "heartbeat", json=body).json()["wanted"]
        return wanted

    def fetches_commands(self) -> dict[str, int]:
        """What it is to do: the number of each kind."""
        found = self._ask("GET", "commands").json()["commands"]
        return {each["kind"]: each["id"] for each in found}

    def ends(self, command: int, state: str, sentence: str) -> None:
        body = {"state": state, "sentence": sentence}
        self._ask("POST", f"commands/{command}", json=body)

    def sends_log(self, text: str) -> None:
        plain = {"Content-Type": "text/plain; charset=utf-8"}
        self._ask("PUT", "logs", data=text.encode(), headers=plain)

    def takes_picture(self) -> None:
        kept = io.BytesIO()
        Image.new("RGB", (640, 360), "#101820").save(kept, "WEBP")
        webp = {"Content-Type": "image/webp"}
        self._ask("PUT", "screenshots", data=kept.getvalue(), headers=webp)

    def close(self) -> None:
        self._session.close()
