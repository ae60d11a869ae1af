"""A webhook that redirects is refused, wherever it leads: real HTTP on two loopback addresses."""

import http.client
import threading
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, HTTPServer
from urllib.parse import urlsplit

import pytest

from server.alerts.errors import AddressRefused, DeliveryFailed
from server.alerts.webhooks import post

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
#: The only address that the settings allow; what is redirected to is beside it, and refused.
ALLOWED, REFUSED = "127.0.0.1", "127.0.0.2"


@contextmanager
def listening(at, status, location=""):
    """A server at an address that answers everything with `status`; its address, and who asked."""
    asked = []

    class Answering(BaseHTTPRequestHandler):
        def do_POST(self):
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            asked.append(self.path)
            self.send_response(status)
            if location:
                self.send_header("Location", location)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def do_GET(self):
            self.do_POST()

        def log_message(self, *_):
            pass

    with HTTPServer((at, 0), Answering) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), name="webhook")
        thread.start()
        try:
            yield f"http://{at}:{server.server_port}/", asked
        finally:
            server.shutdown()
            thread.join(10)


def answered(url):
    """What a client without our rule gets: the status, and where it is sent on to."""
    parts = urlsplit(url)
    line = http.client.HTTPConnection(parts.hostname, parts.port, timeout=10)
    try:
        line.request("POST", "/", b"{}")
        answer = line.getresponse()
        return answer.status, answer.headers["Location"]
    finally:
        line.close()


def sent(url):
    return post(url, "secret", b"{}", now=NOW, networks=[f"{ALLOWED}/32"])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_to_a_refused_address_is_refused_in_a_sentence_and_never_asked(status):
    with listening(REFUSED, 200) as (inside, inside_asked):
        with pytest.raises(AddressRefused):
            sent(inside)
        with (
            listening(ALLOWED, status, inside) as (url, asked),
            pytest.raises(DeliveryFailed) as refusal,
        ):
            sent(url)
    assert str(refusal.value) == (
        f"{ALLOWED} answered {status}, a redirect: type the address to which it leads"
    )
    assert (len(asked), inside_asked) == (1, [])


def test_a_client_that_follows_would_have_reached_it():
    """The negative control: the redirect above leads somewhere, and its server would notice."""
    with (
        listening(REFUSED, 200) as (inside, inside_asked),
        listening(ALLOWED, 302, inside) as (url, _),
    ):
        assert answered(answered(url)[1])[0] == 200
    assert inside_asked == ["/"]
