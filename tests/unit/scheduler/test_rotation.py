"""The order of items in a cycle (docs/manifest.md, 5.2)."""

import hashlib
from itertools import groupby
from random import Random

import pytest

from manifest.model import Playlist
from scheduler.rotation import Rotation, smooth_order
from tests.oracles.timeline_oracle import smooth
from tests.unit.scheduler.programmes import item


def shown(playlist, steps, name="p"):
    """The items of so many steps of ten seconds."""
    rotation = Rotation(name, playlist, frozenset())
    return [rotation.slot_at(10_000 * step, 0).item.id for step in range(steps)]


def test_heavier_items_come_more_often_and_spread_out():
    playlist = Playlist((item("a", weight=5), item("b"), item("c")))
    assert "".join(shown(playlist, 14)) == "aabacaa" * 2


@pytest.mark.parametrize("seed", range(40))
def test_smooth_order_is_the_plain_algorithm(seed):
    random = Random(seed)
    weights = [random.choice([1, 2, 3, 4, 6, 20]) for _ in range(random.randint(1, 30))]
    plain = smooth([item(str(at), weight=weight) for at, weight in enumerate(weights)])
    order = [str(place) for place in smooth_order(weights)]
    # Weights with a common divisor make the same cycle several times.
    assert order * (len(plain) // len(order)) == [one.id for one in plain]


def test_ten_thousand_items_of_all_weights_make_one_cycle():
    weights = [1 + at % 20 for at in range(10_000)]
    order = list(smooth_order(weights))
    assert len(order) == sum(weights)
    assert [order.count(place) for place in (0, 7, 9_999)] == [1, 8, 20]


def test_a_shuffled_cycle_is_sorted_by_the_digests():
    names = ["a", "b", "c", "d"]
    playlist = Playlist(tuple(item(name) for name in names), "shuffled")
    expected = sorted(names, key=lambda one: hashlib.sha256(f"p/0/{one}/0".encode()).hexdigest())
    assert shown(playlist, 4) == expected


@pytest.mark.parametrize("weights", [(1, 1), (1, 1, 1), (3, 1), (2, 2, 1)])
def test_cycles_hold_the_same_items_and_rarely_repeat_at_the_seam(weights):
    items = tuple(item(str(at), weight=weight) for at, weight in enumerate(weights))
    size, playlist = sum(weights), Playlist(items, "shuffled")
    steps = shown(playlist, size * 200)
    cycles = [steps[at : at + size] for at in range(0, len(steps), size)]
    expected = sorted(name for at, weight in enumerate(weights) for name in [str(at)] * weight)
    assert all(sorted(cycle) == expected for cycle in cycles)
    assert len({tuple(cycle) for cycle in cycles}) > 1
    if set(weights) == {1} and len(weights) > 2:
        # With one copy each, only a step moved from the very end could meet itself at a seam.
        assert all(len(list(run)) == 1 for _item, run in groupby(steps))


def test_one_item_alone_repeats():
    assert set(shown(Playlist((item("a", weight=3),), "shuffled"), 9)) == {"a"}
