"""The HTTP fetcher's way to the server: addresses, names, black holes, proxies."""

import socket
import threading
from contextlib import closing
from pathlib import Path

import pytest

from content_cache import fetch_errors as errors
from content_cache.dial import Address
from content_cache.fetcher import (
    MANIFEST,
)
from content_cache.http_fetcher import HttpFetcher
from content_cache.leash import NetworkLimits
from tests.integration.fetcher.conftest import BLOB, DOCUMENT, read
from tests.simulators.descriptors import descriptors
from tests.simulators.hostile_server import ServerProcess, black_hole


def test_no_server_at_all_is_said_so(server: ServerProcess) -> None:
    with socket.socket() as closed:
        closed.bind(("127.0.0.1", 0))  # bound, not listening: refused
        fetcher = HttpFetcher([f"http://127.0.0.1:{closed.getsockname()[1]}"])
        with pytest.raises(errors.ServerUnreachable, match="Connection refused; check the cable"):
            fetcher.document(MANIFEST)


def test_a_server_that_is_down_or_silent_is_passed_over_for_the_next(
    server: ServerProcess,
) -> None:
    with black_hole() as port:
        dead = f"http://127.0.0.1:{port}"
        quick = NetworkLimits(connect_s=0.4)
        with closing(HttpFetcher([dead, server.base], limits=quick)) as fetcher:
            assert fetcher.document(MANIFEST).body == DOCUMENT
            assert read(fetcher) == (0, BLOB)


def test_an_address_that_swallows_everything_delays_but_does_not_stop(
    server: ServerProcess,
) -> None:
    """N23: IPv6 is announced and black-holed, IPv4 works (RFC 8305)."""
    with black_hole() as port:

        def resolve(host: str, _port: int) -> list[Address]:
            assert host == "signage.example"
            return [
                (socket.AF_INET, ("127.0.0.1", port)),
                (socket.AF_INET, ("127.0.0.1", server.port)),
            ]

        base = f"http://signage.example:{server.port}"
        before = descriptors()
        with closing(HttpFetcher([base], cleartext=True, resolve=resolve)) as fetcher:
            assert fetcher.document(MANIFEST).body == DOCUMENT
        assert descriptors() == before


def test_name_servers_that_never_answer_cost_one_deadline_and_one_thread() -> None:
    asked, answer = [], threading.Event()

    def resolve(host: str, _port: int) -> list[Address]:
        asked.append(host)
        answer.wait(60.0)
        return []

    fetcher = HttpFetcher(
        ["https://signage.example"], limits=NetworkLimits(connect_s=0.3), resolve=resolve
    )
    for _ in range(3):
        with pytest.raises(errors.TooSlow, match="connecting took longer than its limit"):
            fetcher.document(MANIFEST)
    assert asked == ["signage.example"]
    answer.set()


def test_a_name_without_an_address_is_said_so() -> None:
    def resolve(host: str, _port: int) -> list[Address]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    fetcher = HttpFetcher(["https://signage.example"], resolve=resolve)
    with pytest.raises(errors.NameNotResolved, match=r"'signage\.example' was not resolved"):
        fetcher.document(MANIFEST)


def test_proxies_and_passwords_of_the_environment_are_ignored(
    server: ServerProcess, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    (tmp_path / ".netrc").write_text("machine 127.0.0.1 login a password b")
    monkeypatch.setenv("NETRC", str(tmp_path / ".netrc"))
    with closing(HttpFetcher([server.base])) as fetcher:
        assert fetcher.document(MANIFEST).body == DOCUMENT


def test_a_proxy_is_used_when_it_is_set(server: ServerProcess) -> None:
    with closing(
        HttpFetcher(["http://signage.example"], cleartext=True, proxy=server.base)
    ) as fetcher:
        server.fault("*", "proxy")
        with pytest.raises(errors.ProxyRefused):
            fetcher.document(MANIFEST)
    assert any("http://signage.example/player/v1/manifest" in line for line in server.requests())


def test_a_proxy_that_wants_a_password_is_named_for_tls_too(server: ServerProcess) -> None:
    """N25."""
    before = descriptors()
    fetcher = HttpFetcher(["https://signage.example"], proxy=server.base)
    with closing(fetcher), pytest.raises(errors.ProxyRefused, match="407"):
        fetcher.document(MANIFEST)
    assert server.requests() == ["connection", "CONNECT signage.example:443"]
    assert descriptors() == before


def test_a_proxy_gets_the_password_that_was_set_and_the_server_does_not(
    server: ServerProcess,
) -> None:
    proxy = server.base.replace("http://", "http://screen:secret@")
    with closing(HttpFetcher(["http://signage.example"], cleartext=True, proxy=proxy)) as fetcher:
        server.fault("*", "echo")
        asked = fetcher.document(MANIFEST).body
    assert asked is not None
    assert b"Proxy-Authorization: Basic" in asked
    assert b"Authorization: Bearer" not in asked


@pytest.mark.parametrize(
    "url",
    [
        "",
        "signage.example",
        "ftp://signage.example",
        "https://",
        "https://user:pw@signage.example",
        "https://signage.example/?a=b",
        "https://signage.example:99999",
        "http://signage.example",
    ],
)
def test_an_address_that_will_not_do_is_refused_at_the_start(url: str) -> None:
    with pytest.raises(ValueError, match=r"address|clear text|Port"):
        HttpFetcher([url])
