"""A real server process that is honest at the beginning of each test, and a fetcher for it."""

import hashlib
from collections.abc import Iterator
from contextlib import closing
from random import Random

import pytest

from content_cache.http_fetcher import HttpFetcher
from tests.simulators.hostile_server import ServerProcess

#: Reproducible: this module is imported under two names.
BLOB = Random(1).randbytes(300_000)


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
