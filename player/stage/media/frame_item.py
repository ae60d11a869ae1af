"""The one Python-made item in the scene: it draws the newest frame of a picture or a video."""

import threading

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem

__all__ = ["FrameItem"]


class FrameItem(QQuickPaintedItem):
    """Draws a `QImage` into `target`, this item's rectangle for the frame.

    Made once and pooled: QML must never create one (PySide keeps the wrapper of each for ever).
    `show_frame` may be called on any thread; frames that arrive faster than they are painted
    replace each other, so a stalled GUI thread never has a queue to work off.
    """

    _arrived = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__(parent)
        self.setFlag(QQuickItem.Flag.ItemHasContents, True)
        self._lock = threading.Lock()
        self._frame: QImage | None = None
        self._painted: QImage | None = None
        self._target = QRectF()
        self._pending = False
        self._backdrop: QColor | None = None
        self.frames_painted = 0
        self._arrived.connect(self.update, Qt.ConnectionType.QueuedConnection)

    def show_frame(self, frame: QImage | None, target: QRectF | None = None) -> None:
        """Draw `frame` from now on (None: nothing), scaled into `target` (None: the whole item)."""
        with self._lock:
            self._frame = frame
            self._target = QRectF() if target is None else target
            if frame is None:
                self._painted = None  # a hidden item is not painted again: let its pixels go now
            pending, self._pending = self._pending, True
        if not pending:
            self._arrived.emit()

    def holds(self, frame: QImage) -> bool:
        """Is `frame` on the screen, or about to be?  Then its pixels must stay as they are."""
        with self._lock:
            return frame is self._frame or frame is self._painted

    def set_backdrop(self, colour: QColor | None) -> None:
        """Paint `colour` wherever the frame leaves the item free; None: see-through there.

        With a backdrop the item is opaque: a fade over another one never lets a third shine in.
        """
        self._backdrop = colour
        self.setOpaquePainting(colour is not None)
        self.update()

    def paint(self, painter: QPainter) -> None:
        """Draw the newest frame; called by the scene graph on the GUI thread."""
        with self._lock:
            self._pending = False
            frame = self._painted = self._frame
            target = self._target
        whole = self.boundingRect()
        target = target if target.isValid() else whole
        if self._backdrop is not None and not _covers(frame, target, whole):
            painter.fillRect(whole, self._backdrop)
        if frame is None:
            return
        self.frames_painted += 1
        painter.drawImage(target, frame)


def _covers(frame: QImage | None, target: QRectF, whole: QRectF) -> bool:
    """Does drawing `frame` leave no pixel of `whole` free?"""
    return frame is not None and not frame.hasAlphaChannel() and target.contains(whole)
