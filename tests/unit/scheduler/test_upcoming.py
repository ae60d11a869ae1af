"""What is needed next: for the stage, which makes it ready, and for the cache, which fetches it."""

from datetime import timedelta

from msgspec.structs import replace

from manifest.model import Entry, ImageAsset, Item, Playlist, StreamAsset
from scheduler.upcoming import cues_after, empty_spans, needed_from, next_cues
from tests.unit.scheduler.programmes import full_screen, item, programme, utc, window

NOON = utc("2026-11-23T04:00:00")
MINUTE = timedelta(minutes=1)


def cafeteria():
    playlists = {
        "p0": Playlist((item("a"), item("b", 30))),
        "lunch": Playlist((item("rice"), item("soup"))),
        "later": Playlist((item("cake"),)),
    }
    entries = (
        Entry("lunch", "lunch", 1, window("2026-11-23T12:00:20", 1)),
        Entry("later", "later", 1, window("2026-12-24T12:00:00", 1)),
    )
    return programme(playlists, entries)


def test_cues_come_in_order_and_leave_out_what_is_on():
    cues = [
        ((cue.at - NOON).total_seconds(), cue.layout, cue.showing.item)
        for cue in cues_after(cafeteria(), NOON, MINUTE)
    ]
    assert cues == [
        (10, "p0", "b"),
        (20, "lunch", "rice"),
        (30, "lunch", "soup"),
        (40, "lunch", "rice"),
        (50, "lunch", "soup"),
    ]


def test_a_zone_has_to_make_ready_only_its_next_item():
    found = [
        (cue.layout, cue.zone, cue.showing.item) for cue in next_cues(cafeteria(), NOON, MINUTE)
    ]
    assert found == [("p0", "main", "b"), ("lunch", "main", "rice")]


def test_a_zone_that_goes_on_has_no_cue():
    two = replace(
        full_screen("p0"),
        zones=(
            full_screen("p0").zones[0],
            replace(full_screen("slow").zones[0], id="side"),
        ),
    )
    playlists = {"p0": Playlist((item("a"), item("b"))), "slow": Playlist((item("c", 3600),))}
    manifest = programme(playlists, layouts={"two": two}, default="two")
    assert {cue.zone for cue in cues_after(manifest, NOON, MINUTE)} == {"main"}


def test_what_cannot_be_played_is_not_asked_for():
    cues = cues_after(cafeteria(), NOON, MINUTE, frozenset({"rice"}))
    assert [cue.showing.item for cue in cues][1:3] == ["soup", "soup"]


def test_assets_are_needed_in_the_order_in_which_they_are_shown():
    needed = needed_from(cafeteria(), NOON, MINUTE)
    assert needed[:4] == ("asset-a", "asset-b", "asset-rice", "asset-soup")
    assert needed[4:] == ("asset-cake",)
    assert needed_from(cafeteria(), NOON, timedelta(seconds=1))[0] == "asset-a"


def test_what_stands_in_for_a_stream_comes_right_after_it():
    manifest = cafeteria()
    assets = manifest.assets | {
        "camera": StreamAsset("camera", "rtsp://camera.example", "still"),
        "still": ImageAsset("still", "0" * 64, 1, "image/png", 1, 1),
    }
    playlists = manifest.playlists | {"p0": Playlist((Item("i", "camera", 10_000),))}
    needed = needed_from(replace(manifest, assets=assets, playlists=playlists), NOON, MINUTE)
    assert needed[:3] == ("camera", "still", "asset-rice")
    assert len(set(needed)) == len(needed) == len(assets)


def test_spans_without_content_begin_and_end_where_something_is_due():
    manifest = cafeteria()
    assert list(empty_spans(manifest, NOON, timedelta(days=3))) == []
    without_default = replace(manifest, playlists=manifest.playlists | {"p0": Playlist(())})
    lunch = NOON + timedelta(seconds=20)
    after = lunch + timedelta(hours=1)
    assert list(empty_spans(without_default, NOON, timedelta(days=3))) == [
        (NOON, lunch),
        (after, NOON + timedelta(days=3)),
    ]


def test_an_item_that_becomes_valid_ends_a_span_without_content():
    later = NOON + timedelta(hours=30)
    playlists = {"p0": Playlist((replace(item("a"), valid_from=later),))}
    assert list(empty_spans(programme(playlists), NOON, timedelta(days=2))) == [(NOON, later)]
