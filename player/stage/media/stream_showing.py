"""How a live stream is shown: it is asked for again when it is lost, within one patience.

Used by `VideoSlot` (video.py) on the GUI thread.  The last good frame stays meanwhile; when the
patience is over the stream has failed, and the director shows its fallback.
"""

from player.stage.media.decoder import PlayOptions
from player.stage.media.playback import Playback, Report
from player.stage.media.port import MediaRequest
from player.stage.media.showing import Crew
from player.stage.media.sniff import name_of

__all__ = ["StreamShowing"]


class StreamShowing:
    """A `Showing` of a stream."""

    def __init__(self, crew: Crew, request: MediaRequest, options: PlayOptions, now: float) -> None:
        self._crew = crew
        self._request = request
        self._options = options
        self._started = False
        self._is_ready = False
        self._attempts = 0
        self._last_good_at = now
        self._reason = "no picture came"
        self._current: Playback | None = crew.open(request, options)

    def start(self, _now: float) -> None:
        """See `Showing.start`."""
        self._started = True
        if self._current is not None:
            self._current.run()

    def hear(self, playback: Playback, report: Report, reason: str, now: float) -> None:
        """See `Showing.hear`."""
        if playback is not self._current:
            return
        if report is not Report.FIRST_FRAME:
            self._lose(reason or "the stream ended", now)
            return
        self._attempts = 0
        if not self._is_ready:
            self._is_ready = True
            self._crew.ready()

    def _lose(self, reason: str, now: float) -> None:
        self._reason = reason
        if self._current is not None:
            self._note_progress(self._current)
            self._crew.retire(self._current)
            self._current = None
        pauses = self._crew.limits.reconnect_s
        pause = pauses[min(self._attempts, len(pauses) - 1)]
        self._attempts += 1
        if now + pause - self._last_good_at > self._crew.limits.stream_s:
            self._give_up()
        else:
            self._crew.alarm(pause)

    def _give_up(self) -> None:
        self._crew.failed(
            f"{name_of(self._request.source)!r}: the stream is lost ({self._reason}); it gave no"
            f" picture for {self._crew.limits.stream_s:g} s: check its address and its server"
        )

    def moment(self, _now: float) -> None:
        """See `Showing.moment`: ask for the stream again."""
        if self._current is None:
            self._current = self._crew.open(self._request, self._options)
            if self._started:
                self._current.run()

    def look(self, now: float) -> None:
        """See `Showing.look`."""
        current, limits = self._current, self._crew.limits
        if current is None:
            return
        self._note_progress(current)
        if now - self._last_good_at > limits.stream_s:
            self._give_up()
        elif current.frames and now - current.given_at > limits.stall_s:
            self._lose(f"nothing new came for {limits.stall_s:g} s", now)

    def _note_progress(self, current: Playback) -> None:
        self._last_good_at = max(self._last_good_at, current.given_at)

    def close(self) -> None:
        """See `Showing.close`."""
        if self._current is not None:
            self._crew.retire(self._current)
            self._current = None
