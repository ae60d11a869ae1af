"""The fixtures `library` and `shared_library`.

Imports Django late: conftest files are read before it is set up.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from pytest_django.fixtures import Settings

if TYPE_CHECKING:
    from tests.simulators.library import Library


@pytest.fixture
def library(db: None, tmp_path: Path, settings: Settings) -> "Iterator[Library]":
    """A library in a folder of its own, with an editor; nothing of a job may be left in it."""
    yield from _in(tmp_path / "data", settings)


@pytest.fixture
def shared_library(
    transactional_db: None, tmp_path: Path, settings: Settings
) -> "Iterator[Library]":
    """A library whose rows other threads see."""
    yield from _in(tmp_path / "data", settings)


def _in(folder: Path, settings: Settings) -> "Iterator[Library]":
    from server.library import blobs, parts
    from tests.simulators.library import Library

    settings.DATA = folder
    settings.MIN_FREE_BYTES = 0
    blobs.store.cache_clear()
    yield Library(settings.DATA)
    blobs.store.cache_clear()
    parts.forget(settings.DATA)
    left = sorted((settings.DATA / "ingest").glob("*"))
    assert left == [], f"folders of jobs were left behind: {left}"
