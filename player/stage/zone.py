"""A zone: two sides, of which one shows while the other makes the next take ready.

The one rule: a swap happens only onto a side that is ready.  Until then the old side stays, with
its last good frame.  A zone decides nothing about *what* is due; it is told, and tells back.
"""

from datetime import datetime, timedelta

from PySide6.QtQuick import QQuickItem

from manifest.model import Transition
from player.clock import Clock
from player.stage.alarm import Alarm
from player.stage.place_in_time import PlaceInTime
from player.stage.scene import Take, continues, same_showing
from player.stage.side import Side, SideState
from player.stage.transition import Mover
from player.stage.zone_listener import ZoneListener

__all__ = ["CUT", "USUAL_LATENCY_S", "Zone"]

#: An item that is due and has not drawn its first frame by then has failed (reliability D05).
READY_DEADLINE_S = 4.0

#: How long a video takes to its first frame, until this zone has seen how long it really takes.
USUAL_LATENCY_S = 0.15

#: A transition takes at most this share of the item's time.
TRANSITION_SHARE = 0.5

CUT = Transition()


class Zone:
    """One zone of one set.  GUI thread only; no method blocks."""

    def __init__(
        self,
        item: QQuickItem,
        sides: tuple[Side, Side],
        clock: Clock,
        deadline: Alarm,
        listener: ZoneListener,
        *,
        latency_s: float = USUAL_LATENCY_S,
    ) -> None:
        self.item = item
        self.see_through = False
        self.sound = False
        self._front, self._back = sides
        self._clock = clock
        self._deadline = deadline
        self._listener = listener
        self._mover = Mover()
        self._due = False
        self._loading_since_s = 0.0
        self._loaded_offset_ms = 0
        self._latency_s = latency_s
        self._place = PlaceInTime()
        for side in sides:
            side.answered = self._answered

    @property
    def take(self) -> Take | None:
        """What is on screen."""
        return self._front.take

    @property
    def is_waiting(self) -> bool:
        """Is something due that is not ready?"""
        return self._due

    @property
    def holds(self) -> Take | None:
        """What stands ready behind what is on screen."""
        return self._back.take if self._back.state is SideState.READY else None

    def prepare(self, take: Take, at: datetime) -> None:
        """Make `take` ready to be shown at `at`; does nothing while the other side is needed."""
        if self._due or self._mover.is_moving or self._holds(take):
            return
        self._load(take, at)

    def show(self, take: Take | None) -> None:
        """Show `take` now, or as soon as it is ready; None: nothing (the background)."""
        front = self._front.take
        if take is None:
            self._leave()
        elif front is not None and self._may_stay(front, take):
            self._go_on(front, take)
        elif self._holds(take):
            self._bring()
        else:
            self._mover.finish()
            self._load(take, self._soon(take))
            self._bring()

    def stand_by(self, take: Take) -> None:
        """Make `take`, which is due now, ready out of sight; `enter` shows it."""
        if not self._holds(take):
            self._load(take, self._soon(take))
            if self._back.state is SideState.LOADING:
                self._deadline.set(READY_DEADLINE_S * 1000, self._too_late)

    def clear(self) -> None:
        """Let go of everything at once, out of sight."""
        self._mover.finish()
        self._due = False
        self._deadline.cancel()
        if self._front.take is not None and self._front.state is SideState.SHOWING:
            self._listener.ended(self._front.take)
        for side in (self._front, self._back):
            side.item.setVisible(False)
            self._release(side)

    def _release(self, side: Side) -> None:
        take = side.take
        side.release()
        if take is not None:
            self._listener.released(take)

    def enter(self) -> None:
        """Bring what stands ready in without a transition: the whole set comes in at once."""
        if self._back.state is SideState.READY:
            self._swap(CUT)

    def realign(self) -> None:
        """Bring a video that is not where the timeline wants it back to its place."""
        take = self._front.take
        if take is None or not take.is_timed or self._due or self._mover.is_moving:
            return
        now = self._clock.now()
        left_s = (take.until - now).total_seconds()
        if self._place.should_rejoin(self._clock.monotonic(), take.offset_ms(now) / 1000, left_s):
            self.refresh()

    def refresh(self) -> None:
        """Make what is on screen ready once more (at this size, at this moment) and swap."""
        take = self._front.take
        if take is not None and self._front.state is SideState.SHOWING:
            self._mover.finish()
            self._load(take, self._soon(take))
            self._bring()

    def _soon(self, take: Take) -> datetime:
        """The moment at which `take` can be there if we begin now."""
        now = self._clock.now()
        return now + timedelta(seconds=self._latency_s) if take.is_timed else now

    def _go_on(self, front: Take, take: Take) -> None:
        """The same thing is due again, or under a new manifest: it stays."""
        self._front.take = take
        # A video that is on its way back to its place (`realign`) is still wanted.
        if self._due and not self._holds(take):
            self._due = False
            self._deadline.cancel()
        if not same_showing(front, take):
            self._listener.ended(front)
            self._listener.shown(take)

    def _may_stay(self, front: Take, take: Take) -> bool:
        return self._front.state is SideState.SHOWING and continues(front, take)

    def _holds(self, take: Take) -> bool:
        held = self._back.take
        if held is None or self._back.state not in {SideState.LOADING, SideState.READY}:
            return False
        return same_showing(held, take)

    def _load(self, take: Take, at: datetime) -> None:
        self._due = False
        self._deadline.cancel()
        self._loading_since_s = self._clock.monotonic()
        self._loaded_offset_ms = take.offset_ms(at)
        self._release(self._back)
        self._listener.preparing(take)
        self._back.prepare(take, at, self.sound)

    def _bring(self) -> None:
        if self._back.state is SideState.READY:
            self._swap(None)
        elif self._back.state is SideState.LOADING and not self._due:
            self._due = True
            self._deadline.set(READY_DEADLINE_S * 1000, self._too_late)

    def _too_late(self) -> None:
        take = self._back.take
        self._due = False
        if take is not None and self._back.state is SideState.LOADING:
            is_shown_already = self._is_rejoin(take)
            self._release(self._back)
            if is_shown_already:
                self._listener.settled()
            else:
                self._listener.failed(take, f"no first frame within {READY_DEADLINE_S:g} s")

    def _is_rejoin(self, take: Take) -> bool:
        """Is `take` on screen already, and only to be brought to its place?"""
        return self._front.take is not None and same_showing(self._front.take, take)

    def _answered(self, side: Side) -> None:
        take = side.take
        if take is not None:
            self._listener.rested(take)
        if side.state is SideState.FAILED and take is not None:
            if side is self._back:
                self._due = False
                self._deadline.cancel()
            self._listener.failed(take, side.reason)
            return
        self._deadline.cancel()
        if take is not None and take.is_timed:
            self._latency_s = min(1.0, self._clock.monotonic() - self._loading_since_s)
        if side is self._back and self._due:
            self._swap(None)
        else:
            self._listener.settled()

    def _swap(self, transition: Transition | None) -> None:
        """Bring the ready side in; the other one leaves."""
        self._mover.finish()
        self._due = False
        self._deadline.cancel()
        entering, leaving = self._back, self._front
        take, old = entering.take, leaving.take
        assert take is not None
        self._front, self._back = entering, leaving
        self._listener.entering(take)
        entering.start()
        self._place.begin(self._clock.monotonic(), self._loaded_offset_ms / 1000)
        is_new = old is None or not same_showing(old, take)
        if transition is None:
            transition = _bounded(take) if is_new else CUT
        self._mover.move(
            transition,
            entering.item,
            None if old is None else leaving.item,
            self.see_through,
            self._moved,
        )
        if is_new and old is not None:
            self._listener.ended(old)
        if is_new:
            self._listener.shown(take)

    def _moved(self) -> None:
        self._release(self._back)
        self._listener.settled()

    def _leave(self) -> None:
        self._mover.finish()
        self._due = False
        self._deadline.cancel()
        old = self._front.take
        if old is None:
            self._release(self._back)
            return
        self._release(self._back)
        self._front, self._back = self._back, self._front
        fade = Transition("fade", _bounded(old).ms)
        self._mover.move(fade, None, self._back.item, True, self._moved)
        self._listener.ended(old)


def _bounded(take: Take) -> Transition:
    """The transition of `take`, no longer than half of the time that the item stands."""
    wanted = take.item.transition
    longest = int(take.offset_ms(take.until) * TRANSITION_SHARE)
    return wanted if wanted.ms <= longest else Transition(wanted.kind, longest)
