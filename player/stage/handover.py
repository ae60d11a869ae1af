"""When a new generation takes the screen: at the end of the item that it would cut short.

Asked by the director; `hold_until` is pure, `Handover` remembers what waits.  Some things do not
wait: a takeover (one that comes, and one that was called off), and whatever takes an item that is
on the screen out of the programme.
"""

from datetime import datetime, timedelta

from manifest.model import Manifest
from player.clock import Clock
from player.stage.identities import identities
from player.stage.programme import Programme
from player.stage.scene import Scene, Take, continues, identity, scene
from scheduler.timeline import on_screen_at

__all__ = ["PATIENCE", "Handover", "hold_until"]

#: No item keeps a publication from the screen for longer.
PATIENCE = timedelta(minutes=5)


def hold_until(
    playing: Manifest, here: Scene | None, coming: Manifest, now: datetime
) -> datetime | None:
    """Until when what is `here` may stand before `coming` takes over; None: change at once."""
    if here is None or _takeover(playing, now) != _takeover(coming, now):
        return None
    then = scene(coming, on_screen_at(coming, now))
    if then is None or _is_withdrawn(here, coming):
        return None
    cut_short = [take for take in here.takes.values() if not _goes_on(take, here, then)]
    if not cut_short:
        return None
    sizes = {place[0]: place[3] * place[4] for place in here.set.places}
    largest = max(cut_short, key=lambda take: sizes[take.zone])
    return min(largest.until, now + PATIENCE)


def _takeover(manifest: Manifest, now: datetime) -> str | None:
    """The takeover that rules at `now`, by its id."""
    because = on_screen_at(manifest, now).because
    return because.id if because is not None and because.kind == "takeover" else None


def _is_withdrawn(here: Scene, coming: Manifest) -> bool:
    """Is an item on the screen, or what it shows, in the new programme no more?"""
    shows = identities(coming)
    bytes_ = set(map(identity, coming.assets.values()))
    return any(
        take.item.id not in shows or identity(take.asset) not in bytes_
        for take in here.takes.values()
    )


def _goes_on(take: Take, here: Scene, then: Scene) -> bool:
    """Does this take simply stay when the programme changes?"""
    next_ = then.takes.get(take.zone)
    return here.set == then.set and next_ is not None and continues(take, next_)


class Handover:
    """The programme that waits for its moment, and how long it still waits."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._at_s = 0.0
        self.coming: Programme | None = None

    def offer(self, programme: Programme | None) -> None:
        """This one comes next, whatever waited before; None: nothing does."""
        self.coming, self._at_s = programme, float("inf")

    @property
    def left_s(self) -> float:
        """Seconds until the one that waits takes over; infinite if none waits."""
        return self._at_s - self._clock.monotonic() if self.coming else float("inf")

    def due(self, playing: Programme | None, here: Scene | None, now: datetime) -> Programme | None:
        """The programme that takes over now, if its moment has come; then it waits no more.

        `here` is what is on the screen.  The wait is measured on the monotonic clock, and never
        grows; a reason not to wait at all is looked for each time.
        """
        coming = self.coming
        if coming is None:
            return None
        if playing is not None and coming.waits:
            held = hold_until(playing.manifest, here, coming.manifest, now)
            if held is not None:
                held_s = (held - now).total_seconds()
                self._at_s = min(self._at_s, self._clock.monotonic() + held_s)
                if self.left_s > 0:
                    return None
        self.coming = None
        return coming
