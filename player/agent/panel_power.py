"""Switching the panel: one port, and an adapter for each way that a box may have.

An adapter says what the panel is as far as it can be known, and switches it; when to switch is
`panel`'s to decide.  None of them runs a shell.
"""

import re
import shlex
from typing import Protocol

from config.model import PanelMethod, PanelSettings
from player.agent.child import ChildFailed, RunProgram
from player.agent.situation import PanelState

__all__ = ["PanelPower", "panel_power"]


class PanelPower(Protocol):
    """One panel.  Both may raise `ChildFailed`, with a sentence."""

    def state(self) -> PanelState:
        """What it is now; "unknown" where it does not say."""

    def switch(self, on: bool) -> None:
        """Switch it; whether it obeys, `state` tells."""


class _ByProgram:
    """A panel that programs switch and ask."""

    def __init__(
        self,
        run: RunProgram,
        on: list[list[str]],
        off: list[list[str]],
        ask: list[str],
        answers: dict[PanelState, str],
    ) -> None:
        """`answers` are patterns for what `ask` prints; no words at all: nobody can be asked."""
        self._run, self._on, self._off, self._ask, self._answers = run, on, off, ask, answers

    def state(self) -> PanelState:
        """See `PanelPower`."""
        if not self._ask:
            return "unknown"
        said = self._run(self._ask).said
        for state, pattern in self._answers.items():
            if re.search(pattern, said, re.IGNORECASE | re.MULTILINE):
                return state
        return "unknown"

    def switch(self, on: bool) -> None:
        """See `PanelPower`."""
        for words in self._on if on else self._off:
            ended = self._run(words)
            if ended.status != 0:
                said = " ".join(ended.said.split())[:200]
                raise ChildFailed(f"{words[0]} ended with status {ended.status}: {said}")


class _Cec:
    """A television on HDMI, by `cec-client`, which takes its orders on stdin."""

    _WORDS = ("cec-client", "-s", "-d", "1")

    def __init__(self, run: RunProgram) -> None:
        self._run = run

    def state(self) -> PanelState:
        """See `PanelPower`."""
        said = self._run(self._WORDS, "pow 0\n").said
        if re.search(r"power status: on", said):
            return "on"
        return "off" if re.search(r"power status: (standby|in transition)", said) else "unknown"

    def switch(self, on: bool) -> None:
        """See `PanelPower`."""
        self._run(self._WORDS, "on 0\n" if on else "standby 0\n")


def panel_power(settings: PanelSettings, output: str, run: RunProgram) -> PanelPower | None:
    """The panel of this box; None where nobody may switch it.  `output` is `stage.output`."""
    method: PanelMethod = settings.power
    match method:
        case "dpms":
            # With its own timers off, or the server would blank a still picture.
            awake = ["xset", "dpms", "0", "0", "0"]
            force = ["xset", "dpms", "force"]
            return _ByProgram(
                run,
                [[*force, "on"], ["xset", "s", "off", "-dpms"]],
                [["xset", "+dpms"], awake, [*force, "off"]],
                ["xset", "q"],
                {
                    "off": r"Monitor is (Off|in Standby|in Suspend)",
                    "on": r"Monitor is On|DPMS is Disabled",
                },
            )
        case "wlr-randr":
            which = ["wlr-randr", "--output", output or "HDMI-A-1"]
            return _ByProgram(
                run,
                [[*which, "--on"]],
                [[*which, "--off"]],
                which[:1],
                {"off": r"Enabled: no", "on": r"Enabled: yes"},
            )
        case "vcgencmd":
            return _ByProgram(
                run,
                [["vcgencmd", "display_power", "1"]],
                [["vcgencmd", "display_power", "0"]],
                ["vcgencmd", "display_power"],
                {"off": r"display_power=0", "on": r"display_power=1"},
            )
        case "cec":
            return _Cec(run)
        case "command":
            return _custom(settings, run)
        case "none":
            return None


def _custom(settings: PanelSettings, run: RunProgram) -> PanelPower | None:
    on, off = shlex.split(settings.on_command), shlex.split(settings.off_command)
    if not on or not off:
        return None
    answers: dict[PanelState, str] = {"off": r"^\s*off\b", "on": r"^\s*on\b"}
    return _ByProgram(run, [on], [off], shlex.split(settings.state_command), answers)
