"""How one request is shown: a file that may have to begin again, a stream that may be lost.

Used by `VideoSlot` (video.py) on the GUI thread.  A showing decides; its `Crew`, the slot, does:
opens and retires playbacks, keeps the one alarm, and answers the director.  No Qt in here.
"""

from dataclasses import dataclass, replace
from typing import Protocol

from player.stage.media.decoder import PlayOptions
from player.stage.media.playback import Playback, Report
from player.stage.media.port import MediaRequest
from player.stage.media.sniff import name_of

__all__ = ["Crew", "FileShowing", "Limits", "Showing"]


@dataclass(frozen=True, slots=True)
class Limits:
    """Every deadline of video, in seconds, and every count."""

    first_frame_s: float = 4.0
    """A file that has not shown its first frame by then has failed (reliability D05)."""

    stall_s: float = 3.0
    """A picture that has not changed for so long while it plays has failed (D07)."""

    stall_frames: int = 3
    """... or for so many of its own frame times, where those are longer."""

    silence_s: float = 10.0
    """A file from which nothing more has come for so long has failed: its disk hangs."""

    close_s: float = 2.0
    """A decoder that has not stopped by then is abandoned with its thread (D09)."""

    abandoned: int = 8
    """After so many abandoned decoders, the memory they hold calls for a restart."""

    loop_lead_s: float = 1.0
    """So long before a clip ends, its next pass is made ready."""

    shortest_loop_s: float = 0.5
    """A shorter clip stands on its last frame instead of beginning again and again."""

    short_clip_tries: int = 8
    """So often is a shorter clip opened that ended without a picture."""

    missing_s: float = 1.0
    """A clip that ends so much (and a tenth) before its promised length is damaged."""

    stream_s: float = 15.0
    """A stream may take so long for its first picture, or to come back, before it has failed."""

    reconnect_s: tuple[float, ...] = (1.0, 2.0, 4.0)
    """A lost stream is asked for again after these pauses; the last one repeats."""


class Crew(Protocol):
    """What a showing asks of its slot."""

    limits: Limits

    def open(
        self, request: MediaRequest, options: PlayOptions, *, hidden: bool = False
    ) -> Playback:
        """A new playback that is on its way to its first frame."""

    def retire(self, playback: Playback) -> None:
        """Close it, in its own time."""

    def alarm(self, after_s: float) -> None:
        """Call `Showing.moment` then; an earlier alarm is forgotten."""

    def ready(self) -> None:
        """The first frame stands."""

    def failed(self, reason: str) -> None:
        """It is over; the showing is closed by the crew."""

    def noted(self, note: str) -> None:
        """It plays, but something about it is not as it should be."""


class Showing(Protocol):
    """One request on its way over the screen."""

    def start(self, now: float) -> None:
        """Let it run."""

    def hear(self, playback: Playback, report: Report, reason: str, now: float) -> None:
        """A playback of ours tells something."""

    def look(self, now: float) -> None:
        """Look after the deadlines; called a few times a second."""

    def moment(self, now: float) -> None:
        """The alarm rings."""

    def close(self) -> None:
        """Retire every playback."""


