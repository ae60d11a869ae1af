"""The demonstration's programme: valid, complete, and showing everything within its minute."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.demo.content import Media
from bench.demo.film import FILM_MS, render_film
from bench.demo.pictures import PICTURES
from bench.demo.programme import cards, layouts_of, programme
from bench.demo.wall import good_moment
from cards.catalogue import card_for
from manifest import codec
from manifest.model import ImageAsset, VideoAsset
from player.stage.media.probe import probe
from scheduler.timeline import on_screen_at
from server.samples.reading import SAMPLES

MORNING = datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
LUNCH = datetime(2026, 11, 22, 4, 10, tzinfo=UTC)
NIGHT = datetime(2026, 11, 22, 15, 59, 50, tzinfo=UTC)


@pytest.fixture
def media() -> Media:
    """What the drawing makes, by name; the bytes do not matter here."""
    digests = iter(f"{n:064x}" for n in range(100))
    found: Media = {
        name: ImageAsset(title, next(digests), 1, "image/png", 1920, 1080)
        for name, (title, _) in PICTURES.items()
    }
    found["dawn"] = VideoAsset("日出", next(digests), 1, "video/mp4", 1920, 1080, 12_000, False)
    found["film"] = VideoAsset("电影", next(digests), 1, "video/mp4", 1920, 1080, 16_000, False)
    return found


@pytest.mark.parametrize("now", [MORNING, LUNCH, NIGHT])
def test_the_programme_is_a_valid_manifest_at_any_hour(media: Media, now: datetime) -> None:
    manifest = programme(media, now)
    assert codec.decode(codec.encode(manifest)) == manifest


def test_every_file_and_card_has_its_place(media: Media) -> None:
    manifest = programme(media, MORNING)
    played = {item.asset for playlist in manifest.playlists.values() for item in playlist.items}
    assert played == set(media) | set(cards(MORNING.date()))


def test_every_card_can_be_shown() -> None:
    assert all(card_for(card, NIGHT).qml for card in cards(NIGHT.date()).values())


@pytest.mark.parametrize("now", [MORNING, LUNCH, NIGHT])
def test_the_pictures_show_each_programme_settled(media: Media, now: datetime) -> None:
    manifest = programme(media, now)
    for layout in layouts_of(manifest).values():
        moment = good_moment(manifest, now, layout)
        picture = on_screen_at(manifest, moment)
        assert timedelta(seconds=15) <= moment - now < timedelta(minutes=4)
        assert picture.layout == layout
        assert all(picture.zones.values())


def test_the_first_picture_shows_guests_a_notice_the_clock_and_the_ticker(media: Media) -> None:
    manifest = programme(media, MORNING)
    picture = on_screen_at(manifest, good_moment(manifest, MORNING, "lobby-1"))
    assert {zone: showing.asset for zone, showing in picture.zones.items() if showing} == {
        "main": "welcome",
        "clock": "clock",
        "side": "shuttle",
        "ticker": "ticker",
    }


def test_all_three_programmes_take_turns(media: Media) -> None:
    manifest = programme(media, MORNING)
    instants = [MORNING + timedelta(seconds=5 * n) for n in range(60)]
    shown = [on_screen_at(manifest, instant).layout for instant in instants]
    assert set(shown) == set(manifest.layouts)
    assert {name.rpartition("-")[0] for name in manifest.layouts} == set(SAMPLES)


@pytest.mark.deep  # twelve seconds of drawing and encoding
def test_the_film_is_of_cards_that_the_stage_draws(tmp_path: Path) -> None:
    made = tmp_path / "film.mp4"
    render_film(made)
    told = probe(made)
    assert told.has_video
    assert (told.width, told.height) == (1920, 1080)
    assert abs(told.length_ms - FILM_MS) <= 100
