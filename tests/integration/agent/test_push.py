"""The push channel: news at once, resumed, given up when it is dead and looks alive (N24)."""

import threading
from collections.abc import Iterator

import pytest

from player.agent import push as push_module
from player.agent.push import Push, PushTells
from player.clock import SystemClock
from tests.integration.agent.conftest import TestBox
from tests.integration.agent.test_pairing import pair
from tests.simulators.content_server import ContentServer


class Ear:
    """Hears what the channel tells."""

    def __init__(self) -> None:
        self.looks, self.wishes = threading.Semaphore(0), threading.Semaphore(0)
        self.states: list[str] = []
        self.silent, self.open = threading.Event(), threading.Event()

    def state(self, state: str) -> None:
        self.states.append(state)
        {"silent": self.silent, "open": self.open}.get(state, threading.Event()).set()


@pytest.fixture
def channel(
    box: TestBox, server: ContentServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[Push, Ear]]:
    monkeypatch.setattr(push_module, "SILENT_S", 1.0)
    monkeypatch.setattr(push_module, "RECONNECT", push_module.Backoff(0.05, 0.2))
    pair(box, server)
    agent, ear = box.agent(), Ear()
    tells = PushTells(ear.looks.release, ear.wishes.release, ear.state)
    listening = Push(agent.push_interface, SystemClock(), tells, lambda: 0.5)
    listening.start()
    yield listening, ear
    box.stop.set()
    listening.end()
    listening.join(10)
    agent.close()


def test_news_and_wishes_are_heard(
    channel: tuple[Push, Ear], server: ContentServer, box: TestBox
) -> None:
    _push, ear = channel
    assert ear.open.wait(20)
    assert ear.looks.acquire(timeout=20), "what came before the channel opened is looked for"
    server.push("look", 5)
    assert ear.looks.acquire(timeout=20)
    server.push("wanted", 6)
    assert ear.wishes.acquire(timeout=20)


def test_a_channel_that_breaks_is_resumed_after_the_last_event(
    channel: tuple[Push, Ear], server: ContentServer
) -> None:
    push, ear = channel
    assert server.await_heard("listening") is None
    assert ear.open.wait(20)
    server.push("look", 41)
    while push._last_id != "41":
        assert ear.looks.acquire(timeout=20)
    server.pushes = False
    server.push("wanted", 42)  # lets the handler see that it is to end
    assert server.await_heard("listening") in ("41", "42")
    server.pushes = True


def test_a_channel_that_is_dead_and_looks_alive_is_given_up_and_said_to_be(
    channel: tuple[Push, Ear], server: ContentServer
) -> None:
    """The connection stands, and not a byte comes: only the missing pings tell."""
    push, ear = channel
    assert ear.open.wait(20)
    server.mute = True
    assert ear.silent.wait(30)
    before = push.heard_s
    server.mute = False
    ear.open.clear()
    assert ear.open.wait(30), "it is opened anew"
    assert push.heard_s is not None
    assert before is not None
    assert push.heard_s > before


def test_a_box_that_is_not_paired_listens_to_nothing(box: TestBox, server: ContentServer) -> None:
    agent = box.agent()
    assert agent.push_interface() is None
    agent.close()
