"""The HTTP fetcher against a real server process: what it asks, takes, refuses, and gives up."""

import hashlib
import os
import socket
import threading
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest

from content_cache import fetch_errors as errors
from content_cache.dial import Address
from content_cache.fetcher import (
    MANIFEST,
    BlobStream,
    DocumentName,
    freshness_document,
    root_document,
)
from content_cache.http_fetcher import HttpFetcher
from content_cache.leash import NetworkLimits
from tests.simulators.descriptors import descriptors
from tests.simulators.hostile_server import ServerProcess, black_hole

#: For a server that keeps us waiting: short enough for a test, and never asserted as a time.
SHORT = NetworkLimits(
    connect_s=5.0,
    headers_s=1.5,
    document_s=1.5,
    silence_s=0.6,
    least_rate_bytes_s=1000.0,
    rate_window_s=0.5,
)
#: The faults that end only because our patience does.
SLOW = frozenset({"hang", "half open", "drip", "slow headers"})
BLOB = os.urandom(300_000)
SHA = hashlib.sha256(BLOB).hexdigest()
DOCUMENT = b'{"payload": "' + b"x" * 5000 + b'"}'


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ServerProcess]:
    with ServerProcess(tmp_path_factory.mktemp("site")) as process:
        yield process


@pytest.fixture(autouse=True)
def honest(server: ServerProcess) -> None:
    for name in ("freshness", "manifest", "root/2"):
        server.put(name, DOCUMENT)
    server.put(f"blobs/{SHA}", BLOB)
    server.fault("*", None)
    server.requests()


@pytest.fixture
def fetcher(server: ServerProcess) -> Iterator[HttpFetcher]:
    with closing(HttpFetcher([server.base], token="secret")) as made:
        yield made


def read(fetcher: HttpFetcher, start: int = 0, etag: str | None = None) -> tuple[int, bytes]:
    with fetcher.blob(SHA, len(BLOB), start, etag) as stream:
        return stream.start, b"".join(stream)


def pour(stream: BlobStream, into: bytearray) -> None:
    for chunk in stream:
        into += chunk


def test_a_document_comes_whole_with_its_validator(fetcher: HttpFetcher) -> None:
    found = fetcher.document(MANIFEST)
    assert found.body == DOCUMENT
    assert found.etag == f'"{hashlib.sha256(DOCUMENT).hexdigest()}"'


def test_an_unchanged_document_is_not_sent_again(
    fetcher: HttpFetcher, server: ServerProcess
) -> None:
    etag = fetcher.document(MANIFEST).etag
    again = fetcher.document(MANIFEST, etag)
    assert (again.body, again.etag) == (None, etag)
    server.put("manifest", b'{"another": 1}')
    assert fetcher.document(MANIFEST, etag).body == b'{"another": 1}'


def test_a_zipped_document_is_unzipped(fetcher: HttpFetcher, server: ServerProcess) -> None:
    server.fault("manifest", "zipped")
    assert fetcher.document(MANIFEST).body == DOCUMENT


def test_a_blob_comes_whole_or_from_where_it_was_left(
    fetcher: HttpFetcher, server: ServerProcess
) -> None:
    assert read(fetcher) == (0, BLOB)
    assert read(fetcher, 100_000) == (100_000, BLOB[100_000:])
    asked = [line.split()[1] for line in server.requests() if line.startswith("/")]
    assert asked == ["-", "bytes=100000-"]


def test_one_connection_serves_exchange_after_exchange(
    fetcher: HttpFetcher, server: ServerProcess
) -> None:
    etag = fetcher.document(MANIFEST).etag
    for _ in range(3):
        read(fetcher)
        fetcher.document(MANIFEST, etag)
        fetcher.document(root_document(2))
    assert server.requests().count("connection") == 1


def test_a_connection_that_went_stale_is_replaced_without_a_word(tmp_path: Path) -> None:
    with ServerProcess(tmp_path) as server:
        server.put("manifest", DOCUMENT)
        with closing(HttpFetcher([server.base])) as fetcher:
            fetcher.document(MANIFEST)
            server.fault("*", "reset", times=1)
            assert fetcher.document(MANIFEST).body == DOCUMENT
            server.stop()
            server.start()
            assert fetcher.document(MANIFEST).body == DOCUMENT


