"""Commands are run once, whatever comes twice; what cannot be done is said, and stops nothing."""

from pathlib import Path

import pytest

from content_cache.disk import RealDisk
from player.agent.child import ChildFailed, Finished
from player.agent.commands import BOOK, KEPT, Commands, Result
from player.agent.deeds import Reach, deeds_of
from player.agent.errors import NoPicture
from player.agent.interface import Command
from player.agent.situation import Board, Situation


class Server:
    """The interface for players as far as commands go."""

    def __init__(self, *commands: Command) -> None:
        self.waiting = list(commands)
        self.told: list[tuple[int, str, str]] = []
        self.is_deaf = False

    def commands(self):
        return tuple(self.waiting)

    def command_ended(self, command: int, state: str, sentence: str) -> None:
        if self.is_deaf:
            raise ConnectionError("cut")
        self.told.append((command, state, sentence))


def commands(root: Path, boot: str = "b1", **deeds) -> Commands:
    return Commands(root, RealDisk(), boot, deeds)


def test_a_command_runs_once_however_often_it_is_told(tmp_path: Path) -> None:
    ran: list[int] = []

    def deed(command, _interface):
        ran.append(command.id)
        return Result("done", "It was done.")

    server = Server(Command(7, "resync"))
    box = commands(tmp_path, resync=deed)
    box.run(server)
    box.run(server)
    commands(tmp_path, resync=deed).run(server)  # the agent has started anew
    assert ran == [7]
    assert server.told == [(7, "done", "It was done.")] * 3


def test_a_result_that_was_lost_on_the_way_is_told_again(tmp_path: Path) -> None:
    server = Server(Command(7, "resync"))
    server.is_deaf = True
    box = commands(tmp_path, resync=lambda _c, _i: Result("done"))
    with pytest.raises(ConnectionError):
        box.run(server)
    server.is_deaf = False
    commands(tmp_path).run(server)
    assert server.told == [(7, "done", "")]


def test_a_command_of_another_age_is_refused_with_a_sentence(tmp_path: Path) -> None:
    server = Server(Command(1, "dance"), Command(2, "resync"))
    commands(tmp_path, resync=lambda _c, _i: Result("done")).run(server)
    assert [(number, state) for number, state, _ in server.told] == [(1, "refused"), (2, "done")]


def test_what_fails_is_told_and_the_next_is_done(tmp_path: Path) -> None:
    def deed(_command, _interface):
        raise NoPicture("the stage gave no picture")

    server = Server(Command(1, "screenshot"), Command(2, "resync"))
    commands(tmp_path, screenshot=deed, resync=lambda _c, _i: Result("done")).run(server)
    assert server.told[0] == (1, "failed", "the stage gave no picture")
    assert server.told[1][:2] == (2, "done")


def test_an_agent_that_died_over_a_command_does_not_run_it_again(tmp_path: Path) -> None:
    def deed(_command, _interface):
        raise KeyboardInterrupt

    server = Server(Command(3, "clear-cache"))
    with pytest.raises(KeyboardInterrupt):
        commands(tmp_path, **{"clear-cache": deed}).run(server)
    commands(tmp_path, **{"clear-cache": deed}).run(server)
    assert server.told[0][:2] == (3, "failed")


def test_a_restart_of_the_box_is_told_when_the_box_is_back(tmp_path: Path) -> None:
    server = Server(Command(4, "restart-box"))
    deeds = {"restart-box": lambda _c, _i: None}
    commands(tmp_path, "b1", **deeds).run(server)
    commands(tmp_path, "b1", **deeds).run(server)
    assert server.told == []
    commands(tmp_path, "b2", **deeds).run(server)
    assert server.told == [(4, "done", "The box has started anew.")]


def test_the_book_keeps_the_newest_and_a_torn_one_is_begun_anew(tmp_path: Path) -> None:
    server = Server(*(Command(number, "resync") for number in range(1, KEPT + 20)))
    commands(tmp_path, resync=lambda _c, _i: Result("done")).run(server)
    assert (tmp_path / BOOK).stat().st_size < 64 << 10
    (tmp_path / BOOK).write_bytes(b"[{")
    server = Server(Command(500, "resync"))
    commands(tmp_path, resync=lambda _c, _i: Result("done")).run(server)
    assert server.told[0][:2] == (500, "done")


# --- deeds ----------------------------------------------------------------------------------------


class NoGlass:
    def picture(self):
        raise NoPicture("no display shows the window of the stage")


def reach(**changes) -> Reach:
    usual = {
        "glass": NoGlass(),
        "tail": None,
        "noticeboard": None,
        "board": Board(Situation()),
        "wait": lambda _s: False,
        "look_anew": lambda: None,
        "between": lambda job: job(),
        "clean": None,
        "switch_panel": None,
        "restart_box": "",
        "run_program": lambda _words: Finished(0, ""),
    }
    return Reach(**(usual | changes))


def done(kind: str, minutes: int | None = None, **changes):
    return deeds_of(reach(**changes))[kind](Command(1, kind, minutes), None)


@pytest.mark.parametrize(
    ("state", "ending"), [("off", "done"), ("unknown", "done"), ("on", "failed")]
)
def test_a_panel_is_kept_for_the_minutes_that_were_told(state: str, ending: str) -> None:
    told: list[tuple[bool, float]] = []

    def switch(on: bool, seconds: float) -> tuple[str, str]:
        told.append((on, seconds))
        return state, ""

    assert done("panel-off", 15, switch_panel=switch).state == ending
    assert told == [(False, 900.0)]


def test_a_panel_whose_program_is_missing_has_failed() -> None:
    told = done("panel-on", switch_panel=lambda _on, _s: ("unknown", "xset cannot be run"))
    assert told == Result("failed", "xset cannot be run")


def test_what_the_settings_do_not_allow_is_refused() -> None:
    assert done("panel-on").state == "refused"
    assert done("restart-box").state == "refused"


def test_a_box_that_goes_down_tells_nothing_yet_and_one_that_cannot_says_why() -> None:
    words: list[list[str]] = []

    def run(given):
        words.append(given)
        return Finished(0, "")

    assert done("restart-box", restart_box="/bin/systemctl reboot", run_program=run) is None
    assert words == [["/bin/systemctl", "reboot"]]
    refused = done(
        "restart-box", restart_box="/bin/x", run_program=lambda _w: Finished(1, "not you")
    )
    assert refused.state == "failed"
    assert "not you" in refused.sentence

    def gone(_words):
        raise ChildFailed("/bin/x cannot be run: No such file")

    assert done("restart-box", restart_box="/bin/x", run_program=gone).state == "failed"


def test_a_player_that_shows_no_picture_after_its_restart_has_failed() -> None:
    class Notices:
        def change(self, **_changes):
            pass

    assert done("restart-player", noticeboard=Notices()).state == "failed"


def test_a_resync_tells_how_the_pass_ended() -> None:
    board = Board(Situation(last_pass_at="before"))
    told = done(
        "resync",
        board=board,
        look_anew=lambda: board.note(last_pass_at="after", last_pass="current"),
    )
    assert told == Result("done", "current")
