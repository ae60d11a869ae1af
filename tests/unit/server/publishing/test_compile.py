"""The programme becomes a manifest: only what is used, fitted to the screen, the same each time."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from manifest.codec import decode, encode
from manifest.model import Canvas, Manifest, StreamAsset, VideoAsset
from server.library.models import AssetState, Purpose
from server.programme.models import CalendarDay
from server.publishing.compile import EMPTY_LAYOUT, Compiler, body_of, compiled, head, sheet_of
from server.publishing.facts import Facts, LayoutFacts, ZoneFacts
from server.publishing.loader import load_facts
from server.publishing.parts import fitted
from server.screens.models import Screen
from tests.simulators.enterprise import NOW, Enterprise


def manifest_of(screen: Screen) -> Manifest:
    facts = load_facts([screen.pk])
    return compiled(facts, sheet_of(facts, facts.screens[screen.pk], NOW))


def test_only_what_a_screen_can_come_to_show_is_in_its_manifest(enterprise: Enterprise) -> None:
    screen, other = enterprise.lobby(), enterprise.lobby()
    enterprise.playlist(enterprise.picture("In no zone"))
    enterprise.entry(enterprise.layout(enterprise.playlist(enterprise.picture())), other)
    disabled = enterprise.layout(enterprise.playlist(enterprise.picture()))
    enterprise.entry(disabled, screen, enabled=False)
    manifest = manifest_of(screen)
    assert len(manifest.assets) == 2
    assert len(manifest.playlists) == len(manifest.layouts) == 1
    assert manifest.entries == ()


def test_entries_come_by_screen_and_by_group_and_once(enterprise: Enterprise) -> None:
    screen = enterprise.lobby()
    layout = enterprise.layout(enterprise.playlist(enterprise.picture()))
    both = enterprise.entry(layout, screen, enterprise.group(screen), enterprise.group(screen))
    by_group = enterprise.entry(layout, enterprise.group(screen), priority=20, turn_ms=5000)
    entries = manifest_of(screen).entries
    assert [each.id for each in entries] == [f"e{both.pk}", f"e{by_group.pk}"]
    assert (entries[1].priority, entries[1].turn_ms) == (20, 5000)
    assert entries[0].window.rrule == "FREQ=DAILY"
    assert entries[0].window.start == datetime(2026, 11, 22, 9, 0)  # noqa: DTZ001  (a wall time)


def test_pages_of_a_document_become_items(enterprise: Enterprise) -> None:
    paper = enterprise.document(3, "Paper")
    playlist = enterprise.playlist(paper)
    second = enterprise.add(playlist, paper, page=2, duration_ms=4000)
    manifest = manifest_of(enterprise.screen(enterprise.layout(playlist)))
    first = playlist.items.order_by("pk")[0]
    (items,) = (each.items for each in manifest.playlists.values())
    assert [(item.id, item.asset, item.duration_ms) for item in items] == [
        (f"i{first.pk}.1", f"a{paper.pk}.1", 10_000),
        (f"i{first.pk}.2", f"a{paper.pk}.2", 10_000),
        (f"i{first.pk}.3", f"a{paper.pk}.3", 10_000),
        (f"i{second.pk}.2", f"a{paper.pk}.2", 4_000),
    ]
    assert manifest.assets[f"a{paper.pk}.2"].title == "Paper (2)"


def test_a_video_plays_its_own_length(enterprise: Enterprise) -> None:
    film = enterprise.video(duration_ms=12_345)
    manifest = manifest_of(enterprise.lobby(film))
    (playlist,) = manifest.playlists.values()
    assert playlist.items[0].duration_ms == 12_345
    asset = manifest.assets[f"a{film.pk}"]
    assert isinstance(asset, VideoAsset)
    assert asset.audio


def test_a_stream_brings_its_stand_in_and_stays_out_without_it(enterprise: Enterprise) -> None:
    still = enterprise.picture("Still")
    camera = enterprise.stream(still)
    screen = enterprise.lobby(camera)
    manifest = manifest_of(screen)
    stream = manifest.assets[f"a{camera.pk}"]
    assert isinstance(stream, StreamAsset)
    assert manifest.assets[stream.fallback].title == "Still"
    still.state = AssetState.WITHDRAWN
    still.save()
    assert manifest_of(screen).assets == {}


def test_an_asset_that_is_prepared_once_more_goes_on_being_shown(enterprise: Enterprise) -> None:
    picture = enterprise.picture()
    screen = enterprise.lobby(picture)
    for state in (AssetState.RECEIVED, AssetState.PROCESSING):
        type(picture).objects.filter(pk=picture.pk).update(state=state)
        assert len(manifest_of(screen).assets) == 1
    type(picture).objects.filter(pk=picture.pk).update(state=AssetState.WITHDRAWN)
    assert manifest_of(screen).assets == {}


def test_a_wall_that_can_play_4k_is_given_it(enterprise: Enterprise) -> None:
    film = enterprise.video()
    large = enterprise.rendition(
        film, "in 4k", "video/mp4", purpose=Purpose.WALL_4K, width=3840, height=2160, duration_ms=9
    )
    able, unable = enterprise.lobby(film), enterprise.lobby(film)
    enterprise.group(able, allow_4k=True)
    assert manifest_of(able).assets[f"a{film.pk}"].sha256 == large.blob_id  # type: ignore[union-attr]
    assert manifest_of(unable).assets[f"a{film.pk}"].sha256 != large.blob_id  # type: ignore[union-attr]


def test_an_item_ends_when_it_or_its_asset_ends(enterprise: Enterprise) -> None:
    end = enterprise.now + timedelta(days=9)
    playlist = enterprise.playlist()
    enterprise.add(playlist, enterprise.picture(valid_until=end))
    enterprise.add(playlist, enterprise.picture(valid_until=end), valid_until=enterprise.now)
    manifest = manifest_of(enterprise.screen(enterprise.layout(playlist)))
    items = manifest.playlists[f"p{playlist.pk}"].items
    assert [item.valid_until for item in items] == [end, enterprise.now]


def test_the_calendar_and_the_panel_hours_come_along(enterprise: Enterprise) -> None:
    CalendarDay.objects.create(date=date(2026, 10, 1), kind="rest")
    CalendarDay.objects.create(date=date(2026, 10, 10), kind="work")
    window = {"start": "2026-11-22T06:00:00", "duration_s": 57600, "rrule": "FREQ=DAILY"}
    manifest = manifest_of(enterprise.screen(panel_on=[window]))
    assert manifest.calendar.rest == {date(2026, 10, 1)}
    assert manifest.calendar.work == {date(2026, 10, 10)}
    assert manifest.panel is not None
    assert manifest.panel.on[0].duration_s == 57600


def test_a_screen_without_a_layout_shows_the_slate(enterprise: Enterprise) -> None:
    manifest = manifest_of(enterprise.screen())
    assert manifest.default_layout == EMPTY_LAYOUT
    assert manifest.layouts[EMPTY_LAYOUT].zones == ()


# --- the same work once ------------------------------------------------------------------------


def test_screens_with_the_same_content_share_one_body(enterprise: Enterprise) -> None:
    layout = enterprise.layout(enterprise.playlist(enterprise.picture()))
    screens = [enterprise.screen(layout) for _screen in range(3)]
    facts = load_facts([each.pk for each in screens])
    compiler = Compiler(facts)
    bodies = [compiler.body(sheet_of(facts, each, NOW)) for each in facts.screens.values()]
    assert bodies[0] is bodies[1] is bodies[2]


def test_a_body_behind_its_head_is_what_the_codec_writes(enterprise: Enterprise) -> None:
    screen = enterprise.lobby()
    body = body_of(manifest_of(screen))
    issued, expires = NOW, NOW + timedelta(days=30)
    whole = head("hq", "lobby-1", 42, issued, expires) + body.tail
    expected = replace(
        body.manifest,
        site="hq",
        screen="lobby-1",
        version=42,
        issued_at=issued,
        expires_at=expires,
    )
    assert whole == encode(expected)
    assert decode(whole) == expected


def test_the_number_of_queries_does_not_grow_with_the_programme(enterprise: Enterprise) -> None:
    def queries(screens: list[Screen]) -> int:
        with CaptureQueriesContext(
            connection,
        ) as captured:
            load_facts([each.pk for each in screens])
        return len(captured)

    def a_screen() -> Screen:
        screen = enterprise.lobby(
            enterprise.picture(), enterprise.document(2), enterprise.stream(enterprise.picture())
        )
        layout = enterprise.layout(enterprise.playlist(enterprise.video()))
        enterprise.entry(layout, screen, enterprise.group(screen))
        enterprise.takeover(layout, screen)
        return screen

    few = [a_screen()]
    before = queries(few)
    many = [*few, *(a_screen() for _screen in range(7))]
    assert queries(many) == before
    assert before <= 20


# --- fitting -----------------------------------------------------------------------------------

SIDES = st.integers(16, 4096)


@st.composite
def layouts(draw: st.DrawFn) -> LayoutFacts:
    """Two zones that touch, on a canvas of any size."""
    canvas = Canvas(draw(SIDES), draw(SIDES))
    edge = draw(st.integers(1, canvas.width - 1))
    zones = (
        ZoneFacts("left", 0, 0, edge, canvas.height, 1),
        ZoneFacts("right", edge, 0, canvas.width - edge, canvas.height, 1),
    )
    return LayoutFacts(1, "Two", canvas, "#000000", zones)


@given(layout=layouts(), width=SIDES, height=SIDES)
@settings(max_examples=200, deadline=None)
def test_zones_that_touch_still_do_on_any_screen(
    layout: LayoutFacts, width: int, height: int
) -> None:
    left, right = (fitted(zone, layout, Canvas(width, height)) for zone in layout.zones)
    assert left.x == 0
    assert right.x + right.width == width
    assert left.height == right.height == height
    assert left.width >= 1
    assert right.width >= 1
    if left.width > 1 and right.width > 1:
        assert left.x + left.width == right.x
    assert fitted(layout.zones[0], layout, layout.canvas).width == layout.zones[0].width


def test_an_empty_batch_is_no_facts(db: Any) -> None:
    assert load_facts([]) == Facts()
    assert NOW.tzinfo is UTC
