"""A virtual screen whose memory can be looked at several hundred times a second.

Xvfb keeps its framebuffer in a mapped file: looking at a few pixels there takes microseconds and
does not disturb the player, as a screenshot would.
"""

import mmap
import struct
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

from PIL import Image

from bench.content import BITS, BLOCK_LEFT, BLOCK_WIDTH, PALETTE, ROW_BITS, ROW_INVERTED, Rgb
from bench.x_server import end_server, start_server

__all__ = ["POINTS", "WHOLE_SCREEN", "Looker", "Screen", "VirtualDisplay"]

Area = tuple[float, float, float, float]
"""Left, top, width and height of what is looked at, as shares of the screen."""

WHOLE_SCREEN: Area = (0.0, 0.0, 1.0, 1.0)

#: How far a colour may be off and still be that item's (encoders and colour matrices differ).
TOLERANCE = 46
DARKEST, LIGHTEST = 30, 240
#: The same for a card, which is drawn, not decoded.
CARD_TOLERANCE = 3

#: Where is looked, as shares of the width and height of the area.
POINTS = [(x, y) for y in (0.04, 0.75, 0.985) for x in (0.03, 0.28, 0.5, 0.72, 0.97)]
POINTS += [(0.03, 0.30), (0.97, 0.30), (0.03, 0.55), (0.97, 0.55)]


class Screen:
    """The framebuffer file of an Xvfb: 32-bit pixels behind an XWD header."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        header = struct.unpack(">25I", self._map[:100])
        header_bytes, colours = header[0], header[19]
        self.width: int = header[4]
        self.height: int = header[5]
        byte_order = header[7]
        bits_per_pixel = header[11]
        self.stride_bytes: int = header[12]
        if bits_per_pixel != 32:
            raise RuntimeError("the screen must have 32 bits a pixel (-screen 0 WxHx24)")
        start = header_bytes + colours * 12
        whole = memoryview(self._map)[start : start + self.stride_bytes * self.height]
        self.pixels = whole.cast("I")
        self._swapped = (byte_order == 1) != (sys.byteorder == "big")

    def index(self, x: float, y: float) -> int:
        """The place in `pixels` of a point given in shares of width and height."""
        return int(y * self.height) * (self.stride_bytes // 4) + int(x * self.width)

    def rgb(self, value: int) -> tuple[int, int, int]:
        """Red, green and blue of a pixel, 0 to 255 each."""
        if self._swapped:
            value = int.from_bytes(value.to_bytes(4, "little"), "big")
        return (value >> 16) & 255, (value >> 8) & 255, value & 255

    def picture(self) -> Image.Image:
        """What is on the screen now."""
        size = (self.width, self.height)
        raw = bytes(self.pixels.cast("B"))
        order = "XRGB" if self._swapped else "BGRX"
        return Image.frombuffer("RGB", size, raw, "raw", order, self.stride_bytes, 1)

    def save(self, path: Path) -> None:
        """Write what is on the screen now as a picture."""
        self.picture().save(path)

    def close(self) -> None:
        """Let go of the file."""
        self.pixels.release()
        # The parent view of `pixels` is freed with it; until then the map cannot be closed.
        del self._map


class Looker:
    """Turns a few pixels into (what is shown, which frame of it).

    What is shown: the name of an item's colour when every point has it; `black` or `root` (the
    white root window) when all points are that; `flat` for one colour that is no item's (a fade
    between two); `mixed` for anything else (half drawn, or a picture in the wrong place).  An item
    with a fingerprint (see `Content`) is shown when every point has the colour that is its there.
    """

    def __init__(
        self,
        screen: Screen,
        colours: Sequence[str],
        area: Area = WHOLE_SCREEN,
        fingerprints: Mapping[str, Sequence[Rgb]] | None = None,
    ) -> None:
        left, top, width, height = area

        def place(x: float, y: float) -> int:
            return screen.index(left + x * width, top + y * height)

        self._screen = screen
        self._points = [place(x, y) for x, y in POINTS]
        middles = [BLOCK_LEFT + (bit + 0.5) * BLOCK_WIDTH for bit in range(BITS)]
        self._bits = [place(x, sum(ROW_BITS) / 2) for x in middles]
        self._inverted = [place(x, sum(ROW_INVERTED) / 2) for x in middles]
        self._colours = {name: PALETTE[name] for name in colours if name in PALETTE}
        self._fingerprints = fingerprints or {}
        self._names: dict[int, str] = {}

    def look(self) -> tuple[str, int | None]:
        """What is on the screen at this moment."""
        pixels = self._screen.pixels
        first = pixels[self._points[0]]
        name = self._name(first)
        values = [pixels[point] for point in self._points]
        if any(value != first for value in values):
            if name == "?" or any(self._name(value) != name for value in values):
                return self._by_fingerprint(values) or "mixed", None
        elif name == "?":
            return "flat", None
        if name in ("black", "root"):
            return self._by_fingerprint(values) or name, None
        return name, self._frame()

    def _by_fingerprint(self, values: Sequence[int]) -> str | None:
        for name, expected in self._fingerprints.items():
            seen = zip(map(self._screen.rgb, values), expected, strict=True)
            if all(
                abs(a - b) <= CARD_TOLERANCE
                for one, two in seen
                for a, b in zip(one, two, strict=True)
            ):
                return name
        return None

    def _frame(self) -> int | None:
        """The frame number written in the picture; None if there is none, or it is torn."""
        pixels = self._screen.pixels
        number = 0
        for bit, inverted in zip(self._bits, self._inverted, strict=True):
            # Green alone tells white from black.
            light, opposite = pixels[bit] & 0xFF00, pixels[inverted] & 0xFF00
            if light > 0xB000 and opposite < 0x5000:
                number = number << 1 | 1
            elif opposite > 0xB000 and light < 0x5000:
                number <<= 1
            else:
                return None
        return number

    def _name(self, value: int) -> str:
        known = self._names.get(value)
        if known is None:
            if len(self._names) > 100_000:
                self._names.clear()
            known = self._names[value] = self._classify(self._screen.rgb(value))
        return known

    def _classify(self, rgb: tuple[int, int, int]) -> str:
        if max(rgb) <= DARKEST:
            return "black"
        if min(rgb) >= LIGHTEST:
            return "root"
        for name, colour in self._colours.items():
            if all(abs(a - b) <= TOLERANCE for a, b in zip(rgb, colour, strict=True)):
                return name
        return "?"


class VirtualDisplay:
    """An Xvfb of our own, with its framebuffer in a file; ends with the `with` block."""

    def __init__(self, width: int = 1920, height: int = 1080) -> None:
        memory = Path("/dev/shm")
        self._folder = tempfile.TemporaryDirectory(
            prefix="yingbi-screen-", dir=memory if memory.is_dir() else None
        )
        Path(self._folder.name).chmod(0o755)
        self.process, name = start_server(
            [
                *("Xvfb", "-screen", "0", f"{width}x{height}x24", "-fbdir", self._folder.name),
                *("-nolisten", "tcp", "-noreset", "-wr", "-nocursor"),
            ]
        )
        if name is None:
            self.close()
            raise RuntimeError("Xvfb did not start; is it installed?")
        self.name = name
        self.screen = Screen(Path(self._folder.name) / "Xvfb_screen0")

    def close(self) -> None:
        """End the display and remove its file."""
        end_server(self.process)
        self._folder.cleanup()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.screen.close()
        self.close()
