"""A director with everything around it in hand: a clock, an alarm, a stage that writes down."""

from datetime import timedelta

from player.stage.director import Director
from player.stage.scene import Cue, Scene, same_showing
from tests.simulators.moved_clock import NOON, HandAlarm, MovedClock
from tests.simulators.stage_programmes import image, item, manifest

THREE = {"a": image("a"), "b": image("b"), "c": image("c")}


class House:
    """Writes down what it is asked for."""

    def __init__(self):
        self.scene: Scene | None = None
        self.slate: str | None = None
        self.cues: list[Cue] = []
        self.realigned = 0

    def show(self, scene):
        self.scene, self.slate = scene, None

    def prepare(self, cue):
        self.cues.append(cue)

    def show_slate(self, now, state):
        self.scene, self.slate = None, state

    def realign(self):
        self.realigned += 1

    def settled(self):
        pass

    @property
    def items(self):
        return {} if self.scene is None else {z: t.item.id for z, t in self.scene.takes.items()}


class Journal:
    def __init__(self):
        self.faults = []
        self.open = set()

    def shown(self, take, at):
        pass

    def ended(self, take, at):
        pass

    def fault(self, code, subject, reason):
        self.faults.append((code, subject, reason))
        self.open.add((code, subject))

    def well(self, subject, still):
        self.open = {fault for fault in self.open if fault[1] != subject or fault[0] in still}


class Desk:
    """A director with everything around it in hand."""

    def __init__(self, wall=NOON):
        self.clock, self.alarm = MovedClock(wall), HandAlarm()
        self.house, self.journal = House(), Journal()
        self.director = Director(self.clock, self.alarm, self.house, self.journal)
        self.standing = None

    def run_to(self, seconds):
        """Ring every alarm until `seconds` after NOON."""
        end = NOON + timedelta(seconds=seconds)
        while self.clock.wall < end:
            left = (end - self.clock.wall).total_seconds()
            wait_s = min((self.alarm.delay_ms or 0) / 1000, left)
            self.clock.advance(max(wait_s, 0.001))
            self.alarm.ring()

    def play_to(self, seconds):
        """Run, and tell the director what a stage on which all goes well would tell it."""
        since = (self.clock.wall - NOON).total_seconds()
        for step in range(round((seconds - since) * 2)):
            self.run_to(since + (step + 1) / 2)
            stood, stands = self.standing, self.house.scene and self.house.scene.takes["main"]
            if stood is None or stands is None or not same_showing(stood, stands):
                if stood is not None:
                    self.director.ended(stood)
                if stands is not None:
                    self.director.shown(stands)
                self.standing = stands


def three(seconds=10):
    return manifest(THREE, [item(name, seconds) for name in THREE])