def test_what_another_version_of_the_blob_would_add_is_not_appended(
    fetcher: HttpFetcher,
) -> None:
    assert read(fetcher, 100_000, '"another"') == (0, BLOB)


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("reset", errors.ServerUnreachable),
        ("hang", errors.TooSlow),
        ("status 500", errors.ServerRefused),
        ("status 502", errors.ServerRefused),
        ("status 503", errors.ServerRefused),
        ("status 429", errors.ServerRefused),
        ("status 401", errors.ServerRefused),
        ("status 404", errors.ServerRefused),
        ("half open", errors.TooSlow),
        ("drip", errors.TooSlow),
        ("slow headers", errors.TooSlow),
        ("endless headers", errors.ServerUnreachable),
        ("endless header line", errors.ServerUnreachable),
        ("no http", errors.ServerUnreachable),
        ("rst", errors.CutShort),
        ("short", errors.CutShort),
        ("brotli", errors.WrongContent),
        ("portal", errors.CaptivePortal),
        ("portal 511", errors.ServerRefused),
        ("redirect loop", errors.Redirected),
        ("redirect to http", errors.Redirected),
        ("redirect to another host", errors.Redirected),
        ("redirect to nonsense", errors.Redirected),
        ("endless redirect", errors.Redirected),
        ("proxy", errors.ProxyRefused),
        ("empty", errors.WrongContent),
    ],
)
@pytest.mark.parametrize("target", ["manifest", "blob"])
def test_a_fault_is_named_and_leaves_nothing_behind(
    server: ServerProcess, fault: str, error: type[errors.FetchError], target: str
) -> None:
    before = descriptors()
    limits = SHORT if fault in SLOW else None
    with closing(HttpFetcher([server.base], limits=limits)) as fetcher:
        server.fault(target, fault)
        with pytest.raises(errors.FetchError) as raised:
            ask(fetcher, target)
        server.fault(target, None)
        ask(fetcher, target)  # the very same fetcher, once the server is honest again
    assert type(raised.value) is (errors.CaptivePortal if fault == "portal 511" else error), (
        raised.value
    )
    assert descriptors() == before


def ask(fetcher: HttpFetcher, target: str) -> None:
    if target == "blob":
        assert read(fetcher) == (0, BLOB)
    else:
        names = {"freshness": freshness_document(), "manifest": MANIFEST, "root": root_document(2)}
        assert fetcher.document(names[target]).body == DOCUMENT


@pytest.mark.parametrize("fault", ["endless chunked", "endless", "gzip bomb"])
def test_a_document_is_cut_at_its_cap(
    fetcher: HttpFetcher, server: ServerProcess, fault: str
) -> None:
    server.fault("manifest", fault)
    with pytest.raises(errors.TooLarge, match="longer than the 20000 bytes"):
        fetcher.document(DocumentName("manifest", 20_000))


@pytest.mark.parametrize("fault", ["endless chunked", "endless"])
def test_an_endless_blob_is_read_no_further_than_its_reader_wants(
    fetcher: HttpFetcher, server: ServerProcess, fault: str
) -> None:
    server.fault("blob", fault)
    with fetcher.blob(SHA, len(BLOB)) as stream:
        got = 0
        for chunk in stream:
            assert len(chunk) <= 65536
            got += len(chunk)
            if got > len(BLOB):
                break
    assert got > len(BLOB)


def test_a_zipped_blob_is_refused_before_a_byte_of_it(
    fetcher: HttpFetcher, server: ServerProcess
) -> None:
    server.fault("blob", "gzip bomb")
    with pytest.raises(errors.WrongContent, match="encoded as 'gzip'"):
        read(fetcher)


def test_a_login_page_in_disguise_is_no_document(
    fetcher: HttpFetcher, server: ServerProcess
) -> None:
    server.fault("manifest", "portal in disguise")
    with pytest.raises(errors.CaptivePortal):
        fetcher.document(MANIFEST)


def test_a_length_that_the_manifest_does_not_promise_is_refused_at_once(
    fetcher: HttpFetcher, server: ServerProcess
) -> None:
    server.fault("blob", "length too small")
    with pytest.raises(errors.WrongContent, match="150000 bytes are announced where 300000"):
        read(fetcher)


