"""The one pool of named threads that decodes pictures, and the errands a slot sends to it.

The GUI thread makes an `Errand` per consumer and sends it work; answers come back on the GUI
thread, one per piece of work, unless it was dropped meanwhile.  Work never touches a Qt object
that belongs to the GUI thread.  A decoder that hangs inside C cannot be killed: its thread is
abandoned and replaced, so that the other pictures go on.
"""

import logging
import queue
import threading
import time
from collections.abc import Callable
from typing import Any

from msgspec import Struct
from PySide6.QtCore import QObject, QTimer, Signal, Slot

__all__ = ["Dropped", "Errand", "Job", "Workers"]

logger = logging.getLogger("stage.media")

#: How many hanging threads are replaced before the pool stops growing.
MAX_ABANDONED_THREADS = 8


class Dropped(Exception):  # noqa: N818  (not a fault: nobody waits for this work any more)
    """Raised inside work whose answer nobody wants; it ends early."""


class Job(Struct, eq=False):
    """One piece of work on its way: `work(job)` runs on a worker, `end(job)` is told there."""

    work: Callable[["Job"], Any]
    end: Callable[["Job"], None]
    outcome: Any = None
    error: BaseException | None = None
    dropped: bool = False
    thread: threading.Thread | None = None

    def go_on(self) -> None:
        """Raise `Dropped` if nobody waits for the answer any more; call it in long work."""
        if self.dropped:
            raise Dropped

    def run(self) -> None:
        """Do the work; whatever it returns or raises is kept."""
        try:
            self.go_on()
            self.outcome = self.work(self)
        except BaseException as error:  # noqa: BLE001  (nothing raised on a worker may be lost)
            self.error = error
        try:
            self.end(self)
        except RuntimeError:  # Qt's "source has been deleted": whoever asked is gone
            logger.debug("an answer found nobody waiting", exc_info=True)


class Workers:
    """A pool of daemon threads, made and closed once by whoever puts the stage together."""

    def __init__(self, threads: int = 2, name: str = "picture") -> None:
        self._name = name
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._threads: list[threading.Thread] = []
        self._abandoned: set[threading.Thread] = set()
        self._started = 0
        for _ in range(threads):
            self._start_thread()

    def submit(self, job: Job) -> None:
        """Run `job` on the next free thread."""
        self._jobs.put(job)

    def abandon(self, job: Job) -> None:
        """Stop counting on the thread that runs `job`; another one takes its place."""
        thread = job.thread
        if thread is None or thread not in self._threads:
            return
        if len(self._abandoned) >= MAX_ABANDONED_THREADS:
            logger.error("%d decoder threads hang; restart the player", len(self._abandoned))
            return
        self._threads.remove(thread)
        self._abandoned.add(thread)
        self._start_thread()

    def close(self, timeout_s: float = 5.0) -> bool:
        """End all threads; False if one did not end in `timeout_s` (it dies with the process)."""
        ends_at = time.monotonic() + timeout_s
        for _ in self._threads:
            self._jobs.put(None)
        for thread in self._threads:
            thread.join(max(0.0, ends_at - time.monotonic()))
        return not any(thread.is_alive() for thread in self._threads)

    def _start_thread(self) -> None:
        self._started += 1
        name = f"{self._name}-{self._started}"
        thread = threading.Thread(target=self._serve, name=name, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _serve(self) -> None:
        me = threading.current_thread()
        while me not in self._abandoned:
            job = self._jobs.get()
            if job is None:
                return
            job.thread = me
            job.run()
            job.thread = None
            del job  # an idle thread must not keep the last picture alive
        self._abandoned.discard(me)


class _Ears(Struct, frozen=True):
    """Who hears of a piece of work: of its outcome, of its error, or of it after it was dropped."""

    done: Callable[[Any], None]
    failed: Callable[[BaseException], None]
    discard: Callable[[Any], None]


class Errand(QObject):
    """One consumer's work, one piece at a time: the newest is answered, older ones are forgotten.

    Lives on the GUI thread.  `deadline_s` counts from `send`; when it passes, the errand fails
    with a sentence and the worker is abandoned.
    """

    _ended = Signal(object)

    def __init__(self, workers: Workers, deadline_s: float, parent: QObject) -> None:
        super().__init__(parent)
        self._workers = workers
        self._deadline_s = deadline_s
        self._job: Job | None = None
        # Callables are kept in here and never as attributes: each time one is assigned to an
        # attribute of a QObject, the next slot that Qt calls costs PySide a reference to None.
        self._waiting: dict[Job, _Ears] = {}
        self._deadline = QTimer(self, singleShot=True, interval=round(deadline_s * 1000))
        self._deadline.timeout.connect(self._too_late)
        self._ended.connect(self._answer)  # queued: it is always emitted on a worker

    @property
    def busy(self) -> bool:
        """Is an answer awaited?"""
        return self._job is not None

    def send(
        self,
        work: Callable[[Job], Any],
        done: Callable[[Any], None],
        failed: Callable[[BaseException], None],
        discard: Callable[[Any], None] = lambda _outcome: None,
    ) -> None:
        """Have `work` done; then `done` or `failed` is called here, on the GUI thread.

        If the errand is dropped first, `discard` gets the outcome instead (None after an error),
        so that what the work opened can be closed.
        """
        self.drop()
        self._job = Job(work, self._ended.emit)
        self._waiting[self._job] = _Ears(done, failed, discard)
        self._deadline.start()
        self._workers.submit(self._job)

    def drop(self) -> None:
        """Forget the work under way: nobody hears of it any more."""
        self._deadline.stop()
        if self._job is not None:
            self._job.dropped = True
            self._job = None

    @Slot(object)
    def _answer(self, job: Job) -> None:
        ears = self._waiting.pop(job)
        if job is not self._job:
            ears.discard(job.outcome)
            return
        self._deadline.stop()
        self._job = None
        if job.error is None:
            ears.done(job.outcome)
        else:
            ears.failed(job.error)

    @Slot()
    def _too_late(self) -> None:
        job = self._job
        if job is None:
            return
        self.drop()
        self._workers.abandon(job)
        self._waiting[job].failed(TimeoutError(f"no answer within {self._deadline_s:g} s"))
