"""N18 along the whole chain: a real agent, nginx as it ships with a real certificate, the server.

Whatever the certificate is: what is on the wall stays, one line in the log, one fault, and all is
well by itself once the certificate is.  A box whose clock is dead judges the certificate by what
signatures have proved to be past, so that it comes back where there is no time server.
"""

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from content_cache.disk import RealDisk
from content_cache.generations import Generations
from player.bulletin import read_bulletin
from tests.integration.agent.running import running
from tests.simulators.certificates import Authority
from tests.simulators.paired_screens import paired_screens
from tests.simulators.patience import until
from tests.simulators.proxy import Proxy
from tests.simulators.server_acts import act
from tests.simulators.server_process import Home, Homes, ServerProcess

SETTINGS = """
[web]
public_urls = ["https://127.0.0.1"]
x_accel_path = "/_blobs/"
trusted_proxies = ["127.0.0.1"]
"""

#: What a box shows whose battery is dead.
DEAD = datetime(1970, 1, 1, 0, 1, tzinfo=UTC)

#: What is wrong with a certificate, and the word for it.
BAD: dict[str, tuple[Callable[[Authority, Path], Path], str]] = {
    "expired": (lambda authority, _folder: authority.expired(), "certificate has expired"),
    "not yet valid": (
        lambda authority, _folder: authority.not_yet_valid(),
        "certificate is not yet valid",
    ),
    "wrong name": (
        lambda authority, _folder: authority.issue("other.example"),
        "IP address mismatch",
    ),
    "unknown authority": (
        lambda _authority, folder: Authority(folder / "other", "Another CA").issue(),
        "unable to get local issuer certificate",
    ),
}


class Chain:
    """A server with two published screens, and nginx in front of it with a good certificate."""

    def __init__(self, folder: Path, home: Home) -> None:
        self.folder, self.home = folder, home
        settings = folder / "server.toml"
        settings.write_text(SETTINGS)
        self.screens = list(paired_screens(home, 2).screens.values())
        more = {"YINGBI_SERVER_CONFIG": str(settings)}
        self.server = ServerProcess(home, ("run", "--port", "0", "--no-worker"), more)
        self.authority = Authority(folder / "ca")
        self.proxy = Proxy(
            folder / "nginx",
            [self.server.address],
            blobs=str(home.data / "blobs"),
            certificate=self.authority.issue(),
        )


class Box:
    """A box of one screen, which knows the address of nginx and whom to trust."""

    def __init__(self, chain: Chain, folder: Path, screen: int) -> None:
        folder.mkdir()
        self.chain, self.screen = chain, screen
        self.cache, self.log = folder / "cache", folder / "agent.log"
        self.settings = folder / "player.toml"
        self.settings.write_text(
            f'[cache]\ndirectory = "{self.cache}"\nmin_free_gib = 0.1\n'
            f'[server]\nurls = ["{chain.proxy.address}"]\npoll_interval_s = 5\n'
            f'ca_file = "{chain.authority.file}"\n'
        )

    def pair(self, **environment: str) -> None:
        self.once(os.EX_UNAVAILABLE, **environment)
        card = read_bulletin(self.cache, RealDisk()).pairing
        assert card is not None
        act(self.chain.home, "claim", self.screen, card.code)
        self.once(os.EX_OK, **environment)

    def publish(self) -> int:
        return int(act(self.chain.home, "publish", self.screen))

    def shows(self) -> int | None:
        current = Generations(self.cache, RealDisk()).current()
        return current.manifest.version if current else None

    def once(self, status: int, **environment: str) -> str:
        """`yingbi-agent --once`, whose status must be `status`; what it wrote."""
        done = self._agent("--once", **environment)
        assert done.returncode == status, (done.returncode, done.stdout, done.stderr)
        return done.stdout + done.stderr

    def faults(self) -> dict[str, str]:
        """What is wrong, by code."""
        return {each["code"]: each["reason"] for each in self._status()["faults"]}

    def last_pass_at(self) -> str:
        return str(self._status()["situation"]["last_pass_at"])

    def _status(self) -> dict[str, Any]:
        return dict(json.loads(self._agent("status", "--json").stdout))

    def _agent(self, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "player.agent", "--config", str(self.settings), *words],
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )


