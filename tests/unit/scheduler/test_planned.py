"""How long items are due: the same as adding up every picture one by one."""

from collections import Counter
from datetime import timedelta

import pytest

from manifest.model import Entry, Item, Playlist
from scheduler.planned import planned_ms
from scheduler.timeline import Timeline
from tests.oracles.random_programmes import random_programme
from tests.unit.scheduler.programmes import item, programme, utc, window

DAY = timedelta(days=1)


def added_up(manifest, start, until):
    """The same, picture by picture."""
    sums, last = Counter(), start
    timeline = Timeline.of(manifest)
    for span in timeline.pictures(start, until):
        last = min(span.until, until)
        for zone in manifest.layouts[span.picture.layout].zones if span.picture.layout else ():
            showing = span.picture.zones[zone.id]
            if showing is not None:
                ms = round((last - max(span.since, start)) / timedelta(milliseconds=1))
                sums[zone.playlist, showing.item] += ms
    return sums


def test_a_day_of_a_loop_is_shared_out_by_duration_and_weight():
    loop = Playlist((item("a"), Item("b", "b", 20_000, weight=2)))
    lunch = Entry("lunch", "p1", 1, window("2026-11-23T11:00:00", 2))
    manifest = programme({"p0": loop, "p1": Playlist((item("rice"),))}, (lunch,))
    start = utc("2026-11-22T16:00:00")
    planned = planned_ms(manifest, start, start + DAY)
    assert planned["p1", "rice"] == 2 * 3600_000
    assert planned["p0", "a"] + planned["p0", "b"] == 22 * 3600_000
    assert planned["p0", "b"] / planned["p0", "a"] == pytest.approx(4, abs=0.01)


@pytest.mark.parametrize("seed", range(40))
def test_it_is_what_the_pictures_add_up_to(seed):
    manifest, instant, _unplayable = random_programme(seed)
    until = instant + timedelta(minutes=20)
    planned, exact = planned_ms(manifest, instant, until), added_up(manifest, instant, until)
    for name, playlist in manifest.playlists.items():
        ours = {key: ms for key, ms in planned.items() if key[0] == name and ms}
        theirs = {key: ms for key, ms in exact.items() if key[0] == name and ms}
        if playlist.order == "shuffled":
            assert sum(ours.values()) == sum(theirs.values())
        else:
            assert ours == theirs
