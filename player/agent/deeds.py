"""What each command does on a box, by the parts that know how; each ends with one sentence.

Called on the post's thread, one at a time.  Each is bounded: while one is done no heartbeat goes.
"""

import secrets
import shlex
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from content_cache.errors import StorageError
from content_cache.eviction import Evicted
from player.agent.child import ChildFailed, RunProgram
from player.agent.commands import Deed, Result
from player.agent.errors import NoPicture
from player.agent.glass import Glass
from player.agent.interface import Command, PlayersInterface
from player.agent.log_tail import LogTail
from player.agent.noticeboard import Noticeboard
from player.agent.situation import Board

__all__ = ["IDENTIFY_S", "Reach", "deeds_of"]

#: How long the screen's name stands on the glass, in seconds.
IDENTIFY_S = 30

#: How long a pass, and a clearing, is waited for, in seconds.
PASS_S = 20.0
LOOK_S = 0.2

#: A player that was told to end gets so many chances to show a picture again.
RESTART_TRIES = 3

#: How long a panel is kept from its hours where the command does not say.
USUAL_MIN = 60

SwitchPanel = Callable[[bool, float], tuple[str, str]]


@dataclass(frozen=True)
class Reach:
    """What commands may touch.  `wait` is True when the agent is told to stop; `look_anew` begins a
    pass; `between` has something done when no pass runs; `switch_panel` (None: nobody may) keeps it
    so for some seconds and says how it is then, and what is wrong; `restart_box` is a command line,
    "" for none.
    """

    glass: Glass
    tail: LogTail
    noticeboard: Noticeboard
    board: Board
    wait: Callable[[float], bool]
    look_anew: Callable[[], None]
    between: Callable[[Callable[[], None]], None]
    clean: Callable[[], Evicted]
    switch_panel: SwitchPanel | None
    restart_box: str
    run_program: RunProgram


def deeds_of(reach: Reach) -> Mapping[str, Deed]:
    """The deed of each kind of command."""
    return {
        "screenshot": lambda _command, interface: _screenshot(reach, interface),
        "log": lambda _command, interface: _log(reach, interface),
        "identify": lambda _command, _interface: _identify(reach),
        "resync": lambda _command, _interface: _resync(reach),
        "restart-player": lambda _command, interface: _restart_player(reach, interface),
        "restart-box": lambda _command, _interface: _restart_box(reach),
        "panel-on": lambda command, _interface: _panel(reach, command, on=True),
        "panel-off": lambda command, _interface: _panel(reach, command, on=False),
        "clear-cache": lambda _command, _interface: _clear(reach),
    }


def _screenshot(reach: Reach, interface: PlayersInterface) -> Result:
    picture, at = reach.glass.picture()
    interface.screenshot(picture, at)
    return Result("done", "")


def _log(reach: Reach, interface: PlayersInterface) -> Result:
    interface.log_tail(reach.tail.text())
    return Result("done", "")


def _identify(reach: Reach) -> Result:
    reach.noticeboard.change(identify=secrets.token_hex(8))
    return Result("done", f"Its name stands on the glass for {IDENTIFY_S} s.")


def _resync(reach: Reach) -> Result:
    before = reach.board.now.last_pass_at
    reach.look_anew()
    for _look in range(round(PASS_S / LOOK_S)):
        now = reach.board.now
        if now.last_pass_at != before:
            return Result("done", now.last_pass[:300])
        if reach.wait(LOOK_S):
            break
    return Result("done", "It is under way: what comes is shown as soon as it is complete.")


def _restart_player(reach: Reach, interface: PlayersInterface) -> Result:
    """Asked to end; whether it came back, a picture of the glass proves."""
    reach.noticeboard.change(restart=secrets.token_hex(8))
    for _try in range(RESTART_TRIES):
        if reach.wait(LOOK_S * 10):
            break
        try:
            picture, at = reach.glass.picture()
        except NoPicture:
            continue
        interface.screenshot(picture, at)
        return Result("done", "It is back, and has sent a picture.")
    return Result("failed", "It was told to end, and has shown no picture since.")


def _restart_box(reach: Reach) -> Result | None:
    if not reach.restart_box:
        return Result("refused", "The settings of this box have no agent.restart_box_command.")
    try:
        ended = reach.run_program(shlex.split(reach.restart_box))
    except ChildFailed as error:
        return Result("failed", str(error)[:300])
    if ended.status != 0:
        said = " ".join(ended.said.split())[:200]
        return Result("failed", f"The command ended with status {ended.status}: {said}")
    return None


def _panel(reach: Reach, command: Command, *, on: bool) -> Result:
    if reach.switch_panel is None:
        return Result("refused", "The settings of this box have no way to switch its panel.")
    minutes = command.minutes or USUAL_MIN
    state, wrong = reach.switch_panel(on, minutes * 60.0)
    wanted = "on" if on else "off"
    if wrong and state != wanted:
        return Result("failed", wrong[:300])
    if state == wanted:
        return Result("done", f"It is {state}, for {minutes} min.")
    if state == "unknown":
        return Result("done", f"It was told to go {wanted}, and does not say how it is.")
    return Result("failed", f"It was told to go {wanted}, and is {state}.")


def _clear(reach: Reach) -> Result:
    over, said = threading.Event(), list[Result]()

    def clean() -> None:
        try:
            gone = reach.clean()
            said.append(Result("done", f"{len(gone.blobs)} files, {gone.blob_bytes / 1e6:.1f} MB."))
        except StorageError as error:
            said.append(Result("failed", str(error)[:300]))
        finally:
            over.set()

    reach.between(clean)
    if over.wait(PASS_S):
        return said[0]
    return Result("done", "It is done as soon as the download at hand is over.")
