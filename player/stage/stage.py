"""The stage: one set in front, at most one behind it, the curtain between them, and the slate.

It is told what to show and what to make ready, and never shows anything that is not ready: until
then the old set stays.  Everything in the scene is made here, in Python, out of plain Qt Quick
items (docs/adr/0009-scene-made-in-python.md); QML draws cards and the slate.
"""

from collections.abc import Callable
from typing import Protocol

from PySide6.QtGui import QColor, QImage
from PySide6.QtQuick import QQuickWindow

from manifest.model import Transition
from player.stage.geometry import Mapping
from player.stage.layer import Layer, ZonePool
from player.stage.media.frame_item import FrameItem
from player.stage.scene import Cue, Scene, Set
from player.stage.slate import SlateFace
from player.stage.transition import Mover

__all__ = ["Slate", "Stage"]

#: How the slate comes and goes.
SLATE_TRANSITION = Transition("fade", 400)

CURTAIN_Z = 1000.0
SLATE_Z = 500.0


class Slate(Protocol):
    """The bundled picture for when there is nothing valid."""

    def show(self, face: SlateFace, width: float, height: float) -> None:
        """Stand there, showing `face`; changes only what changed."""

    def hide(self) -> None:
        """Be gone."""

    @property
    def is_shown(self) -> bool:
        """Does it stand?"""


class Stage:
    """What hangs in the window.  GUI thread only."""

    def __init__(self, window: QQuickWindow, pool: ZonePool, slate: Slate) -> None:
        self._window = window
        self._pool = pool
        self._slate = slate
        self._front: Layer | None = None
        self._next: Layer | None = None
        self._wanted: Scene | None = None
        self._curtain = FrameItem(window.contentItem())
        self._curtain.setZ(CURTAIN_Z)
        self._curtain.setVisible(False)
        self._curtain_mover = Mover()

    # -- what the director asks ------------------------------------------------------------

    def show(self, scene: Scene) -> None:
        """Show `scene`, each part of it as soon as it is ready."""
        if self._front is not None and self._front.set == scene.set and not self._slate.is_shown:
            self._wanted = None
            self._show_in_place(self._front, scene)
            return
        self._wanted = scene
        self._layer_for(scene.set).want(scene)
        self._enter_if_ready()

    def prepare(self, cue: Cue) -> None:
        """Make what `cue` names ready, out of sight; what is due already comes first."""
        if self._wanted is not None:
            return
        is_front = self._front is not None and self._front.set == cue.set
        layer = self._front if is_front else self._layer_for(cue.set)
        assert layer is not None
        layer.zone(cue.take.zone).prepare(cue.take, cue.at)

    def show_slate(self, face: SlateFace) -> None:
        """Show the slate: there is nothing else."""
        self._wanted = None
        if not self._slate.is_shown:
            self._change(SLATE_TRANSITION, lambda: self._only_slate(face))
        else:
            self._slate.show(face, self._window.width(), self._window.height())

    def settled(self) -> None:
        """A zone became ready: perhaps the set behind is complete now."""
        self._enter_if_ready()

    def realign(self) -> None:
        """Bring videos back to where the timeline wants them."""
        if self._front is not None:
            for zone in self._front.zones():
                zone.realign()

    def resized(self) -> None:
        """The window has another size."""
        for layer in (self._front, self._next):
            if layer is not None:
                layer.place(self._mapping(layer.set))
                for zone in layer.zones():
                    zone.refresh()

    def strike(self) -> None:
        """Let go of everything (the end of the programme)."""
        for layer in (self._front, self._next):
            if layer is not None:
                layer.leave()
        self._front = self._next = None

    @property
    def front(self) -> Layer | None:
        """The set that is on screen."""
        return self._front

    @property
    def slate_is_shown(self) -> bool:
        """Does the slate stand?"""
        return self._slate.is_shown

    # -- how ---------------------------------------------------------------------------------

    def _show_in_place(self, layer: Layer, scene: Scene) -> None:
        for place in layer.set.places:
            layer.zone(place[0]).show(scene.takes.get(place[0]))

    def _layer_for(self, set_: Set) -> Layer:
        """The hidden layer for `set_`; one that waits for another set makes way."""
        if self._next is None or self._next.set != set_:
            if self._next is not None:
                self._next.leave()
            self._next = Layer(set_, self._window.contentItem(), self._pool, self._mapping(set_))
        return self._next

    def _mapping(self, set_: Set) -> Mapping:
        return Mapping(set_.canvas, self._window.width(), self._window.height())

    def _enter_if_ready(self) -> None:
        layer, scene = self._next, self._wanted
        if layer is None or scene is None or layer.set != scene.set or not layer.is_ready:
            return
        self._wanted = None
        self._change(_transition(scene), self._only_next)

    def _only_next(self) -> None:
        old, self._front, self._next = self._front, self._next, None
        assert self._front is not None
        self._window.setColor(QColor(self._front.set.background))
        self._front.enter()
        self._slate.hide()
        if old is not None:
            old.leave()

    def _only_slate(self, face: SlateFace) -> None:
        self._slate.show(face, self._window.width(), self._window.height())
        self.strike()

    def _change(self, transition: Transition, change: Callable[[], None]) -> None:
        """Do `change` behind a curtain that shows what was there, then fade the curtain out."""
        self._curtain_mover.finish()
        has_picture = self._front is not None or self._slate.is_shown
        if transition.kind == "cut" or not has_picture or not self._window.isExposed():
            change()
            return
        before = self._window.grabWindow()
        change()
        if before.isNull():
            return
        self._curtain.setWidth(self._window.width())
        self._curtain.setHeight(self._window.height())
        self._curtain.show_frame(before.convertToFormat(QImage.Format.Format_RGB32))
        fade = Transition("fade", transition.ms)
        self._curtain_mover.move(fade, None, self._curtain, True, self._curtain_gone)

    def _curtain_gone(self) -> None:
        self._curtain.show_frame(None)
        self._curtain.setWidth(0)
        self._curtain.setHeight(0)


def _transition(scene: Scene) -> Transition:
    """A set comes in as the take in its largest zone would."""
    sizes = {place[0]: place[3] * place[4] for place in scene.set.places}
    largest = max(scene.takes.values(), key=lambda take: sizes[take.zone], default=None)
    return Transition() if largest is None else largest.item.transition
