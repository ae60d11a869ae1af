"""The one Python-made item in the scene: it draws the newest frame of a picture or a video."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QImage, QPainter
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
        self._frame: QImage | None = None
        self._target = QRectF()
        self._pending = False
        self.frames_painted = 0
        self._arrived.connect(self.update, Qt.ConnectionType.QueuedConnection)

    def show_frame(self, frame: QImage | None, target: QRectF | None = None) -> None:
        """Draw `frame` from now on (None: nothing), scaled into `target` (None: the whole item)."""
        self._frame = frame
        self._target = QRectF() if target is None else target
        if not self._pending:
            self._pending = True
            self._arrived.emit()

    def paint(self, painter: QPainter) -> None:
        """Draw the newest frame; called by the scene graph on the GUI thread."""
        self._pending = False
        frame = self._frame
        if frame is None:
            return
        self.frames_painted += 1
        painter.drawImage(self._target if self._target.isValid() else self.boundingRect(), frame)
