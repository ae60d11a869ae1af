"""A card may be unloaded at any moment of its making, and says nothing then.

A Qt message fails a test (tests/conftest.py): before cards had timers of their own, some of these
rounds ended with "is not a function".
"""

import random
from datetime import UTC, datetime

import pytest
from PySide6.QtCore import QCoreApplication, QEventLoop
from PySide6.QtQuick import QQuickItem, QQuickWindow

from player.clock import SystemClock
from player.stage.alarm import QtAlarm
from player.stage.card_slot import CardRequest, CardSlot
from player.stage.qml_parts import QmlParts
from tests.simulators.stage_programmes import notice, ticker

ROUNDS = 200
NOON = datetime(2026, 11, 22, 4, tzinfo=UTC)


@pytest.fixture
def slot(qtbot):
    window, parts = QQuickWindow(), QmlParts()
    window.resize(640, 360)
    item = QQuickItem(window.contentItem())
    item.setWidth(640)
    item.setHeight(360)
    window.show()
    yield CardSlot(item, parts.card_host, SystemClock(), QtAlarm())
    parts.close()
    window.close()


def showing(card):
    return CardRequest(card, {}, 0, 5000, NOON, "UTC")


@pytest.mark.parametrize("make", [notice, ticker])
def test_a_card_that_is_unloaded_while_it_is_made_says_nothing(slot, make):
    chance = random.Random(3)
    ready = []
    slot.signals.ready.connect(ready.append)
    for ticket in range(1, ROUNDS):
        slot.prepare(
            ticket, CardRequest(make("停水通知" * (ticket % 5 + 1)), {}, 0, 5000, NOON, "UTC")
        )
        for _look in range(chance.choice([0, 1, 2, 3, 5, 8, 13])):
            QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.AllEvents, 1)
        if ticket % 3 == 0:
            slot.release()
    slot.prepare(ROUNDS, showing(make("停水通知")))
    while ROUNDS not in ready:
        QCoreApplication.processEvents(QEventLoop.ProcessEventsFlag.WaitForMoreEvents, 1000)
