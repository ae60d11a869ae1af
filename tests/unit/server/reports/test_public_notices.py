"""Which public notices stand, in which order, and what is proved of each within its period."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from server.library.models import Asset
from server.publishing.notices import end_notice
from server.reports.models import PlayDay
from server.reports.public_notices import standings
from server.reports.selectors import Period
from server.screens.models import Screen
from tests.simulators.enterprise import NOW, Enterprise

TODAY = NOW.date()
ASKED = Period(TODAY - timedelta(days=28), TODAY)


def day(shift: int) -> date:
    return TODAY + timedelta(days=shift)


@pytest.fixture
def notice(enterprise: Enterprise) -> Callable[..., Asset]:
    def make(title: str, first: int, last: int) -> Asset:
        return enterprise.public_notice(title, day(first), day(last))

    return make


def told(asked: Period = ASKED) -> dict[str, tuple[str, int, int]]:
    found = standings(Asset.objects.all(), Screen.objects.all(), asked, TODAY)
    return {each.asset.title: (each.state, each.day, each.days) for each in found}


def test_what_runs_comes_first_then_what_comes_and_what_is_over_last(notice, enterprise):
    notice("过去", -9, -3)
    notice("未来", 2, 8)
    notice("今天到期", -6, 0)
    notice("在公示", -2, 4)
    ended = notice("提前结束", -2, 5)
    end_notice(asset=ended, reason="名单有误", actor=enterprise.administrator, now=NOW)
    assert list(told().items()) == [
        ("今天到期", ("running", 7, 7)),
        ("在公示", ("running", 3, 7)),
        ("未来", ("coming", 0, 7)),
        ("提前结束", ("ended", 3, 8)),
        ("过去", ("over", 7, 7)),
    ]


def test_of_other_days_there_are_other_notices(notice):
    notice("过去", -9, -3)
    notice("在公示", -2, 4)
    notice("未来", 2, 8)
    assert told(Period(day(-20), day(-5))).keys() == {"过去"}
    assert told(Period(day(-20), day(-10))) == {}
    assert told(Period(day(0), day(0))).keys() == {"在公示", "未来"}


def test_what_is_proved_counts_within_the_period_and_what_is_missing_on_days_that_are_over(
    notice, enterprise
):
    shown = notice("在公示", -2, 4)
    notice("没有播放", -2, 4)
    screen = enterprise.lobby(shown)
    name = f"a{shown.pk}"
    for shift, ms, planned in [(-3, 9_000_000, 1), (-2, 1_800_000, 2_400_000), (0, 600_000, None)]:
        PlayDay.objects.create(
            screen=screen, day=day(shift), item="i1", asset=name, full=5, ms=ms, planned_ms=planned
        )
    found = standings(Asset.objects.all(), Screen.objects.all(), ASKED, TODAY)
    proved = {each.asset.title: each for each in found}
    one, other = proved["在公示"], proved["没有播放"]
    assert (one.screens, one.times, one.minutes, one.gap) == (1, 10, 40.0, 10.0)
    assert (other.screens, other.times, other.minutes, other.gap) == (0, 0, 0.0, 0.0)
    elsewhere = standings(Asset.objects.all(), Screen.objects.none(), ASKED, TODAY)
    assert {each.times for each in elsewhere} == {0}
