"""Music behind a layout: a zone that nobody sees, of a playlist that nobody looks at."""

import pytest
from django.utils import translation

from cards.music import MUSIC_ZONE
from manifest.model import CardAsset
from server.errors import Invalid
from server.programme.drafts import ZoneDraft, music_zone
from server.programme.layout_cautions import cautions
from server.programme.layouts import FULL_HD, layout_change, zones_of
from server.publishing.compile import compiled, sheet_of
from server.publishing.drawing import as_drawn, drawing_of
from server.publishing.loader import load_facts
from server.publishing.planning import plan
from tests.simulators.enterprise import NOW, Enterprise


@pytest.fixture
def screen(enterprise: Enterprise):
    """A screen with pictures and music behind them."""
    layout = enterprise.layout(enterprise.playlist(enterprise.picture()))
    put(enterprise, layout, music_zone(enterprise.playlist(enterprise.music()).pk))
    return enterprise.screen(layout)


def put(enterprise, layout, zone):
    layout.refresh_from_db()
    zones = [each for each in zones_of(layout) if each.slug != zone.slug]
    layout_change(
        layout=layout, version=layout.version, zones=[*zones, zone],
        actor=enterprise.administrator, now=enterprise.now,
    )  # fmt: skip


def manifest_of(screen):
    facts = load_facts([screen.pk])
    return compiled(facts, sheet_of(facts, facts.screens[screen.pk], NOW))


def test_music_reaches_the_manifest_with_its_track_and_its_length(screen):
    manifest = manifest_of(screen)
    (layout,) = manifest.layouts.values()
    (zone,) = [each for each in layout.zones if each.id == MUSIC_ZONE]
    (item,) = manifest.playlists[zone.playlist].items
    card = manifest.assets[item.asset]
    assert isinstance(card, CardAsset)
    assert (card.template, card.blobs.keys()) == ("music", {"track"})


def test_a_picture_of_the_screen_needs_no_track(screen):
    manifest = manifest_of(screen)
    assert as_drawn(as_drawn(manifest)) == as_drawn(manifest)
    (layout,) = as_drawn(manifest).layouts.values()
    assert [each.id for each in layout.zones] != []
    assert MUSIC_ZONE not in [each.id for each in layout.zones]
    tracks = {file.sha256 for each in manifest.assets.values() if isinstance(each, CardAsset)
              for file in each.blobs.values()}  # fmt: skip
    assert tracks
    assert not tracks & drawing_of(manifest, NOW).files


def test_music_in_a_zone_is_refused_and_so_are_pictures_behind_a_layout(enterprise, screen):
    layout = screen.default_layout
    music, pictures = enterprise.playlist(enterprise.music()), layout.zones.exclude(slug=MUSIC_ZONE)
    whole = ZoneDraft(slug="main", x=0, y=0, width=1920, height=1080, playlist=music.pk)
    with pytest.raises(Invalid, match="is music, and “main” would stand empty"):
        put(enterprise, layout, whole)
    with pytest.raises(Invalid, match="is no music and would not be seen"):
        put(enterprise, layout, music_zone(pictures.get().playlist_id))


def test_what_comes_into_the_wrong_playlist_later_is_said_before_it_is_published(
    enterprise, screen
):
    zones = {each.slug: each.playlist for each in screen.default_layout.zones.all()}
    behind = zones.pop(MUSIC_ZONE)
    (front,) = zones.values()
    enterprise.add(front, enterprise.music("March"))
    enterprise.add(behind, enterprise.picture("Poster"))
    with translation.override("en"):
        said = [str(each) for each in plan([screen], NOW).screens[0].cautions]
    title = screen.default_layout.name
    behind_it = f"“Poster” in {behind.name} is not seen: {title} has it as its music."
    in_front = f"“March” in {front.name} is music: {title} stands empty there meanwhile."
    assert [each for each in said if "March" in each or "Poster" in each] == [behind_it, in_front]


def test_nothing_looks_wrong_of_a_zone_that_is_not_seen():
    main = ZoneDraft(slug="main", x=0, y=0, width=1920, height=1080, playlist=1)
    assert cautions([main, music_zone(2)], FULL_HD) == []


def test_a_long_piece_in_a_short_entry_is_nothing_to_warn_of(enterprise, screen):
    layout = enterprise.layout(enterprise.playlist(enterprise.picture()))
    put(
        enterprise,
        layout,
        music_zone(enterprise.playlist(enterprise.music(duration_ms=9_000_000)).pk),
    )
    enterprise.entry(layout, screen)
    said = [each.code for each in plan([screen], NOW).screens[0].cautions]
    assert "ITEM_TOO_LONG" not in said