def test_a_range_of_another_version_or_another_place_is_refused(
    fetcher: HttpFetcher, server: ServerProcess
) -> None:
    server.fault("blob", "other version")
    with pytest.raises(errors.WrongContent, match="the range is from"):
        read(fetcher, 1000, f'"{SHA}"')
    server.fault("blob", "wrong range")
    with pytest.raises(errors.WrongContent, match="not from byte 1000"):
        read(fetcher, 1000)


def test_a_range_that_is_ignored_sends_the_whole(
    fetcher: HttpFetcher, server: ServerProcess
) -> None:
    server.fault("blob", "range ignored")
    assert read(fetcher, 1000) == (0, BLOB)


def test_retry_after_is_passed_on(fetcher: HttpFetcher, server: ServerProcess) -> None:
    server.fault("manifest", "status 503")
    with pytest.raises(errors.ServerRefused) as raised:
        fetcher.document(MANIFEST)
    assert (raised.value.status, raised.value.retry_after_s) == (503, 7.0)


def test_the_bytes_before_a_cut_are_not_lost(server: ServerProcess) -> None:
    with closing(HttpFetcher([server.base], limits=SHORT)) as fetcher:
        for fault in ("short", "rst", "half open"):
            server.fault("blob", fault)
            got = bytearray()
            with pytest.raises(errors.FetchError), fetcher.blob(SHA, len(BLOB)) as stream:
                pour(stream, got)
            assert got == BLOB[: len(BLOB) // 2]


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


def test_a_connection_that_was_idle_for_long_is_not_trusted(
    fetcher: HttpFetcher, server: ServerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A router on the way may have forgotten it without telling either end."""
    fetcher.document(MANIFEST)
    monkeypatch.setattr("content_cache.http_fetcher.IDLE_LIMIT_S", 0.0)
    fetcher.document(MANIFEST)
    assert server.requests().count("connection") == 2


def test_a_token_that_no_header_can_carry_is_refused_at_the_start() -> None:
    for token in ("", "two words", "line\r\nbreak", "影壁"):
        with pytest.raises(ValueError, match="pair the screen again"):
            HttpFetcher(["https://signage.example"], token=token)


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


@pytest.mark.parametrize("fault", ["hang", "half open", "slow headers", "drip"])
def test_a_call_to_stop_is_heard_in_every_wait(server: ServerProcess, fault: str) -> None:
    stop = threading.Event()
    with closing(HttpFetcher([server.base], stop=stop)) as fetcher:
        server.fault("blob", fault)
        timer = threading.Timer(0.3, stop.set)
        timer.start()
        with pytest.raises(errors.Cancelled):
            read(fetcher)
        timer.join()


def test_a_reader_that_takes_its_time_is_not_taken_for_a_slow_server(
    server: ServerProcess,
) -> None:
    """A bandwidth limit of our own must not end the transfer that it slows."""

    def slowly(stream: BlobStream) -> Iterator[bytes]:
        pause = threading.Event()
        for chunk in stream:
            pause.wait(1.2)  # longer than the longest silence
            yield chunk

    limits = NetworkLimits(silence_s=1.0)
    with (
        closing(HttpFetcher([server.base], limits=limits)) as fetcher,
        fetcher.blob(SHA, len(BLOB)) as stream,
    ):
        assert b"".join(slowly(stream)) == BLOB


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


def test_many_blobs_at_once_share_few_connections(
    fetcher: HttpFetcher, server: ServerProcess
) -> None:
    contents = [os.urandom(20_000) for _ in range(30)]
    for content in contents:
        server.put(f"blobs/{hashlib.sha256(content).hexdigest()}", content)

    def fetch(content: bytes) -> bytes:
        with fetcher.blob(hashlib.sha256(content).hexdigest(), len(content)) as stream:
            return b"".join(stream)

    with ThreadPoolExecutor(3) as pool:
        assert list(pool.map(fetch, contents)) == contents
    assert server.requests().count("connection") <= 3


def test_a_blob_of_any_size_takes_the_same_memory(
    fetcher: HttpFetcher, server: ServerProcess
) -> None:
    server.fault("blob", "endless")
    size = 64 * 1024 * 1024
    tracemalloc.start()
    try:
        with fetcher.blob(SHA, size) as stream:
            seen = sum(len(chunk) for chunk in islice(stream, size // 65536))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert seen > size // 4
    assert peak < 2 * 1024 * 1024


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
