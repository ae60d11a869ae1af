"""The overview says that nothing is wrong only when nothing is; else what is, and what to do."""

from datetime import timedelta

import pytest
from django.utils import translation

from server.clock import SystemClock
from server.publishing.services import publish
from server.screens.models import Screen
from server.staff.overview import standings_of
from server.staff.troubles import troubles_of
from server.telemetry.models import Heartbeat, ScreenFault
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def healthy(enterprise):
    """A screen that is heard of now, and shows what was published."""
    screen = enterprise.lobby()
    publish(screens=[screen], actor=None, reason="First.", now=enterprise.later())
    heard(screen)
    return screen


def heard(screen, ago=timedelta(0), **clock):
    at = SystemClock().now() - ago
    body = {"clock": clock}
    Heartbeat.objects.update_or_create(
        screen=screen,
        defaults={"received_at": at, "body": body, "address": "10.0.0.9"},
    )


def sentences(screen):
    now = SystemClock().now()
    mine = Screen.objects.filter(pk=screen.pk)
    with translation.override("en"):
        return [each.sentence for each in troubles_of(
            [each.standing for each in standings_of(mine, now)], mine, now
        )]  # fmt: skip


def overview(enterprise, language="zh-hans"):
    browser = browser_of(enterprise.administrator)
    browser.cookies["django_language"] = language
    return browser.get("/").content.decode()


def test_nothing_is_said_to_be_wrong_when_nothing_is(enterprise, healthy):
    assert sentences(healthy) == []
    assert "一切正常" in overview(enterprise)


def test_a_screen_that_is_offline_is_wrong_and_the_page_says_what_to_do(enterprise, healthy):
    heard(healthy, ago=timedelta(hours=2))
    assert len(sentences(healthy)) == 1
    page = overview(enterprise)
    assert "一切正常" not in page
    assert "已失去联系" in page
    assert "power and network" in overview(enterprise, "en")


def test_a_screen_that_is_late_is_wrong(healthy):
    heard(healthy, ago=timedelta(minutes=3))
    assert sentences(healthy)[0].startswith("Its signs of life are late")


def test_a_screen_without_box_and_programme_is_wrong_twice(enterprise):
    never, unpublished = sentences(enterprise.screen())
    assert "pair its box" in never
    assert "publish its programme" in unpublished


@pytest.mark.parametrize("clock", [{"suspect": True}, {"offset_ms": -3_600_000}])
def test_a_wrong_clock_is_wrong_and_said_once(enterprise, healthy, clock):
    heard(healthy, **clock)
    assert ["clock" in each for each in sentences(healthy)] == [True]
    now = SystemClock().now()
    ScreenFault.objects.create(
        screen=healthy, code="CLOCK_SUSPECT", opened_at=now, seen_at=now, severity="W"
    )
    assert ["clock" in each for each in sentences(healthy)] == [True]


def test_a_fault_is_told_in_the_language_of_the_page(enterprise, healthy):
    now = SystemClock().now()
    ScreenFault.objects.create(
        screen=healthy, code="MEDIA_BAD", reason="no frame", opened_at=now, seen_at=now
    )
    assert "有一个内容在这块屏幕上无法播放" in overview(enterprise)
    assert "An item cannot be played" in overview(enterprise, "en")


def test_what_a_box_says_itself_stands_folded_away_on_the_page_of_its_screen(enterprise, healthy):
    now = SystemClock().now()
    ScreenFault.objects.create(
        screen=healthy, code="MEDIA_BAD", reason="no <frame>", opened_at=now, seen_at=now
    )
    assert "no &lt;frame&gt;" not in overview(enterprise)
    page = browser_of(enterprise.administrator).get(f"/screens/{healthy.pk}/").content.decode()
    folded = page.partition('<details class="own-words">')[2].partition("</details>")[0]
    assert "no &lt;frame&gt;" in folded