@pytest.fixture(scope="module")
def chain(module_home: Homes, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    made = Chain(tmp_path_factory.mktemp("chain"), module_home())
    try:
        yield made
        made.server.end()
    finally:
        made.proxy.close()
        made.server.close()


@pytest.fixture(scope="module")
def paired(chain: Chain) -> Box:
    box = Box(chain, chain.folder / "box", chain.screens[0])
    box.pair()
    return box


@pytest.fixture
def box(chain: Chain, paired: Box) -> Box:
    """A paired box with nothing wrong, and news that it has not heard of."""
    chain.proxy.renew(chain.authority.issue())
    paired.once(os.EX_OK)
    assert paired.faults() == {}
    paired.publish()
    return paired


@pytest.fixture
def at(clock_shim: Path) -> Callable[[datetime], dict[str, str]]:
    """The environment of a process whose clock shows another time."""

    def environment(when: datetime) -> dict[str, str]:
        return {"LD_PRELOAD": str(clock_shim), "YINGBI_CLOCK": str(int(when.timestamp()))}

    return environment


def test_a_certificate_that_ends_is_told_once_and_forgiven_once_it_is_renewed(
    chain: Chain, box: Box
) -> None:
    before = box.shows()
    chain.proxy.renew(chain.authority.expired())
    with running(box.settings, box.log):
        until(lambda: "TLS" in box.faults(), "the fault is not told")
        tried = box.last_pass_at()
        until(lambda: box.last_pass_at() > tried, "it does not try again")
        assert "certificate has expired" in box.faults()["TLS"]
        assert box.shows() == before
        chain.proxy.renew(chain.authority.issue())
        until(lambda: box.shows() != before, f"it did not come back: {box.log.read_text()}")
        until(lambda: not box.faults(), "the fault is still open")
    told = box.log.read_text()
    assert len(re.findall(r"WARNING.*certificate has expired", told)) == 1, told
    assert len(re.findall(r"the server is back", told)) == 1, told


@pytest.mark.parametrize("what", BAD)
def test_no_certificate_that_is_wrong_is_believed_and_the_wall_stays(
    chain: Chain, box: Box, what: str
) -> None:
    make, reason = BAD[what]
    before = box.shows()
    chain.proxy.renew(make(chain.authority, chain.folder))
    said = box.once(os.EX_UNAVAILABLE)
    assert reason in said
    assert len(re.findall(r"^WARNING", said, re.MULTILINE)) == 1, said
    assert list(box.faults()) == ["TLS"]
    assert box.shows() == before


def test_a_box_that_believes_it_is_1970_is_paired_and_follows(
    chain: Chain, at: Callable[[datetime], dict[str, str]]
) -> None:
    """There may be no time server in reach: a dead clock must not lock the box out for ever."""
    chain.proxy.renew(chain.authority.issue())
    box = Box(chain, chain.folder / "dead", chain.screens[1])
    box.pair(**at(DEAD))
    for _news in range(2):
        newest = box.publish()
        box.once(os.EX_OK, **at(DEAD))
        assert box.shows() == newest
    assert list(box.faults()) == ["CLOCK_SUSPECT"]


@pytest.mark.parametrize("what", ["expired", "wrong name", "unknown authority"])
def test_a_dead_clock_is_no_way_in_for_a_certificate_that_is_wrong(
    chain: Chain, box: Box, at: Callable[[datetime], dict[str, str]], what: str
) -> None:
    make, reason = BAD[what]
    before = box.shows()
    chain.proxy.renew(make(chain.authority, chain.folder))
    assert reason in box.once(os.EX_UNAVAILABLE, **at(DEAD))
    assert "TLS" in box.faults()
    assert box.shows() == before


def test_a_box_whose_clock_is_ahead_says_that_its_clock_may_be_the_cause(
    chain: Chain, box: Box, at: Callable[[datetime], dict[str, str]]
) -> None:
    """Nothing proves a clock that is ahead to be wrong: the certificate counts as expired."""
    before = box.shows()
    chain.proxy.renew(chain.authority.issue(until=datetime(2030, 1, 1, tzinfo=UTC)))
    said = box.once(os.EX_UNAVAILABLE, **at(datetime(2036, 1, 1, tzinfo=UTC)))
    assert "certificate has expired" in said
    assert "check the clock of this box" in said
    assert box.shows() == before
    box.once(os.EX_OK)
    assert box.faults() == {}
    assert box.shows() != before
