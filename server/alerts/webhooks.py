"""Posts a message to a webhook: signed, to the address that was checked, and nowhere else.

The signature is `v1=` and HMAC-SHA-256, in hexadecimal, of the timestamp, a dot and the body, with
the endpoint's secret: whoever checks it, and refuses old timestamps, cannot be fooled by a
recording (docs/alerts.md).  Redirects are not followed, answers are not read beyond a few bytes.
"""

import contextlib
import hashlib
import hmac
import http.client
import json
import socket
import ssl
import threading
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from django.utils import translation

from manifest.times import write
from server.alerts.addresses import Resolve, allowed_address, system_resolve, taken_apart
from server.alerts.errors import DeliveryFailed
from server.alerts.models import Message
from server.alerts.selectors import said_of

__all__ = ["ANSWER_BYTES", "BODY_BYTES", "DEADLINE_S", "PATIENCE_S", "body_of", "post", "signature"]

#: How long each step of a delivery may take, in seconds.
PATIENCE_S = 10.0

#: How long a whole delivery may take, however it is spread over its steps, in seconds: one webhook
#: that sends a byte now and then must not keep the others waiting.
DEADLINE_S = 20.0

#: The largest body that is sent, and what is read of an answer, in bytes.
BODY_BYTES, ANSWER_BYTES = 64 * 1024, 4 * 1024


def signature(secret: str, timestamp: str, body: bytes) -> str:
    """What stands in `X-Yingbi-Signature`."""
    signed = timestamp.encode() + b"." + body
    return "v1=" + hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()


def body_of(message: Message, base_url: str) -> bytes:
    """The JSON of a message, in both languages."""
    said, texts = said_of(message), {}
    for language, code in (("zh", "zh-hans"), ("en", "en")):
        with translation.override(code):
            texts[language] = str(said.local())
    told: Mapping[str, Any] = {
        "id": message.pk,
        "kind": message.kind,
        "at": write(message.told_at.replace(microsecond=0)),
        "department": message.department.name if message.department else None,
        "text": texts,
        "values": message.values,
        "link": base_url + message.link if base_url and message.link else None,
    }
    body = json.dumps(told, ensure_ascii=False).encode()
    if len(body) > BODY_BYTES:
        body = json.dumps({**told, "values": {}}, ensure_ascii=False).encode()
    return body


def post(
    url: str,
    secret: str,
    body: bytes,
    *,
    now: datetime,
    networks: Iterable[str],
    resolve: Resolve = system_resolve,
    deadline_s: float = DEADLINE_S,
) -> int:
    """Send it once; return the status, which is a success.  Raises `DeliveryFailed`.

    What is not answered whole within `deadline_s` of the connection has failed.
    """
    parts = taken_apart(url)
    host, is_tls = str(parts.hostname), parts.scheme == "https"
    port = parts.port or (443 if is_tls else 80)
    address = allowed_address(host, port, networks, resolve)
    timestamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "yingbi-webhook",
        "X-Yingbi-Timestamp": timestamp,
        "X-Yingbi-Signature": signature(secret, timestamp, body),
    }
    path = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    line = _Line(host, port, address, is_tls)
    line_cut = threading.Timer(deadline_s, line.cut)
    line_cut.name = "webhook-deadline"
    line_cut.start()
    try:
        line.request("POST", path, body, headers)
        answer = line.getresponse()
        answer.read(ANSWER_BYTES)
        status = answer.status
    except (OSError, http.client.HTTPException) as error:
        why = _too_slow(deadline_s) if line.is_cut else str(error) or type(error).__name__
        raise DeliveryFailed(f"{host} gave no answer: {why[:200]}") from error
    finally:
        line_cut.cancel()
        line_cut.join()
        line.close()
    if line.is_cut:  # the end of a line that was cut can look like the end of an answer
        raise DeliveryFailed(f"{host} gave no answer: {_too_slow(deadline_s)}")
    if not 200 <= status < 300:
        raise DeliveryFailed(_refused(host, status), status)
    return status


def _too_slow(deadline_s: float) -> str:
    return f"it was not whole within {deadline_s:g} s"


def _refused(host: str, status: int) -> str:
    if 300 <= status < 400:
        return f"{host} answered {status}, a redirect: type the address to which it leads"
    return f"{host} answered {status}"


class _Line(http.client.HTTPConnection):
    """A connection to the address that was checked, for the host that was named."""

    def __init__(self, host: str, port: int, address: str, is_tls: bool) -> None:
        super().__init__(host, port, timeout=PATIENCE_S)
        self._address, self._is_tls = address, is_tls
        self._wire: socket.socket | None = None  # `sock` is given up before an answer is read
        self.is_cut = False
        self.default_port = 443 if is_tls else 80  # so that `Host` names no usual port

    def connect(self) -> None:
        """Connect, with TLS for the name where it is due."""
        self._wire = self.sock = socket.create_connection((self._address, self.port), PATIENCE_S)
        if self._is_tls:
            context = ssl.create_default_context()
            tls = context.wrap_socket(
                self.sock, server_hostname=self.host, do_handshake_on_connect=False
            )
            self._wire = self.sock = tls
            tls.do_handshake()
        if self.is_cut:
            raise TimeoutError

    def cut(self) -> None:
        """End it from another thread: whoever reads or writes goes on at once, with an error."""
        self.is_cut = True
        if self._wire is not None:
            with contextlib.suppress(OSError):  # it has ended by itself
                socket.socket.shutdown(self._wire, socket.SHUT_RDWR)
