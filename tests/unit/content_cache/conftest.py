"""A cache in a folder of its own, and releases to fill it with."""

from pathlib import Path

import pytest

from content_cache.blobs import BlobStore
from content_cache.disk import RealDisk
from content_cache.generations import Generations


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "cache"


@pytest.fixture
def store(root: Path) -> BlobStore:
    return BlobStore(root, RealDisk())


@pytest.fixture
def generations(root: Path, store: BlobStore) -> Generations:
    return Generations(root, RealDisk(), blobs=store)
