"""The director: asks the scheduler what is due, and tells the stage, once at each change.

It arms one alarm: for the next change, or for the moment to make the next one ready, whichever
comes first.  A slow tick looks besides, because wall clocks step.  It never blocks and never
raises: whatever goes wrong with an item, that item is left out and the timeline is asked again.
"""

import logging
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Protocol

from manifest.model import Manifest, StreamAsset
from player.clock import Clock
from player.stage.alarm import Alarm
from player.stage.clock_steps import ClockSteps
from player.stage.complaints import Complaints, FaultJournal
from player.stage.fallen_streams import FallenStreams
from player.stage.handover import Handover
from player.stage.identities import identities, items_showing, items_titled
from player.stage.programme import Programme
from player.stage.scene import Cue, Scene, Take, identity, plan, scene
from player.stage.slate import SlateState
from player.stage.unplayable import Unplayable

__all__ = ["AHEAD_S", "Director", "Journal", "Playhouse"]

log = logging.getLogger("stage.director")

#: How long before its moment an item is made ready.
AHEAD_S = 3.0

#: How often the director looks without being asked, to catch steps of the wall clock.
TICK_S = 1.0

STREAM_LOST = "STREAM_LOST"

#: At most so many changes are looked at ahead (items may be as short as 0.1 s).
MAX_LOOKAHEAD = 64


class Playhouse(Protocol):
    """What the director asks of the stage."""

    def show(self, scene: Scene) -> None:
        """Show it, each part as soon as it is ready."""

    def prepare(self, cue: Cue) -> None:
        """Make it ready, out of sight."""

    def show_slate(self, now: datetime, state: SlateState) -> None:
        """There is nothing valid."""

    def realign(self) -> None:
        """Bring videos back to where the timeline wants them."""

    def settled(self) -> None:
        """A zone became ready or free."""


class Journal(FaultJournal, Protocol):
    """What is kept of what happens: proof of play, faults.  Must not block."""

    def shown(self, take: Take, at: datetime) -> None:
        """`take` is on screen."""

    def ended(self, take: Take, at: datetime) -> None:
        """`take` left the screen."""


