"""The sample programmes: every card of them can be shown, at any hour and on any day."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from cards.catalogue import TEMPLATES, card_for
from manifest.model import Canvas
from server.programme.drafts import ZoneDraft
from server.programme.layout_cautions import Viewing, cautions
from server.samples.reading import SAMPLES, read
from server.staff.layouts.presets import zones_of_preset

DAYS = [date(2026, 11, 23), date(2027, 2, 28), date(2028, 2, 29)]


@pytest.mark.parametrize("name", SAMPLES)
@pytest.mark.parametrize("day", DAYS)
def test_every_card_passes_its_template_at_any_hour(name, day):
    for key, card in read(name, day).cards.items():
        for hour in (0, 7, 12, 18, 23):
            at = datetime(day.year, day.month, day.day, hour, tzinfo=ZoneInfo("Asia/Shanghai"))
            assert card_for(card, at).qml, key


@pytest.mark.parametrize("name", SAMPLES)
def test_every_zone_has_its_playlist_and_every_card_its_place(name):
    sample = read(name, DAYS[0])
    zones = [zone for layout in sample.layouts for zone in layout.zones]
    assert {zone.playlist for zone in zones} == set(sample.playlists)
    shown = {item.asset for items in sample.playlists.values() for item in items}
    assert set(sample.cards) <= shown
    assert all(sample.loop_ms(layout) >= 20_000 for layout in sample.layouts)


@pytest.mark.parametrize("name", SAMPLES)
def test_nothing_looks_wrong_in_a_layout_of_a_sample(name):
    for layout in read(name, DAYS[0]).layouts:
        drafts = [
            ZoneDraft(slug=each.id, x=each.place[0], y=each.place[1], width=each.place[2],
                      height=each.place[3], playlist=1)
            for each in layout.zones
        ]  # fmt: skip
        assert cautions(drafts, Canvas(1920, 1080), Viewing()) == []


@pytest.mark.parametrize(
    ("name", "preset"), [("lobby", "lobby"), ("canteen", "canteen"), ("safety-month", "shaft")]
)
def test_a_sample_for_a_place_has_the_zones_of_its_preset(name, preset):
    parts = zones_of_preset(preset, Canvas(1920, 1080), {"main": 1})
    places = [(part.x, part.y, part.width, part.height) for part in parts]
    assert [zone.place for zone in read(name, DAYS[0]).layouts[0].zones] == places


@pytest.mark.parametrize("name", SAMPLES)
def test_no_text_of_a_sample_is_said_by_two_of_its_cards(name):
    told = [text for card in read(name, DAYS[0]).cards.values() for text in _sentences(card.data)]
    assert sorted(told) == sorted(set(told))


def _sentences(data):
    """What a card says in a line of its own: its headline, and each message that runs."""
    texts = [data.get("title", ""), data.get("body", ""), data.get("text", "")]
    told = (*data.get("messages", ()), *data.get("priority", ()))
    lines = (each["text"] for each in data.get("lines", ()))
    return [text for text in (*texts, *told, *lines) if text]


def test_the_words_are_of_the_day():
    today, later = DAYS[0], DAYS[0] + timedelta(days=10)
    assert read("lobby", today).cards["fire-check"].data["date"] == "2026-11-23"
    assert "11月25日" in read("lobby", today).cards["fire-check"].data["body"]
    assert "12月5日" in read("lobby", later).cards["fire-check"].data["body"]


def test_the_menu_has_a_week_of_four_meals():
    dishes = read("canteen", DAYS[0]).cards["menu"].data["dishes"]
    assert len({(dish["date"], dish["meal"]) for dish in dishes}) == 28


#: What no sample may hold: people's names, what the law counts, sound that is not ours to give.
LEFT_OUT = {"birthday", "public-notice", "music", "emergency"}


def test_the_samples_show_every_other_card_that_there_is():
    used = {card.template for name in SAMPLES for card in read(name, DAYS[0]).cards.values()}
    assert used == TEMPLATES.keys() - LEFT_OUT
