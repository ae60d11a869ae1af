"""What holds for every valid manifest at every instant (docs/manifest.md, section 6)."""

import json
from datetime import UTC, datetime, timedelta
from itertools import islice, pairwise
from random import Random
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from manifest.model import Manifest
from scheduler.explain import explain
from scheduler.picture import Picture
from scheduler.report import as_lines, as_object, written
from scheduler.timeline import Span, Timeline, is_same, next_change_after, on_screen_at
from scheduler.upcoming import cues_after, needed_from, next_cues
from tests.conftest import DEEP, long_when_deep
from tests.strategies import ZONES, manifests
from tests.unit.scheduler.programmes import wall

LAST = datetime(9999, 12, 31, 23, 59, 59, 999999, UTC)

pytestmark = long_when_deep  # Hypothesis takes a timeout for a failure, and shrinks for minutes

#: Manifests that each property is tried with: 9 ms each.
EXAMPLES = 1000 if DEEP else 100

thorough = settings(
    max_examples=EXAMPLES,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def moments() -> st.SearchStrategy[datetime]:
    """Instants of the years that `manifests` is about, and a few of any year."""
    near = st.datetimes(wall("2024-12-01"), wall("2028-02-01"))
    anywhere = st.datetimes(wall("0001-01-02"), wall("9999-12-30"))
    return st.one_of(near, near, near, anywhere).map(lambda t: t.replace(tzinfo=UTC))


def unplayables(manifest: Manifest, draw: st.DataObject) -> frozenset[str]:
    items = [item.id for playlist in manifest.playlists.values() for item in playlist.items]
    return draw.draw(st.frozensets(st.sampled_from(items)) if items else st.just(frozenset()))


def without_offsets(picture: Picture) -> object:
    zones = {
        zone: showing and (showing.item, showing.asset, showing.since, showing.until)
        for zone, showing in picture.zones.items()
    }
    return picture.layout, picture.because, zones


@thorough
@given(manifests(), moments(), st.data())
def test_there_is_always_an_answer(manifest, t, data):
    unplayable = unplayables(manifest, data)
    picture = on_screen_at(manifest, t, unplayable)
    if picture.layout is None:
        assert (picture.because, picture.zones) == (None, {})
        return
    layout = manifest.layouts[picture.layout]
    assert set(picture.zones) == {zone.id for zone in layout.zones}
    assert any(picture.zones.values())
    for showing in filter(None, picture.zones.values()):
        assert showing.item not in unplayable
        # T is told in whole milliseconds.
        floor = t.replace(microsecond=t.microsecond // 1000 * 1000)
        assert showing.since <= floor < showing.until
        assert floor - showing.since == timedelta(milliseconds=showing.offset_ms)


@thorough
@given(manifests(), moments(), st.data())
def test_the_picture_is_constant_until_the_next_change(manifest, t, data):
    unplayable = unplayables(manifest, data)
    picture = on_screen_at(manifest, t, unplayable)
    change = next_change_after(manifest, t, unplayable)
    assert t < change <= t + timedelta(hours=24)
    for share in data.draw(st.lists(st.floats(0, 1, exclude_max=True), max_size=4)):
        u = min(t + (change - t) * share, change - timedelta(milliseconds=1))
        later = on_screen_at(manifest, max(t, u), unplayable)
        assert without_offsets(later) == without_offsets(picture)
        assert next_change_after(manifest, max(t, u), unplayable) >= change


@thorough
@given(manifests(), moments(), st.integers())
def test_the_order_of_lists_and_keys_changes_nothing(manifest, t, seed):
    random = Random(seed)

    def shuffled(values):
        return tuple(random.sample(values, len(values)))

    def turned(mapping):
        return dict(shuffled(list(mapping.items())))

    other = msgspec.structs.replace(
        manifest,
        entries=shuffled(manifest.entries),
        takeovers=shuffled(manifest.takeovers),
        assets=turned(manifest.assets),
        playlists=turned(manifest.playlists),
        layouts={
            name: msgspec.structs.replace(layout, zones=shuffled(layout.zones))
            for name, layout in turned(manifest.layouts).items()
        },
    )
    assert on_screen_at(other, t) == on_screen_at(manifest, t)
    assert next_change_after(other, t) == next_change_after(manifest, t)


@thorough
@given(manifests(), moments(), st.sampled_from(ZONES))
def test_an_instant_is_the_same_in_every_zone(manifest, t, zone):
    there = t.astimezone(ZoneInfo(zone))
    assert on_screen_at(manifest, there) == on_screen_at(manifest, t)
    assert next_change_after(manifest, there) == next_change_after(manifest, t)


@thorough
@given(manifests(), moments(), st.data())
def test_what_was_asked_before_changes_nothing(manifest, t, data):
    unplayable = unplayables(manifest, data)
    known = Timeline(manifest)
    for other in data.draw(st.lists(moments(), max_size=3)):
        known.picture_at(other, unplayable)
        known.next_change_after(other)
    assert known.picture_at(t, unplayable) == Timeline(manifest).picture_at(t, unplayable)
    assert known.next_change_after(t) == Timeline(manifest).next_change_after(t)


@thorough
@given(manifests(), moments())
def test_pictures_follow_one_another_and_each_is_the_one_of_its_beginning(manifest, t):
    spans = list(islice(Timeline(manifest).pictures(t, LAST), 12))
    assert spans[0].since == t
    for one, following in pairwise(spans):
        assert one.until == following.since
        lasted_a_day = one.until - one.since >= timedelta(hours=23, minutes=59)
        assert lasted_a_day or not is_same(one.picture, following.picture)
    for span in spans:
        assert span.picture == on_screen_at(manifest, span.since)
        assert span.until == next_change_after(manifest, span.since)


@thorough
@given(manifests(), moments())
def test_the_json_says_the_picture_and_reads_back(manifest, t):
    span = Span(t, next_change_after(manifest, t), on_screen_at(manifest, t))
    verdicts = explain(manifest, t)
    found = json.loads(json.dumps(as_object(span, verdicts)))
    assert datetime.fromisoformat(found["until"]) == span.until
    assert [*as_lines(span, manifest, verdicts)]
    for zone, showing in span.picture.zones.items():
        if showing is None:
            assert found["zones"][zone] is None
            continue
        assert found["zones"][zone] == {
            "item": showing.item,
            "asset": showing.asset,
            "since": written(showing.since),
            "until": written(showing.until),
            "offset_ms": showing.offset_ms,
        }


@thorough
@given(manifests(), moments(), st.data())
def test_exactly_what_has_the_screen_is_explained_to_have_it(manifest, t, data):
    unplayable = unplayables(manifest, data)
    because = on_screen_at(manifest, t, unplayable).because
    verdicts = explain(manifest, t, unplayable)
    assert len(verdicts) == len(manifest.entries) + len(manifest.takeovers) + 1
    winners = [(each.kind, each.id) for each in verdicts if each.won]
    assert winners == ([] if because is None else [(because.kind, because.id)])
    assert all(each.sentence.endswith(".") for each in verdicts)


@thorough
@given(manifests(), moments())
def test_what_is_needed_next_is_what_comes_next(manifest, t):
    horizon = timedelta(minutes=2)
    cues = list(islice(cues_after(manifest, t, horizon), 50))
    assume(len(cues) < 50)
    for cue in cues:
        assert t < cue.at < t + horizon
        assert on_screen_at(manifest, cue.at).zones[cue.zone] == cue.showing
    first = {}
    for cue in cues:
        first.setdefault((cue.layout, cue.zone), cue)
    assert next_cues(manifest, t, horizon) == tuple(first.values())
    needed = needed_from(manifest, t, horizon)
    assert sorted(needed) == sorted(manifest.assets)
    on_now = {showing.asset for showing in on_screen_at(manifest, t).zones.values() if showing}
    assert on_now <= set(needed[: 2 * len(on_now)])
