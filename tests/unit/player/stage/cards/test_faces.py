"""A card whose face ends shows the next one in its place, when the site's clock says so."""

from datetime import UTC, datetime, timedelta

import pytest
from msgspec.structs import replace
from PySide6.QtQuick import QQuickItem, QQuickWindow

from cards.catalogue import TEMPLATES
from cards.notice import NOTICE, Notice
from cards.template import CardRefusedError, Face, Template
from manifest.model import CardAsset
from player.stage.card_slot import CardRequest, CardSlot
from player.stage.qml_parts import QmlParts
from tests.simulators.moved_clock import HandAlarm, MovedClock

BEFORE_MIDNIGHT = datetime(2026, 11, 22, 15, 59, 50, tzinfo=UTC)  # 23:59:50 in Shanghai
WORDS = {"body": "请提前到达。", "issuer": "后勤服务中心", "date": "2026-11-22"}


def _by_day(notice: Notice, now: datetime) -> Face:
    """The day as the title; ends at midnight."""
    if "拒绝" in notice.title and now.day == 23:
        raise CardRefusedError("not today")
    data = NOTICE.face(notice, now).data | {"title": f"{now:%-m-%-d} {notice.title}"}
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return Face(data, midnight)


@pytest.fixture
def stand(qtbot, monkeypatch):
    """Make a card ready, let it run; answer what shows its title, the bell, and the clock."""
    daily = Template("daily", "Notice.qml", Notice, _by_day, frozenset())
    monkeypatch.setitem(TEMPLATES, "daily", daily)
    window, parts = QQuickWindow(), QmlParts()
    window.resize(640, 360)
    item = QQuickItem(window.contentItem())
    item.setWidth(640)
    item.setHeight(360)
    window.show()
    clock, bell = MovedClock(BEFORE_MIDNIGHT), HandAlarm()
    slot = CardSlot(item, parts.card_host, clock, bell)

    def titles():
        seen, found = [item], []
        while seen:
            one = seen.pop()
            seen += one.childItems()
            if one.inherits("QQuickText"):
                found.append(one.property("text"))
        return found

    def make(template="daily", title="班车"):
        card = CardAsset("a card", template, WORDS | {"title": title}, {})
        request = CardRequest(card, {}, 0, 60_000, clock.now(), "Asia/Shanghai")
        with qtbot.waitSignal(slot.signals.ready):
            slot.prepare(1, request)
        slot.start(1)
        return titles

    yield make, bell, clock, slot
    slot.release()
    parts.close()
    window.close()


def test_at_midnight_the_next_day_stands_there_without_a_new_start(stand, qtbot):
    make, bell, clock, _slot = stand
    titles = make()
    assert "11-22 班车" in titles()
    clock.advance(10)
    bell.ring()
    qtbot.waitUntil(lambda: "11-23 班车" in titles())
    assert "11-22 班车" not in titles()


def test_the_clock_is_looked_at_once_a_second_since_it_may_step(stand, qtbot):
    make, bell, clock, _slot = stand
    titles = make()
    assert bell.delay_ms == 1000
    clock.step(-3 * 86_400)
    bell.ring()
    qtbot.waitUntil(lambda: "11-19 班车" in titles())


def test_a_face_that_holds_is_not_reckoned_again_until_the_clock_leaves_it(stand, monkeypatch):
    make, bell, clock, _slot = stand
    make()
    asked = []
    told = TEMPLATES["daily"].face
    counting = replace(
        TEMPLATES["daily"], face=lambda data, now: asked.append(now) or told(data, now)
    )
    monkeypatch.setitem(TEMPLATES, "daily", counting)
    for _second in range(5):
        clock.advance(1)
        bell.ring()
    assert asked == [], "a thousand rows need not be read each second"
    clock.advance(-60)
    bell.ring()
    assert len(asked) == 1, "the clock stepped back: who knows what it shows then"


def test_a_card_that_never_changes_costs_no_look(stand):
    make, bell, _clock, _slot = stand
    make("notice")
    assert bell.delay_ms is None


def test_nothing_rings_for_a_card_that_was_let_go_of(stand):
    make, bell, _clock, slot = stand
    make()
    slot.release()
    assert bell.delay_ms is None


@pytest.mark.expects_log("CARD_BAD a card: not today")
def test_a_face_that_is_refused_leaves_the_one_before(stand):
    make, bell, clock, _slot = stand
    titles = make(title="拒绝")
    clock.advance(10)
    bell.ring()
    assert "11-22 拒绝" in titles()
