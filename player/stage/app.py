"""The composition root of the stage: builds every object, connects them, runs, and tears down.

The start is told in the order in which it happens.  A thread reads the programme while the main
one loads Qt; the window comes up with the first picture in it; whatever the first picture does not
need (QML, libVLC, reports) is loaded when it first comes up.
"""

import logging
import os
import sys
from collections.abc import Callable
from zoneinfo import ZoneInfo

from PySide6.QtCore import QObject, QTimer, Signal, Slot
from PySide6.QtGui import QGuiApplication, QImage

from content_cache.disk import RealDisk
from player.clock import Clock, local_zone
from player.errors import PlayerError
from player.stage import render
from player.stage.alarm import QtAlarm
from player.stage.clerk import Clerk
from player.stage.director import Director
from player.stage.errands import Actions, Errands
from player.stage.files import Files
from player.stage.first import FirstProgramme
from player.stage.house import House, Relay
from player.stage.inquest import Inquest
from player.stage.journal import StageJournal
from player.stage.layer import ZonePool
from player.stage.makers import Makers
from player.stage.name_plate import NamePlate
from player.stage.options import StageOptions
from player.stage.process import hear_signals, log_and_go_on, settle_process
from player.stage.programme import Programme
from player.stage.qml_parts import QmlParts, QmlSlate
from player.stage.stage import SLATE_Z, Stage
from player.stage.watchdog import Notifier, Watchdog
from player.stage.window import Output, StageWindow

__all__ = ["Show"]

log = logging.getLogger("stage")

#: Everything must be closed by then (reliability P13 allows 3 s).
CLOSE_S = 1.0

#: How long the window stays plain while the programme is read, before the slate comes up.
GRACE_S = 1.5

#: The start waits so long for the programme before it lets the event loop run.
FIRST_WAIT_S = 0.2
POLL_MS = 50

TICK_MS = 1000

#: A generation that stood on the glass for so long without a crash is confirmed.
TRIAL_S = 60.0


class _Inbox(QObject):
    """Brings programmes from the source's thread to the GUI thread."""

    delivered = Signal(object)


