"""Words for what a screen says of an emergency, with what to expect of it."""

from collections.abc import Mapping
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from server.emergency.lines import Line, Stage
from server.emergency.models import Hazard

__all__ = ["HAZARDS", "SIGNS", "Shown", "shown"]

HAZARDS: Mapping[str, Promise] = {
    Hazard.FIRE: _("Fire"),
    Hazard.GAS: _("Gas alarm"),
    Hazard.POWER: _("Power cut"),
    Hazard.WEATHER: _("Severe weather"),
    Hazard.EVACUATE: _("Evacuate"),
    Hazard.QUAKE: _("Earthquake"),
    Hazard.WATER: _("No water"),
    Hazard.GENERAL: _("Urgent notice"),
}

#: One letter that stands for it on a tile.
SIGNS: Mapping[str, str] = {
    Hazard.FIRE: "火", Hazard.GAS: "瓦", Hazard.POWER: "电", Hazard.WEATHER: "风",
    Hazard.EVACUATE: "撤", Hazard.QUAKE: "震", Hazard.WATER: "水", Hazard.GENERAL: "急",
}  # fmt: skip

_TONES: Mapping[Stage, str] = {
    Stage.WAITING: "warn", Stage.SENT: "warn", Stage.LATE: "bad", Stage.RECEIVED: "warn",
    Stage.SHOWN: "good", Stage.COVERED: "warn", Stage.UNREACHED: "bad", Stage.ENDING: "warn",
    Stage.ENDING_UNREACHED: "bad", Stage.GONE: "good", Stage.MISSED: "bad",
}  # fmt: skip

_WORDS: Mapping[Stage, Promise] = {
    Stage.WAITING: _("Waits for signatures"),
    Stage.SENT: _("Waiting for its receipt"),
    Stage.LATE: _("No receipt"),
    Stage.RECEIVED: _("Received"),
    Stage.SHOWN: _("On the wall"),
    Stage.COVERED: _("Covered"),
    Stage.UNREACHED: _("Offline"),
    Stage.ENDING: _("Is being ended"),
    Stage.ENDING_UNREACHED: _("Offline"),
    Stage.GONE: _("Ended"),
    Stage.MISSED: _("Did not have it"),
}

_SENTENCES: Mapping[Stage, Promise] = {
    Stage.WAITING: _("The approvers have to sign it first: nothing is shown until they do."),
    Stage.SENT: _("Sent just now; the box answers within a minute."),
    Stage.LATE: _(
        "On line, but it does not answer: restart the player on its page, or send somebody."
    ),
    Stage.RECEIVED: _("The box has it; what the glass shows comes with its next sign of life."),
    Stage.SHOWN: _("Stands there now."),
    Stage.COVERED: _("Another takeover stands above it."),
    Stage.UNREACHED: _(
        "Shows it when it is back, if that is before the end: check its power and network, or send"
        " somebody."
    ),
    Stage.ENDING: _("The box has not answered yet."),
    Stage.ENDING_UNREACHED: _("Keeps it until it is back, or until the end that it knows."),
    Stage.GONE: _("Shows its programme again."),
    Stage.MISSED: _("It was not reached before the end."),
}


class Shown(NamedTuple):
    """A line of the board in words."""

    line: Line
    word: Promise
    tone: str
    sentence: Promise


def shown(line: Line) -> Shown:
    """The line with its words."""
    stage = line.stage
    return Shown(line, _WORDS[stage], _TONES[stage], _SENTENCES[stage])
