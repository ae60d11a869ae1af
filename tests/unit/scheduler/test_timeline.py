"""What is on the screen, clause by clause (docs/manifest.md, sections 4 to 6)."""

import gc
import tracemalloc
from datetime import timedelta, timezone

import pytest

from manifest.model import Entry, Layout, Playlist, Takeover, Zone
from scheduler import timeline
from scheduler.timeline import Timeline, next_change_after, on_screen_at
from tests.unit.scheduler.programmes import full_screen, item, programme, utc, wall, window

LOOP = Playlist((item("a"), item("b", 5)))
LUNCH = Playlist((item("rice"), item("soup")))


def shown(manifest, t, unplayable=frozenset()):
    picture = on_screen_at(manifest, t, unplayable)
    return {zone: showing and showing.item for zone, showing in picture.zones.items()}


def test_the_default_loop_counts_from_1970():
    manifest = programme({"p0": LOOP})
    picture = on_screen_at(manifest, utc("1970-01-01T00:00:12"))
    assert picture.because.kind == "default"
    assert picture.zones["main"].item == "b"
    assert picture.zones["main"].offset_ms == 2000
    assert picture.zones["main"].until == utc("1970-01-01T00:00:15")


def test_a_window_is_open_at_its_start_and_closed_at_its_end():
    entry = Entry("lunch", "p1", 1, window("2026-11-23T11:00:00", 2))
    manifest = programme({"p0": LOOP, "p1": LUNCH}, (entry,))
    start, end = utc("2026-11-23T03:00:00"), utc("2026-11-23T05:00:00")
    millisecond = timedelta(milliseconds=1)
    assert on_screen_at(manifest, start - millisecond).layout == "p0"
    assert on_screen_at(manifest, start).layout == "p1"
    assert on_screen_at(manifest, end - millisecond).layout == "p1"
    after = on_screen_at(manifest, end)
    assert (after.layout, after.because.anchor) == ("p0", end)


def test_equals_take_turns_in_the_order_of_their_ids_from_the_last_change():
    entries = (
        Entry("b", "p1", 1, window("2026-11-23T12:00:00", 1), turn_ms=7000),
        Entry("a", "p0", 1, window("2026-11-23T11:00:00", 3)),
    )
    manifest = programme({"p0": LOOP, "p1": LUNCH}, entries)
    noon = utc("2026-11-23T04:00:00")
    spans = list(Timeline.of(manifest).pictures(noon, noon + timedelta(seconds=30)))
    assert [
        ((span.since - noon).seconds, span.picture.because.id, span.picture.zones["main"].item)
        for span in spans
    ] == [
        (0, "a", "a"),
        (10, "a", "b"),
        (15, "b", "rice"),
        (22, "a", "a"),
    ]


def test_a_takeover_gives_the_screen_back_in_place():
    takeover = Takeover("t", "p1", utc("2026-11-23T00:00:03"), utc("2026-11-23T00:00:13"), 0)
    manifest = programme({"p0": LOOP, "p1": LUNCH}, (), (takeover,))
    calm = programme({"p0": LOOP, "p1": LUNCH})
    back = utc("2026-11-23T00:00:13")
    assert on_screen_at(manifest, utc("2026-11-23T00:00:05")).because.id == "t"
    assert on_screen_at(manifest, back) == on_screen_at(calm, back)


def test_an_empty_zone_is_none_and_an_empty_screen_the_slate():
    layouts = {
        "two": Layout(
            "#000000", (*full_screen("p0").zones, Zone("side", 0, 0, 100, 100, "nothing"))
        )
    }
    playlists = {"p0": LOOP, "nothing": Playlist(())}
    manifest = programme(playlists, layouts=layouts, default="two")
    t = utc("2026-11-23T00:00:00")
    assert shown(manifest, t)["side"] is None
    slate = on_screen_at(manifest, t, frozenset({"a", "b"}))
    assert (slate.layout, slate.because, slate.zones) == (None, None, {})
    assert next_change_after(manifest, t, frozenset({"a", "b"})) == t + timedelta(days=1)


@pytest.mark.parametrize("hours", [-14, 0, 14])
@pytest.mark.parametrize("edge", ["0001-01-01", "9999-12-31 23:59:59.999999", "1970-01-01"])
def test_it_answers_at_the_edges_of_time(edge, hours):
    entry = Entry("lunch", "p1", 1, window("2026-11-23T11:00:00", 2, "FREQ=DAILY"))
    manifest = programme({"p0": LOOP, "p1": LUNCH}, (entry,))
    t = wall(edge).replace(tzinfo=timezone(timedelta(hours=hours)))
    assert on_screen_at(manifest, t).layout in {"p0", "p1"}
    change = next_change_after(manifest, t)
    assert change > t or change == utc("9999-12-31 23:59:59.999999")


def test_a_manifest_that_nobody_needs_any_more_takes_its_timeline_along():
    manifest = programme({"p0": LOOP})
    gc.collect()  # what other tests left
    before = len(timeline._timelines)
    on_screen_at(manifest, utc("2026-11-23T00:00:00"))
    assert len(timeline._timelines) == before + 1
    del manifest
    gc.collect()
    assert len(timeline._timelines) == before


def test_a_year_of_pictures_streams_in_constant_memory():
    entries = tuple(
        Entry(f"e{n}", "p1", n % 3, window(f"2024-11-23T{n:02}:00:00", 3, "FREQ=DAILY"))
        for n in range(24)
    )
    playlists = {"p0": Playlist((item("a", 3600),)), "p1": Playlist((item("b", 1800),), "shuffled")}
    timeline = Timeline(programme(playlists, entries))
    begin = utc("2026-01-01T00:00:00")
    held = []
    tracemalloc.start()
    try:
        # What is kept ready fills up in the first quarter, and then does not grow any more.
        for quarter in range(4):
            since = begin + timedelta(days=91 * quarter)
            count = sum(1 for _ in timeline.pictures(since, since + timedelta(days=91)))
            held.append(tracemalloc.get_traced_memory()[0])
            assert count > 91 * 24
    finally:
        tracemalloc.stop()
    assert held[3] - held[0] < 200_000, held


def test_ten_thousand_items_and_a_thousand_entries():
    playlists = {
        f"p{n}": Playlist(tuple(item(f"i{n}.{at}") for at in range(100))) for n in range(100)
    }
    entries = tuple(
        Entry(f"e{n:04}", f"p{n % 100}", n % 7, window("2024-11-23T08:00:00", 8, "FREQ=DAILY"))
        for n in range(1000)
    )
    manifest = programme(playlists, entries)
    t = utc("2026-11-23T01:00:00")
    picture = on_screen_at(manifest, t)
    # 142 entries of priority 6 take turns of 1,000 s from 08:00 in Shanghai: the fourth has it.
    assert (picture.because.id, picture.because.priority) == ("e0027", 6)
    assert picture.zones["main"].item == "i27.60"
    assert next_change_after(manifest, t) == t + timedelta(seconds=10)
