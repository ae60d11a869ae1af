"""The clerk does what touches the disk, in order; whoever asked always hears."""

import threading

import pytest

from player.stage import clerk as module
from player.stage.clerk import Clerk


@pytest.fixture
def clerk(qapp):
    made = Clerk("tests")
    yield made
    assert made.close(10)


def test_tasks_are_done_in_order_and_answered_on_this_thread(clerk, qtbot):
    answers = []
    for number in range(3):
        clerk.do(
            lambda number=number: (number, threading.current_thread().name),
            lambda answer: answers.append((answer, threading.current_thread().name)),
        )
    qtbot.waitUntil(lambda: len(answers) == 3)
    here = threading.current_thread().name
    assert answers == [((number, "tests"), here) for number in range(3)]


@pytest.mark.expects_log("tests: the disk is gone")
def test_a_task_that_raises_answers_none(clerk, qtbot):
    def fail():
        raise OSError("the disk is gone")

    answers = []
    clerk.do(fail, answers.append)
    qtbot.waitUntil(lambda: answers == [None])


def test_a_disk_that_hangs_makes_nobody_wait_for_ever(clerk, qtbot, monkeypatch):
    monkeypatch.setattr(module, "MAX_WAITING", 2)
    slow = Clerk("tests")
    disk, hung = threading.Event(), threading.Event()

    def hang():
        hung.set()
        disk.wait()

    answers = []
    slow.do(hang)
    assert hung.wait(10)
    for number in range(3):
        slow.do(lambda number=number: number, answers.append)
    assert answers == []  # never while the asker is still in the middle of asking
    qtbot.waitUntil(lambda: answers == [None])
    assert slow.dropped == 1
    disk.set()
    qtbot.waitUntil(lambda: answers == [None, 0, 1])
    assert slow.close(10)
