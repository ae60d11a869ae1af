"""The ports through which a zone tells what it does; the house and the journal are behind them."""

from typing import Protocol

from player.stage.scene import Take

__all__ = ["Touched", "ZoneListener"]


class Touched(Protocol):
    """Hears which takes a zone works on; called on the GUI thread, must not raise."""

    def preparing(self, take: Take) -> None:
        """`take` is about to be touched for the first time."""

    def rested(self, take: Take) -> None:
        """`take` stands ready, or has failed: nothing works on it any more."""

    def entering(self, take: Take) -> None:
        """`take`, which stood ready, is about to run."""

    def released(self, take: Take) -> None:
        """`take` is touched no more, whether it was shown or not; once for each `preparing`."""


class ZoneListener(Touched, Protocol):
    """Hears what became of the takes of a zone besides."""

    def shown(self, take: Take) -> None:
        """`take` is on screen from now on."""

    def ended(self, take: Take) -> None:
        """`take` left the screen (or goes on as another showing of the same)."""

    def failed(self, take: Take, reason: str) -> None:
        """`take` cannot be shown, or no longer; the last good frame stays."""

    def settled(self) -> None:
        """A side became ready or free: ask again what comes next."""
