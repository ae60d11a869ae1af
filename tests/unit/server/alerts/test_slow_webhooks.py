"""A webhook that answers slowly, or never, is given up in time: real sockets on the loopback."""

import socket
import threading
from contextlib import contextmanager
from datetime import UTC, datetime

import pytest

from server.alerts.errors import DeliveryFailed
from server.alerts.webhooks import post

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@contextmanager
def webhook(first: bytes, drop: bytes):
    """A server that sends `first`, then `drop` again and again until the other side is gone."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        gone = threading.Event()

        def serve():
            line, _ = listening.accept()
            with line:
                line.settimeout(0.02)
                line.sendall(first)
                while not _is_gone(line, drop):
                    pass
            gone.set()

        thread = threading.Thread(target=serve, name="slow-webhook")
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/", gone
        thread.join(10)


def _is_gone(line, drop):
    try:
        if line.recv(65536) == b"":
            return True
    except TimeoutError:
        pass
    except OSError:
        return True
    try:
        line.sendall(drop)
    except OSError:
        return True
    return False


@pytest.mark.parametrize(
    ("first", "drop"),
    [
        (b"", b""),
        (b"HTTP/1.1 200 OK\r\nX-Slow: ", b"a"),
        (b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 4000\r\n\r\n", b"a"),
    ],
    ids=["silence", "headers", "body"],
)
def test_a_slow_webhook_is_given_up_at_the_deadline(first, drop):
    with webhook(first, drop) as (url, gone):
        with pytest.raises(DeliveryFailed, match=r"not whole within 0\.3 s"):
            post(url, "secret", b"{}", now=NOW, networks=["127.0.0.0/8"], deadline_s=0.3)
        assert gone.wait(10)