class FileShowing:
    """A verified file: it loops while its span is longer, and fails when it is damaged."""

    def __init__(self, crew: Crew, request: MediaRequest, options: PlayOptions) -> None:
        self._crew = crew
        self._request = request
        self._name = name_of(request.source)
        self._options = options
        self._current = crew.open(request, options)
        self._next: Playback | None = None
        self._next_is_ready = False
        self._next_has_ended = False
        self._tries = 1
        self._started_at: float | None = None
        self._ended = False
        self._length_s = 0.0

    def start(self, now: float) -> None:
        """See `Showing.start`."""
        if self._started_at is not None:
            return
        self._started_at = now
        self._current.run()
        if self._ended:
            self._begin_again(now)
        else:
            self._await_end(now)

    def hear(self, playback: Playback, report: Report, reason: str, now: float) -> None:
        """See `Showing.hear`."""
        if playback is self._next:
            self._hear_next(report)
        elif playback is not self._current:
            pass  # a late word of an earlier pass
        elif report is Report.FIRST_FRAME:
            self._first_frame(now)
        elif report is Report.FAILED:
            self._crew.failed(reason)
        else:
            self._has_ended(now)

    def _first_frame(self, now: float) -> None:
        self._length_s = self._length_s or self._current.length_ms / 1000
        if self._started_at is None:
            self._note_mismatch()
            self._crew.ready()
        else:  # a pass that was not made ready ahead
            self._await_end(now)

    def _note_mismatch(self) -> None:
        promised_ms, found_ms = self._request.duration_ms, self._current.length_ms
        if promised_ms and found_ms and self._is_short_of(found_ms, promised_ms):
            self._crew.noted(
                f"{self._name!r}: the clip is {found_ms / 1000:.1f} s long,"
                f" not {promised_ms / 1000:.1f} s as the manifest says"
            )

    def _is_short_of(self, one_ms: float, other_ms: float) -> bool:
        gap = abs(other_ms - one_ms)
        return gap > self._crew.limits.missing_s * 1000 and gap > other_ms / 10

    def _await_end(self, now: float) -> None:
        """Set the alarm for making the next pass ready, if there will be one."""
        left_s = self._pass_left_s()
        if left_s is None or not self._goes_on_after(now + left_s):
            return
        self._crew.alarm(max(0.0, left_s - self._crew.limits.loop_lead_s))

    def _pass_left_s(self) -> float | None:
        """How long the current pass goes on; None where its length is not known."""
        if self._length_s < self._crew.limits.shortest_loop_s or self._current.run_at is None:
            return None
        return self._length_s - self._current.offset_ms / 1000

    def _goes_on_after(self, moment: float) -> bool:
        """Is there enough of the span left at `moment` for another pass to be worth it?"""
        assert self._started_at is not None
        span_end = self._started_at + (self._request.span_ms - self._request.offset_ms) / 1000
        return moment + self._crew.limits.shortest_loop_s < span_end

    def moment(self, now: float) -> None:
        """See `Showing.moment`: first make the next pass ready, then change to it."""
        if self._next is None:
            self._next = self._crew.open(self._request, self._from_start(), hidden=True)
            self._next_is_ready = self._next_has_ended = False
            left_s = self._pass_left_s()
            run_at = self._current.run_at
            if left_s is not None and run_at is not None:
                self._crew.alarm(max(0.0, run_at + left_s - now))
        elif self._next_is_ready:
            self._change_over(now)

    def _from_start(self) -> PlayOptions:
        return replace(self._options, offset_ms=0)

    def _hear_next(self, report: Report) -> None:
        if report is Report.FIRST_FRAME:
            self._next_is_ready = True
        elif self._next_is_ready:
            self._next_has_ended = True
        elif self._next is not None:
            self._crew.retire(self._next)
            self._next = None

    def _change_over(self, now: float) -> None:
        assert self._next is not None
        self._crew.retire(self._current)
        self._current, self._next = self._next, None
        self._ended = self._next_has_ended
        self._current.run()
        self._await_end(now)

    def _has_ended(self, now: float) -> None:
        if not self._current.frames and self._may_be_too_short():
            self._options = replace(self._options, other_demuxer=True)
            self._tries += 1
            self._crew.retire(self._current)
            self._current = self._crew.open(self._request, self._options)
        elif not self._current.frames:
            self._crew.failed(
                f"{self._name!r}: it holds no picture that can be shown: it is damaged, cut off,"
                " or of a codec that is not installed"
            )
        else:
            self._ended = True
            if self._started_at is not None:
                self._begin_again(now)

    def _may_be_too_short(self) -> bool:
        """A clip of a frame or two may end before libVLC has shown one: worth another try."""
        limits = self._crew.limits
        is_short = 0 < self._current.length_ms < limits.shortest_loop_s * 1000
        return is_short and self._tries < limits.short_clip_tries

    def _begin_again(self, now: float) -> None:
        promised_ms = max(self._current.length_ms, 0) or self._request.duration_ms or 0
        # libVLC may tell of the end while its last frame but one is on the screen.
        played_ms = self._current.played_ms + 2 * self._current.frame_interval_s * 1000
        if promised_ms > played_ms and self._is_short_of(played_ms, promised_ms):
            self._crew.failed(
                f"{self._name!r}: it ends after {played_ms / 1000:.1f} s"
                f" of {promised_ms / 1000:.1f} s: the file is damaged or cut off; upload it again"
            )
            return
        self._length_s = self._length_s or self._current.played_ms / 1000
        if self._length_s < self._crew.limits.shortest_loop_s or not self._goes_on_after(now):
            return  # the last frame stands
        if self._next is not None and self._next_is_ready:
            self._change_over(now)
        elif self._next is None:
            self._crew.retire(self._current)
            self._current = self._crew.open(self._request, self._from_start())
            self._ended = False
            self._current.run()

    def look(self, now: float) -> None:
        """See `Showing.look`."""
        current, limits = self._current, self._crew.limits
        if not current.is_ready:
            if now - current.opened_at > limits.first_frame_s:
                self._crew.failed(
                    f"{self._name!r}: no picture came within {limits.first_frame_s:g} s"
                )
        elif current.run_at is not None and not self._ended:
            self._look_for_stall(current, current.run_at, now)
        if self._ended and self._next_is_ready and self._next is not None:
            self._change_over(now)

    def _look_for_stall(self, current: Playback, run_at: float, now: float) -> None:
        limits = self._crew.limits
        patience = max(limits.stall_s, limits.stall_frames * current.frame_interval_s)
        silence = max(limits.silence_s, patience)
        if now - max(run_at, current.last_frame_at) > patience:
            self._crew.failed(f"{self._name!r}: the picture has stood still for {patience:g} s")
        elif now - max(run_at, current.given_at) > silence:
            self._crew.failed(f"{self._name!r}: nothing more of it could be read for {silence:g} s")

    def close(self) -> None:
        """See `Showing.close`."""
        for playback in (self._current, self._next):
            if playback is not None:
                self._crew.retire(playback)
        self._next = None
