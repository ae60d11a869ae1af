"""Runs the steps of ingest in their real children, as the worker does, without a database."""

from pathlib import Path

import pytest

from server.library.ingest import child
from server.library.ingest.failures import Refused
from server.library.ingest.protocol import STEPS, Inspected, Job, Made, Product, Wall

__all__ = ["made_of", "refusal_of", "wall_of"]

HD, UHD = Wall(1920, 1080), Wall(3840, 2160)


def made_of(path: Path, folder: Path, wall: Wall = HD, wall_4k: Wall | None = None) -> Made:
    """Inspect the file and convert it into `folder`."""
    folder.mkdir(exist_ok=True)
    found = child.run(Job("inspect", str(path), str(folder)))
    assert isinstance(found, Inspected)
    source, kind, reader = str(path), found.name, found.reader
    if found.family == "office":
        child.run(Job("office", source, str(folder), kind))
        source, kind, reader = str(folder / "document.pdf"), "pdf", "pdf"
    made = child.run(Job(STEPS[found.family], source, str(folder), kind, reader, wall, wall_4k))
    assert isinstance(made, Made)
    return Made(made.products, (*found.remarks, *made.remarks), made.source_ms)


def wall_of(made: Made) -> Product:
    """The rendition for walls."""
    return next(each for each in made.products if each.purpose == "wall")


def refusal_of(path: Path, folder: Path) -> str:
    """The code with which the file is refused."""
    with pytest.raises(Refused) as refused:
        made_of(path, folder)
    return refused.value.code
