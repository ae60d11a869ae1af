"""What the stage asks of anything that makes frames, and what it hears back.

The stage owns two slots a zone.  It says `prepare` ahead of time and `start` at the moment; a
slot answers `ready` once its first frame stands in its `FrameItem`, or `failed` with a reason for
people.  Every answer carries the ticket of its request, so that a late answer to an earlier one
is told apart and dropped.
"""

from pathlib import Path
from typing import Protocol

from msgspec import Struct
from PySide6.QtCore import QObject, Signal

from manifest.model import Fit

__all__ = ["MediaRequest", "MediaSlot", "SlotSignals"]


class MediaRequest(Struct, frozen=True):
    """One showing of one file or stream, in a rectangle of `width` x `height` device pixels.

    `source` is a verified local file, or the URL of a stream.  `offset_ms` is where to begin
    (joining in the middle), `span_ms` how long the item will stand: a shorter clip loops, a longer
    one is cut.  `duration_ms` is the length the manifest promises, None where there is none.
    `volume` and `ducked` are of music: how loud, in per cent of the screen's volume, by itself and
    while a video is heard.
    """

    kind: str
    source: Path | str
    width: int
    height: int
    fit: Fit
    offset_ms: int
    span_ms: int
    duration_ms: int | None = None
    sound: bool = False
    volume: int = 100
    ducked: int = 100


class SlotSignals(QObject):
    """The answers of a slot; always delivered on the GUI thread."""

    ready = Signal(int)
    """ticket: the first frame is drawn; it stands still until `start`."""

    failed = Signal(int, str)
    """ticket, reason: nothing (more) can be shown; the last good frame stays."""

    noted = Signal(int, str)
    """ticket, note: it is shown, but something about it should be reported."""


class MediaSlot(Protocol):
    """One of the two players of frames in a zone.  Made once, used for ever, on the GUI thread.

    No method blocks: whatever can take longer than a few milliseconds happens elsewhere.
    """

    signals: SlotSignals

    def prepare(self, ticket: int, request: MediaRequest) -> None:
        """Load the first frame at `offset_ms`, then answer; an earlier request is forgotten."""

    def start(self, ticket: int) -> None:
        """Let it run from its first frame; nothing to do for a still picture."""

    def release(self) -> None:
        """Stop, free the decoder and let go of the frames; the item must be hidden by now."""
