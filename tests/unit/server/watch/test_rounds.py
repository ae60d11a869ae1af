"""The rounds of the watch: one message for a power cut, none for the night, days rolled up."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from server.alerts.models import Message
from server.errors import Invalid, RightMissing
from server.programme.models import CalendarDay
from server.telemetry.models import Heartbeat
from server.watch.chores import nightly
from server.watch.days import KEPT, days_forget, measured
from server.watch.models import Attendance, DayHealth
from server.watch.rounds import go_round
from server.watch.services import hours_set
from tests.simulators import server_objects as objects

pytestmark = pytest.mark.django_db

BODY = {
    "temperature_c": 61.5, "disk": {"free": 25, "total": 100}, "load": [0.5, 0.4, 0.3],
    "clock": {"offset_ms": -40},
}  # fmt: skip


@pytest.fixture
def wall(enterprise):
    return Wall(enterprise)


class Wall:
    """Screens that are heard each minute, unless they are silent."""

    def __init__(self, enterprise, count=4):
        self.enterprise, self.now = enterprise, enterprise.now
        self.screens = [
            objects.screen(enterprise.department, enterprise.site) for _ in range(count)
        ]
        self.silent: set[int] = set()

    def minutes(self, count):
        for _ in range(count):
            self.now += timedelta(minutes=1)
            for screen in self.screens:
                if screen.pk not in self.silent:
                    Heartbeat.objects.update_or_create(
                        screen=screen,
                        defaults={
                            "received_at": self.now, "boot": "boot-1", "address": "10.0.0.1",
                            "body": BODY,
                        },
                    )  # fmt: skip
            go_round(self.now)

    def told(self, kind="screen-offline"):
        return [m for m in Message.objects.order_by("pk") if m.kind == kind]


def test_a_power_cut_is_one_message_and_so_is_the_return(wall):
    wall.minutes(3)
    wall.silent = {screen.pk for screen in wall.screens[:3]}
    wall.minutes(15)
    (told,) = wall.told()
    assert told.values["n"] == 3
    assert wall.screens[0].name in told.values["names"]
    wall.silent.clear()
    wall.minutes(6)
    (back,) = wall.told("screen-back")
    assert back.values["n"] == 3


def test_those_who_fall_a_minute_later_go_in_the_same_message(wall):
    wall.minutes(3)
    wall.silent.add(wall.screens[0].pk)
    wall.minutes(1)
    wall.silent.add(wall.screens[1].pk)
    wall.minutes(15)
    (told,) = wall.told()
    assert told.values["n"] == 2


def test_one_alone_is_named_with_its_page(wall):
    wall.minutes(3)
    wall.silent.add(wall.screens[0].pk)
    wall.minutes(15)
    (told,) = wall.told()
    assert told.link == f"/screens/{wall.screens[0].pk}/"
    assert told.values["screen"] == wall.screens[0].name


def test_a_panel_that_is_dark_by_plan_is_nobodys_alarm(wall):
    begins = (wall.now + timedelta(hours=10)).strftime("%Y-%m-%dT%H:%M:%S")
    for screen in wall.screens:
        screen.panel_on = [{"start": begins, "duration_s": 3600}]
        screen.timezone = "UTC"
        screen.save()
    wall.minutes(3)
    wall.silent = {screen.pk for screen in wall.screens}
    wall.minutes(30)
    assert wall.told() == []


def test_a_place_that_is_closed_on_holidays_is_nobodys_alarm_then_and_is_the_next_day(wall):
    site, admin = wall.enterprise.site, wall.enterprise.administrator
    twice = [
        {"start": "2026-01-01T00:00:00", "duration_s": 12 * 3600, "rrule": "FREQ=DAILY"},
        {"start": "2026-01-01T12:00:00", "duration_s": 12 * 3600, "rrule": "FREQ=DAILY"},
    ]
    for windows in (twice, None):
        hours_set(
            place=site, windows=windows, not_on_holidays=True, grace_minutes=5, is_muted=False,
            actor=admin, now=wall.now,
        )  # fmt: skip
        today = wall.now.astimezone(ZoneInfo("Asia/Shanghai")).date()
        day = CalendarDay.objects.create(date=today, kind="rest", name="元旦")
        wall.minutes(3)
        wall.silent = {screen.pk for screen in wall.screens}
        wall.minutes(15)
        assert wall.told() == [], "it is a holiday"
        day.delete()
        wall.minutes(2)
        assert len(wall.told()) == 1, "and if it were none, somebody would hear"
        wall.silent.clear()
        wall.minutes(12)
        Message.objects.all().delete()


def test_hours_of_a_group_win_and_a_muted_place_is_not_told_of(wall):
    group = objects.group(wall.enterprise.department, *wall.screens)
    who = {"actor": wall.enterprise.administrator, "now": wall.now}
    hours_set(place=wall.enterprise.site, windows=None, grace_minutes=5, is_muted=False, **who)
    hours_set(place=group, windows=[], grace_minutes=5, is_muted=False, **who)
    wall.minutes(3)
    wall.silent = {screen.pk for screen in wall.screens}
    wall.minutes(20)
    assert wall.told() == [], "it is never open"
    hours_set(place=group, windows=None, grace_minutes=5, is_muted=True, **who)
    wall.minutes(20)
    assert wall.told() == []


def test_after_an_outage_of_the_server_everybody_gets_a_whole_grace(wall):
    wall.minutes(3)
    wall.now += timedelta(hours=3)  # nobody looked, nobody was heard
    wall.silent = {wall.screens[0].pk}
    wall.minutes(8)
    assert wall.told() == []
    wall.minutes(8)
    assert len(wall.told()) == 1


def test_a_second_process_in_the_same_minute_does_not_go_round(wall):
    wall.minutes(2)
    before = list(DayHealth.objects.values_list("looked", flat=True))
    go_round(wall.now + timedelta(seconds=10))
    assert list(DayHealth.objects.values_list("looked", flat=True)) == before


def test_a_day_is_rolled_up_in_one_row_with_the_worst_of_it(wall):
    wall.minutes(5)
    row = DayHealth.objects.get(screen=wall.screens[0])
    assert (row.heard, row.looked, row.temperature_c, row.free_share) == (5, 5, 61.5, 0.25)
    wall.silent.add(wall.screens[0].pk)
    wall.minutes(10)
    row.refresh_from_db()
    assert row.looked == 15
    assert row.heard < 9
    assert days_forget(today=row.day + KEPT + timedelta(days=1)) == 4


@pytest.mark.parametrize(
    "body", [{}, {"disk": "x", "clock": [], "load": "y", "temperature_c": True}, {"load": [None]}]
)
def test_whatever_a_box_says_is_no_measurement(body):
    assert measured(body, "b").temperature_c is None


def test_who_may_not_manage_screens_sets_no_hours_and_nonsense_is_refused(wall):
    site, admin = wall.enterprise.site, wall.enterprise.administrator
    editor = wall.enterprise.staff("someone", "editor")
    with pytest.raises(RightMissing):
        hours_set(
            place=site, windows=None, grace_minutes=5, is_muted=False, actor=editor, now=wall.now
        )
    for windows, grace in (([{"nonsense": 1}], 5), (None, 0)):
        with pytest.raises(Invalid):
            hours_set(
                place=site, windows=windows, grace_minutes=grace, is_muted=False, actor=admin,
                now=wall.now,
            )  # fmt: skip


def test_a_missing_calendar_is_told_once(wall, settings):
    nightly(settings.CONFIGURATION, wall.now)
    nightly(settings.CONFIGURATION, wall.now + timedelta(hours=1))
    assert len(wall.told("calendar-missing")) == 1  # of this year, from December on of the next
    CalendarDay.objects.create(date=f"{wall.now.year + 1}-01-01", kind="rest", name="元旦")
    assert Attendance.objects.count() == 0
