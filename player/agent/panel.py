"""The panel's hours: switched by the manifest, looked at again; on whenever anything is unclear.

A panel that is dark in opening hours is worse than one that is lit at night: so it is off only
where a manifest that may be shown says so, by a clock that is not suspect.  A chore of the agent.
"""

import logging
from datetime import datetime

from content_cache.faults import Fault
from content_cache.generations import Generation
from player.agent.child import ChildFailed
from player.agent.panel_power import PanelPower
from player.agent.situation import PanelState
from scheduler.panel import PanelHours

__all__ = ["Panel"]

log = logging.getLogger("agent.panel")

#: So often it is told before it counts as one that does not obey.
TRIES = 3

#: A panel that cannot be asked is told again after so many looks: a remote control may be about.
REPEAT_LOOKS = 30


class Panel:
    """Keeps one panel as the manifest wants it, or as staff told it for a while.

    One thread at a time.
    """

    def __init__(self, power: PanelPower) -> None:
        self._power = power
        self._hours: tuple[str, PanelHours] | None = None
        self._told: bool | None = None
        self._tries = 0
        self._looks = 0
        self._kept: tuple[bool, float] | None = None

    def keep_for(self, on: bool, until_s: float) -> None:
        """Keep it so until this moment of the monotonic clock, whatever its hours say."""
        self._kept = (on, until_s)
        self._tries = 0

    def kept(self, now_s: float) -> bool | None:
        """How it is to be kept just now; None: as its hours say."""
        if self._kept is not None and now_s >= self._kept[1]:
            self._kept = None
        return None if self._kept is None else self._kept[0]

    def wanted(self, generation: Generation | None, now: datetime, *, is_suspect: bool) -> bool:
        """Should it be on?  Yes, unless it is clear that it should not."""
        if generation is None or is_suspect:
            return True
        if self._hours is None or self._hours[0] != generation.sha256:
            self._hours = (generation.sha256, PanelHours(generation.manifest))
        return self._hours[1].is_on_at(now)

    def concerns_us(self, generation: Generation | None) -> bool:
        """Is there anything to switch?  Not where no hours are given and we never switched it."""
        has_hours = generation is not None and generation.manifest.panel is not None
        return has_hours or self._told is not None

    def keep(self, wanted: bool) -> tuple[PanelState, list[Fault]]:
        """Look, switch if it is not as wanted, look again; return what it is, and what is wrong."""
        try:
            state = self._obey(wanted)
        except ChildFailed as error:
            return "unknown", [Fault("PANEL", "W", f"the panel cannot be switched: {error}")]
        if state in ("unknown", _name(wanted)):
            self._tries = 0
            return state, []
        self._tries += 1
        if self._tries < TRIES:
            return state, []
        sentence = f"the panel is {state} and should be {_name(wanted)}: look at it and its cable"
        return state, [Fault("PANEL", "E", sentence)]

    def _obey(self, wanted: bool) -> PanelState:
        state = self._power.state()
        self._looks += 1
        if state == _name(wanted):
            self._told = wanted
            return state
        if state == "unknown" and self._told is wanted and self._looks % REPEAT_LOOKS:
            return state
        self._power.switch(wanted)
        if self._told is not wanted:
            log.info("the panel was switched %s", _name(wanted))
        self._told = wanted
        return self._power.state()


def _name(on: bool) -> PanelState:
    return "on" if on else "off"
