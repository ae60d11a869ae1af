"""The real agent and the real server: paired by its code, current, pushed to, heard, revoked."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from content_cache.disk import RealDisk
from content_cache.generations import Generations
from player.agent.office import STATUS
from player.bulletin import PairingCard, read_bulletin
from tests.integration.agent.running import running
from tests.simulators.paired_screens import Paired, paired_screens
from tests.simulators.patience import until
from tests.simulators.server_acts import Office
from tests.simulators.server_process import Home, ServerProcess

#: States of a command of which no end is known.
OPEN = ("waiting", "sent")


class Box:
    """A box that knows the server's address, and nothing else; its screen waits for it."""

    def __init__(self, folder: Path, server: ServerProcess, paired: Paired, office: Office) -> None:
        folder.mkdir()
        self.cache, self.log = folder / "cache", folder / "log"
        self.settings = folder / "player.toml"
        self.server, self.screen = server, next(iter(paired.screens.values()))
        self._office = office
        self.settings.write_text(
            f'[cache]\ndirectory = "{self.cache}"\nmin_free_gib = 0.1\n'
            '[panel]\npower = "none"\n'
            f'[server]\nurls = ["{server.address}"]\npoll_interval_s = 3600\n'
        )

    def card(self) -> PairingCard:
        return read_bulletin(self.cache, RealDisk()).pairing or PairingCard()

    def shows(self) -> int | None:
        current = Generations(self.cache, RealDisk()).current()
        return current.manifest.version if current else None

    def told(self) -> dict[str, Any]:
        """What the server knows of this screen."""
        found: dict[str, Any] = self.act("told")
        return found

    def act(self, what: str, *words: object) -> Any:
        """Staff do something to its screen."""
        return self._office(what, self.screen, *words)

    def hears_pushes(self) -> bool:
        """As `yingbi-agent status` has it."""
        try:
            found = json.loads((self.cache / STATUS).read_bytes())
        except OSError:
            return False
        return bool(found["push"] == "open")


@pytest.fixture
def box(
    tmp_path: Path,
    server_home: Callable[[], Home],
    server_process: Callable[..., ServerProcess],
) -> Iterator[Box]:
    home = server_home()
    paired = paired_screens(home)
    with Office(home) as office:
        yield Box(tmp_path / "box", server_process(home=home), paired, office)


def paired(box: Box) -> None:
    until(lambda: bool(box.card().code), "the box shows no code")
    box.act("claim", box.card().code)
    until(lambda: box.shows() is not None, f"nothing came: {box.log.read_text()}")


def test_paired_by_its_code_a_box_follows_what_is_published(box: Box) -> None:
    with running(box.settings, box.log):
        paired(box)
        first = box.shows()
        assert box.card().is_paired
        until(box.hears_pushes, "no push channel opened")
        version = box.act("publish")
        until(lambda: box.shows() == version, "the push did not bring the news")
        until(
            lambda: box.told()["receipts"] == [first, version],
            f"the receipts did not arrive: {box.told()}",
        )
        told = box.told()
        assert told["generation"] in (first, version)
        assert told["faults"] == []
        assert told["body"]["disk"]["free"] > 0


def test_the_log_that_staff_ask_for_comes(box: Box) -> None:
    with running(box.settings, box.log):
        paired(box)
        until(box.hears_pushes, "no push channel opened")
        box.act("want", "log")
        until(lambda: "this box is" in box.told()["log"], "the log did not come")


def test_commands_are_run_once_and_their_results_told(box: Box) -> None:
    with running(box.settings, box.log):
        paired(box)
        until(box.hears_pushes, "no push channel opened")
        for kind, state in (
            ("resync", "done"),
            ("identify", "done"),
            ("clear-cache", "done"),
            ("log", "done"),
            ("restart-box", "refused"),
            ("panel-off", "refused"),  # no method: the settings say so
        ):
            box.act("command", kind)
            until(
                lambda kind=kind: box.told()["commands"].get(kind, ["waiting"])[0] not in OPEN,
                f"no result of {kind}: {box.told()['commands']} {box.log.read_text()}",
            )
            assert box.told()["commands"][kind][0] == state, box.told()["commands"]
        assert read_bulletin(box.cache, RealDisk()).identify
        assert "agent.restart_box_command" in box.told()["commands"]["restart-box"][1]
        assert "this box is" in box.told()["log"]


def test_a_revoked_box_plays_on_and_is_paired_again(box: Box) -> None:
    with running(box.settings, box.log) as agent:
        paired(box)
        before = box.shows()
        box.act("revoke")
        agent.terminate()
        agent.wait(10)
    with running(box.settings, box.log):
        until(lambda: bool(box.card().code), "the revoked box shows no code")
        assert box.shows() == before
        box.act("claim", box.card().code)
        until(lambda: box.card().is_paired, "it was not paired again")
