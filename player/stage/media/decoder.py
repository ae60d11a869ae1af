"""The port to whatever decodes: one `Decoder` plays one source once, and fills our frames.

`libvlc.py` is the real one.  A `Decoder`'s methods may block, for ever in the worst case: each is
called only by the thread that owns it.  A `FrameSink` is called on the decoder's own threads and
must neither block nor raise nor call the decoder.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from player.stage.media.fitting import SourceFormat

__all__ = [
    "Clip",
    "Decoder",
    "DecoderFactory",
    "FrameLayout",
    "FrameSink",
    "PlaneLayout",
    "PlayOptions",
]


@dataclass(frozen=True, slots=True)
class PlaneLayout:
    """One plane of a frame: `lines` rows, `pitch` bytes apart."""

    pitch: int
    lines: int


@dataclass(frozen=True, slots=True)
class FrameLayout:
    """The frames that a sink wants, in pixels.

    `chroma` is I420 (planes Y, U, V) or RV32 (B, G, R, unused).
    """

    chroma: Literal["I420", "RV32"]
    width: int
    height: int
    planes: tuple[PlaneLayout, ...]


@dataclass(frozen=True, slots=True)
class PlayOptions:
    """How to play: from `offset_ms`, picture and sound or one of them, a live stream or a file.

    `other_demuxer`: let FFmpeg take the file apart; libVLC's own loses the frame of a clip that
    has but one.
    """

    offset_ms: int = 0
    sound: bool = False
    volume: int = 100
    live: bool = False
    other_demuxer: bool = False
    network_caching_ms: int = 1000
    picture: bool = True


@dataclass(frozen=True, slots=True)
class Clip:
    """What a file says of itself; sides and length are 0 where it does not know."""

    has_video: bool
    has_audio: bool
    width: int
    height: int
    length_ms: int
    codec: str


class FrameSink(Protocol):
    """Who receives the frames, on a thread of the decoder's."""

    def lay_out(self, source: SourceFormat) -> FrameLayout:
        """The first frame is near; say how it shall be laid out."""

    def take(self) -> tuple[int, tuple[int, ...]]:
        """A free frame: its number (from 1), and the address of each of its planes."""

    def show(self, frame: int) -> None:
        """The frame with this number is filled and due now."""

    def end(self) -> None:
        """The source ended, or gave nothing."""

    def fail(self) -> None:
        """The source could not be opened or decoded."""


class Decoder(Protocol):
    """One player of one source; every method is called on the one thread that owns it."""

    def open(self, source: Path | str, options: PlayOptions) -> int:
        """Begin to play, and return at which ms: an offset beyond the end is in a later pass.

        Raise `MediaUnplayable` if it is known at once that it is vain.
        """

    def pause(self) -> None:
        """Hold; a decoder may deliver frames it has already decoded."""

    def resume(self) -> None:
        """Go on after `pause`, with sound if there is to be any."""

    def set_volume(self, percent: int) -> None:
        """Be so loud from now on, 0 to 100 per cent; only where it plays with sound."""

    def length_ms(self) -> int:
        """The length that the source tells of itself; 0 when it does not know."""

    def progress(self) -> tuple[int, ...]:
        """Numbers that stand still when the source gives nothing more, and only then."""

    def reason(self) -> str:
        """Why the source ended or gave nothing, if it told; otherwise ""."""

    def close(self) -> None:
        """Stop and free everything; the sink hears nothing afterwards."""


DecoderFactory = Callable[[FrameSink], Decoder]
