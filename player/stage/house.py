"""What stands between the director and the stage: each reaches the other only through it.

`House` is the stage as the director sees it; `Relay` carries back what the zones tell.  Only the
composition root makes them; they decide nothing.
"""

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

from player.bulletin import PairingCard
from player.stage.director import Director
from player.stage.scene import Cue, Scene, Take
from player.stage.slate import SlateState, slate_face
from player.stage.stage import Stage
from player.stage.zone_listener import Touched

__all__ = ["House", "Relay"]


class House:
    """`director.Playhouse` on the real stage."""

    def __init__(
        self,
        stage: Stage,
        name: Callable[[], str],
        zone: Callable[[], ZoneInfo],
        pairing: Callable[[], PairingCard | None],
    ) -> None:
        self.stage = stage
        self._name = name
        self._zone = zone
        self._pairing = pairing

    def show(self, scene: Scene) -> None:
        """See `Playhouse`."""
        self.stage.show(scene)

    def prepare(self, cue: Cue) -> None:
        """See `Playhouse`."""
        self.stage.prepare(cue)

    def show_slate(self, now: datetime, state: SlateState) -> None:
        """See `Playhouse`."""
        face = slate_face(self._name(), state, now, self._zone(), self._pairing())
        self.stage.show_slate(face)

    def realign(self) -> None:
        """See `Playhouse`."""
        self.stage.realign()

    def settled(self) -> None:
        """See `Playhouse`."""
        self.stage.settled()


class Relay:
    """What the zones tell: what they work on goes to `touched`, all else to the director, which is
    made after the stage.
    """

    def __init__(self, touched: Touched) -> None:
        self._touched = touched
        self.director: Director | None = None

    def step(self) -> None:
        """What the slate shows has changed: look."""
        if self.director is not None:
            self.director.step()

    def preparing(self, take: Take) -> None:
        """See `Touched`."""
        self._touched.preparing(take)

    def rested(self, take: Take) -> None:
        """See `Touched`."""
        self._touched.rested(take)

    def entering(self, take: Take) -> None:
        """See `Touched`."""
        self._touched.entering(take)

    def shown(self, take: Take) -> None:
        """See `ZoneListener`."""
        if self.director is not None:
            self.director.shown(take)

    def ended(self, take: Take) -> None:
        """See `ZoneListener`."""
        if self.director is not None:
            self.director.ended(take)

    def released(self, take: Take) -> None:
        """See `Touched`."""
        self._touched.released(take)

    def failed(self, take: Take, reason: str) -> None:
        """See `ZoneListener`."""
        if self.director is not None:
            self.director.failed(take, reason)

    def settled(self) -> None:
        """See `ZoneListener`."""
        if self.director is not None:
            self.director.settled()
