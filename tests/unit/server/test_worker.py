"""The queue: tasks are done once, a killed worker's task is taken up again, and not for ever."""

import os
import threading
from datetime import timedelta

import pytest
from django.db import connections
from django_tasks.base import TaskResultStatus
from django_tasks.signals import task_finished
from django_tasks_db.models import DBTaskResult

from server.clock import SystemClock
from server.worker import LONGEST_TASK_H, MAX_ATTEMPTS, Workers, requeue_abandoned
from tests.simulators import server_tasks
from tests.simulators.server_objects import NOW

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def finished():
    """An event that is set when a task ends, however."""
    event = threading.Event()

    def note(**_details):
        event.set()

    task_finished.connect(note)
    yield event
    task_finished.disconnect(note)


@pytest.fixture
def workers():
    started = Workers(2, SystemClock())
    started.start()
    yield started
    assert started.stop(20)
    connections.close_all()


def abandoned(attempts, host="", pid=0, began="1"):
    """A task whose worker is gone."""
    server_tasks.DONE.clear()
    made = server_tasks.note.enqueue("abandoned")
    import socket

    name = f"{host or socket.gethostname()[:30]}:{pid or 2**22 + 1}:{began}:1"
    rows = DBTaskResult.objects.filter(pk=made.id)
    rows.update(status=TaskResultStatus.RUNNING, worker_ids=[name] * attempts, started_at=NOW)
    return rows


def test_a_task_is_done_once_and_at_once(workers, finished):
    server_tasks.DONE.clear()
    made = server_tasks.note.enqueue("hello")
    assert finished.wait(20)
    assert workers.stop(20)
    assert server_tasks.DONE == ["hello"]
    assert DBTaskResult.objects.get(pk=made.id).status == TaskResultStatus.SUCCESSFUL


@pytest.mark.expects_log("state=FAILED")
def test_a_task_that_fails_is_kept_with_its_reason(workers, finished):
    made = server_tasks.fail.enqueue()
    assert finished.wait(20)
    assert workers.stop(20)
    kept = DBTaskResult.objects.get(pk=made.id)
    assert kept.status == TaskResultStatus.FAILED
    assert "as planned" in kept.traceback


@pytest.mark.expects_log("is taken up again")
def test_the_task_of_a_killed_worker_is_taken_up_again():
    row = abandoned(1)
    assert requeue_abandoned(NOW) == 1
    assert row.get().status == TaskResultStatus.READY
    assert requeue_abandoned(NOW) == 0


@pytest.mark.expects_log("it has failed")
@pytest.mark.expects_log("state=FAILED")
def test_a_task_that_kills_its_worker_each_time_fails_in_the_end(finished):
    row = abandoned(MAX_ATTEMPTS)
    assert requeue_abandoned(NOW) == 0
    assert row.get().status == TaskResultStatus.FAILED
    assert row.get().exception_class_path.endswith("Abandoned")
    assert finished.is_set(), "whoever waits for the task hears of it"


@pytest.mark.expects_log("is taken up again")
def test_a_pid_that_was_given_to_another_process_is_not_the_worker():
    abandoned(1, pid=os.getpid(), began="1")
    assert requeue_abandoned(NOW) == 1


def test_the_task_of_a_worker_that_lives_is_left_alone():
    from server.worker import _began

    other = os.getppid()
    abandoned(1, pid=other, began=_began(other))
    assert requeue_abandoned(NOW + timedelta(days=1)) == 0


@pytest.mark.expects_log("is taken up again")
def test_a_task_whose_end_could_not_be_written_down_is_taken_up_again():
    """The database went away just then; the worker lives, and does not work on it."""
    from server.worker import _began

    abandoned(1, pid=os.getpid(), began=_began(os.getpid()))
    assert requeue_abandoned(NOW) == 1


@pytest.mark.expects_log("is taken up again")
def test_a_worker_of_another_machine_has_some_hours():
    abandoned(1, host="elsewhere")
    assert requeue_abandoned(NOW + timedelta(hours=LONGEST_TASK_H)) == 0
    assert requeue_abandoned(NOW + timedelta(hours=LONGEST_TASK_H, seconds=1)) == 1


@pytest.mark.expects_log("waiting for the database")
def test_while_the_database_is_away_it_says_so_once(monkeypatch, finished):
    from django.db import OperationalError

    from server import worker

    calls = threading.Semaphore(0)

    def away(_now):
        calls.release()
        raise OperationalError("connection refused")

    monkeypatch.setattr(worker, "AWAY_S", 0.01)
    real = worker.requeue_abandoned
    monkeypatch.setattr(worker, "requeue_abandoned", away)
    started = Workers(1, SystemClock())
    started.start()
    for _ in range(5):
        assert calls.acquire(timeout=20)
    monkeypatch.setattr(worker, "requeue_abandoned", real)
    server_tasks.note.enqueue("back")
    assert finished.wait(20)
    assert started.stop(20)
    connections.close_all()


def test_an_empty_queue_takes_no_write_lock():
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    from server.worker import _claim

    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert _claim("nobody") is None
    assert len(queries) == 1
