"""The one Python-made item in the scene: it draws the newest frame of a picture or a video."""

import threading
import weakref
from collections import deque
from collections.abc import Callable
from typing import Protocol

from PySide6.QtCore import QRectF, QTimer, Signal, Slot
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtQuick import QQuickItem, QQuickPaintedItem, QQuickWindow, QSGNode

from player.stage.media.scene_painter import ScenePainter, can_paint

__all__ = ["WAITING", "Drawable", "FrameItem"]

WAITING = 1
"""So many frames wait for the GUI thread.  With two none is lost when it is late by a frame, but
dark looks were seen in slides: not understood, so not done."""

_CHANGED = QSGNode.DirtyStateBit.DirtyMaterial


class Drawable(Protocol):
    """A frame that knows how to draw itself; `is_opaque`: nothing behind it shines through."""

    is_opaque: bool

    def draw(self, painter: QPainter, target: QRectF) -> None:
        """Draw, scaled into `target`, on the GUI thread."""


class FrameItem(QQuickPaintedItem):
    """Draws a frame into `target`, this item's rectangle for it.

    Made once and pooled: QML must never create one (PySide keeps the wrapper of each for ever).
    `show_frame` may be called on any thread.  Beyond `WAITING` the oldest goes, so
    a stalled GUI thread never has a queue to work off.
    """

    _arrived = Signal()

    def __init__(self, parent: QQuickItem | None = None) -> None:
        super().__init__()
        self._window_of: Callable[[], QQuickWindow | None] = lambda: None
        self.windowChanged.connect(self._enter_window)
        if parent is not None:
            self.setParent(parent)
            self.setParentItem(parent)
        self.setFlag(QQuickItem.Flag.ItemHasContents, True)
        self.frames_painted = 0
        self._gui_thread = threading.get_ident()
        self._lock = threading.Lock()
        self._pending = False
        self._coming: deque[tuple[QImage | Drawable | None, QRectF | None]] = deque(maxlen=WAITING)
        self._is_unpainted = False
        self._frame: QImage | Drawable | None = None
        self._target: QRectF | None = None
        self._backdrop: QColor | None = None
        self._node: ScenePainter | None = None
        self._arrived.connect(self._take_next)  # queued: it is never emitted on the GUI thread

    def show_frame(self, frame: QImage | Drawable | None, target: QRectF | None = None) -> None:
        """Draw `frame` from now on (None: nothing), scaled into `target` (None: the whole item).

        On the GUI thread it replaces whatever waits.
        """
        is_at_once = threading.get_ident() == self._gui_thread
        with self._lock:
            if is_at_once:
                self._coming.clear()
                self._is_unpainted = False
            self._coming.append((frame, target))
            pending, self._pending = self._pending, True
        if is_at_once:
            self._take_next()
        elif not pending:
            self._arrived.emit()

    def holds(self, frame: object) -> bool:
        """Is `frame` on the screen, or about to be?  Then its pixels must stay as they are."""
        with self._lock:
            return frame is self._frame or any(frame is coming for coming, _ in self._coming)

    def set_backdrop(self, colour: QColor | None) -> None:
        """Paint `colour` wherever the frame leaves the item free; None: see-through there.

        With a backdrop the item is opaque: a fade over another one never lets a third shine in.
        """
        self._backdrop = colour
        self._refresh()

    @Slot()
    def _take_next(self) -> None:
        with self._lock:
            self._pending = False
            # One that was never painted gives way only when there is no room left behind it.
            if not self._coming or (self._is_unpainted and len(self._coming) < WAITING):
                return
            self._frame, self._target = self._coming.popleft()
            self._is_unpainted = self._frame is not None
        self._refresh()

    def _refresh(self) -> None:
        opaque = self._backdrop is not None or self._is_covered()
        if opaque != self.opaquePainting():
            # An opaque item is copied, not blended, and nothing behind it is drawn.
            self.setOpaquePainting(opaque)
        self.update()

    def _is_covered(self) -> bool:
        """Does drawing the frame leave no pixel of the item free?"""
        frame, target = self._frame, self._target
        if frame is None or (target is not None and not target.contains(self.boundingRect())):
            return False
        return not frame.hasAlphaChannel() if isinstance(frame, QImage) else frame.is_opaque

    @Slot(QQuickWindow)
    def _enter_window(self, window: QQuickWindow | None) -> None:
        # Not `self.window()`: PySide takes what that returns for a child of this item, and neither
        # of them is ever freed.
        self._window_of = (lambda: None) if window is None else weakref.ref(window)

    def updatePaintNode(  # noqa: N802  (Qt's name)
        self, old: QSGNode | None, update: QQuickItem.UpdatePaintNodeData
    ) -> QSGNode:
        """Called by the scene graph; without a GPU `paint` goes straight into the window."""
        if old is not None and self._node is not None:
            self._node.markDirty(_CHANGED)
            return self._node
        window = self._window_of()
        if window is None or not can_paint(window):
            self._node = None
            # PySide declares the first one as never None, and Qt begins with None.
            return super().updatePaintNode(old, update)  # type: ignore[arg-type]
        # Kept here too: Qt asks the Python half of the node to draw.
        self._node = ScenePainter(self, window)
        return self._node

    def paints_once(self) -> bool:
        """Does `paint` touch no pixel twice?"""
        return self._backdrop is None or self._is_covered()

    def paint(self, painter: QPainter) -> None:
        """Draw the newest frame; called by the scene graph on the GUI thread."""
        frame = self._frame
        self._is_unpainted = False
        if self._coming:
            QTimer.singleShot(0, self._take_next)
        if self._backdrop is not None and not self._is_covered():
            painter.fillRect(self.boundingRect(), self._backdrop)
        if frame is None:
            return
        self.frames_painted += 1
        target = self.boundingRect() if self._target is None else self._target
        if isinstance(frame, QImage):
            painter.drawImage(target, frame)
        else:
            frame.draw(painter, target)
