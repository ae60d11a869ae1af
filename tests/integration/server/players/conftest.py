"""One real server for these tests, with a screen of its own for each; others on demand."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from tests.simulators.paired_screens import Paired, paired_screens
from tests.simulators.postgresql import PostgreSQL
from tests.simulators.server_process import Home, Homes, ServerProcess
from tests.simulators.server_process import rows as rows_of

#: Screens of the server that the tests share; each test takes the next one.
SCREENS = 60


class Box:
    """A paired box: speaks to one server with one token."""

    def __init__(self, server: ServerProcess, token: str, screen: int, sha256: str) -> None:
        self.server, self.token, self.screen, self.sha256 = server, token, screen, sha256
        self.session = requests.Session()

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return self.session.request(method, self.url(path), headers=headers, timeout=30, **more)

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.ask("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path: str, body: Any) -> requests.Response:
        return self.ask("POST", path, json=body)

    def url(self, path: str) -> str:
        return f"{self.server.address}/player/v1/{path}"


class Site:
    """A server, what it was given, and boxes that speak to it."""

    def __init__(self, server: ServerProcess, paired: Paired) -> None:
        self.server, self.paired = server, paired
        pairs = zip(paired.tokens.values(), paired.screens.values(), strict=True)
        self.boxes = [Box(server, token, screen, paired.sha256) for token, screen in pairs]
        self._unused = iter(self.boxes)

    def next_box(self) -> Box:
        return next(self._unused)

    def close(self) -> None:
        for box in self.boxes:
            box.session.close()


@pytest.fixture(scope="session")
def shared_site(initialised: Home, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    homes = Homes(initialised, tmp_path_factory.mktemp("shared"))
    home = homes()
    paired = paired_screens(home, SCREENS)
    server = ServerProcess(home, ("run", "--port", "0", "--no-worker"), {})
    made = Site(server, paired)
    try:
        yield made
        server.end()
    finally:
        made.close()
        server.close()
        homes.remove()


@pytest.fixture
def box(shared_site: Site) -> Box:
    """A paired box with a screen of its own, on a server that others use as well."""
    return shared_site.next_box()


@pytest.fixture
def site(
    server_home: Homes, server_process: Callable[..., ServerProcess]
) -> Iterator[Callable[..., Site]]:
    """A function that starts a server of its own with `count` paired screens."""
    made: list[Site] = []

    def make(
        count: int = 1, content: bytes = b"a picture", home: Home | None = None, **more: str
    ) -> Site:
        home = home or server_home()
        paired = paired_screens(home, count, content, **more)
        server = server_process("run", "--port", "0", "--no-worker", home=home, **more)
        made.append(Site(server, paired))
        return made[-1]

    yield make
    for each in made:
        each.close()


@pytest.fixture
def paired_in(tmp_path: Path, site: Callable[..., Site]) -> Callable[[PostgreSQL], Site]:
    """A function that starts a server with two paired screens on a cluster of its own."""

    def make(cluster: PostgreSQL) -> Site:
        home = Home(tmp_path / "own", str(cluster.folder), "postgres")
        home.command("init")
        return site(2, home=home)

    return make


@pytest.fixture
def rows() -> Callable[[Box, str], list[tuple[Any, ...]]]:
    """A function that asks a server's database; `{screen}` is the box's."""

    def ask(box: Box, query: str) -> list[tuple[Any, ...]]:
        return rows_of(box.server.home, query.format(screen=box.screen))

    return ask
