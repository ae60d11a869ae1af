"""How one item takes the place of another: cut, fade or slide, between any two scene items.

The animations run in Qt, on properties of plain items; Python hears only that they ended.
"""

from collections.abc import Callable

from PySide6.QtCore import (
    QByteArray,
    QEasingCurve,
    QParallelAnimationGroup,
    QPropertyAnimation,
)
from PySide6.QtQuick import QQuickItem

from manifest.model import Transition

__all__ = ["Mover"]


class Mover:
    """Moves the items of one place; one transition at a time.  GUI thread only."""

    def __init__(self) -> None:
        self._group = QParallelAnimationGroup()
        self._group.finished.connect(self._arrived)
        self._fade_in = _animation(b"opacity")
        self._fade_out = _animation(b"opacity")
        self._slide_in = _animation(b"x")
        self._slide_out = _animation(b"x")
        self._done: Callable[[], None] | None = None
        self._entering: QQuickItem | None = None
        self._leaving: QQuickItem | None = None

    @property
    def is_moving(self) -> bool:
        """Is a transition under way?"""
        return self._done is not None

    def move(
        self,
        transition: Transition,
        entering: QQuickItem | None,
        leaving: QQuickItem | None,
        see_through: bool,
        done: Callable[[], None],
    ) -> None:
        """Bring `entering` in above `leaving`, then call `done`; `leaving` is hidden by then.

        With `see_through` (a zone that lets a lower one shine through) the old item fades out
        as the new one fades in; else it stands, opaque, until it is covered.
        """
        self.finish()
        self._entering, self._leaving, self._done = entering, leaving, done
        _rest(entering, z=1.0)
        _rest(leaving, z=0.0)
        animations = self._animations(transition, entering, leaving, see_through)
        if not animations:
            self._arrived()
            return
        for animation in animations:
            animation.setDuration(transition.ms)
            self._group.addAnimation(animation)
        self._group.start()

    def _animations(
        self,
        transition: Transition,
        entering: QQuickItem | None,
        leaving: QQuickItem | None,
        see_through: bool,
    ) -> list[QPropertyAnimation]:
        if transition.kind == "cut" or transition.ms <= 0:
            return []
        if transition.kind == "fade":
            chosen = [self._between(self._fade_in, entering, 0.0, 1.0)]
            if see_through or entering is None:
                chosen.append(self._between(self._fade_out, leaving, 1.0, 0.0))
        else:
            width = (entering or leaving).width()  # type: ignore[union-attr]  # one of them is there
            chosen = [
                self._between(self._slide_in, entering, width, 0.0),
                self._between(self._slide_out, leaving, 0.0, -width),
            ]
        return [animation for animation in chosen if animation is not None]

    def _between(
        self, animation: QPropertyAnimation, item: QQuickItem | None, start: float, end: float
    ) -> QPropertyAnimation | None:
        if item is None:
            return None
        animation.setTargetObject(item)
        animation.setStartValue(start)
        animation.setEndValue(end)
        item.setProperty(bytes(animation.propertyName().data()).decode(), start)
        return animation

    def finish(self) -> None:
        """Jump to the end of a transition that is under way."""
        if self._done is not None:
            self._group.stop()
            self._arrived()

    def _arrived(self) -> None:
        done, self._done = self._done, None
        if done is None:
            return
        for index in reversed(range(self._group.animationCount())):
            self._group.takeAnimation(index)
        if self._leaving is not None:
            self._leaving.setVisible(False)
        _rest(self._entering, z=1.0)
        self._entering = self._leaving = None
        done()


def _animation(name: bytes) -> QPropertyAnimation:
    animation = QPropertyAnimation()
    animation.setPropertyName(QByteArray(name))
    animation.setEasingCurve(QEasingCurve.Type.InOutQuad)
    return animation


def _rest(item: QQuickItem | None, z: float) -> None:
    """Stand in place, wholly visible."""
    if item is not None:
        item.setZ(z)
        item.setX(0.0)
        item.setOpacity(1.0)
        item.setVisible(True)
