"""The dry run says what would change, in words and in pictures, and changes nothing."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.utils import translation

from server.library.models import Asset, AssetState
from server.publishing.errors import NotConfirmed, NotCurrent
from server.publishing.models import Publication
from server.publishing.planning import Plan
from server.publishing.services import plan, publish
from server.publishing.words import TEMPLATES, Sentence
from server.screens.models import Screen
from tests.simulators.enterprise import Enterprise


def planned(enterprise: Enterprise, *screens: Screen) -> Plan:
    return plan(screens, enterprise.now)


def changes(enterprise: Enterprise, screen: Screen) -> list[str]:
    return [str(each) for each in planned(enterprise, screen).screens[0].changes]


def cautions(enterprise: Enterprise, screen: Screen) -> list[str]:
    return [str(each) for each in planned(enterprise, screen).screens[0].cautions]


def told(enterprise: Enterprise, *screens: Screen) -> None:
    publish(screens=screens, actor=None, reason="", now=enterprise.now, confirmed=True)


@pytest.fixture(autouse=True)
def in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def test_a_plan_of_what_is_on_the_wall_is_empty(enterprise: Enterprise) -> None:
    screen = enterprise.lobby()
    assert planned(enterprise, screen).screens[0].state == "new"
    told(enterprise, screen)
    found = planned(enterprise, screen)
    assert found.screens[0].state == "unchanged"
    assert found.changed == ()


def test_a_plan_writes_nothing(enterprise: Enterprise) -> None:
    planned(enterprise, enterprise.lobby())
    assert not Publication.objects.exists()


def test_what_comes_goes_and_moves_is_said_with_its_title(enterprise: Enterprise) -> None:
    titles = ["Safety", "Lunch", "Honours", "Notice"]
    playlist = enterprise.playlist(*(enterprise.picture(title) for title in titles))
    screen = enterprise.screen(enterprise.layout(playlist))
    told(enterprise, screen)
    safety, lunch, honours, notice = playlist.items.order_by("position")
    lunch.delete()
    for position, item in enumerate((notice, safety, honours)):
        item.position = 10 + position
        item.save()
    enterprise.add(playlist, enterprise.picture("New"), position=20)
    assert changes(enterprise, screen) == [
        f"“New” comes into {playlist.name}.",
        f"“Lunch” leaves {playlist.name}.",
        f"“Notice” gets another place in {playlist.name}.",
    ]


def test_other_times_are_said_as_they_were_and_will_be(enterprise: Enterprise) -> None:
    screen = enterprise.lobby(enterprise.picture("Safety"))
    entry = enterprise.entry(enterprise.layout(), screen, name="Lunch")
    told(enterprise, screen)
    assert screen.default_layout is not None
    item = screen.default_layout.zones.get().playlist.items.get()
    item.duration_ms, item.weight = 12_500, 2
    item.save()
    entry.duration_s = 3600
    entry.save()
    words = changes(enterprise, screen)
    assert any("10 seconds, will be 12.5 seconds, 2 times a round." in each for each in words)
    assert "Lunch: “Every day 09:00–11:00” becomes “Every day 09:00–10:00”." in words
    with translation.override("zh-hans"):
        words = changes(enterprise, screen)
    assert any("10 秒" in each and "12.5 秒、每轮 2 次" in each for each in words)
    assert any("每天 09:00–11:00" in each and "每天 09:00–10:00" in each for each in words)


def test_windows_that_only_begin_on_another_day_are_told_apart(enterprise: Enterprise) -> None:
    screen = enterprise.lobby()
    entry = enterprise.entry(enterprise.layout(), screen, name="Lunch")
    told(enterprise, screen)
    entry.start = "2026-12-01T09:00:00"
    entry.save()
    (words,) = changes(enterprise, screen)
    assert words == (
        "Lunch: “Every day 09:00–11:00, from 2026-11-22 on” becomes"
        " “Every day 09:00–11:00, from 2026-12-01 on”."
    )


def test_no_sentence_shows_a_rule_or_an_instant_of_documents(enterprise: Enterprise) -> None:
    screen = enterprise.lobby(enterprise.picture(valid_until=enterprise.later(timedelta(days=2))))
    entry = enterprise.entry(enterprise.layout(), screen, name="Lunch")
    entry.rrule, entry.days, entry.duration_s = "FREQ=DAILY", "work", 7200
    entry.save()
    told(enterprise, screen)
    enterprise.takeover(enterprise.layout(), screen, name="Fire drill")
    entry.start = "2026-11-23T00:00:00"
    entry.rrule, entry.days, entry.duration_s = "FREQ=WEEKLY;BYDAY=MO,TU", "any", 86_400
    entry.save()
    enterprise.entry(enterprise.layout(), screen, name="Noon", start="2026-12-01T12:00:00")
    (found,) = planned(enterprise, screen).screens
    with translation.override("zh-hans"):
        words = " ".join(map(str, [*found.changes, *found.cautions]))
    assert "由“每个工作日 09:00–11:00，节假日除外”改为“每周一、周二 全天”" in words
    assert "FREQ" not in words
    assert not re.search(r"\dT\d|\dZ| min", words)


def test_what_former_versions_have_stored_is_said_as_it_stands() -> None:
    old = {"entry": "Lunch", "before": "2026-11-22 09:00, 60 min", "after": "2026-11-22 10:00"}
    assert str(Sentence("ENTRY_TIMES", old)) == (
        "Lunch: “2026-11-22 09:00, 60 min” becomes “2026-11-22 10:00”."
    )
    gap = Sentence("GAP", {"since": "soon", "until": "later"})
    assert str(gap) == "Nothing is due from soon to later: the slate."


def test_pages_of_a_document_are_one_item(enterprise: Enterprise) -> None:
    screen = enterprise.lobby(enterprise.picture())
    told(enterprise, screen)
    assert screen.default_layout is not None
    playlist = screen.default_layout.zones.get().playlist
    enterprise.add(playlist, enterprise.document(5, "Regulations"))
    assert changes(enterprise, screen) == [f"“Regulations” comes into {playlist.name}."]


def test_entries_takeovers_and_the_fallback_are_named_as_people_call_them(
    enterprise: Enterprise,
) -> None:
    screen = enterprise.lobby()
    gone = enterprise.entry(enterprise.layout(), screen, name="Breakfast")
    told(enterprise, screen)
    gone.delete()
    enterprise.entry(enterprise.layout(), screen, name="Lunch")
    enterprise.takeover(enterprise.layout(), screen, name="Fire drill")
    before, after = screen.default_layout, enterprise.layout(enterprise.playlist())
    screen.default_layout = after
    screen.save()
    words = changes(enterprise, screen)
    assert f"When nothing is due: {after.name} instead of {before}." in words
    assert "Lunch is due: Every day 09:00–11:00, from 2026-11-22 on." in words
    assert any(each.endswith("is due no more.") for each in words)
    assert any(each.startswith("Fire drill takes over until") for each in words)


def test_the_next_pictures_of_both_are_shown(enterprise: Enterprise) -> None:
    screen = enterprise.lobby(enterprise.picture("Old"))
    told(enterprise, screen)
    assert screen.default_layout is not None
    playlist = screen.default_layout.zones.get().playlist
    enterprise.add(playlist, enterprise.picture("New"))
    (found,) = planned(enterprise, screen).screens
    assert [each.titles["zone-0"] for each in found.now[:2]] == ["Old", "Old"]
    assert {each.titles["zone-0"] for each in found.then[:2]} == {"Old", "New"}
    assert found.then[0].at == enterprise.now
    assert found.then[0].layout == screen.default_layout.name


# --- what to look at ---------------------------------------------------------------------------


def test_an_empty_playlist_wants_a_yes(enterprise: Enterprise) -> None:
    empty = enterprise.playlist()
    screen = enterprise.screen(enterprise.layout(enterprise.playlist(enterprise.picture()), empty))
    sentence = f"{empty.name} has no items: its zone will be empty."
    assert cautions(enterprise, screen) == [sentence]
    with pytest.raises(NotConfirmed) as refused:
        publish(screens=[screen], actor=None, reason="", now=enterprise.now)
    assert refused.value.details == {"cautions": {sentence: [screen.name]}}
    assert not Publication.objects.exists()
    assert publish(screens=[screen], actor=None, reason="", now=enterprise.now, confirmed=True)


def test_a_playlist_that_is_over_wants_a_yes(enterprise: Enterprise) -> None:
    playlist = enterprise.playlist()
    enterprise.add(playlist, enterprise.picture(), valid_until=enterprise.now - timedelta(days=1))
    screen = enterprise.screen(enterprise.layout(playlist))
    found = planned(enterprise, screen)
    assert {each.code for each in found.to_confirm} == {"ALL_INVALID", "NOTHING_TO_SHOW"}


def test_a_screen_without_anything_wants_a_yes(enterprise: Enterprise) -> None:
    found = planned(enterprise, enterprise.screen())
    assert [str(each) for each in found.to_confirm] == [
        "From now on for 168 hours nothing is due: the slate will stand there."
    ]


def test_a_gap_between_entries_is_noted(enterprise: Enterprise) -> None:
    screen = enterprise.screen()
    layout = enterprise.layout(enterprise.playlist(enterprise.picture()))
    enterprise.entry(layout, screen)  # 01:00 to 03:00 in UTC; now is 08:00
    words = cautions(enterprise, screen)
    assert words[0] == ("Nothing is due from 2026-12-24 16:00 to 2026-12-25 09:00: the slate.")
    assert len(words) == 3


def test_what_is_left_out_too_long_or_soon_over_is_noted(enterprise: Enterprise) -> None:
    soon = enterprise.now + timedelta(days=2)
    screen = enterprise.lobby(
        enterprise.picture("Fine"),
        enterprise.picture("Soon over", valid_until=soon),
        enterprise.picture("Down", state=AssetState.WITHDRAWN),
        enterprise.card("Not yet"),
    )
    type(enterprise.card()).objects.filter(title="Not yet").update(state=AssetState.PROCESSING)
    film = enterprise.video("Film", duration_ms=8_000_000)
    layout = enterprise.layout(enterprise.playlist(film), canvas_width=1080, canvas_height=1920)
    enterprise.entry(layout, screen, name="Cinema")
    assert cautions(enterprise, screen) == [
        "“Soon over” may be shown until 2026-12-26 16:00 only.",
        "“Down” was taken down and is left out.",
        "“Not yet” is not ready yet and is left out.",
        "“Film” takes longer (8000 s) than Cinema lasts (7200 s).",
        f"{layout.name} was made for 1080 x 1920, and the screen has 1920 x 1080.",
    ]


def pages_of(enterprise: Enterprise, *percents: float | None) -> Asset:
    paper = enterprise.document(len(percents), "Report")
    for page, percent in enumerate(percents, start=1):
        paper.renditions.filter(page=page).update(text_percent=percent)
    return paper


def test_pages_whose_text_nobody_can_read_are_named(enterprise: Enterprise) -> None:
    paper = pages_of(enterprise, 1.5, 3.8, None, 3.6)
    layout = enterprise.layout(enterprise.playlist(paper))
    told = cautions(enterprise, enterprise.screen(layout))
    assert [each.partition(" %")[0] for each in told] == [
        "The text of “Report (1)” is 1.5",
        "The text of “Report (4)” is 3.6",
    ]


def test_text_in_a_part_of_the_screen_is_as_small_as_it_is_seen_there(
    enterprise: Enterprise,
) -> None:
    paper = pages_of(enterprise, 6.0)
    layout = enterprise.layout(enterprise.playlist(paper))
    assert cautions(enterprise, enterprise.screen(layout)) == []
    layout.zones.update(width=960, height=1080)
    (told,) = cautions(enterprise, enterprise.screen(layout))
    assert "is 3.0 % of the screen's height" in told
    assert "3.7 % can be read" in told


def test_a_page_alone_is_judged_alone(enterprise: Enterprise) -> None:
    playlist = enterprise.playlist()
    enterprise.add(playlist, pages_of(enterprise, 1.0, 9.0), page=2)
    assert cautions(enterprise, enterprise.screen(enterprise.layout(playlist))) == []


def test_a_card_in_a_zone_without_a_readable_line_is_named(enterprise: Enterprise) -> None:
    layout = enterprise.layout(enterprise.playlist(enterprise.card("Ticker")))
    layout.zones.update(height=59)
    (told,) = cautions(enterprise, enterprise.screen(layout))
    assert told.startswith("“Ticker” is text, and its zone")
    layout.zones.update(height=61)
    assert cautions(enterprise, enterprise.screen(layout)) == []


def test_every_template_has_its_values(enterprise: Enterprise) -> None:
    for code, (_weight, template) in TEMPLATES.items():
        assert template.count("%(") == template.count(")s"), code


# --- look, then publish ------------------------------------------------------------------------


def test_what_was_looked_at_is_what_is_published(enterprise: Enterprise) -> None:
    screen = enterprise.lobby()
    looked_at = planned(enterprise, screen).digest
    assert screen.default_layout is not None
    enterprise.add(screen.default_layout.zones.get().playlist, enterprise.picture("Late"))
    with pytest.raises(NotCurrent):
        publish(screens=[screen], actor=None, reason="", now=enterprise.now, expected=looked_at)
    again = planned(enterprise, screen).digest
    assert publish(screens=[screen], actor=None, reason="", now=enterprise.now, expected=again)


def test_a_screen_that_was_moved_to_another_group_meanwhile_is_noticed(
    enterprise: Enterprise,
) -> None:
    screen = enterprise.lobby()
    group = enterprise.group(screen)
    enterprise.entry(enterprise.layout(enterprise.playlist(enterprise.picture())), group)
    looked_at = planned(enterprise, screen).digest
    group.screens.clear()
    with pytest.raises(NotCurrent):
        publish(screens=[screen], actor=None, reason="", now=enterprise.now, expected=looked_at)
