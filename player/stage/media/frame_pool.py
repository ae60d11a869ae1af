"""Frames that are used again and again: no memory is asked for while a video plays.

Threads of the decoder take and fill frames, the GUI thread paints them; a frame that the item
still shows, or is about to, is never handed out.
"""

import ctypes

from PySide6.QtGui import QImage

from player.stage.media.decoder import FrameLayout
from player.stage.media.frame_item import FrameItem

__all__ = ["FRAMES", "FramePool"]

FRAMES = 3
"""One is filled, one is due, one is on the screen."""


class FramePool:
    """`FRAMES` RGB32 images of one size; made by the decoder's thread, used by it alone."""

    def __init__(self, width: int, height: int) -> None:
        self._images = [QImage(width, height, QImage.Format.Format_RGB32) for _ in range(FRAMES)]
        # Asked for once, while no one else holds the image: later `bits` would copy it.
        self._addresses = [
            ctypes.addressof(ctypes.c_char.from_buffer(image.bits())) for image in self._images
        ]
        self.layout = FrameLayout(width, height, self._images[0].bytesPerLine())
        self._next = 0

    def take(self, item: FrameItem) -> tuple[int, int]:
        """The number (from 1) and address of the next frame that `item` does not hold."""
        for _ in range(FRAMES):
            index = self._next
            self._next = (index + 1) % FRAMES
            if not item.holds(self._images[index]):
                return index + 1, self._addresses[index]
        raise AssertionError("an item holds at most two frames")

    def frame(self, number: int) -> QImage:
        """The image with the number that `take` gave."""
        return self._images[number - 1]
