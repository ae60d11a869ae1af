"""A reel is what the scheduler says, picture by picture; unsaved lists are compiled as if saved."""

from datetime import UTC, datetime, timedelta

import pytest

from manifest.model import Canvas, VideoAsset
from scheduler.timeline import next_change_after, on_screen_at
from server.accounts.models import Role
from server.programme.drafts import ItemDraft, PlaylistDraft
from server.programme.models import Playlist
from server.programme.playlists import draft_of
from server.publishing.errors import NothingToShow, ProgrammeInvalid
from server.publishing.looked_at import keep, kept
from server.publishing.planning import prepared_at_rest
from server.publishing.reels import LONGEST, MOST_SPANS, neighbours, reel_of
from server.publishing.trying import alone_on, in_layout, item_names, on_screen
from tests.simulators.enterprise import Enterprise

NOW = datetime(2026, 12, 24, 8, 0, 0, tzinfo=UTC)
LANDSCAPE = Canvas(1920, 1080)


@pytest.fixture
def row(enterprise: Enterprise) -> Playlist:
    made = enterprise.playlist(enterprise.picture("Flag"), enterprise.video("Film", 4_000))
    enterprise.add(made, enterprise.document(2, "Brief"), transition="fade", transition_ms=600)
    return made


def test_every_span_is_what_the_scheduler_shows_then(enterprise: Enterprise, row: Playlist) -> None:
    other = enterprise.playlist(enterprise.picture("Side"), enterprise.picture("Other side"))
    screen = enterprise.screen(enterprise.layout(row, other))
    manifest = prepared_at_rest([screen.pk], NOW).bodies[screen.pk].manifest
    reel = reel_of(manifest, NOW, NOW + timedelta(minutes=2))
    assert len(reel.spans) > 10
    at = NOW
    for span in reel.spans:
        assert span.at == at, "no hole"
        assert span.until == next_change_after(manifest, at)
        picture = on_screen_at(manifest, at)
        assert span.layout == picture.layout
        shown = {each.zone: each for each in span.parts}
        for zone, showing in picture.zones.items():
            assert showing is not None
            part = shown[zone]
            assert (part.item, part.asset, part.since, part.until, part.offset_ms) == (
                showing.item, showing.asset, showing.since, showing.until, showing.offset_ms,
            )  # fmt: skip
        at = span.until
    assert at >= NOW + timedelta(minutes=2)


def test_a_reel_is_no_longer_than_what_is_told_at_once(
    enterprise: Enterprise, row: Playlist
) -> None:
    short = PlaylistDraft(
        name="Short",
        items=tuple(ItemDraft(asset=each.asset, duration_ms=100) for each in draft_of(row).items),
    )
    manifest = alone_on(LANDSCAPE, row.pk, short, NOW, "Asia/Shanghai")
    reel = reel_of(manifest, NOW, NOW + timedelta(days=9))
    assert len(reel.spans) == MOST_SPANS
    assert reel.until == reel.spans[-1].until < NOW + LONGEST


def test_a_list_alone_begins_with_its_first_item_and_has_its_transitions(
    enterprise: Enterprise, row: Playlist
) -> None:
    manifest = alone_on(LANDSCAPE, row.pk, draft_of(row), NOW, "Asia/Shanghai")
    reel = reel_of(manifest, NOW, NOW + timedelta(seconds=35))
    told = [
        (reel.titles[part.asset], (span.until - span.at).total_seconds(), part.transition)
        for span in reel.spans
        for part in span.parts
    ]
    assert told[:5] == [
        ("Flag", 10, "cut"), ("Film", 4, "cut"), ("Brief (1)", 10, "fade"),
        ("Brief (2)", 10, "fade"), ("Flag", 10, "cut"),
    ]  # fmt: skip
    assert {reel.titles[each] for each in reel.films} == {"Film"}
    (zone,) = next(iter(reel.zones.values()))
    assert (zone.width, zone.height) == (1920, 1080)


def test_what_is_not_saved_is_shown_and_nothing_is_written(
    enterprise: Enterprise, row: Playlist
) -> None:
    new = ItemDraft(asset=enterprise.picture("New").pk, key="a-new-one", duration_ms=3000)
    draft = PlaylistDraft(name="Edited", items=(new, *draft_of(row).items))
    screen = enterprise.screen(enterprise.layout(row))
    for manifest in (
        alone_on(LANDSCAPE, row.pk, draft, NOW, "UTC"),
        in_layout(screen.default_layout_id or 0, row.pk, draft, NOW, "UTC"),
        on_screen(screen, row.pk, draft, NOW),
    ):
        (playlist,) = manifest.playlists.values()
        assert manifest.assets[playlist.items[0].asset].title == "New"
        assert item_names(draft)[playlist.items[0].id] == "a-new-one"
    assert [each.asset.title for each in row.items.order_by("position")] == [
        "Flag",
        "Film",
        "Brief",
    ]
    assert row.version == Playlist.objects.get(pk=row.pk).version


def test_a_film_without_its_sound_is_the_same_film_and_leaves_the_other_alone(
    enterprise: Enterprise,
) -> None:
    film = enterprise.video("Film")
    items = (ItemDraft(asset=film.pk, is_muted=True, pk=1), ItemDraft(asset=film.pk, pk=2))
    draft = PlaylistDraft(name="Two", items=items)
    manifest = alone_on(LANDSCAPE, 1, draft, NOW, "UTC")
    quiet, loud = manifest.assets[f"a{film.pk}.mute"], manifest.assets[f"a{film.pk}"]
    assert isinstance(quiet, VideoAsset)
    assert isinstance(loud, VideoAsset)
    assert (quiet.audio, loud.audio, quiet.sha256 == loud.sha256) == (False, True, True)


def test_a_layout_that_is_gone_is_said(enterprise: Enterprise, row: Playlist) -> None:
    with pytest.raises(ProgrammeInvalid, match="This layout is gone"):
        in_layout(999, row.pk, draft_of(row), NOW, "UTC")


def test_the_pictures_before_and_after_are_found(enterprise: Enterprise, row: Playlist) -> None:
    manifest = alone_on(LANDSCAPE, row.pk, draft_of(row), NOW, "UTC")
    at = NOW + timedelta(seconds=15)  # the first page
    before, after = neighbours(manifest, at)
    assert (before, after) == (NOW + timedelta(seconds=10), NOW + timedelta(seconds=24))
    exactly, _after = neighbours(manifest, NOW + timedelta(seconds=14))
    assert exactly == NOW + timedelta(seconds=10)


def test_a_manifest_that_is_looked_at_is_found_again_by_its_reader_alone(
    enterprise: Enterprise, row: Playlist
) -> None:
    manifest = alone_on(LANDSCAPE, row.pk, draft_of(row), NOW, "UTC")
    token = keep(manifest, enterprise.administrator)
    assert kept(token, enterprise.administrator) == manifest
    for wrong, reader in (
        (token, enterprise.staff("another", Role.EDITOR)), (token + "x", enterprise.administrator),
        ("", enterprise.administrator),
    ):  # fmt: skip
        with pytest.raises(NothingToShow, match="too old"):
            kept(wrong, reader)
