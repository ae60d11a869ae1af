"""A real server with screens that are paired and have something to show."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from tests.simulators.paired_screens import Paired, paired_screens
from tests.simulators.server_process import Home, ServerProcess


class Box:
    """A paired box: speaks to one server with one token."""

    def __init__(self, server: ServerProcess, token: str) -> None:
        self.server, self.token = server, token
        self.session = requests.Session()

    def ask(self, method: str, path: str, **more: Any) -> requests.Response:
        headers = {"Authorization": f"Bearer {self.token}", **more.pop("headers", {})}
        return self.session.request(method, self.url(path), headers=headers, timeout=20, **more)

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.ask("GET", path, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, path: str, body: Any) -> requests.Response:
        return self.ask("POST", path, json=body)

    def url(self, path: str) -> str:
        return f"{self.server.address}/player/v1/{path}"

    def close(self) -> None:
        self.session.close()


class Site:
    """A server, what it was given, and boxes that speak to it."""

    def __init__(self, server: ServerProcess, paired: Paired) -> None:
        self.server, self.paired = server, paired
        self.boxes = [Box(server, token) for token in paired.tokens.values()]

    @property
    def box(self) -> Box:
        return self.boxes[0]

    @property
    def screen(self) -> int:
        """The primary key of the first screen."""
        return next(iter(self.paired.screens.values()))


@pytest.fixture
def site(
    server_home: Callable[[], Home], server_process: Callable[..., ServerProcess]
) -> Iterator[Callable[..., Site]]:
    """A function that starts a server with `count` paired screens."""
    made: list[Site] = []

    def make(count: int = 1, **more: Any) -> Site:
        home = server_home()
        paired = paired_screens(home, count, **more)
        made.append(Site(server_process(home=home), paired))
        return made[-1]

    yield make
    for each in made:
        for box in each.boxes:
            box.close()
