"""The pool that decodes: answers come back, errors too, and a hanging thread is replaced."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from PySide6.QtCore import QObject, QThread
from pytestqt.qtbot import QtBot

from player.stage.media.workers import MAX_ABANDONED_THREADS, Dropped, Errand, Job, Workers


@pytest.fixture
def workers() -> Iterator[Workers]:
    pool = Workers(threads=1)
    yield pool
    assert pool.close()


class Consumer(QObject):
    """Sends errands and notes the answers, and on which thread they came."""

    def __init__(self, workers: Workers, deadline_s: float = 10.0) -> None:
        super().__init__()
        self.errand = Errand(workers, deadline_s, self)
        self.done: list[Any] = []
        self.failed: list[BaseException] = []
        self.discarded: list[Any] = []
        self.threads: set[object] = set()

    def send(self, work: Any) -> None:
        self.errand.send(work, self._done, self.failed.append, self.discarded.append)

    def _done(self, outcome: Any) -> None:
        self.threads.add(QThread.currentThread())
        self.done.append(outcome)


def test_work_is_done_on_a_named_thread_and_answered_on_the_gui_thread(
    qtbot: QtBot, workers: Workers
) -> None:
    consumer = Consumer(workers)
    consumer.send(lambda _job: threading.current_thread().name)
    qtbot.waitUntil(lambda: bool(consumer.done))
    assert consumer.done == ["picture-1"]
    assert consumer.threads == {consumer.thread()}


@pytest.mark.parametrize("error", [ValueError("broken"), MemoryError(), SystemExit(3)])
def test_nothing_that_work_raises_is_lost(
    qtbot: QtBot, workers: Workers, error: BaseException
) -> None:
    def fail(_job: Job) -> None:
        raise error

    consumer = Consumer(workers)
    consumer.send(fail)
    qtbot.waitUntil(lambda: bool(consumer.failed))
    assert consumer.failed == [error]
    consumer.send(lambda _job: "the thread lives on")
    qtbot.waitUntil(lambda: bool(consumer.done))


def test_dropped_work_that_was_begun_is_discarded_and_that_which_was_not_never_runs(
    qtbot: QtBot, workers: Workers
) -> None:
    begun, gate = threading.Event(), threading.Event()

    def slow(_job: Job) -> str:
        begun.set()
        gate.wait(10)
        return "opened file"

    ran = threading.Event()
    first, second = Consumer(workers), Consumer(workers)
    first.send(slow)
    assert begun.wait(5)
    second.send(lambda _job: ran.set())
    first.errand.drop()
    second.errand.drop()
    gate.set()
    qtbot.waitUntil(lambda: bool(first.discarded and second.discarded))
    assert (first.discarded, second.discarded) == (["opened file"], [None])
    assert not ran.is_set()
    assert first.done == second.done == first.failed == second.failed == []


def test_long_work_can_ask_whether_anybody_still_waits(qtbot: QtBot, workers: Workers) -> None:
    begun, ended = threading.Event(), threading.Event()

    def patient(job: Job) -> None:
        begun.set()
        try:
            while True:
                job.go_on()
        except Dropped:
            ended.set()
            raise

    consumer = Consumer(workers)
    consumer.send(patient)
    assert begun.wait(5)
    consumer.errand.drop()
    assert ended.wait(5)
    qtbot.waitUntil(lambda: bool(consumer.discarded))


@pytest.mark.expects_log("decoder threads hang; restart the player")
def test_hanging_threads_are_replaced_up_to_a_limit(qtbot: QtBot) -> None:
    pool = Workers(threads=1)
    gate = threading.Event()
    consumers = []
    for number in range(MAX_ABANDONED_THREADS + 1):
        begun = threading.Event()

        def hang(_job: Job, begun: threading.Event = begun) -> None:
            begun.set()
            gate.wait(30)

        consumer = Consumer(pool, deadline_s=0.01)
        consumers.append(consumer)
        consumer.send(hang)
        assert begun.wait(5), f"no thread took the place of hanging thread {number}"
        qtbot.waitUntil(lambda consumer=consumer: bool(consumer.failed))  # type: ignore[misc]
        assert isinstance(consumer.failed[0], TimeoutError)
    gate.set()
    qtbot.waitUntil(lambda: all(consumer.discarded for consumer in consumers))
    assert pool.close()


COUNTED = """
import gc, sys
from itertools import pairwise
from PySide6.QtCore import QCoreApplication, QEventLoop, QObject
from player.stage.media.workers import Errand, Workers

ROUNDS, ERRANDS, KEPT = 4, 300, int(sys.argv[1])
app, pool, answers, kept = QCoreApplication([]), Workers(threads=1), [], []
owner = QObject()
errand = Errand(pool, 60.0, owner)

def run_errands():
    for _ in range(ERRANDS):
        answers.clear()
        errand.send(lambda _job: 1, answers.append, answers.append, answers.append)
        while not answers:
            app.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents)
        assert answers == [1], answers
        kept.extend([None] * KEPT)
    gc.collect()
    return sys.getrefcount(None)

counts = [run_errands() for _ in range(ROUNDS)]
print(max(abs(after - before) for before, after in pairwise(counts)))
assert pool.close()
"""


def moved_by_a_round_of_errands(kept: int) -> int:
    """By how much 300 errands change the reference count of None, each of which keeps so many.

    In a process of their own: what a test before left behind is let go of at any moment.
    """
    child = subprocess.run(
        [sys.executable, "-c", COUNTED, str(kept)], check=True, capture_output=True, text=True
    )
    return int(child.stdout)


def test_errands_leave_the_reference_count_of_none_alone() -> None:
    """It must stay where it is for years: see player/stage/checks/runtime.py."""
    assert moved_by_a_round_of_errands(kept=0) < 100


def test_an_errand_that_kept_one_reference_would_be_seen() -> None:
    """The negative control."""
    assert moved_by_a_round_of_errands(kept=1) >= 300
