"""Generations: complete, then live; the floor rises with the switch; damage falls back."""

from pathlib import Path

import pytest

from content_cache.blobs import BlobStore
from content_cache.errors import BlobsMissing
from content_cache.generations import Generations
from tests.simulators.release import digest_of, fill, publish, release


def test_a_new_cache_has_no_generation(generations: Generations) -> None:
    view = generations.view()
    assert (view.current, view.previous, view.trust, view.faults) == (None, None, b"", ())


def test_what_is_activated_is_current_and_what_was_current_is_kept(
    store: BlobStore, generations: Generations
) -> None:
    first = publish(store, generations, release(1, b"one"))
    second = publish(store, generations, release(2, b"one", b"two"))
    assert generations.current() == second
    assert generations.previous() == first
    assert generations.trust() == b"2"


def test_a_generation_with_a_blob_missing_never_becomes_current(
    store: BlobStore, generations: Generations
) -> None:
    publish(store, generations, release(1, b"one"))
    with pytest.raises(BlobsMissing) as refused:
        generations.activate(release(2, b"one", b"two").envelope, trust=b"2")
    assert refused.value.missing == (digest_of(b"two"),)
    current = generations.current()
    assert current is not None
    assert current.manifest.version == 1
    assert generations.trust() == b"1", "the floor rises only with the switch"


def test_a_blob_that_rotted_since_it_came_is_found_before_the_switch(
    root: Path, store: BlobStore, generations: Generations
) -> None:
    what = release(1, b"one")
    fill(store, what)
    (root / "blobs" / digest_of(b"one")).write_bytes(b"0ne")
    with pytest.raises(BlobsMissing):
        generations.activate(what.envelope, trust=b"1")
