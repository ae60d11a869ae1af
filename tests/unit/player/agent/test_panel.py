"""The panel follows the manifest's hours, is asked and told again, and is on when in doubt."""

from datetime import UTC, datetime, timedelta

import pytest

from config.model import PanelMethod, PanelSettings
from content_cache.generations import Generation
from manifest.model import Manifest
from player.agent.child import ChildFailed, Finished
from player.agent.panel import REPEAT_LOOKS, TRIES, Panel
from player.agent.panel_power import panel_power
from scheduler.panel import PanelHours
from tests.simulators.manifests import a_manifest

#: Working days, 8:00 to 18:00 in Shanghai.
HOURS = {
    "on": [
        {
            "start": "2026-11-02T08:00:00",
            "duration_s": 36_000,
            "rrule": "FREQ=DAILY",
            "days": "work",
        }
    ]
}
MONDAY_NOON = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)


def generation(made: Manifest) -> Generation:
    return Generation("0" * 64, made, b"", confirmed=True)


class Set:
    """A panel that obeys, or does not."""

    def __init__(self, state: str = "on", obeys: bool = True) -> None:
        self.now, self.obeys, self.told = state, obeys, list[bool]()

    def state(self):
        return self.now

    def switch(self, on: bool) -> None:
        self.told.append(on)
        if self.obeys and self.now != "unknown":
            self.now = "on" if on else "off"


@pytest.mark.parametrize(
    ("hours", "is_on", "sentence"),
    [
        (0, True, "noon of a working day"),
        (5.99, True, "one minute before the end"),
        (6, False, "the end is not part of it"),
        (19.99, False, "before it begins again"),
        (20, True, "the next morning"),
        (24 * 5, False, "Saturday"),
    ],
)
def test_the_hours_are_those_of_the_windows(hours: float, is_on: bool, sentence: str) -> None:
    at = MONDAY_NOON + timedelta(hours=hours)
    assert PanelHours(a_manifest(panel=HOURS)).is_on_at(at) is is_on, sentence


def test_a_rest_day_of_the_calendar_is_dark() -> None:
    made = a_manifest(panel=HOURS, calendar={"rest": ["2026-11-23"], "work": []})
    assert not PanelHours(made).is_on_at(MONDAY_NOON)


def test_without_hours_it_is_always_on() -> None:
    assert PanelHours(a_manifest()).is_on_at(MONDAY_NOON + timedelta(hours=12))


def test_in_doubt_it_is_on() -> None:
    night = MONDAY_NOON + timedelta(hours=12)
    panel, dark = Panel(Set()), generation(a_manifest(panel=HOURS))
    assert not panel.wanted(dark, night, is_suspect=False)
    assert panel.wanted(None, night, is_suspect=False), "there is no manifest"
    assert panel.wanted(dark, night, is_suspect=True), "the clock is suspect"


def test_a_panel_without_hours_is_left_alone_unless_we_switched_it() -> None:
    panel = Panel(Set("on"))
    no_hours, hours = generation(a_manifest()), generation(a_manifest(panel=HOURS))
    assert not panel.concerns_us(None)
    assert not panel.concerns_us(no_hours)
    assert panel.concerns_us(hours)
    panel.keep(wanted=False)
    assert panel.concerns_us(no_hours), "we switched it off: it must come on again"


def test_it_is_switched_once_and_left_alone_while_it_is_as_wanted() -> None:
    power = Set("on")
    panel = Panel(power)
    for _look in range(5):
        assert panel.keep(wanted=False) == ("off", [])
    assert power.told == [False]


def test_it_is_told_again_when_somebody_else_switched_it() -> None:
    power = Set("on")
    panel = Panel(power)
    panel.keep(wanted=True)
    power.now = "off"
    assert panel.keep(wanted=True) == ("on", [])


def test_one_that_does_not_obey_is_a_fault_after_some_tries() -> None:
    panel = Panel(Set("off", obeys=False))
    looks = [panel.keep(wanted=True) for _try in range(TRIES)]
    assert [faults for _state, faults in looks[:-1]] == [[]] * (TRIES - 1)
    assert [fault.code for fault in looks[-1][1]] == ["PANEL"]


def test_one_that_cannot_be_asked_is_told_now_and_then() -> None:
    power = Set("unknown")
    panel = Panel(power)
    for _look in range(REPEAT_LOOKS * 2):
        assert panel.keep(wanted=True) == ("unknown", [])
    assert power.told == [True] * 3


def test_a_tool_that_is_missing_is_a_fault_and_no_crash() -> None:
    class Missing(Set):
        def state(self):
            raise ChildFailed("xset cannot be run: No such file or directory")

    state, faults = Panel(Missing()).keep(wanted=False)
    assert state == "unknown"
    assert "xset cannot be run" in faults[0].sentence


class Tools:
    """Programs that say what a test wants, and note how they were called."""

    def __init__(self, said: str) -> None:
        self.said, self.calls = said, list[str]()

    def __call__(self, words, stdin=""):
        self.calls.append(" ".join([*words, *([f"< {stdin.strip()}"] if stdin else [])]))
        return Finished(0, self.said)


@pytest.mark.parametrize(
    ("method", "said", "state", "off"),
    [
        (
            "dpms",
            "DPMS is Enabled\n  Monitor is Off",
            "off",
            ["xset +dpms", "xset dpms 0 0 0", "xset dpms force off"],
        ),
        ("dpms", "DPMS is Disabled", "on", None),
        ("dpms", "DPMS is Enabled\n  Monitor is On", "on", None),
        ("wlr-randr", "HDMI-A-1\n  Enabled: yes", "on", ["wlr-randr --output HDMI-A-1 --off"]),
        ("vcgencmd", "display_power=0", "off", ["vcgencmd display_power 0"]),
        ("cec", "power status: standby", "off", ["cec-client -s -d 1 < standby 0"]),
        ("cec", "power status: on", "on", None),
        ("cec", "no device", "unknown", None),
        ("command", " off\n", "off", ["/opt/panel --to off"]),
        ("command", "on", "on", None),
    ],
)
def test_each_way_asks_and_switches_with_its_own_tool(
    method: PanelMethod, said: str, state: str, off: list[str] | None
) -> None:
    tools = Tools(said)
    settings = PanelSettings(
        power=method,
        on_command="/opt/panel --to on",
        off_command="/opt/panel --to off",
        state_command="/opt/panel",
    )
    power = panel_power(settings, "", tools)
    assert power is not None
    assert power.state() == state
    tools.calls.clear()
    power.switch(on=False)
    if off is not None:
        assert tools.calls == off


def test_a_panel_that_nobody_may_switch_is_none() -> None:
    assert panel_power(PanelSettings(power="none"), "", Tools("")) is None
    assert panel_power(PanelSettings(power="command"), "", Tools("")) is None


def test_a_panel_that_staff_switched_goes_back_to_its_hours_after_a_while() -> None:
    panel = Panel(Set())
    assert panel.kept(0.0) is None
    panel.keep_for(False, until_s=60.0)
    assert panel.kept(59.9) is False
    assert panel.kept(60.0) is None
    assert panel.kept(10.0) is None, "what is over does not come again"
