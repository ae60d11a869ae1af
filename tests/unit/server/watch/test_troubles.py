"""What is wrong on screens is told once it lasts, once, within hours, and once when it is over."""

from datetime import timedelta

import pytest
from django.utils import translation

from server.alerts.models import Message
from server.alerts.selectors import said_of
from server.programme.models import Takeover
from server.publishing.telling import OVER_LATELY, tell_takeover, tell_takeovers_over
from server.telemetry.models import ScreenFault
from server.watch.models import Trouble
from server.watch.services import hours_set
from server.watch.troubles import SETTLES, troubles_note
from tests.simulators import server_objects as objects
from tests.unit.server.watch.test_rounds import BODY, wall

__all__ = ["wall"]

pytestmark = pytest.mark.django_db

MINUTES = int(SETTLES.total_seconds() // 60)


def fault(wall, screen=0, **changes):
    told = {"code": "MEDIA_BAD", "severity": "E", "reason": "<script>", "listed": True} | changes
    return ScreenFault.objects.create(
        screen=wall.screens[screen], opened_at=wall.now, seen_at=wall.now, **told
    )


def test_a_fault_that_lasts_is_told_once_and_its_end_once(wall):
    wall.minutes(2)
    row = fault(wall)
    wall.minutes(MINUTES - 1)
    assert wall.told("fault-opened") == []
    wall.minutes(20)
    (told,) = wall.told("fault-opened")
    assert told.link == f"/screens/{wall.screens[0].pk}/"
    ScreenFault.objects.filter(pk=row.pk).update(closed_at=wall.now)
    wall.minutes(MINUTES + 15)
    assert len(wall.told("fault-closed")) == 1
    assert Trouble.objects.count() == 0


def test_it_is_told_in_the_words_of_the_table_in_each_language(wall):
    fault(wall)
    wall.minutes(MINUTES + 3)
    (told,) = wall.told("fault-opened")
    with translation.override("zh-hans"):
        assert "无法播放" in said_of(told).local()
    with translation.override("en"):
        said = said_of(told).local()
    assert "cannot be played" in said
    assert "<script>" not in said, "what a box says is not told on"


def test_what_comes_and_goes_is_not_told_and_one_fault_of_many_screens_is_one_message(wall):
    row = fault(wall)
    wall.minutes(3)
    row.delete()
    wall.minutes(3)
    for number in range(3):
        fault(wall, number, code="TLS")
    wall.minutes(MINUTES + 3)
    (told,) = wall.told("fault-opened")
    assert told.values["n"] == 3


def test_a_flapping_fault_is_one_message(wall):
    for _ in range(4):
        row = fault(wall)
        wall.minutes(MINUTES + 2)
        row.delete()
        wall.minutes(2)
    assert len(wall.told("fault-opened")) == 1
    assert wall.told("fault-closed") == []


def test_outside_of_hours_a_fault_waits_and_a_muted_place_is_not_told_of(wall):
    group = objects.group(wall.enterprise.department, *wall.screens)
    who = {"actor": wall.enterprise.administrator, "now": wall.now, "grace_minutes": 5}
    hours_set(place=group, windows=[], is_muted=False, **who)
    fault(wall)
    wall.minutes(MINUTES + 5)
    assert wall.told("fault-opened") == []
    hours_set(place=group, windows=None, is_muted=True, **who)
    wall.minutes(2)
    assert wall.told("fault-opened") == []
    hours_set(place=group, windows=None, is_muted=False, **who)
    wall.minutes(2)
    assert len(wall.told("fault-opened")) == 1


def test_a_warning_is_shown_on_pages_and_not_told_but_a_wrong_clock_is(wall):
    fault(wall, severity="W")
    wall.minutes(MINUTES + 3)
    assert wall.told("fault-opened") == []
    fault(wall, code="CLOCK_SUSPECT", severity="W")
    wall.minutes(MINUTES + 3)
    assert len(wall.told("fault-opened")) == 1


@pytest.mark.parametrize(
    "wrong", [{"disk": {"free": 2, "total": 100}}, {"clock": {"offset_ms": -86_400_000}}]
)
def test_a_disk_nearly_full_or_a_wrong_clock_is_seen_in_what_a_box_measures(
    wall, monkeypatch, wrong
):
    monkeypatch.setitem(BODY, *wrong.popitem())
    wall.minutes(MINUTES + 3)
    (told,) = wall.told("fault-opened")
    assert told.values["n"] == len(wall.screens)


def test_a_wrong_picture_is_a_kind_of_its_own_and_who_is_silent_stays_as_it_is(wall):
    def look(looked, found):
        wall.now += timedelta(minutes=5)
        source = Trouble.Source.PICTURE
        return troubles_note(source=source, looked=looked, found=found, now=wall.now)

    pk = wall.screens[0].pk
    wrong = [(pk, "PICTURE_WRONG")]
    assert [look([pk], wrong), look([pk], wrong), look([pk], wrong)] == [0, 1, 0]
    assert look([], []) == 0
    assert [look([pk], []), look([pk], [])] == [0, 1]
    assert [m.kind for m in Message.objects.order_by("pk")] == ["picture-wrong", "fault-closed"]


def takeover(wall, **changes):
    shown = objects.playlist(wall.enterprise.department, wall.enterprise.picture())
    layout = objects.layout(wall.enterprise.department, shown)
    row = wall.enterprise.takeover(layout, wall.screens[0])
    Takeover.objects.filter(pk=row.pk).update(**changes)
    row.refresh_from_db()
    return row


def test_a_takeover_that_ends_at_its_time_is_told_once_also_after_a_night_without_a_server(wall):
    row = takeover(wall, starts_at=wall.now, ends_at=wall.now + timedelta(hours=1))
    assert tell_takeovers_over(wall.now) == 0
    late = row.ends_at + timedelta(hours=9)
    assert tell_takeovers_over(late) == 1
    assert tell_takeovers_over(late + timedelta(minutes=1)) == 0
    (told,) = wall.told("takeover-ended")
    assert told.values["name"] == row.name
    other = takeover(wall, ends_at=late)
    assert tell_takeovers_over(other.ends_at + OVER_LATELY) == 0, "that is old news"


def test_a_takeover_that_was_ended_by_hand_is_not_told_of_again(wall):
    row = takeover(wall, starts_at=wall.now, ends_at=wall.now + timedelta(hours=1))
    tell_takeover(row, wall.enterprise.administrator, begins=False, now=wall.now)
    tell_takeovers_over(row.ends_at + timedelta(minutes=1))
    assert len(wall.told("takeover-ended")) == 1
