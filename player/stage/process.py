"""What reaches the process from outside its event loop: signals, and errors that nobody caught.

For the composition root, once, before the event loop runs.
"""

import logging
import os
import signal

from PySide6.QtCore import QSocketNotifier
from PySide6.QtGui import QGuiApplication

__all__ = ["hear_signals", "log_and_go_on", "settle_process"]

log = logging.getLogger("stage")


def hear_signals(app: QGuiApplication) -> list[object]:
    """SIGTERM and SIGINT end the event loop; return what must be kept alive."""
    reading, writing = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
    signal.set_wakeup_fd(writing, warn_on_full_buffer=False)
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, lambda *_signal: app.exit(0))
    signal.signal(signal.SIGIO, signal.SIG_IGN)  # a lease that somebody breaks (folder_scan)
    notifier = QSocketNotifier(reading, QSocketNotifier.Type.Read)
    notifier.activated.connect(lambda *_activated: os.read(reading, 64))
    return [notifier, reading, writing]


def log_and_go_on(kind: type[BaseException], error: BaseException, trace: object) -> None:
    """Nothing that a slot raises takes the wall down."""
    if issubclass(kind, KeyboardInterrupt):
        return
    log.error("an error of ours; the show goes on", exc_info=(kind, error, trace))  # type: ignore[arg-type]  # what excepthook is given


def settle_process() -> None:
    """What can wait for the first picture: less to collect.

    Nothing is collected here: that would take 15 to 35 ms from a video that has just begun.
    """
    import gc

    gc.freeze()
