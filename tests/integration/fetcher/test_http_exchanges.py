"""The HTTP fetcher and an honest server: what is asked, what comes, over how many connections."""

import hashlib
import os
import threading
import tracemalloc
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from itertools import islice
from pathlib import Path

import pytest

from content_cache.fetcher import (
    MANIFEST,
    BlobStream,
    root_document,
)
from content_cache.http_fetcher import HttpFetcher
from content_cache.http_wire import CHUNK_BYTES
from content_cache.leash import NetworkLimits
from tests.integration.fetcher.conftest import BLOB, DOCUMENT, SHA, read
from tests.simulators.hostile_server import ServerProcess


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


def test_a_range_that_is_ignored_sends_the_whole(
    fetcher: HttpFetcher, server: ServerProcess
) -> None:
    server.fault("blob", "range ignored")
    assert read(fetcher, 1000) == (0, BLOB)


def test_a_connection_that_was_idle_for_long_is_not_trusted(
    fetcher: HttpFetcher, server: ServerProcess, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A router on the way may have forgotten it without telling either end."""
    fetcher.document(MANIFEST)
    monkeypatch.setattr("content_cache.http_client.IDLE_LIMIT_S", 0.0)
    fetcher.document(MANIFEST)
    assert server.requests().count("connection") == 2


def test_a_token_that_no_header_can_carry_is_refused_at_the_start() -> None:
    for token in ("", "two words", "line\r\nbreak", "影壁"):
        with pytest.raises(ValueError, match="pair the screen again"):
            HttpFetcher(["https://signage.example"], token=token)


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
            seen = sum(len(chunk) for chunk in islice(stream, size // CHUNK_BYTES))
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert seen > size // 4
    assert peak < 2 * 1024 * 1024
