"""Server processes, one PostgreSQL, an S3 store, nginx as it ships: what many screens need.

The topology of packaging/compose, with processes in the place of containers.
"""

import contextlib
import hashlib
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import requests
from moto.server import ThreadedMotoServer

from content_cache.server_sent import ServerEvent, server_events
from tests.simulators.paired_screens import Paired, paired_screens
from tests.simulators.postgresql import PostgreSQL
from tests.simulators.proxy import Proxy
from tests.simulators.server_acts import act
from tests.simulators.server_process import Home, ServerProcess

RUN = ("run", "--port", "0", "--no-worker")
CONTENT = bytes(range(256)) * 2000
BUCKET = "signage"
SETTINGS = """
[web]
x_accel_path = "/_blobs/"
trusted_proxies = ["127.0.0.1"]
[storage]
kind = "s3"
s3_endpoint = "{s3}"
s3_bucket = "{bucket}"
s3_region = "us-east-1"
s3_credentials_file = "{credentials}"
"""


class Settled(Home):
    """A home whose servers have a settings file."""

    settings = ""

    @property
    def environment(self) -> dict[str, str]:
        return super().environment | {"YINGBI_SERVER_CONFIG": self.settings}


class Site:
    """Everything behind one address."""

    def __init__(self, home: Settled, s3: str, folder: Path) -> None:
        self.home, self.s3 = home, s3.removeprefix("http://")
        self.paired: Paired = paired_screens(home, 2, CONTENT)
        self.token = self.paired.token
        self.screen = next(iter(self.paired.screens.values()))
        self.servers = [ServerProcess(home, RUN, {}) for _ in range(2)]
        self.proxy = Proxy(folder, [each.address for each in self.servers], s3=self.s3)

    def close(self) -> None:
        """Servers end well, and had nothing to complain about."""
        self.proxy.close()
        try:
            for each in self.servers:
                each.end()
        finally:
            for each in self.servers:
                each.close()

    def get(self, path: str, method: str = "GET", **headers: str) -> requests.Response:
        """Through nginx."""
        return self.ask(self.proxy, path, method, **headers)

    def ask(
        self, proxy: Proxy, path: str, method: str = "GET", **headers: str
    ) -> requests.Response:
        """Through an nginx."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return requests.request(
            method,
            f"{proxy.address}/player/v1/{path}",
            headers={"Authorization": f"Bearer {self.token}"} | named,
            timeout=30,
        )

    def blob(self, method: str = "GET", **headers: str) -> requests.Response:
        return self.get(f"blobs/{self.paired.sha256}", method, **headers)

    @contextlib.contextmanager
    def listening(self, address: str) -> Iterator[Iterator[ServerEvent]]:
        """What the screen hears at an address, from the welcome on."""
        headers = {"Authorization": f"Bearer {self.token}"}
        url = f"{address}/player/v1/push"
        with requests.get(url, headers=headers, stream=True, timeout=60) as answer:
            assert answer.status_code == 200, answer.text
            heard = server_events(answer.iter_content(None), "push")
            assert next(heard).name is None
            yield heard


@pytest.fixture(scope="module")
def cluster(postgresql: str | None) -> Iterator[str]:
    """A PostgreSQL: that of the run, or one of our own."""
    if postgresql:
        yield postgresql
        return
    own = PostgreSQL()
    try:
        yield str(own.folder)
    finally:
        own.remove()


@pytest.fixture(scope="module")
def s3() -> Iterator[str]:
    """A store with an empty bucket."""
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    try:
        assert requests.put(f"http://{host}:{port}/{BUCKET}", timeout=30).status_code == 200
        yield f"http://{host}:{port}"
    finally:
        server.stop()


@pytest.fixture(scope="module")
def home(cluster: str, s3: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settled]:
    """A data folder and a database that two servers will share."""
    folder = tmp_path_factory.mktemp("scale_out")
    credentials = folder / "credentials.toml"
    credentials.write_text('access_key = "someone"\nsecret_key = "something"\n')
    settings = folder / "server.toml"
    settings.write_text(SETTINGS.format(s3=s3, bucket=BUCKET, credentials=credentials))
    made = Settled(folder / "data", cluster, "postgres")
    made.settings = str(settings)
    name = f"scale_{uuid.uuid4().hex[:12]}"
    _say(cluster, f'CREATE DATABASE "{name}"')
    made.database = name
    made.command("init")
    yield made
    _say(cluster, f'DROP DATABASE "{name}" WITH (FORCE)')


def _say(cluster: str, statement: str) -> None:
    import psycopg

    with psycopg.connect(f"host={cluster} user=yingbi dbname=postgres", autocommit=True) as line:
        line.execute(statement.encode())


@pytest.fixture(scope="module")
def site(home: Settled, s3: str) -> Iterator[Site]:
    """The whole set-up."""
    made = Site(home, s3, home.data.parent / "nginx")
    yield made
    made.close()


def test_what_is_published_anywhere_is_heard_by_a_screen_at_every_server(site: Site) -> None:
    one, other = (each.address for each in site.servers)
    with (
        site.listening(one) as first,
        site.listening(other) as second,
        site.listening(site.proxy.address) as through_nginx,
    ):
        version = act(site.home, "publish", site.screen)
        for heard in (first, second, through_nginx):
            told = next(event for event in heard if event.name)
            assert (told.name, told.last_id) == ("look", str(version))


def test_blobs_come_from_the_store_through_nginx_with_right_ranges(site: Site) -> None:
    size, tag = len(CONTENT), f'"{hashlib.sha256(CONTENT).hexdigest()}"'
    whole = site.blob()
    assert (whole.status_code, whole.content, whole.headers["ETag"]) == (200, CONTENT, tag)
    assert whole.headers["Cache-Control"] == "private, max-age=31536000, immutable"
    assert whole.headers["Content-Type"] == "image/png"
    for asked, start, end in [
        ("bytes=0-0", 0, 1),
        ("bytes=100-199", 100, 200),
        (f"bytes={size - 7}-", size - 7, size),
        ("bytes=-500", size - 500, size),
    ]:
        part = site.blob(Range=asked, If_Range=tag)
        assert (part.status_code, part.content) == (206, CONTENT[start:end]), asked
        assert part.headers["Content-Range"] == f"bytes {start}-{end - 1}/{size}"
        assert part.headers["ETag"] == tag
    assert site.blob(Range="bytes=0-9", If_Range='"another"').content == CONTENT
    behind = site.blob(Range=f"bytes={size}-")
    assert (behind.status_code, behind.headers["Content-Range"]) == (416, f"bytes */{size}")
    assert site.blob(If_None_Match=tag).status_code == 304
    head = site.blob("HEAD")
    assert (head.status_code, head.headers["Content-Length"], head.content) == (200, str(size), b"")


def test_nobody_reaches_the_store_but_by_the_server_s_word(site: Site) -> None:
    sha256 = site.paired.sha256
    path = f"{site.proxy.address}/_blobs/all/{BUCKET}/blobs/{sha256[:2]}/{sha256}"
    assert requests.get(path, timeout=30).status_code == 404
    url = f"{site.proxy.address}/player/v1/blobs/{sha256}"
    assert requests.get(url, timeout=30).status_code == 401


def test_screens_go_on_with_the_other_server_when_one_dies(
    site: Site, server_process: Callable[..., ServerProcess], tmp_path: Path
) -> None:
    victim = server_process(*RUN, home=site.home)
    both = [victim.address, site.servers[0].address]
    with contextlib.closing(Proxy(tmp_path / "nginx", both, s3=site.s3)) as proxy:
        etag = site.ask(proxy, "manifest").headers["ETag"]
        victim.kill()
        for _poll in range(10):
            assert site.ask(proxy, "manifest", If_None_Match=etag).status_code == 304
        with site.listening(proxy.address) as heard:
            version = act(site.home, "publish", site.screen)
            assert next(event for event in heard if event.name).last_id == str(version)
        assert site.ask(proxy, "manifest").headers["ETag"] != etag
        assert site.ask(proxy, f"blobs/{site.paired.sha256}").content == CONTENT
