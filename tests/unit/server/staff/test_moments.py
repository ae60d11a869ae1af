"""What is on a screen at an instant, and why: in words, in the reader's language."""

from string import Formatter

import pytest

from scheduler.verdicts import TEMPLATES
from server.accounts.models import Role
from server.publishing.services import publish
from server.publishing.why import WORDS
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def canteen(enterprise):
    """At noon the menu, all day the news of a lower priority."""
    menu = enterprise.layout(enterprise.playlist(enterprise.picture("Menu")), name="Lunch layout")
    news = enterprise.layout(enterprise.playlist(enterprise.picture("News")))
    screen = enterprise.lobby(enterprise.picture("Logo"))
    enterprise.entry(menu, screen, name="Lunch", priority=20, start="2026-11-22T11:00:00")
    enterprise.entry(news, screen, name="All day", start="2026-11-22T08:00:00", duration_s=36_000)
    publish(screens=[screen], actor=None, reason="", now=enterprise.now)
    return screen


def page(enterprise, screen, query):
    answer = browser_of(enterprise.administrator).get(f"/screens/{screen.pk}/at/?{query}")
    return answer.status_code, answer.content.decode()


def test_it_says_what_is_shown_and_why_nothing_else_is(enterprise, canteen):
    status, said = page(enterprise, canteen, "at=2026-11-25T11:30:00")
    assert status == 200
    assert "Lunch layout" in said
    assert "Menu" in said
    assert "“Lunch” goes before it: its priority is 20, above 10." in said
    assert f'src="/screens/{canteen.pk}/preview/?at=2026-11-25T11:30:00&amp;of=published"' in said


def test_the_time_is_that_of_the_screen(enterprise, canteen):
    _status, said = page(enterprise, canteen, "at=2026-11-25T14:00:00")
    assert "It was due until 2026-11-25 13:00:00, and is due again at 2026-11-26 11:00:00." in said


def test_what_is_not_published_yet_can_be_looked_at(enterprise, canteen):
    enterprise.entry(
        enterprise.layout(enterprise.playlist(enterprise.picture("Drill poster"))), canteen,
        name="Drill", priority=90, start="2026-11-22T11:00:00",
    )  # fmt: skip
    at = "at=2026-11-25T11:30:00"
    assert "Drill poster" not in page(enterprise, canteen, at)[1]
    assert "Drill poster" in page(enterprise, canteen, f"{at}&of=programme")[1]


def test_a_screen_that_was_told_nothing_says_so(enterprise):
    status, said = page(enterprise, enterprise.lobby(), "")
    assert status == 200
    assert "Nothing was published on" in said


@pytest.mark.parametrize("text", ["tomorrow", "2026-13-01T00:00", "9999-01-01T00:00"])
def test_what_is_no_time_is_said_and_the_page_stays(enterprise, canteen, text):
    status, said = page(enterprise, canteen, f"at={text}")
    assert status == 422
    assert "This is no date and time." in said


def test_there_are_words_for_every_verdict_and_values_for_all_words():
    assert WORDS.keys() == TEMPLATES.keys()
    for code, words in WORDS.items():
        given = {name for _text, name, _spec, _conversion in Formatter().parse(TEMPLATES[code])}
        assert str(words) % dict.fromkeys((given - {None}) | {"by"}, "x")


def test_in_chinese_too(enterprise, canteen):
    browser = browser_of(enterprise.staff("editor", Role.EDITOR))
    browser.cookies["django_language"] = "zh-hans"
    said = browser.get(f"/screens/{canteen.pk}/at/?at=2026-11-25T11:30:00").content.decode()
    assert "“Lunch”优先：优先级 20，高于 10。" in said
