"""What lives long is set aside from the collector, and looked through seldom, when it is quiet."""

import asyncio
import gc

import pytest

from server.players.tidying import COLLECT_S, FREEZE_S, tidy


class EnoughError(Exception):
    """Ends the loop of a test."""


class Cycle:
    """Garbage that only a collection finds, once nobody else knows it."""

    def __init__(self):
        self.myself = self


@pytest.fixture(autouse=True)
def unfrozen():
    before = gc.get_threshold()
    yield
    gc.unfreeze()
    gc.set_threshold(*before)


def turns(count, is_rush=lambda: False, each=lambda turn: None):
    done = []

    async def sleep(seconds):
        assert seconds == FREEZE_S
        each(len(done))
        done.append(seconds)
        if len(done) > count:
            raise EnoughError

    with pytest.raises(EnoughError):
        asyncio.run(tidy(is_rush, sleep))


def full_collections(monkeypatch, count, is_rush):
    found = []
    monkeypatch.setattr(gc, "collect", lambda: found.append(1))
    turns(count, is_rush)
    return len(found)


def test_what_is_there_is_set_aside():
    turns(1)
    assert gc.get_freeze_count() > 1000


def test_all_of_it_is_looked_through_seldom(monkeypatch):
    count = round(3 * COLLECT_S / FREEZE_S)
    assert full_collections(monkeypatch, count, lambda: False) == 3


def test_and_never_while_boxes_fetch(monkeypatch):
    count = round(3 * COLLECT_S / FREEZE_S)
    assert full_collections(monkeypatch, count, lambda: True) == 0


def test_garbage_that_was_set_aside_is_found_in_the_end():
    import weakref

    cycle = Cycle()
    left = weakref.ref(cycle)

    def let_go(turn):
        nonlocal cycle
        if turn == 2:
            cycle = None

    turns(round(COLLECT_S / FREEZE_S), each=let_go)
    assert left() is None
