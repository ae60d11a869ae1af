"""The one profile of every video for the wall: its size and rate, its filters, its encoder.

Pure: words for ffmpeg.  Runs in the child; `videos` and `animations` use it.
"""

import math
from fractions import Fraction

from msgspec import Struct

from server.library.ingest.video_probe import GOP_S, RATE_LIMIT, Source, matrix_of

__all__ = ["Rendering", "encoder", "even", "picture_filter", "usual_rate"]

#: Rates that panels show evenly; others go to the nearest that is not lower.
_RATES = tuple(
    Fraction(rate)
    for rate in ("10", "12", "12.5", "15", "20", "24000/1001", "24", "25", "30000/1001", "30")
)

#: How bright white is meant to be in HDR, in cd/m2 (ITU-R BT.2408): it becomes almost our white.
_WHITE = 203
#: What is darker than this share of white stays as it is; what is brighter is pressed together.
_KNEE = 0.6


class Rendering(Struct, frozen=True):
    """What is made of a source: its size and rate, the bit rate cap and level for it."""

    width: int
    height: int
    rate: Fraction
    level: str = "4.1"
    cap_kbit: int = 20_000

    @property
    def matrix(self) -> str:
        """The colour matrix, by ffmpeg's name, that players take for this size (docs/media.md)."""
        return matrix_of(self.width, self.height)

    @property
    def tagged_matrix(self) -> str:
        """The matrix as the file names it (ITU-T H.273)."""
        return "bt709" if self.matrix == "bt709" else "smpte170m"


def encoder(rendering: Rendering, threads: int) -> list[str]:
    """The words of the one profile, for frames at a constant rate."""
    gop = max(1, math.floor(rendering.rate * Fraction(GOP_S)))
    cap = rendering.cap_kbit
    return [
        *("-c:v", "libx264", "-preset", "fast", "-crf", "20", "-profile:v", "high"),
        *("-level:v", rendering.level, "-pix_fmt", "yuv420p", "-maxrate", f"{cap}k"),
        *("-bufsize", f"{cap * 5 // 4}k", "-g", str(gop), "-flags", "+cgop"),
        *("-bf", "2", "-refs", "3", "-threads", str(threads), "-fps_mode", "cfr"),
        *("-colorspace", rendering.tagged_matrix, "-color_primaries", "bt709"),
        *("-color_trc", "bt709", "-color_range", "tv"),
    ]


def picture_filter(source: Source, rendering: Rendering) -> str:
    """Upright (ffmpeg turns by itself), progressive, at the rate and size, in its colours.

    What costs much comes after what throws away: the rate and the size before the colours.
    """
    parts = []
    if source.scan != "progressive":  # frames that say that they are progressive stay as they are
        parts.append("bwdif=mode=send_frame:deint=interlaced")
    parts.append(f"fps={rendering.rate}:start_time=0")
    parts.append(_in_sdr(source, rendering) if source.transfer else _scaled(source, rendering))
    parts.append("setsar=1,format=yuv420p")
    return ",".join(parts)


def _scaled(source: Source, rendering: Rendering) -> str:
    return (
        f"scale={rendering.width}:{rendering.height}:flags=lanczos+accurate_rnd+full_chroma_int"
        f":in_color_matrix={source.matrix}:out_color_matrix={rendering.matrix}:out_range=tv"
    )


def _in_sdr(source: Source, rendering: Rendering) -> str:
    """From PQ or HLG (ITU-R BT.2100) to BT.709; what the file does not tell is that of BT.2100."""
    told = f"tin={source.transfer}:pin={source.primaries}:min={source.wide_matrix}"
    return (
        f"zscale=w={rendering.width}:h={rendering.height}:filter=lanczos:{told}"
        f":t=linear:npl={_WHITE}:p=bt709,format=gbrpf32le,"
        f"tonemap=mobius:param={_KNEE}:desat=0,"
        f"zscale=t=bt709:p=bt709:m={rendering.tagged_matrix}:r=tv"
    )


def even(length: int) -> int:
    """Chroma has half the lines: sides are even."""
    return max(2, length - length % 2)


def usual_rate(rate: Fraction) -> Fraction:
    """The constant rate for a source: its own if it is usual; half of 50 and 60."""
    while rate > RATE_LIMIT * Fraction(11, 10):
        rate /= 2
    nearest = min(_RATES, key=lambda usual: abs(usual - rate))
    if abs(nearest - rate) <= nearest / 400:
        return nearest
    return next((usual for usual in _RATES if usual >= rate), RATE_LIMIT)
