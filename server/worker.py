"""Works through the queue of background tasks (django-tasks), in threads of a process.

A thread takes one task at a time; what is heavy in a task happens in child processes of its own.
A task whose worker was killed is put back into the queue, at most `MAX_ATTEMPTS` times, then it
fails.  While the database is away the worker waits and says so once.
"""

import logging
import os
import socket
import threading
import uuid
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import DatabaseError, close_old_connections, connection, transaction
from django_tasks.base import TaskResultStatus
from django_tasks.signals import task_enqueued, task_finished
from django_tasks_db.management.commands.db_worker import Worker as TaskRunner
from django_tasks_db.models import DBTaskResult

from server.clock import Clock

__all__ = ["MAX_ATTEMPTS", "Abandoned", "Workers", "is_anybody_working", "requeue_abandoned"]

log = logging.getLogger("server.worker")

#: How often the queue is looked at when nobody says that there is something, in seconds.
IDLE_S = 1.0

#: How long we wait while the database is away, in seconds.
AWAY_S = 5.0

#: How often a task is begun before it counts as failed.
MAX_ATTEMPTS = 3

#: A task of a worker on another machine counts as abandoned after this, in hours.
LONGEST_TASK_H = 6


#: The tasks that threads of this process work on.
_at_hand: set[uuid.UUID] = set()


class Abandoned(Exception):  # noqa: N818  (named after its cause)
    """The worker of a task was killed, more than once."""


class Workers:
    """Some threads that work through the queue, from `start` to `stop`."""

    def __init__(self, count: int, clock: Clock) -> None:
        self._clock = clock
        self._stop = threading.Event()
        self._wake = threading.Event()
        self._threads = [
            # Daemons: the end of the process does not wait for a task; it is taken up again.
            threading.Thread(target=self._work, args=(n,), name=f"worker-{n}", daemon=True)
            for n in range(1, count + 1)
        ]

    def start(self) -> None:
        """Begin; what a killed worker left is put back into the queue first."""
        task_enqueued.connect(self._on_enqueued)
        for thread in self._threads:
            thread.start()

    def stop(self, patience_s: float) -> bool:
        """End after the tasks at hand, or after `patience_s`; returns whether all are done."""
        self._stop.set()
        self._wake.set()
        task_enqueued.disconnect(self._on_enqueued)
        deadline = self._clock.monotonic() + patience_s
        for thread in self._threads:
            thread.join(max(deadline - self._clock.monotonic(), 0))
        return not any(thread.is_alive() for thread in self._threads)

    def _on_enqueued(self, **_details: Any) -> None:
        transaction.on_commit(self._wake.set)

    def _work(self, number: int) -> None:
        runner = _runner(number)
        is_away = False
        while not self._stop.is_set():
            try:
                close_old_connections()
                if is_away or number == 1:
                    requeue_abandoned(self._clock.now())
                found = self._run_one(runner)
                if is_away:
                    log.info("the database is back")
                is_away = False
            except DatabaseError as error:
                if not is_away:
                    log.error("waiting for the database: %s", error)
                is_away, found = True, False
            finally:
                connection.close()
            if not found:
                self._wake.clear()
                self._wake.wait(AWAY_S if is_away else IDLE_S)

    def _run_one(self, runner: TaskRunner) -> bool:
        task = _claim(runner.worker_id)
        if task is None:
            return False
        try:
            runner.run_task(task)
        finally:
            _at_hand.discard(task.pk)
        return True


def _runner(number: int) -> TaskRunner:
    return TaskRunner(
        queue_names=["*"],
        interval=IDLE_S,
        batch=False,
        backend_name="default",
        startup_delay=False,
        max_tasks=None,
        worker_id=f"{_this_process()}:{number}",
        excluded_queue_names=[],
    )


def _claim(worker_id: str) -> "DBTaskResult[..., Any] | None":
    """Take the next task, if there is one; looking at an empty queue takes no write lock."""
    ready = DBTaskResult.objects.ready().filter(backend_name="default")
    if not ready.exists():
        return None
    with transaction.atomic():
        task = ready.get_locked()
        if task is not None:
            _at_hand.add(task.pk)  # before anybody can see that it runs
            task.claim(worker_id)
    return task


def requeue_abandoned(now: datetime) -> int:
    """Put tasks whose worker is gone back into the queue; returns how many."""
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
    return sum(_give_back(task, now) for task in running if _is_abandoned(task, now))


def is_anybody_working(now: datetime) -> bool:
    """Is any task of the queue in the hands of a worker that lives, as far as can be seen?"""
    running = DBTaskResult.objects.filter(status=TaskResultStatus.RUNNING)
    return any(not _is_abandoned(task, now) for task in running)


def _give_back(task: "DBTaskResult[..., Any]", now: datetime) -> bool:
    """Of two who notice at the same moment one does it."""
    mine = DBTaskResult.objects.filter(
        pk=task.pk, status=TaskResultStatus.RUNNING, worker_ids=task.worker_ids
    )
    if len(task.worker_ids) < MAX_ATTEMPTS:
        changed = mine.update(status=TaskResultStatus.READY, started_at=None)
        if changed:
            log.warning("task %s was abandoned by its worker; it is taken up again", task.pk)
        return bool(changed)
    if mine.update(status=TaskResultStatus.FAILED, finished_at=now):
        log.error("task %s was abandoned %d times; it has failed", task.pk, len(task.worker_ids))
        task.set_failed(Abandoned(f"abandoned {len(task.worker_ids)} times"))
        task_finished.send(sender=type(task.task.get_backend()), task_result=task.task_result)
    return False


def _is_abandoned(task: "DBTaskResult[..., Any]", now: datetime) -> bool:
    worker = task.worker_ids[-1] if task.worker_ids else ""
    host, _, rest = worker.partition(":")
    if host != socket.gethostname()[:30]:
        return task.started_at is None or task.started_at < now - timedelta(hours=LONGEST_TASK_H)
    process = rest.rpartition(":")[0]
    if process == _this_process().partition(":")[2]:
        return task.pk not in _at_hand  # its end could not be written down
    return not _is_alive(process)


def _this_process() -> str:
    """Return a name that no other process has: machine, pid and when it began."""
    return f"{socket.gethostname()[:30]}:{os.getpid()}:{_began(os.getpid())}"


def _is_alive(process: str) -> bool:
    pid, _, began = process.partition(":")
    return pid.isdigit() and _began(int(pid)) == began


def _began(pid: int) -> str:
    """Return when a process began, in clock ticks since the boot; "" if there is none."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return ""
    return stat.rpartition(")")[2].split()[19]