class Director:
    """Runs one programme on one stage.  GUI thread only."""

    def __init__(self, clock: Clock, alarm: Alarm, house: Playhouse, journal: Journal) -> None:
        self._clock = clock
        self._alarm = alarm
        self._house = house
        self._journal = journal
        self._programme: Programme | None = None
        self._unplayable = Unplayable()
        self._fallen = FallenStreams()
        self._complaints = Complaints(journal)
        self._steps = ClockSteps(clock)
        self._quarantined: Callable[[str], bool] = lambda _identity: False
        self._taken_up: Callable[[Programme], None] = _nobody_asks
        self._handover = Handover(clock)
        self._asked = False

    # -- what the composition root calls ---------------------------------------------------------

    def quarantine(self, is_quarantined: Callable[[str], bool]) -> None:
        """Leave out whatever `is_quarantined` says of its identity."""
        self._quarantined = is_quarantined

    def when_taken_up(self, call: Callable[[Programme], None]) -> None:
        """Call `call` with every programme at the moment from which it plays."""
        self._taken_up = call

    def load(self, programme: Programme) -> None:
        """Play `programme` from now on, or from the end of the item that it would cut short.

        What is on screen stays if it is still right.
        """
        self._handover.offer(programme)
        self._hand_over()
        self.step()

    def step(self) -> None:
        """Look at the clock and do what is due.  Idempotent; the alarm and the tick call it."""
        self._asked = False
        try:
            wait_s = self._act()
        except Exception:
            log.exception("the director stumbled; the last good picture stays")
            wait_s = TICK_S
        self._alarm.set(max(0.0, min(wait_s, TICK_S)) * 1000, self.step)

    def stop(self) -> None:
        """Ask for nothing any more."""
        self._alarm.cancel()
        self._programme = None
        self._handover.offer(None)

    # -- what the zones tell -------------------------------------------------------------------

    def shown(self, take: Take) -> None:
        """See `ZoneListener`."""
        now = self._clock.now()
        self._journal.shown(take, now)
        self._complaints.begin(take, now)
        self._ask_soon()

    def ended(self, take: Take) -> None:
        """See `ZoneListener`."""
        now = self._clock.now()
        self._journal.ended(take, now)
        if self._complaints.end(take, now):
            self._well(take)

    def settled(self) -> None:
        """See `ZoneListener`."""
        self._house.settled()
        self._ask_soon()

    def failed(self, take: Take, reason: str) -> None:
        """See `ZoneListener`: leave the item out, and everything else that shows the same bytes."""
        programme = self._programme
        if programme is None:
            return
        subject = programme.subject_of(take)
        self._complaints.failed(take)
        if isinstance(take.asset, StreamAsset):
            self._fallen.add(take.item.asset, self._clock.monotonic())
            self._complaints.say(take.item.id, STREAM_LOST, subject, reason)
        else:
            if programme.covers(take):
                reason = f"its fallback, {take.asset.title}: {reason}"
            self._complaints.say(take.item.id, "MEDIA_BAD", subject, reason)
            same = items_showing(programme.manifest, identity(take.asset)) | {take.item.id}
            due = max(take.since, self._clock.now())
            self._unplayable.add(same, due, self._clock.monotonic())
        self._ask_soon()

    # -- how ---------------------------------------------------------------------------------

    def _hand_over(self) -> None:
        """Take up the programme that waits, if its moment has come."""
        if self._handover.coming is None:
            return
        now, playing = self._clock.now(), self._programme
        here = None if playing is None else self._scene_at(playing.manifest, now)
        coming = self._handover.due(playing, here, now)
        if coming is None:
            return
        self._programme = coming
        self._taken_up(coming)
        self._forgive_changed(playing, coming)
        self._leave_out_quarantined(coming)

    def _well(self, take: Take) -> None:
        """`take` was shown as it should be: whatever was wrong with its item is over."""
        if self._programme is not None:
            still = {STREAM_LOST} if self._programme.covers(take) else ()
            self._complaints.over(take.item.id, self._programme.subject_of(take), still)
            self._unplayable.forgive_played(take.item.id)

    def _ask_soon(self) -> None:
        """Step once the present call has returned: zones answer in the middle of things."""
        if not self._asked and self._programme is not None:
            self._asked = True
            self._alarm.set(0, self.step)

    def _act(self) -> float:
        """Do what is due now; return the seconds until there is more to do."""
        self._hand_over()
        programme = self._programme
        now = self._clock.now()
        self._notice_step(now)
        if programme is None:
            self._house.show_slate(now, "waiting")
            return TICK_S
        self._unplayable.pass_to(now)
        for take in self._complaints.stood_well(now):
            self._well(take)
        self._fallen.raise_due(self._clock.monotonic())
        here = self._scene_at(programme.manifest, now)
        if here is None:
            self._house.show_slate(now, self._slate_state(programme, now))
        else:
            self._house.show(here)
        change = self._next_change(programme.manifest, now)
        self._unplayable.retry(
            self._clock.monotonic(), now if here is None else change, hopeless=here is None
        )
        for cue in plan(here, self._ahead(programme.manifest, now)):
            self._house.prepare(cue)
        return self._wait_s(programme.manifest, now)

    def _slate_state(self, programme: Programme, now: datetime) -> SlateState:
        """Why there is nothing: an item that is due cannot be shown, or nothing is due."""
        from scheduler.timeline import on_screen_at

        due = on_screen_at(programme.manifest, now, frozenset())
        return programme.when_empty if due.layout is None else "waiting"

    def _scene_at(self, manifest: Manifest, t: datetime) -> Scene | None:
        from scheduler.timeline import on_screen_at

        picture = on_screen_at(manifest, t, self._unplayable.at(t))
        return scene(manifest, picture, self._fallen.names)

    def _next_change(self, manifest: Manifest, t: datetime) -> datetime:
        from scheduler.timeline import next_change_after

        change = next_change_after(manifest, t, self._unplayable.at(t))
        switch = self._unplayable.switch_at
        return change if switch is None or switch <= t else min(change, switch)

    def _ahead(self, manifest: Manifest, now: datetime) -> Iterator[tuple[datetime, Scene | None]]:
        """The scenes after the present one, as far ahead as things are made ready."""
        horizon = now + timedelta(seconds=AHEAD_S)
        if (coming := self._handover.coming) is not None:
            change = now + timedelta(seconds=self._handover.left_s)
            if change <= horizon:
                yield change, self._scene_at(coming.manifest, change)
            return
        t = now
        for _change in range(MAX_LOOKAHEAD):
            t = self._next_change(manifest, t)
            if t > horizon:
                return
            yield t, self._scene_at(manifest, t)

    def _wait_s(self, manifest: Manifest, now: datetime) -> float:
        """Until the next change, or until the one after the horizon comes into it."""
        ahead = timedelta(seconds=AHEAD_S)
        change = self._next_change(manifest, now)
        then = self._clock.now()
        beyond = self._next_change(manifest, max(now, then) + ahead) - ahead
        wait_s = min((change - then).total_seconds(), (beyond - then).total_seconds())
        return min(wait_s, self._handover.left_s)

    def _notice_step(self, now: datetime) -> None:
        step_s = self._steps.step(now)
        if step_s is not None:
            log.info("the wall clock stepped by %+.1f s", step_s)
            self._journal.fault("CLOCK_STEP", "clock", f"stepped by {step_s:+.1f} s")
        self._house.realign()

    def _forgive_changed(self, old: Programme | None, new: Programme) -> None:
        """Items whose bytes are others now get a fresh chance; unknown ones are forgotten."""
        items = identities(new.manifest)
        self._unplayable.keep_only(frozenset(items))
        self._complaints.keep_only(items)
        if old is not None:
            before = identities(old.manifest)
            changed = {item for item, bytes_ in items.items() if before.get(item) != bytes_}
            self._unplayable.forgive(frozenset(changed))
            self._complaints.forget(changed)

    def _leave_out_quarantined(self, programme: Programme) -> None:
        bad = {
            item
            for item, bytes_ in identities(programme.manifest).items()
            if self._quarantined(bytes_)
        }
        if bad:
            reason = "it brought the player down twice; it is left out until its bytes change"
            now = self._clock.now()
            self._unplayable.add(frozenset(bad), now, 0.0, for_good=True)
            self._unplayable.pass_to(now)
            for item, title in items_titled(programme.manifest, bad):
                self._complaints.say(item, "QUARANTINE", programme.subject(item, title), reason)


def _nobody_asks(_programme: Programme) -> None:
    """Nobody wants to know which programme plays."""
