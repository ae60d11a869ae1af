"""Where a running video is against where the timeline wants it, and whether to bring it back.

Used by `zone.py`.  A decision and nothing else: no clock, no Qt.  Bringing back means a second
decoder and a visible jump, so it is rare: it waits until the distance has stood for a while, is
never tried twice within `REJOIN_EVERY_S`, and is left to the next showing where that comes soon.
"""

__all__ = ["DRIFT_S", "FAR_S", "HEALS_S", "REJOIN_EVERY_S", "SUSTAINED_S", "PlaceInTime"]

#: A video this far from where the timeline wants it is brought back (a clock step, a slow start).
DRIFT_S = 0.5

#: ... once it has been so for this long: a wall clock may be set forth and back.
SUSTAINED_S = 2.0

#: Least time between two attempts, and between a video's start and the first.
REJOIN_EVERY_S = 10.0

#: A video that is less than `FAR_S` away is left alone when its showing ends within `HEALS_S`: the
#: next one begins in its place.
FAR_S = 5.0
HEALS_S = 60.0


class PlaceInTime:
    """The place of the video that stands on the screen; every instant in seconds, monotonic."""

    def __init__(self) -> None:
        self._begun_s = 0.0
        self._begun_offset_s = 0.0
        self._tried_s = 0.0
        self._off_since_s: float | None = None

    def begin(self, at_s: float, offset_s: float) -> None:
        """A video begins to run at `at_s`, `offset_s` into its item."""
        self._begun_s, self._begun_offset_s = at_s, offset_s
        self._tried_s, self._off_since_s = at_s, None

    def should_rejoin(self, at_s: float, wanted_s: float, left_s: float) -> bool:
        """Should it be brought back now?  True counts as an attempt.

        The timeline wants the item's second `wanted_s`, and `left_s` are left of its showing.
        """
        off_s = abs(self._begun_offset_s + at_s - self._begun_s - wanted_s)
        if off_s <= DRIFT_S:
            self._off_since_s = None
            return False
        if self._off_since_s is None:
            self._off_since_s = at_s
        if at_s - self._off_since_s < SUSTAINED_S or at_s - self._tried_s < REJOIN_EVERY_S:
            return False
        if off_s < FAR_S and left_s < HEALS_S:
            return False
        self._tried_s = at_s
        return True
