"""Cards stand the same in OpenGL as in the software's scene graph, letter by letter.

By Mesa's software GL on a display of its own, as a box with a GPU draws them, and in a process of
its own: the scene graph is chosen once.  A card of each template here, all golden pictures among
the long tests.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from PIL import Image

from bench.framebuffer import VirtualDisplay
from tests.golden.case import Case
from tests.golden.cases import CASES
from tests.golden.comparison import MOST_ASTRAY, astray
from tests.golden.kept import kept

#: The first of each template.
FEW = list({case.template: case for case in reversed(CASES)}.values())


@pytest.fixture(scope="module")
def screen() -> Iterator[dict[str, str]]:
    """What a process is told that draws by OpenGL; high enough for an upright card."""
    with VirtualDisplay(1920, 1920) as display:
        yield os.environ | {"DISPLAY": display.name, "LIBGL_ALWAYS_SOFTWARE": "1"}


def differing(cases: list[Case], screen: dict[str, str], folder: Path) -> dict[str, float]:
    """Draw the cases; how much of each that is not alike is astray."""
    command = [sys.executable, "-m", "tests.golden", "--opengl", "--full", str(folder)]
    done = subprocess.run(
        [*command, *(case.name for case in cases)],
        env=screen,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    found = {case.name: astray(Image.open(folder / f"{case.name}.png"), kept(case.name))
             for case in cases}  # fmt: skip
    return {name: share for name, share in found.items() if share > MOST_ASTRAY}


def test_a_card_of_each_template_stands_the_same_in_opengl(
    screen: dict[str, str], tmp_path: Path
) -> None:
    assert differing(FEW, screen, tmp_path) == {}


@pytest.mark.deep
def test_all_golden_pictures_stand_the_same_in_opengl(
    screen: dict[str, str], tmp_path: Path
) -> None:
    assert differing(CASES, screen, tmp_path) == {}
