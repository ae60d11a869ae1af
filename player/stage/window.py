"""The window: whole screen without anybody's help, deaf to keys, and where the output is."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRect, Slot
from PySide6.QtGui import QBitmap, QCloseEvent, QColor, QCursor, QGuiApplication, QKeyEvent, QScreen
from PySide6.QtQuick import QQuickWindow

__all__ = ["BACKGROUND", "Output", "StageWindow"]

#: Before anything is shown: the slate's night blue.  Never black.
BACKGROUND = "#101820"

WINDOWED_SIZE = (960, 540)

_FRAMELESS_WINDOW = 0x801  # Qt.WindowType.Window | Qt.WindowType.FramelessWindowHint


class StageWindow(QQuickWindow):
    """Shows the scene.  Leaves by Ctrl+Alt+Shift+Q; windowed also by Esc, Q or its close button."""

    def __init__(self, leave: Callable[[], None], windowed: bool) -> None:
        super().__init__()
        self._leave = leave
        self._windowed = windowed
        self.setTitle("Yingbi 影壁")
        self.setColor(QColor(BACKGROUND))
        if not windowed:
            self.setProperty("flags", _FRAMELESS_WINDOW)  # by number: see `alarm.precise`

    def hide_pointer(self) -> None:
        """On a wall nobody points.

        An empty drawing: `Qt.BlankCursor` would make all enumerations of `Qt`, 16 ms in which a
        video that has just begun loses a frame.
        """
        if not self._windowed:
            nothing = QBitmap(1, 1)
            nothing.clear()
            self.setCursor(QCursor(nothing, nothing))

    def keyPressEvent(self, event: QKeyEvent) -> None:  # noqa: N802  (Qt's name)
        """Swallow every key but those that leave."""
        from PySide6.QtCore import Qt

        event.accept()
        held = Qt.KeyboardModifier
        all_three = held.ControlModifier | held.AltModifier | held.ShiftModifier
        chord = event.modifiers() & all_three == all_three and event.key() == Qt.Key.Key_Q
        plain = self._windowed and event.key() in {Qt.Key.Key_Escape, Qt.Key.Key_Q}
        if chord or plain:
            self._leave()

    def closeEvent(self, event: QCloseEvent) -> None:  # noqa: N802  (Qt's name)
        """Alt+F4 and window managers do not close the wall."""
        if self._windowed:
            event.accept()
            self._leave()
        else:
            event.ignore()


class Output(QObject):
    """Keeps the window on its screen, whatever is plugged, unplugged, resized or made primary.

    `wanted` is a screen's number or name, None the primary one.  While the wanted screen is away
    the primary one serves.
    """

    def __init__(self, app: QGuiApplication, window: StageWindow, wanted: str | None) -> None:
        super().__init__()
        self._app = app
        self._window = window
        self._wanted = wanted

    def listen(self) -> None:
        """Follow the screen from now on; called once the first picture stands."""
        from PySide6.QtCore import Qt

        app, queued = self._app, Qt.ConnectionType.QueuedConnection
        for change in (app.screenAdded, app.screenRemoved, app.primaryScreenChanged):
            change.connect(self.follow, queued)
        app.screenAdded.connect(self._listen_to)
        for screen in app.screens():
            self._listen_to(screen)
        self.follow()

    def _listen_to(self, screen: QScreen) -> None:
        from PySide6.QtCore import Qt

        screen.geometryChanged.connect(self.follow, Qt.ConnectionType.QueuedConnection)

    def screen(self) -> QScreen | None:
        """The screen that the window belongs on now."""
        screens = self._app.screens()
        if self._wanted is not None and self._wanted.isdecimal():
            if int(self._wanted) < len(screens):
                return screens[int(self._wanted)]
        elif self._wanted is not None:
            named = [screen for screen in screens if screen.name() == self._wanted]
            if named:
                return named[0]
        return self._app.primaryScreen()

    @Slot()
    def follow(self) -> None:
        """Cover the screen exactly; without a window manager nobody else does it.

        A slot without arguments: the queued signals name a `QScreen`, which is gone by the time
        of the call when it was unplugged, and PySide would wrap it and crash.
        """
        screen = self.screen()
        if screen is None:
            return
        geometry = screen.geometry()
        if self._window.screen() is not screen:
            self._window.setScreen(screen)
        if self._window.geometry() != geometry:
            self._window.setGeometry(geometry)

    def show(self, windowed: bool) -> None:
        """Bring the window up; a window for trying things out stays where it is put."""
        screen = self.screen()
        area = QRect(0, 0, 1920, 1080) if screen is None else screen.geometry()
        if windowed:
            width, height = WINDOWED_SIZE
            self._window.setGeometry(area.x() + 40, area.y() + 40, width, height)
            self._window.show()
            return
        if screen is not None:
            self._window.setScreen(screen)
        self._window.setGeometry(area)
        self._window.showFullScreen()
        self._window.setGeometry(area)