class Show:
    """One run of the player.  Make it after the environment says which scene graph draws."""

    def __init__(
        self, first: FirstProgramme, clock: Clock, options: StageOptions, inquest: Inquest
    ) -> None:
        self._first = first
        self._inquest = inquest
        self._clock = clock
        self._options = options
        self._app = QGuiApplication(sys.argv[:1])
        self._app.setQuitOnLastWindowClosed(False)
        render.fall_back_to_software()
        self._clerk = Clerk("reports")
        self._files_clerk = Clerk("files")
        self._files = Files(self._files_clerk)
        self._parts = QmlParts()
        early = None if first.early is None else first.early.take
        self._makers = Makers(
            self._parts, self._wear_out, clock, volume=options.volume, early=early
        )
        self._window = StageWindow(self._leave, options.windowed)
        self._output = Output(self._app, self._window, options.screen)
        append = None if options.make_report is None else options.make_report()
        self._journal = StageJournal(inquest.breadcrumb, self._clerk, append, clock, options.cache)
        relay = Relay(self._journal)
        pool = ZonePool(self._makers, self._files, clock, QtAlarm, relay)
        slate = QmlSlate(self._parts, self._window.contentItem(), SLATE_Z)
        self._stage = Stage(self._window, pool, slate)
        self._plate = NamePlate(self._parts, self._window, self._name)
        actions = Actions(self._grab, self._restart, relay.step, self._plate.show)
        self._errands = Errands(options.cache, RealDisk(), self._clerk, clock, actions)
        house = House(self._stage, self._name, self._zone, lambda: self._errands.pairing)
        self._director = relay.director = Director(clock, QtAlarm(), house, self._journal)
        self._director.when_taken_up(self._taken_up)
        self._notifier = Notifier(os.environ)
        self._watchdog = Watchdog(
            clock, self._notifier.send, self._window.update, self._window.isExposed
        )
        self._inbox = _Inbox()
        self._inbox.delivered.connect(self._play)
        self._tick = QTimer()
        self._tick.setInterval(TICK_MS)
        self._tick.timeout.connect(self._ticked)
        self._programme: Programme | None = None
        self._began = clock.monotonic()
        self._local: ZoneInfo | None = None
        self._keeping_house = False
        self._on_trial: Callable[[], None] | None = None
        self._trial_ends_s = 0.0
        self._status = os.EX_OK
        self._resizing = QTimer(singleShot=True, interval=0)
        self._resizing.timeout.connect(self._stage.resized)
        self._saw_first_picture = False
        self._is_settled = False

    def run(self) -> int:
        """Until somebody ends it; return the exit status."""
        wake = hear_signals(self._app)
        sys.excepthook = log_and_go_on
        self._window.frameSwapped.connect(self._presented)
        self._window.widthChanged.connect(self._resized)
        self._window.heightChanged.connect(self._resized)
        self._open_journal()
        self._output.show(self._options.windowed)
        self._await_programme()
        self._app.exec()
        clean = self._close()
        del wake
        if not clean:
            log.warning("a decoder or the disk hangs; leaving without it")
            os._exit(self._status)
        return self._status

    # -- the start -----------------------------------------------------------------------------

    def _open_journal(self) -> None:
        inquest = self._inquest
        if inquest.words.text:
            log.error("the last run crashed: %s", inquest.words.text)
        for name in inquest.condemned:
            log.error("%s brought the player down twice and is quarantined", inquest.blamed[name])
        for subject in inquest.blamed.values():
            self._journal.fault("CRASHED", subject, "the player crashed while it was at work on it")
        self._director.quarantine(inquest.quarantine.holds)

    def _await_programme(self) -> None:
        """Usually it is there by now; a slow disk gets a moment before the slate comes up."""
        if self._first.ident is None:
            self._first.start()
        self._first.join(FIRST_WAIT_S)
        if self._first.is_alive():
            QTimer.singleShot(POLL_MS, self._await_programme)
            if self._clock.monotonic() - self._began > GRACE_S:
                self._director.step()
            return
        if self._first.error is not None:
            self._refuse(self._first.error)
            return
        self._play(self._first.programme)
        self._tick.start()

    def _refuse(self, error: BaseException) -> None:
        """What was named on the command line is no good: one sentence, and out."""
        self._status = os.EX_DATAERR if isinstance(error, PlayerError) else os.EX_SOFTWARE
        print(f"yingbi-player: {error}", file=sys.stderr)  # noqa: T201  (a command's last word)
        QTimer.singleShot(0, self._leave)

    # -- while it runs ---------------------------------------------------------------------------

    def _deliver(self, programme: Programme) -> None:
        """Called on the source's thread: ask the timeline there first, which indexes it."""
        from scheduler.timeline import next_change_after

        next_change_after(programme.manifest, self._clock.now())
        self._inbox.delivered.emit(programme)

    @Slot(object)
    def _play(self, programme: Programme | None) -> None:
        self._director.step() if programme is None else self._director.load(programme)

    def _taken_up(self, programme: Programme) -> None:
        self._programme = programme
        self._files.use(programme)
        self._journal.taken_up(programme, self._clock.now())
        self._on_trial = programme.confirm
        self._trial_ends_s = self._clock.monotonic() + TRIAL_S

    def _presented(self) -> None:
        self._watchdog.presented()
        self._journal.presented()
        if not self._saw_first_picture and self._stage.front is not None:
            self._saw_first_picture = True
            if self._first.early is not None:
                self._first.early.drop()
            QTimer.singleShot(0, self._settle)

    def _settle(self) -> None:
        """Do, once, all that could wait for the first picture (or, without one, for a second)."""
        if self._is_settled:
            return
        self._is_settled = True
        self._window.hide_pointer()
        if not self._options.windowed:
            self._output.listen()
        self._first.source.watch(self._deliver)
        settle_process()

    def _resized(self) -> None:
        """Width and height change one after the other: lay out once, when both have."""
        self._resizing.start()

    def _ticked(self) -> None:
        self._settle()
        self._watchdog.tick()
        if self._on_trial and self._clock.monotonic() > self._trial_ends_s:
            if self._stage.front is not None:
                self._clerk.do(self._on_trial)
            self._on_trial = None
        self._keep_house()
        self._errands.look()
        self._journal.tick()
        if not self._options.windowed:
            self._output.follow()

    def _keep_house(self) -> None:
        """Once a second at most, and never twice at a time: a slow disk must pile nothing up."""
        chores = self._options.housekeeping
        if chores is not None and not self._keeping_house:
            self._keeping_house = True
            self._clerk.do(chores, self._house_kept)

    def _house_kept(self, _nothing: object) -> None:
        self._keeping_house = False

    def _grab(self) -> QImage | None:
        """What the window really shows; None: no display does."""
        return self._window.grabWindow() if self._window.isExposed() else None

    def _restart(self) -> None:
        """End, for systemd to start us afresh (docs/agent.md)."""
        self._status = os.EX_TEMPFAIL
        self._app.exit(0)

    def _wear_out(self, reason: str) -> None:
        log.error("%s", reason)
        self._journal.fault("WORN_OUT", "player", reason)
        self._restart()

    def _leave(self) -> None:
        """End the event loop; `quit` would ask the window, which refuses to close."""
        self._app.exit(0)

    def _name(self) -> str:
        if self._options.name:
            return self._options.name
        return "" if self._programme is None else self._programme.name

    def _zone(self) -> ZoneInfo:
        """The clock of the slate: what the settings name, else the programme, else the box."""
        if self._local is None:
            self._local = local_zone(self._options.zone)
        if self._options.zone or self._programme is None or not self._programme.manifest.entries:
            return self._local
        return ZoneInfo(self._programme.manifest.timezone)

    # -- the end ---------------------------------------------------------------------------------

    def _close(self) -> bool:
        """Let go of everything; False: something hangs."""
        self._notifier.send("STOPPING=1")
        self._tick.stop()
        self._plate.hide()
        self._director.stop()
        self._stage.strike()
        self._journal.close(self._clock.now())
        self._first.source.close()
        clean = self._clerk.close(CLOSE_S)
        clean = self._files_clerk.close(CLOSE_S) and clean
        clean = self._makers.close(CLOSE_S) and clean
        if self._first.early is not None:
            clean = self._first.early.close(CLOSE_S) and clean
        self._window.hide()
        self._parts.close()
        self._inquest.close()
        self._notifier.close()
        return clean
