"""docs/media.md says every limit, with its default, and every scheme and error."""

from dataclasses import fields
from pathlib import Path

import pytest

from player.stage.media import errors, frame_item, frames, heap, libvlc, playback
from player.stage.media.showing import Limits
from player.stage.media.sniff import STREAM_SCHEMES

PAGE = (Path(__file__).parents[5] / "docs" / "media.md").read_text("utf-8")


@pytest.mark.parametrize("limit", fields(Limits), ids=lambda field: field.name)
def test_every_limit_stands_with_its_default(limit: object) -> None:
    name, default = limit.name, limit.default  # type: ignore[attr-defined]  # a dataclass field
    shown = default if isinstance(default, tuple) else (default,)
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| `{name}` |"))
    assert ", ".join(f"{value:g}" for value in shown) in row.split("|")[2]


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("FILE_CACHING_MS", f"{libvlc.FILE_CACHING_MS} ms"),
        ("MOST_THREADS", f"{libvlc.MOST_THREADS}"),
        ("FRAMES", f"{frames.FRAMES} frames a play"),
        ("WAITING", f"{frame_item.WAITING}"),
        ("ANSWER_S", f"{playback.ANSWER_S * 1000:g} ms"),
        ("PAUSE_TAKES_S", f"{playback.PAUSE_TAKES_S * 1000:g} ms"),
        ("HELD_S", f"{playback.HELD_S * 1000:g} ms"),
        ("PROGRESS_EVERY_S", f"{playback.PROGRESS_EVERY_S:g} s"),
        ("MMAP_THRESHOLD_BYTES", f"{heap.MMAP_THRESHOLD_BYTES:,}"),
        ("ARENAS", f"{heap.ARENAS}"),
    ],
)
def test_every_other_number_is_the_one_that_counts(name: str, shown: str) -> None:
    assert f"`{name}` ({shown})" in " ".join(PAGE.split())


def test_every_scheme_of_a_stream_stands_there() -> None:
    row = next(line for line in PAGE.splitlines() if line.startswith("| streams |"))
    assert set(row.split("`")[1].split()) == STREAM_SCHEMES


@pytest.mark.parametrize("name", errors.__all__)
def test_every_error_stands_there(name: str) -> None:
    assert f"`{name}`" in PAGE


@pytest.mark.parametrize(("cores", "threads"), [(1, 1), (2, 1), (4, 3), (5, 4), (64, 4)])
def test_one_core_is_left_to_what_paints(cores: int, threads: int) -> None:
    assert libvlc.decoder_threads(cores) == threads
