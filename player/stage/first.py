"""Reads the first programme on a thread, while the main one loads Qt.  No Qt in here."""

import threading

from player.clock import Clock
from player.stage.early import EarlyPicture
from player.stage.programme import Programme, Source

__all__ = ["FirstProgramme"]


class FirstProgramme(threading.Thread):
    """Start it early; join it when the window is there.

    `early` begins with the first picture as soon as it is known; None: nobody hurries.
    """

    def __init__(
        self, source: Source, clock: Clock | None = None, early: EarlyPicture | None = None
    ) -> None:
        super().__init__(name="programme", daemon=True)
        self.source = source
        self.early = early
        self._clock = clock
        self.programme: Programme | None = None
        self.error: BaseException | None = None

    def run(self) -> None:
        """Read it, and index it for the first question about it."""
        try:
            self.programme = self.source.first()
            import scheduler.timeline  # noqa: F401  (loaded here, not while the window waits)

            if self.programme and self.early and self._clock:
                self.early.begin(self.programme, self._clock.now())
        except Exception as error:  # noqa: BLE001  (told by whoever waits for the programme)
            self.error = error
