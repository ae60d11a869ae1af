"""A scene graph node that lets an item paint straight into the window, without a GPU.

Used by `frame_item.py`.  A `QQuickPaintedItem` has an image of its own, as large as the item: Qt
fills it with a colour, lets the item paint into it, and copies it to the window.  This node is
asked to paint into the window's own picture instead; only Qt's software scene graph can do that
(docs/adr/0012).
"""

import weakref
from typing import Protocol, cast

import shiboken6
from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter
from PySide6.QtQuick import QQuickWindow, QSGRendererInterface, QSGRenderNode

__all__ = ["PaintedItem", "ScenePainter", "can_paint"]


class PaintedItem(Protocol):
    """What the node asks of its item; always on the GUI thread."""

    def boundingRect(self) -> QRectF:  # noqa: N802  (Qt's name)
        """Its rectangle, in its own coordinates."""

    def opaquePainting(self) -> bool:  # noqa: N802  (Qt's name)
        """Does `paint` leave no pixel of the rectangle free?"""

    def paints_once(self) -> bool:
        """Does `paint` touch no pixel twice?  Then it may be painted half see-through."""

    def paint(self, painter: QPainter) -> None:
        """Paint it."""


def can_paint(window: QQuickWindow) -> bool:
    """Does Qt draw this window by itself, without OpenGL?"""
    return window.rendererInterface().graphicsApi() is _SOFTWARE


class ScenePainter(QSGRenderNode):
    """Paints `item`, which keeps it; Qt's scene graph owns and deletes it."""

    def __init__(self, item: PaintedItem, window: QQuickWindow) -> None:
        super().__init__()
        # No references: a window must not have to wait for the garbage collector.
        self._item_of = weakref.ref(item)
        self._window_of = weakref.ref(window)

    @property
    def _item(self) -> PaintedItem:
        item = self._item_of()
        assert item is not None
        return item

    # PySide declares two different functions of Qt under this name.
    def flags(self) -> QSGRenderNode.RenderingFlag:  # type: ignore[override]
        """See `QSGRenderNode`: what lies behind an opaque one is not drawn."""
        return _OPAQUE if self._item.opaquePainting() else _BOUNDED

    def rect(self) -> QRectF:
        """See `QSGRenderNode`."""
        return self._item.boundingRect()

    def changedStates(self) -> QSGRenderNode.StateFlag:  # noqa: N802  (Qt's name)
        """See `QSGRenderNode`: nothing that would have to be put back."""
        return _NO_STATES

    def render(self, state: QSGRenderNode.RenderState) -> None:
        """See `QSGRenderNode`; the clip is the part of the window that has to be drawn anew."""
        window = self._window_of()
        assert window is not None
        address = window.rendererInterface().getResource(window, _PAINTER)
        painter = cast("QPainter", shiboken6.wrapInstance(int(address), QPainter))
        painter.setClipRegion(state.clipRegion())
        painter.setTransform(self.matrix().toTransform())
        opacity = self.inheritedOpacity()
        if opacity < 1 and not self._item.paints_once():
            self._paint_by_way_of_an_image(painter, opacity)
        else:
            painter.setOpacity(opacity)
            self._item.paint(painter)

    def _paint_by_way_of_an_image(self, painter: QPainter, opacity: float) -> None:
        """Fade the item as a whole: what it painted first must not shine through the rest."""
        ratio = painter.device().devicePixelRatio()
        rect = self._item.boundingRect()
        whole = QImage((rect.size() * ratio).toSize(), QImage.Format.Format_ARGB32_Premultiplied)
        whole.setDevicePixelRatio(ratio)
        whole.fill(0)
        onto_whole = QPainter(whole)
        self._item.paint(onto_whole)
        onto_whole.end()
        painter.setOpacity(opacity)
        painter.drawImage(rect.topLeft(), whole)


_SOFTWARE = QSGRendererInterface.GraphicsApi.Software
_PAINTER = QSGRendererInterface.Resource.PainterResource
_BOUNDED = QSGRenderNode.RenderingFlag.BoundedRectRendering
_OPAQUE = _BOUNDED | QSGRenderNode.RenderingFlag.OpaqueRendering
_NO_STATES = QSGRenderNode.StateFlag(0)
