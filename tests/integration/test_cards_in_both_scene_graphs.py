"""Cards look the same from the software scene graph and from OpenGL: compared block by block."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from bench.framebuffer import VirtualDisplay

ROOT = Path(__file__).parents[2]
NAMES = ("fire-check", "shuttle", "ticker", "slate")
BLOCK = 32

#: Letters are smoothed differently: so much may a block's mean differ, of 255.
TOLERANCE = 24


def grab(folder: Path, display: str, **environment: str) -> str:
    folder.mkdir()
    told = {"DISPLAY": display, "QT_QPA_PLATFORM": "xcb", "QSG_RENDER_LOOP": "basic"}
    done = subprocess.run(
        [sys.executable, "-m", "tests.integration.card_grabber", str(folder)],
        env=os.environ | told | environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def pixels(path: Path) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    with Image.open(path) as image:
        return np.asarray(image.convert("RGB"), dtype=float)


def farthest_block(one: Path, other: Path) -> float:
    """The greatest difference of the means of two blocks in the same place, of 255."""
    pictures = [pixels(path) for path in (one, other)]
    assert pictures[0].shape == pictures[1].shape
    height, width = (side // BLOCK * BLOCK for side in pictures[0].shape[:2])
    shape = (height // BLOCK, BLOCK, width // BLOCK, BLOCK, 3)
    means = [picture[:height, :width].reshape(shape).mean(axis=(1, 3)) for picture in pictures]
    return float(np.abs(means[0] - means[1]).max())


@pytest.fixture(scope="module")
def grabs(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    folder = tmp_path_factory.mktemp("grabs")
    with VirtualDisplay(1280, 1024) as display:
        assert grab(folder / "software", display.name, QT_QUICK_BACKEND="software") == "Software"
        assert grab(folder / "opengl", display.name, QSG_RHI_BACKEND="opengl") == "OpenGL"
    return folder / "software", folder / "opengl"


@pytest.mark.parametrize("name", NAMES)
def test_a_card_looks_the_same_in_both_scene_graphs(grabs: tuple[Path, Path], name: str) -> None:
    software, opengl = (folder / f"{name}.png" for folder in grabs)
    assert farthest_block(software, opengl) < TOLERANCE


def test_the_comparison_sees_a_card_that_is_not_drawn(
    grabs: tuple[Path, Path], tmp_path: Path
) -> None:
    software = grabs[0] / "slate.png"
    empty = tmp_path / "empty.png"
    Image.new("RGB", (1280, 720), "#101820").save(empty)
    assert farthest_block(software, empty) > TOLERANCE
