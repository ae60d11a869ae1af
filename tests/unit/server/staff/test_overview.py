"""The overview: what is due on each screen, wrong pictures, filters, today, many screens."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from scheduler.report import as_object
from scheduler.timeline import Span, on_screen_at
from server.accounts.models import Role
from server.clock import SystemClock
from server.emergency.models import PreparedCard
from server.publishing.glass import manifest_of
from server.publishing.selectors import told
from server.publishing.services import publish
from server.screens.models import Screen
from server.staff.overview import standings_of
from server.staff.overview.today import joined
from server.staff.overview.wrongs import all_wrong, wrongs
from server.staff.troubles import Trouble
from server.telemetry.models import Heartbeat
from tests.simulators.reviewers import Reviewing
from tests.unit.server.staff.browsers import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown(enterprise):
    """A screen with one picture all day, published."""
    screen = enterprise.lobby(enterprise.picture("Canteen"))
    publish(screens=[screen], actor=None, reason="First.", now=enterprise.later())
    return screen


def heard(screen, picture):
    publication = told([screen.pk])[screen.pk]
    Heartbeat.objects.update_or_create(
        screen=screen,
        defaults={
            "received_at": SystemClock().now(), "address": "10.0.0.9", "boot": "b",
            "generation_version": publication.version, "body": {"picture": picture},
        },
    )  # fmt: skip


def right(screen):
    """What a box reports that shows what is due."""
    manifest, at = manifest_of(told([screen.pk])[screen.pk]), SystemClock().now()
    return as_object(Span(at, at, on_screen_at(manifest, at)))


def seen(screen):
    (found,) = standings_of(Screen.objects.filter(pk=screen.pk), SystemClock().now())
    return found


def test_a_tile_says_what_is_due_by_the_scheduler(shown):
    heard(shown, right(shown))
    assert seen(shown).title == "Canteen"
    assert not seen(shown).differs
    assert not seen(shown).needs_care


def test_a_box_that_says_that_it_shows_something_else_shows_the_wrong_picture(enterprise, shown):
    said = right(shown)
    heard(shown, said | {"zones": {zone: {"item": "i999"} for zone in said["zones"]}})
    assert seen(shown).differs
    (wrong,) = all_wrong([seen(shown)], Screen.objects.filter(pk=shown.pk), SystemClock().now())
    assert wrong.screen == shown.pk
    page = browser_of(enterprise.administrator).get("/?state=different").content.decode()
    assert "Wrong picture" in page
    assert f'id="s{shown.pk}"' in page


@pytest.mark.parametrize("report", ["x", 7, [], {"zones": 3}, {"layout": {}, "zones": {"a": [1]}}])
def test_a_report_of_any_shape_is_a_wrong_picture_and_no_crash(shown, report):
    heard(shown, report)
    assert seen(shown).differs


def test_of_a_box_that_reports_no_picture_nothing_is_said(shown):
    heard(shown, None)
    assert not seen(shown).differs


def test_two_hundred_screens_come_in_pages_and_in_few_queries(
    enterprise, django_assert_max_num_queries
):
    layout = enterprise.layout(enterprise.playlist(enterprise.picture()))
    for number in range(200):
        enterprise.screen(layout, slug=f"wall-{number}")
    browser = browser_of(enterprise.administrator)
    browser.get("/")
    with django_assert_max_num_queries(54):
        page = browser.get("/").content.decode()
    assert len(page) < 90_000
    assert len(re.findall('class="wall-tile', page)) == 48
    more = browser.get("/overview/wall/?from=48").content.decode()
    assert len(re.findall('class="wall-tile', more)) == 48
    again = browser.get("/overview/wall/?upto=96").content.decode()
    assert len(re.findall('class="wall-tile', again)) == 96
    assert "wall-more-192" in browser.get("/overview/wall/?from=144").content.decode()


def test_the_wall_is_narrowed_by_group_state_and_word(enterprise):
    one, two = enterprise.screen(name="North"), enterprise.screen(name="South")
    group = enterprise.group(one)
    browser = browser_of(enterprise.administrator)

    def shown_by(query):
        text = browser.get(f"/{query}").content.decode()
        return [each for each in (one, two) if f'id="s{each.pk}"' in text]

    assert shown_by("") == [one, two]
    assert shown_by(f"?group={group.pk}") == [one]
    assert shown_by("?q=sou") == [two]
    assert shown_by("?state=offline") == [one, two]
    assert shown_by("?state=online") == []
    assert shown_by("?group=x&state=x") == [one, two]


def test_today_shows_what_was_published_and_not_what_is_merely_arranged(enterprise):
    screen = enterprise.lobby()
    entry = enterprise.entry(enterprise.layout(enterprise.playlist(enterprise.picture())), screen)
    entry.name, entry.start = "Lunch", "2026-11-20T00:00:00"
    entry.duration_s = 86_400
    entry.save()
    browser = browser_of(enterprise.administrator)
    assert "Lunch" not in browser.get("/").content.decode()
    publish(screens=[screen], actor=None, reason="First.", now=enterprise.later())
    assert "Lunch" in browser.get("/").content.decode()


def test_spans_that_touch_are_one():
    at = [datetime(2026, 1, 1, hour, tzinfo=UTC) for hour in range(6)]
    assert joined([(at[3], at[4]), (at[0], at[1]), (at[1], at[2])]) == [
        (at[0], at[2]), (at[3], at[4]),
    ]  # fmt: skip


def test_what_is_wrong_on_many_screens_is_said_once_errors_first():
    late = [Trouble(number, f"S{number}", "W", "Late.") for number in range(6)]
    gone = [Trouble(9, "S9", "E", "Gone.", datetime(2026, 1, 1, tzinfo=UTC))]
    first, second = wrongs([*late, *gone])
    assert (first.sentence, len(second.troubles)) == ("Gone.", 6)
    assert len(second.named) + len(second.others) == 6


def test_a_look_at_a_screen_shows_both_pictures(enterprise, shown):
    heard(shown, right(shown))
    part = browser_of(enterprise.administrator).get(f"/overview/screens/{shown.pk}/")
    text = part.content.decode()
    assert "data-open-now" in text
    assert f"/screens/{shown.pk}/preview/?of=published" in text


def test_what_waits_has_overdue_reviews_first_and_names_who_does_not_do_them(enterprise, shown):
    reviewing = Reviewing(enterprise, steps=1)
    playlist = shown.default_layout.zones.get().playlist
    reviewing.add(playlist, enterprise.picture("Poster"))
    submission = reviewing.submit(shown, title="Week 48")
    enterprise.picture(state="failed", failure_code="DAMAGED")

    def waits(person):
        text = browser_of(person).get("/overview/state/").content.decode()
        return re.findall(r'class="duty"><a href="([^"]+)"', text)

    there = f"/reviews/{submission.pk}/"
    assert waits(reviewing.first)[0] == there
    assert there in waits(reviewing.editor), "who submitted it sees how far it is"
    assert f"“Week 48” waits for its First review ({reviewing.first})" in page_of(reviewing.editor)
    assert there not in waits(enterprise.administrator)
    submission.due_at = SystemClock().now() - timedelta(hours=1)
    submission.save()
    for person in (reviewing.first, reviewing.editor, enterprise.administrator):
        assert waits(person)[0] == there, "late, so before all else"
        assert waits(person).count(there) == 1
    assert there not in waits(reviewing.second)


def test_a_prepared_card_waits_for_its_reviewer(enterprise, shown):
    reviewing = Reviewing(enterprise, steps=1)
    card = PreparedCard.objects.create(
        name="停电", department=enterprise.department, title="停电", issuer="总值班室",
        changed_by=enterprise.administrator, changed_at=enterprise.now,
    )  # fmt: skip
    there = f"/emergency/cards/{card.pk}/"
    assert there in browser_of(reviewing.first).get("/").content.decode()
    assert there not in browser_of(reviewing.second).get("/").content.decode()


def test_the_wallboard_says_what_has_taken_over(enterprise, shown):
    layout = enterprise.layout(enterprise.playlist(enterprise.picture()))
    takeover = enterprise.takeover(layout, shown, ends_at=SystemClock().now() + timedelta(hours=1))
    browser = browser_of(enterprise.administrator)
    for address in ("/wallboard/", "/overview/wall/?board=1"):
        assert takeover.name in browser.get(address).content.decode()


def test_the_wallboard_has_no_frame_and_is_dark(enterprise, shown):
    text = browser_of(enterprise.administrator).get("/wallboard/").content.decode()
    assert 'class="side"' not in text
    assert re.search(r'dark\.css" media="all"', text)


def page_of(person):
    return browser_of(person).get("/").content.decode()


def test_what_is_on_its_way_is_said_calmly_and_is_neither_duty_nor_fault(enterprise, shown):
    heard(shown, right(shown))
    shown.default_layout.zones.get().playlist.items.update(duration_ms=7_000)
    publish(screens=[shown], actor=None, reason="Second.", now=enterprise.later())
    page = page_of(enterprise.administrator)
    assert "1 screen is fetching" in page
    assert "Nothing is wrong: all is heard of, on time" in page
    assert not re.search(r'class="duty"><a href="/(publish|screens)', page)
    assert not seen(shown).needs_care


def test_what_was_published_long_ago_and_not_taken_in_is_wrong(enterprise, shown):
    heard(shown, right(shown))
    Heartbeat.objects.update(generation_version=1)
    at = SystemClock().now() + timedelta(hours=2)
    Heartbeat.objects.update(received_at=at)
    (later,) = standings_of(Screen.objects.filter(pk=shown.pk), at)
    (wrong,) = all_wrong([later], Screen.objects.filter(pk=shown.pk), at)
    assert (wrong.screen, wrong.severity) == (shown.pk, "W")
    assert wrong.since == told([shown.pk])[shown.pk].issued_at
    assert later.needs_care
    assert not later.fetches


def test_the_page_of_a_screen_says_what_the_overview_says(enterprise, shown):
    admin = browser_of(enterprise.administrator)
    well = "Nothing is wrong: all is heard of, published"
    heard(shown, right(shown))
    assert well in admin.get(f"/screens/{shown.pk}/").content.decode()
    Heartbeat.objects.update(generation_version=1)
    page = admin.get(f"/screens/{shown.pk}/").content.decode()
    assert "Its box has not taken the newest programme yet." in page
    assert well not in page


def test_a_tile_without_a_screenshot_says_so_and_what_is_due(enterprise, shown):
    bare = enterprise.screen(name="Bare")
    page = page_of(enterprise.administrator)
    tiles = dict(re.findall(r'id="s(\d+)">(.*?)</li>', page, flags=re.DOTALL))
    assert "No screenshot yet" in tiles[str(shown.pk)]
    assert "Due: Canteen" in tiles[str(shown.pk)]
    assert "Nothing published" in tiles[str(bare.pk)]


def test_the_overview_says_how_to_begin_to_who_may(enterprise, shown):
    editor = enterprise.staff("writer", Role.EDITOR)
    page = page_of(editor)
    way = re.search(r'<nav class="way".*?</nav>', page, re.DOTALL)[0]
    assert re.findall(r'href="([^"]+)"', way) == [
        "/library/#upload", "/playlists/", "/schedule/", "/publish/",
    ]  # fmt: skip
    assert "Publish it" in way
    Reviewing(enterprise, steps=1)
    assert "Submit for review" in page_of(editor)
    assert "Submit and publish" in page_of(enterprise.administrator)
    auditor = page_of(enterprise.staff("auditor", Role.AUDITOR))
    assert "#upload" not in auditor
    assert 'class="way"' not in auditor


def test_what_was_approved_waits_for_who_publishes_until_it_is_published(enterprise, shown):
    reviewing = Reviewing(enterprise, steps=1)
    reviewing.add(shown.default_layout.zones.get().playlist, enterprise.picture("Poster"))
    submission = reviewing.submit(shown, title="Week 48")
    submission.submitted_at = SystemClock().now()
    submission.save()
    said = "“Week 48” is approved: publish it"
    assert said not in page_of(enterprise.administrator)
    reviewing.approve(submission, reviewing.first)
    assert said in page_of(enterprise.administrator)
    assert said not in page_of(reviewing.first)
    publish(screens=[shown], actor=None, reason="Reviewed.", now=enterprise.later())
    assert said not in page_of(enterprise.administrator)


def test_the_way_of_a_file_marks_the_first_step_of_which_nothing_is_there(enterprise):
    boss = browser_of(enterprise.administrator)

    def marked():
        return [n for n, step in enumerate(boss.get("/").context["way"], 1) if step.is_next]

    assert marked() == [1]
    poster = enterprise.picture("Poster")
    assert marked() == [2]
    playlist = enterprise.playlist(poster)
    assert marked() == [3]
    enterprise.entry(enterprise.layout(playlist), enterprise.screen())
    assert marked() == [], "all is there: no step is the next one"
