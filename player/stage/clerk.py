"""Work that touches the disk, on one thread of its own; answers come back on the GUI thread."""

import logging
import queue
import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal, Slot

__all__ = ["Clerk"]

log = logging.getLogger("stage.clerk")

#: More waiting than this means that the disk hangs; what comes besides is dropped and counted.
MAX_WAITING = 1000

Task = tuple[Callable[[], Any], Callable[[Any], None] | None]


class Clerk(QObject):
    """Does one thing after another, in order; the thread begins with the first thing to do."""

    _done = Signal(object, object)

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name
        self._tasks: queue.Queue[Task | None] = queue.Queue(MAX_WAITING)
        self._thread: threading.Thread | None = None
        self._open = True
        self.dropped = 0
        self._done.connect(self._answer)  # queued: it is always emitted on the thread

    def do(self, task: Callable[[], Any], then: Callable[[Any], None] | None = None) -> None:
        """Run `task` on the thread, then `then` with its result on the GUI thread.

        A task that raises is logged and answers None; so does one that is dropped, since whoever
        waits for an answer before asking again would else wait for ever.
        """
        if not self._open:
            return
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name=self._name, daemon=True)
            self._thread.start()
        try:
            self._tasks.put_nowait((task, then))
        except queue.Full:
            self.dropped += 1
            if then is not None:
                QTimer.singleShot(0, lambda: self._answer(then, None))

    def close(self, timeout_s: float) -> bool:
        """Do what was asked for, then end; False: the disk did not let us within `timeout_s`."""
        self._open = False
        if self._thread is None:
            return True
        try:
            self._tasks.put(None, timeout=timeout_s)
        except queue.Full:
            return False
        self._thread.join(timeout_s)
        return not self._thread.is_alive()

    def _work(self) -> None:
        while (task := self._tasks.get()) is not None:
            work, then = task
            try:
                result = work()
            except Exception as error:  # noqa: BLE001  (a report that fails must not stop the next)
                log.warning("%s: %s", self._name, error)
                result = None
            if then is not None and self._open:
                self._done.emit(then, result)

    @Slot(object, object)
    def _answer(self, then: Callable[[Any], None], result: object) -> None:
        if self._open:
            then(result)
