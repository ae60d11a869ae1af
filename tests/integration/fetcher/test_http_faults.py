"""The HTTP fetcher and a server that lies, stalls or breaks off: what it refuses and gives up.

Each fault is the answer of a real server process; the table of `docs/sync.md` names the rows.
"""

import threading
from contextlib import closing

import pytest

from content_cache import fetch_errors as errors
from content_cache.fetcher import (
    MANIFEST,
    BlobStream,
    DocumentName,
    freshness_document,
    root_document,
)
from content_cache.http_fetcher import HttpFetcher
from content_cache.http_wire import CHUNK_BYTES
from tests.integration.fetcher.conftest import BLOB, DOCUMENT, SHA, read
from tests.simulators.descriptors import descriptors
from tests.simulators.hostile_server import ServerProcess
from tests.simulators.patience import SHORT

#: The faults that end only because our patience does.
SLOW = frozenset({"hang", "half open", "drip", "slow headers"})


def pour(stream: BlobStream, into: bytearray) -> None:
    for chunk in stream:
        into += chunk


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("reset", errors.ServerUnreachable),
        ("hang", errors.TooSlow),
        ("status 500", errors.ServerRefused),
        ("status 502", errors.ServerRefused),
        ("status 503", errors.ServerRefused),
        ("status 429", errors.ServerRefused),
        ("status 401", errors.TokenRefused),
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
            assert len(chunk) <= CHUNK_BYTES
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
