"""The player follows the generations of the cache, reads what is verified, confirms what stood."""

import threading

import pytest

from content_cache.blobs import BlobStore
from content_cache.disk import RealDisk
from content_cache.generations import Generations
from player.stage.cache_source import CacheSource
from tests.simulators.release import publish, release


@pytest.fixture
def root(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def publish_version(root):
    store = BlobStore(root, RealDisk())
    generations = Generations(root, RealDisk())

    def publish_(version, *contents):
        return publish(store, generations, release(version, *contents))

    return publish_


def test_an_empty_cache_has_no_programme_yet(root):
    assert CacheSource(root, RealDisk()).first() is None


def test_the_current_generation_is_played_from_verified_files(root, publish_version):
    publish_version(1, b"one", b"two")
    made = CacheSource(root, RealDisk()).first()
    assert made.manifest.version == 1
    for sha256 in made.manifest.files():
        assert not made.is_quick(sha256), "nobody read it yet"
        assert made.locate(sha256).read_bytes() in {b"one", b"two"}
        assert made.is_quick(sha256)


def test_bytes_that_rotted_are_not_handed_out(root, publish_version):
    publish_version(1, b"one")
    made = CacheSource(root, RealDisk()).first()
    (sha256,) = made.manifest.files()
    (root / "blobs" / sha256).write_bytes(b"0ne")
    assert made.locate(sha256) is None


def test_a_new_generation_is_delivered(root, publish_version):
    publish_version(1, b"one")
    source, came, delivered = CacheSource(root, RealDisk()), threading.Event(), []
    source.first()

    def deliver(made):
        delivered.append(made.manifest.version)
        came.set()

    source.watch(deliver)
    try:
        publish_version(2, b"two")
        assert came.wait(20)
    finally:
        source.close()
    assert delivered == [2]


def test_what_stood_is_confirmed(root, publish_version):
    publish_version(1, b"one")
    made = CacheSource(root, RealDisk()).first()
    made.confirm()
    assert Generations(root, RealDisk()).current().confirmed
